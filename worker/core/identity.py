"""Which entries and pages are one article, where their names alone do not say so."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from worker.core import urls
from worker.core.text import comparable
from worker.model import Claim, ClaimKind, CopyKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from worker.model import ArticleDraft, Capture, CopyLink, Extract

T = TypeVar("T", str, int)
# A feed whose entries are nearly all unknown by name and known by headline: its outlet has changed its system.
_FEWEST_MOVED = 5
_NEARLY_ALL = 0.8
# Share of the shorter of two texts that stands in the longer. A regional edition with one paragraph in ten of its own
# is a sibling, whatever it calls canonical: a merge by mistake mixes two histories, one left undone doubles an article.
_SAME_TEXT = 0.95


def claims(capture: Capture, extract: Extract) -> tuple[Claim, ...]:
    """Where else a page says it is to be found: the end of its redirects, and what it calls its canonical address."""
    stated = ((ClaimKind.REDIRECT, capture.url), (ClaimKind.CANONICAL, extract.canonical_url))
    own = {urls.key(url) for url in (urls.canonical(capture.resource_url),) if url}
    return tuple(_elsewhere(stated, own))


def _elsewhere(stated: Iterable[tuple[ClaimKind, str | None]], own: set[str]) -> Iterator[Claim]:
    for kind, address in stated:
        url = urls.canonical(address) if address else None
        if url is not None and (key := urls.key(url)) not in own:
            own.add(key)
            yield Claim(kind, url, key)


def without_shared_guids(drafts: Sequence[ArticleDraft]) -> tuple[ArticleDraft, ...]:
    """Entries of one document; a guid that stands at different links under different headlines names none of them."""
    entries = {(draft.guid_key, draft.url_key, draft.title) for draft in drafts if draft.guid_key is not None}
    urls_, titles = (Counter(guid for guid, _ in {(e[0], e[i]) for e in entries}) for i in (1, 2))
    shared = {guid for guid in urls_ if min(urls_[guid], titles[guid]) > 1}
    return tuple(replace(d, guid_key=None) if d.guid_key in shared else d for d in drafts)


def suspicious(unknown: int, listed: int) -> bool:
    """Whether so many of the entries of a feed have new links and guids that its outlet may have moved them all."""
    return unknown >= _FEWEST_MOVED and unknown > _NEARLY_ALL * listed


def moved(unknown: Sequence[ArticleDraft], known_titles: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """Entries that are known articles under new names: `url_key` ► article.

    `unknown` are the entries of a suspicious feed whose link and guid are new; `known_titles` the headlines that this
    feed has listed, with their articles. One entry proves nothing: rubrics repeat their headlines. But where nearly all
    entries bear known headlines, an outlet has moved its articles.
    """
    by_title = _unique((comparable(title), article_id) for title, article_id in known_titles)
    by_entry = _unique((comparable(draft.title), draft.url_key) for draft in unknown)
    found = {key: by_title[title] for title, key in by_entry.items() if title in by_title}
    return found if len(found) >= _NEARLY_ALL * len(unknown) else {}


def _unique(named: Iterable[tuple[str, T]]) -> dict[str, T]:
    """By title; titles that name several, or nothing, are left out."""
    found: dict[str, set[T]] = {}
    for title, thing in named:
        found.setdefault(title, set()).add(thing)
    return {title: things.pop() for title, things in found.items() if title and len(things) == 1}


def merges(article_id: int, links: Mapping[int, CopyLink], claimed: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Pairs (article, the one it is merged into): an address of one leads to the other, and they have one text.

    `claimed` are articles of the same outlet whose pages name an address of this one, or the other way round. An
    address alone is no proof: home pages are named as canonical by mistake, and a redirect may lead to another story.
    The one that was known first stays.
    """
    one = sorted(id_ for id_ in claimed if id_ in links and _same_text(links[id_]))
    return tuple((max(article_id, id_), min(article_id, id_)) for id_ in one[:1])


def _same_text(link: CopyLink) -> bool:
    return link.kind is not CopyKind.PARTIAL and link.contained >= _SAME_TEXT
