"""Reading what was captured: feeds, articles, versions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from worker.model.figures import Figure, Revision
    from worker.model.recent import HeldText, Layers, Noise, Recurrence
    from worker.model.visiting import Lease, Pace, ResourceKind


class Verdict(StrEnum):
    """What a capture of an article's address turned out to be."""

    ARTICLE = "article"
    BLOCKED = "blocked"
    CONSENT = "consent"
    PAYWALL = "paywall"
    GONE = "gone"
    WRONG_PAGE = "wrong_page"
    MAINTENANCE = "maintenance"  # the site is down, and says so with 200, or shows the same at all its addresses
    EMPTY = "empty"
    NOT_HTML = "not_html"
    INCOMPLETE = "incomplete"
    FAILED = "failed"  # the extractor found nothing on a page that looks like an article


class FeedVerdict(StrEnum):
    """What a capture of a feed's address turned out to be."""

    FEED = "feed"
    NOT_A_FEED = "not_a_feed"
    BROKEN = "broken"


class FeedFormat(StrEnum):
    """How a feed is written."""

    RSS = "rss"
    RDF = "rdf"  # RSS 0.90 and 1.0
    ATOM = "atom"
    JSON = "json"  # JSON Feed
    NEWS_SITEMAP = "news_sitemap"
    SITEMAP = "sitemap"  # of everything there is, not of news only
    SITEMAP_INDEX = "sitemap_index"


class Witness(StrEnum):
    """What the structured data of a page said of the text that was extracted."""

    SILENT = "silent"  # they carry no text
    AGREES = "agrees"  # no number that the extracted text has not
    DISAGREES = "disagrees"  # numbers that the extracted text has not
    TEASER = "teaser"  # much shorter: not asked
    USED = "used"  # the extracted text is a part of theirs, which took its place


class Symptom(StrEnum):
    """What a known article lost when its extraction broke, or its newsroom took it out."""

    TITLE = "title"
    TEXT = "text"  # half of it, or all
    FIGURES = "figures"


@dataclass(frozen=True, slots=True)
class Health:
    """How the other articles of an outlet were read lately (`core.drift.WINDOW`)."""

    suspects: int = 0  # articles that still show a symptom
    read: int = 0  # articles whose pages were read, those with a symptom included


@dataclass(frozen=True, slots=True)
class Capture:
    """Bytes to read, with what reading needs to know of them."""

    lease: Lease
    resource_id: int
    kind: ResourceKind
    outlet: str
    language: str  # of the outlet, BCP 47
    url: str  # final
    resource_url: str
    headers: Mapping[str, str]
    body: bytes
    whole: bool
    fetched_at: datetime
    attempt: int  # 1 for the first
    article_id: int | None
    first_seen_at: datetime  # when its address became known
    published_at: datetime | None = None  # of the article, as far as known before reading
    pace: Pace | None = None  # of the outlet
    misreads: int = 0  # captures of a feed in a row that were none
    headline: str = ""  # of the article, as last known; its feed's before the first version
    twins: int = 0  # other addresses of its host that showed the same bytes within a day
    health: Health = Health()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, cleaned; every text is plain text."""

    id: str | None
    link: str | None  # absolute http(s), or None
    title: str | None
    published: datetime | None
    updated: datetime | None
    summary: str | None
    text: str | None  # full text where the feed carries it


@dataclass(frozen=True, slots=True)
class SitemapLink:
    """A sitemap that an index names."""

    url: str
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed document as read."""

    verdict: FeedVerdict
    title: str | None
    entries: tuple[Entry, ...]
    language: str | None = None
    min_interval: float | None = None  # seconds; "not more often than" by ttl or sy:update*
    skips: int = 0  # hours and days in which it does not want to be asked (`core.wishes`)
    dropped: int = 0  # entries beyond the cap
    detail: str = ""
    format: FeedFormat | None = None  # None when it is none
    sitemaps: tuple[SitemapLink, ...] = ()  # of an index


@dataclass(frozen=True, slots=True)
class Extract:
    """An article page as read."""

    verdict: Verdict
    title: str
    text: str  # standfirst and body, paragraphs separated by a blank line
    captions: tuple[str, ...] = ()  # of pictures and charts, each once
    layers: Layers | None = None  # hashes of what it was read from
    published_at: datetime | None = None
    modified_at: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    canonical_url: str | None = None  # what the page says; evidence, not truth
    wire: str | None = None  # the news agency that it credits
    extractor: str = ""  # name, version and options that made it
    detail: str = ""
    doubt: str = ""  # why an article may be none, and must be seen again; empty when nothing says so
    witness: Witness = Witness.SILENT
    missing: tuple[str, ...] = ()  # numbers that only the structured data have


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """An entry on its way to become, or to be found as, an article."""

    url: str  # canonical
    url_key: str  # SHA-256 in hex of the canonical URL: the unique key
    host: str
    guid: str | None
    guid_key: str | None  # SHA-256 in hex
    title: str
    language: str
    published_at: datetime | None
    first_visit_at: datetime | None  # of the page, should it be new; None when the feed carries its text
    updated_at: datetime | None = None  # when the outlet says it last changed it
    text: str | None = None  # the article's, where the feed carries it (`TextSource.FEED`)
    seen: int | None = None  # version_id that the feed still shows
    version: VersionDraft | None = None  # that the feed shows now
    held: HeldText | None = None  # a text that another poll must confirm
    recurrence: Recurrence | None = None  # an earlier text that was seen again
    detail: str = ""  # why a text is held


@dataclass(frozen=True, slots=True)
class FeedIntent:
    """Everything reading a feed writes, in one transaction."""

    capture: Lease
    resource_id: int
    outlet: str
    at: datetime  # of the capture
    verdict: FeedVerdict
    detail: str
    next_visit_at: datetime
    drop_validators: bool  # a feed that could not be read must be sent whole next time
    articles: tuple[ArticleDraft, ...] = ()
    dropped: int = 0  # beyond the cap, or in a plain sitemap and no news
    sitemaps: tuple[str, ...] = ()  # that an index names and that are to be polled as feeds, by address
    revisit_seconds: float = 900.0  # of the outlet's policy: what the feed says of known articles does not undercut it
    misreads: int = 0  # captures in a row that were no feed, this one included
    min_interval: float | None = None  # what the feed asks for, as in `Feed`
    skips: int = 0


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """The newest version of an article, as far as deciding the next one needs it."""

    version_id: int
    ordinal: int
    title: str
    text: str
    content_hash: str
    extractor: str
    first_seen_at: datetime
    last_seen_at: datetime
    figures: bool | None = None  # whether it reports any; None when nobody asked
    captions_at: int | None = None  # where in `text` the captions begin; None without any


UNWRITTEN = 0  # stands for the id of a version that is written in the same transaction


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """A version to append after `previous_version_id`."""

    previous_version_id: int | None
    ordinal: int  # 1 for the first
    title: str
    text: str
    content_hash: str
    changed_after: datetime | None  # the last visit that still saw the version before
    seen_at: datetime
    extractor: str
    figures: tuple[Figure, ...]
    revisions: tuple[Revision, ...]  # whose `new` are among `figures`, whose `old` stand in the previous version
    captions_at: int | None = None  # where in `text` the captions begin; None without any
    reverts: Recurrence | None = None  # the earlier version that the outlet went back to
    wire: str | None = None  # the news agency that it credits
    modified_at: datetime | None = None  # when the outlet says that it was changed last


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A version that was held and is believed now: it goes before that of the capture that confirms it."""

    version: VersionDraft
    capture_id: int  # that it was read from


class ClaimKind(StrEnum):
    """How a page said that it is also to be found elsewhere."""

    REDIRECT = "redirect"  # its address led there
    CANONICAL = "canonical"  # its rel=canonical or og:url names it


@dataclass(frozen=True, slots=True)
class Claim:
    """Another address of an article, as its page has it: evidence."""

    kind: ClaimKind
    url: str  # canonical
    url_key: str


@dataclass(frozen=True, slots=True)
class ArticleIntent:
    """Everything reading an article page writes, in one transaction."""

    capture: Lease
    resource_id: int
    article_id: int
    at: datetime  # of the capture
    verdict: Verdict
    detail: str
    next_visit_at: datetime | None
    seen: int | None = None  # version_id that the page still shows
    confirmed: Confirmed | None = None  # kept before `version`, which then follows `UNWRITTEN`
    version: VersionDraft | None = None
    published_at: datetime | None = None
    language: str | None = None
    held: HeldText | None = None  # a text that another visit must confirm; None: nothing waits any more
    recurrence: Recurrence | None = None  # an earlier text that was seen again
    noise: Noise | None = None  # what made the bytes differ, though the text is the same
    layers: Layers | None = None  # of a page that is an article
    drop_validators: bool = False  # what was no article must be sent whole next time, or its 304 would hide the article
    symptom: Symptom | None = None  # that the page shows; None makes the article healthy again
    claims: tuple[Claim, ...] = ()  # of a page that is the article
    witness: Witness | None = None  # of a page that is the article


class ChangeKind(StrEnum):
    """What a row of the change feed tells."""

    ARTICLE = "article"  # a new article is known
    VERSION = "version"  # a version was kept
    REVISION = "revision"  # a reported figure was revised
    MERGE = "merge"  # the article proved to be another one, which it is merged into
    REREAD = "reread"  # a better reader read a version again: its text or figures differ from what was stored
    RETRACTION = "retraction"  # the better reader no longer finds a revision
    STORY = "story"  # an article joined a story that others are in


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the change feed; positions are dense and never change."""

    position: int
    at: datetime
    kind: ChangeKind
    article_id: int
    version_id: int | None = None
    revision_id: int | None = None
    story_id: int | None = None
