"""Outlets and how they may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TextSource(StrEnum):
    """Where the text of an outlet's articles is read."""

    PAGE = "page"  # the article's own page is visited
    FEED = "feed"  # the entry carries it whole; pages are not visited


class RobotsPolicy(StrEnum):
    """What an outlet's robots.txt is followed for."""

    OBEY = "obey"  # feeds and pages
    PAGES = "pages"  # pages only: a feed is published to be polled
    IGNORE = "ignore"  # nothing: it is not asked for; for outlets that have given leave


@dataclass(frozen=True, slots=True)
class Policy:
    """How often an outlet may be asked, and for what."""

    min_gap_seconds: float = 2.0  # between two requests to one host
    poll_seconds: float = 600.0  # a feed is never polled more often
    revisit_seconds: float = 900.0  # an article is never revisited more often
    requests_per_hour: int = 600  # budget of the outlet
    text: TextSource = TextSource.PAGE
    robots: RobotsPolicy = RobotsPolicy.OBEY


@dataclass(frozen=True, slots=True)
class FeedSource:
    """One feed of an outlet, as configured."""

    url: str
    language: str | None = None  # where it differs from the outlet's
    verified: bool = True  # False: the address is publicly known but was not fetched when it was written down


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher and its policy."""

    slug: str
    name: str
    homepage: str
    country: str  # ISO 3166-1 alpha-2
    language: str  # BCP 47
    policy: Policy
    feeds: tuple[FeedSource, ...]
