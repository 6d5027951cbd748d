"""Feeds of a played outlet: RSS 2.0 and Atom, newest first, with the elements that real ones carry.

No `ttl`, `sy:updatePeriod` or `max-age` is given: their smallest honest values are longer than a whole play.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.newsroom.markup import MARKUP

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from worker.newsroom.resource import Asked
    from worker.newsroom.scenario import Article, PlayedOutlet, Version


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An article as a feed announces it."""

    id: str  # a tag URI (RFC 4151) that stays when the article changes
    title: str
    url: str
    published: datetime
    updated: datetime
    author: str
    section: str
    summary: str
    paragraphs: tuple[str, ...]  # all of them where the feed carries the whole text, else none


def render_feed(
    outlet: PlayedOutlet, feed: str, articles: Iterable[Article], home: str, asked: Asked
) -> tuple[bytes, datetime | None]:
    """A feed document in UTF-8, and when it last changed (None: nothing is published yet).

    `home` is the outlet's address, with a slash at its end.
    """
    entries = feed_entries(outlet, feed, articles, home, asked)
    updated = max((entry.updated for entry in entries), default=None)
    document = MARKUP.get_template(f"{outlet.feed_format}.xml").render(
        outlet=outlet,
        title=outlet.name if feed == "latest" else f"{outlet.name}: {feed.title()}",
        home=home,
        here=f"{home}feeds/{feed}.xml",
        updated=updated,
        start=asked.start,
        entries=entries,
    )
    return document.encode(), updated


def render_sitemap(
    outlet: PlayedOutlet, articles: Iterable[Article], home: str, asked: Asked
) -> tuple[bytes, datetime | None]:
    """A news sitemap of everything, and when it last changed."""
    entries = feed_entries(outlet, "latest", articles, home, asked)
    document = MARKUP.get_template("sitemap.xml").render(outlet=outlet, entries=entries)
    return document.encode(), max((entry.updated for entry in entries), default=None)


def feed_entries(
    outlet: PlayedOutlet, feed: str, articles: Iterable[Article], home: str, asked: Asked
) -> list[FeedEntry]:
    """What a feed lists at a moment, newest first."""
    standing = [(a, a.version_at(asked.elapsed)) for a in articles if feed in ("latest", a.section)]
    entries = [_entry(outlet, article, version, home, asked) for article, version in standing if version]
    return sorted(entries, key=lambda entry: (entry.published, entry.id), reverse=True)


def _entry(outlet: PlayedOutlet, article: Article, version: Version, home: str, asked: Asked) -> FeedEntry:
    return FeedEntry(
        id=f"tag:{outlet.slug}.example,2026:{article.path}",
        title=version.title,
        url=home.rstrip("/") + article.path,
        published=asked.moment(article.versions[0].at),
        updated=asked.moment(version.at),
        author=article.author,
        section=article.section.title(),
        summary=version.paragraphs[0],
        paragraphs=version.paragraphs if outlet.full_text else (),
    )
