"""Sitemaps (sitemaps.org 0.9), news sitemaps (Google's namespace) and indexes of them, read as feeds.

A news sitemap lists what was published in the last two days, by its own rules. A plain one lists everything there is:
only its dates of change say what is news. Entities are not resolved and nothing is loaded, so neither grows nor leaks.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lxml import etree

from worker.core import dates, language, urls
from worker.core.entries import headline, shape
from worker.model import Entry, Feed, FeedFormat, FeedVerdict, SitemapLink

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, timedelta

ROOTS = frozenset({"urlset", "sitemapindex"})
_END = {name: re.compile(rf"</(?:[\w.-]+:)?{name}\s*>", re.IGNORECASE) for name in ROOTS}
_TAIL = 65_536  # characters in which the end of the root stands
# Sitemaps of an index that are followed: the newest, since each of them costs a request with every poll.
MOST_FOLLOWED = 8
_MOST_LISTED = 50_000  # of one document, by the standard


def read(text: str, url: str, max_entries: int) -> Feed:
    """Read a sitemap or an index whose text is clean; of more than `max_entries` entries the newest are kept."""
    root = etree.fromstring(text.encode("utf-8", "replace"), _parser())
    if root is None:
        return Feed(FeedVerdict.BROKEN, title=None, entries=(), detail="no elements")
    listed = [element for element in root if _name(element) in {"url", "sitemap"}]
    truncated = len(root) > 0 and _END[_name(root)].search(text, max(0, len(text) - _TAIL)) is None
    if truncated:
        listed = listed[:-1]  # it may have half a link
    feed = _index(listed, url) if _name(root) == "sitemapindex" else _urls(listed, url, max_entries)
    return replace(feed, detail="ends before its last entry does") if truncated else feed


def _parser() -> etree.XMLParser:
    """One for each document: nothing of one stranger's bytes is kept for the next."""
    return etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, recover=True, huge_tree=False, remove_comments=True
    )


def _index(listed: Sequence[Any], url: str) -> Feed:
    links = (_link(element, url) for element in listed[:_MOST_LISTED])
    sitemaps = tuple(link for link in links if link is not None)
    return Feed(FeedVerdict.FEED, None, (), format=FeedFormat.SITEMAP_INDEX, sitemaps=sitemaps)


def _urls(listed: Sequence[Any], url: str, max_entries: int) -> Feed:
    """Dates are read of all, the rest, which costs twenty times as much, only of the entries that are kept."""
    found = [_item(element) for element in listed[:_MOST_LISTED]]
    found.sort(key=lambda item: -item.date.timestamp() if item.date else 0.0)  # what has no date comes last
    kept = found[:max_entries]
    publication = next((_child(item.news, "publication") for item in kept if item.news is not None), None)
    return Feed(
        verdict=FeedVerdict.FEED,
        title=headline(_text(publication, "name")),
        entries=tuple(_entry(item, url) for item in kept),
        language=language.tag(_text(publication, "language")),
        dropped=len(listed) - len(kept),
        format=FeedFormat.NEWS_SITEMAP if any(item.news is not None for item in found) else FeedFormat.SITEMAP,
    )


@dataclass(frozen=True, slots=True)
class _Item:
    element: Any
    news: Any  # its element of the news namespace, or None
    published: datetime | None
    updated: datetime | None

    @property
    def date(self) -> datetime | None:
        return self.updated or self.published


def _item(element: Any) -> _Item:
    news = _child(element, "news")
    return _Item(element, news, _moment(_text(news, "publication_date")), _moment(_text(element, "lastmod")))


def _entry(item: _Item, url: str) -> Entry:
    return shape(
        id=None,
        link=_text(item.element, "loc"),
        base=url,
        title=html.escape(_text(item.news, "title") or ""),
        published=item.published,
        updated=None if item.updated == item.published else item.updated,
        summary=None,
        text=None,
    )


def _link(element: Any, url: str) -> SitemapLink | None:
    """A sitemap that an index names, on the same host, as the standard has it; None for any other."""
    address = urls.parse((_text(element, "loc") or "").strip(), url)
    here = urls.parse(url)
    if address is None or (here is not None and address.authority != here.authority):
        return None
    return SitemapLink(str(address), _moment(_text(element, "lastmod")))


def to_follow(sitemaps: Iterable[SitemapLink], since: datetime) -> tuple[SitemapLink, ...]:
    """The sitemaps of an index that may hold news: the newest by date, few, none that has not changed `since`.

    Where none has a date, those whose address speaks of news, else the first.
    """
    found = list({link.url: link for link in sitemaps}.values())
    dated = [link for link in found if link.updated is not None]
    if dated:
        recent = [link for link in dated if link.updated is not None and link.updated >= since]
        newest = sorted(recent, key=lambda link: (link.updated or since, link.url), reverse=True)
        return tuple(newest[:MOST_FOLLOWED])
    named = [link for link in found if "news" in link.url.lower()]
    return tuple((named or found)[:MOST_FOLLOWED])


def recent(entries: Iterable[Entry], fetched_at: datetime, window: timedelta) -> tuple[Entry, ...]:
    """The entries of a plain sitemap that changed lately; one without a date says nothing of news."""
    return tuple(e for e in entries if e.updated is not None and fetched_at - e.updated <= window)


def _name(element: Any) -> str:
    """The local name in lower case, whatever its namespace: some sitemaps have a wrong one, or a prefix undeclared."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=256)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _child(element: Any, name: str) -> Any:
    return None if element is None else next((child for child in element if _name(child) == name), None)


def _text(element: Any, name: str) -> str | None:
    child = _child(element, name)
    return None if child is None else "".join(child.itertext()).strip() or None


def _moment(stated: str | None) -> datetime | None:
    return dates.from_iso(stated) if stated else None
