"""Outlets and feeds added to an outlets file: as text of their own, and merged without losing a comment."""

from __future__ import annotations

import json
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import tomlkit
from tomlkit.items import AoT

from worker import outlets as outlets_
from worker.core import urls
from worker.model import FeedSource, Outlet, Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from worker.core.opml import Subscription

NOWHERE = "ZZ"  # ISO 3166-1, user-assigned: no country is known
_LONGEST_SLUG = 64
# Top-level domains of countries that are used for something else, or that are no ISO code.
_NO_COUNTRY = frozenset({"ai", "am", "cc", "co", "eu", "fm", "io", "me", "su", "tv", "ws"})
_OTHER_CODES = {"uk": "GB"}


@dataclass(frozen=True, slots=True)
class Merged:
    """An outlets file with additions."""

    text: str
    outlets: tuple[str, ...]  # slugs that are new
    feeds: int  # that are new, those of new outlets included
    known: int  # feeds that were there before


def block(outlet: Outlet) -> str:
    """An [[outlet]] table as people write it; policy keys are left to the file's defaults."""
    keys = {key: getattr(outlet, key) for key in ("slug", "name", "homepage", "country", "language")}
    lines = ["[[outlet]]", *(f"{key} = {_toml(value)}" for key, value in keys.items())]
    for feed in outlet.feeds:
        lines += ["[[outlet.feed]]", *(f"{key} = {_toml(value)}" for key, value in _feed(feed).items())]
    return "\n".join(lines) + "\n"


def _feed(feed: FeedSource) -> dict[str, str | bool]:
    keys: dict[str, str | bool] = {"url": feed.url}
    if feed.language:
        keys["language"] = feed.language
    return keys if feed.verified else keys | {"verified": False}


def _toml(value: object) -> str:
    """A string or truth value; of strings without control characters, JSON is a subset of TOML."""
    return json.dumps(value, ensure_ascii=False)


def described(
    *, name: str, homepage: str, language: str | None, country: str | None, feeds: Iterable[FeedSource]
) -> Outlet:
    """An outlet of what is known of it; what is not is guessed from its address and language."""
    address = urls.parse(homepage)
    host = address.host if address else ""
    return Outlet(
        slug=slug(name) or slug(host) or "outlet",
        name=name or host,
        homepage=homepage,
        country=country or country_of(language, host),
        language=language or "en",
        policy=Policy(),
        feeds=tuple(feeds),
    )


def slug(name: str) -> str:
    """Lower-case letters, digits and single hyphens of a name; empty when it has none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].rstrip("-")


def country_of(language: str | None, host: str) -> str:
    """Of the region of a language tag, else of the top-level domain; `NOWHERE` when neither says."""
    region = re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?-([A-Za-z]{2})", language or "")
    domain = host.rpartition(".")[2]
    code = region[1].upper() if region else _OTHER_CODES.get(domain, "" if domain in _NO_COUNTRY else domain.upper())
    return code if outlets_.is_country(code) else NOWHERE


def grouped(feeds: Iterable[Subscription], *, language: str | None = None, country: str | None = None) -> list[Outlet]:
    """Subscriptions as outlets: those of one slug, else of one site, belong together.

    `language`, `country`: for what says neither.
    """
    sites: dict[str, list[Subscription]] = {}
    for feed in feeds:
        sites.setdefault(feed.slug or urls.authority(_home(feed)).removeprefix("www."), []).append(feed)
    return [_outlet(members, language, country) for members in sites.values()]


def _home(feed: Subscription) -> str:
    """Its home page, or the site of the feed where it names none that can be visited."""
    if feed.homepage and urls.parse(feed.homepage):
        return feed.homepage
    address = urls.parse(feed.url)
    return f"{address.scheme}://{address.authority}/" if address else feed.url


def _outlet(members: Sequence[Subscription], language: str | None, country: str | None) -> Outlet:
    first = members[0]
    host = urls.authority(_home(first)).removeprefix("www.")
    spoken = next((m.language for m in members if m.language and outlets_.is_language(m.language)), language or "en")
    made = described(
        name=first.outlet or (first.title if len(members) == 1 else "") or host,
        homepage=_home(first),
        language=spoken,
        country=next((m.country for m in members if m.country), country),
        feeds=[_source(member, spoken) for member in members],
    )
    return replace(made, slug=first.slug) if first.slug else made


def _source(feed: Subscription, spoken: str) -> FeedSource:
    differs = feed.language and feed.language != spoken and outlets_.is_language(feed.language)
    return FeedSource(feed.url, feed.language if differs else None, feed.verified)


# --- into a file ---------------------------------------------------------------------------------------


def merge(text: str, additions: Sequence[Outlet], existing: Sequence[Outlet]) -> Merged:
    """Add outlets, or feeds to those that are there (by slug or home page), to the text of an outlets file.

    `existing`: what the text holds. Every line of the text stays; a feed that is there already is left alone.
    """
    polled = {_same(feed.url) for outlet in existing for feed in outlet.feeds}
    slugs = {outlet.slug for outlet in existing}
    by_name = {name: outlet.slug for outlet in existing for name in (outlet.slug, _site(outlet.homepage))}
    document, blocks = tomlkit.parse(text) if text else None, []
    new, feeds, known = [], 0, 0
    for outlet in additions:
        fresh = tuple(feed for feed in outlet.feeds if _same(feed.url) not in polled)
        known += len(outlet.feeds) - len(fresh)
        if not fresh:
            continue
        polled |= {_same(feed.url) for feed in fresh}
        feeds += len(fresh)
        there = by_name.get(outlet.slug) if outlet.slug in slugs else by_name.get(_site(outlet.homepage))
        if there is not None and document is not None:
            _extend(document, there, fresh)
            continue
        named = replace(outlet, slug=_free(outlet.slug, slugs), feeds=fresh)
        slugs.add(named.slug)
        new.append(named.slug)
        blocks.append(block(named))
    kept = text if document is None else tomlkit.dumps(document)
    joined = "\n".join([*([kept.rstrip("\n") + "\n"] if kept else []), *blocks])
    return Merged(joined, tuple(new), feeds, known)


def _same(url: str) -> str:
    return urls.fetchable(url) or url


def _site(homepage: str) -> str:
    """A home page, however it is written; not only its host, which several outlets may share."""
    return homepage.partition("://")[2].removeprefix("www.").rstrip("/")


def _free(slug_: str, taken: set[str]) -> str:
    """The slug, or the next like it that nobody has."""
    free, number = slug_, 2
    while free in taken:
        free, number = f"{slug_[: _LONGEST_SLUG - 6]}-{number}", number + 1
    return free


def _extend(document: tomlkit.TOMLDocument, slug_: str, feeds: Iterable[FeedSource]) -> None:
    """Add feeds to the outlet of that slug, as [[outlet.feed]] tables or, where it has an array, to that."""
    outlet: Mapping[str, object] = next(o for o in document["outlet"] if o["slug"] == slug_)
    listed = outlet["feed"]
    for feed in feeds:
        table = tomlkit.table() if isinstance(listed, AoT) else tomlkit.inline_table()
        table.update(_feed(feed))
        listed.append(table)  # type: ignore[attr-defined]


def write(path: Path, text: str) -> None:
    """Replace an outlets file by a text that is none the worse: it is read first, and whole or not at all there.

    Raises OutletsError, with the file as it was.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        draft = Path(folder) / path.name
        draft.write_text(text, encoding="utf-8")
        outlets_.load(draft)
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o777)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(path)
