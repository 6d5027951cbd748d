"""Frozen values shared by all layers.

Times are aware and in UTC, durations are seconds, sizes are bytes, numbers of figures are `Decimal`.
Nothing here does anything: decisions are in `core`, effects in `net` and `storage`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

# --- figures and revisions -------------------------------------------------------------------------


class Bound(StrEnum):
    """How the article qualifies a value."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    ABOUT = "about"
    NEARLY = "nearly"
    VAGUE = "vague"


class Part(StrEnum):
    """Where in a version a figure stands; its offsets count from the start of that part."""

    TITLE = "title"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity that an article reports."""

    low: Decimal
    high: Decimal | None  # equal to low unless a range is reported; None for vague plurals
    bound: Bound
    unit: str | None  # "%", "pp", ISO 4217 code or common symbol; None for a bare count
    noun: str | None  # the counted noun, singular; None with a unit
    subject: str  # what is counted or measured, in the article's words
    sentence: str
    start: int  # characters from the start of `part` to the first character of hedge and number
    end: int
    part: Part = Part.TEXT
    hedge: str | None = None  # the qualifying words as printed ("at least")
    attribution: str | None = None  # who says so, where the clause names it ("the ministry")
    dimension: str | None = None  # of the unit: "money", "length", "ratio"…; "age" apart from "time"; "score"
    per: str | None = None  # the thing per which it is counted ("barrel", "day")
    place: str | None = None  # that scopes it, as printed ("Odisha")
    period: str | None = None  # that scopes it, as printed ("since Sept. 27")
    conversion: Figure | None = None  # the same quantity in another unit, in brackets behind it
    change: tuple[Figure, ...] = ()  # of "from 55 to 44", old and new as figures of their own; low and high span both


class RevisionKind(StrEnum):
    """What became of a reported figure between two versions."""

    REVISED = "revised"
    REQUALIFIED = "requalified"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Revision:
    """The same reported figure, reported differently by two versions."""

    kind: RevisionKind
    old: Figure
    new: Figure | None  # None when withdrawn
    confidence: float  # in [0, 1]
    because: str  # the evidence, in words a person can check
    declared: bool = False  # the new version says itself that it corrects this figure


@dataclass(frozen=True, slots=True)
class Text:
    """The readable content of a version or of a file that a command was given."""

    title: str
    text: str  # paragraphs separated by a blank line


# --- outlets ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Policy:
    """How often an outlet may be asked."""

    min_gap_seconds: float = 2.0  # between two requests to one host
    poll_seconds: float = 600.0  # a feed is never polled more often
    revisit_seconds: float = 900.0  # an article is never revisited more often
    requests_per_hour: int = 600  # budget of the outlet


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


# --- visiting --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pace:
    """How often, and how late, an outlet has revised what it published lately."""

    articles: tuple[int, ...]  # that reached each stage of an article's life (`core.rates.STAGES`)
    revisions: tuple[int, ...]  # seen in each stage
    followed: int = 0  # of these, by another within `core.rates.FOLLOWS`


class ResourceKind(StrEnum):
    """What we expect behind a URL that is revisited."""

    FEED = "feed"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "changed since?", byte for byte as it was sent (RFC 9110, 8.8)."""

    etag: str | None = None
    last_modified: str | None = None


class Fault(StrEnum):
    """Why a request brought no usable answer."""

    REFUSED = "refused"  # by the address gate, or a URL we do not speak
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"  # not HTTP, or HTTP broken beyond use
    INCOMPLETE = "incomplete"  # the body ended before it was whole
    TOO_LARGE = "too_large"  # on the wire or decoded
    ENCODING = "encoding"  # a content coding we did not offer, or one that does not decode
    REDIRECTS = "redirects"  # a loop, too many, or one that leads nowhere
    MEDIA_TYPE = "media_type"  # a picture, a film, an archive…: not read beyond its beginning


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect that was followed."""

    status: int
    url: str  # that answered with the redirect
    location: str  # absolute, where it led


@dataclass(frozen=True, slots=True)
class Reply:
    """What the network said to one visit, redirects included."""

    url: str  # the final one
    status: int | None  # None when no status line was read
    headers: Mapping[str, str]  # of the final answer, names in lower case
    body: bytes = b""  # decoded; empty with a fault
    fault: Fault | None = None
    detail: str = ""  # of the fault, for people
    whole: bool = True  # False: 200 with neither length nor chunking, so the end cannot be proved
    hops: tuple[Hop, ...] = ()
    wire_bytes: int = 0
    seconds: float = 0.0


class Outcome(StrEnum):
    """The one disposition of a visit, named by what happens next."""

    FRESH = "fresh"  # bytes we do not hold: captured, to be read
    SAME = "same"  # 200 with the bytes we hold
    NOT_MODIFIED = "not_modified"  # 304
    UNREACHABLE = "unreachable"  # no answer at all: DNS, connect; not charged while nothing else answers either
    BROKEN = "broken"  # an answer we cannot use: timeout, protocol, incomplete, encoding; retried with backoff
    REFUSED = "refused"  # the address gate said no; retried rarely
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"  # a media type that holds no text for us
    THROTTLED = "throttled"  # 429, or 503 with Retry-After: the host slows down
    BLOCKED = "blocked"  # 401, 403, 451 or a challenge page
    GONE = "gone"  # 410: never again
    MISSING = "missing"  # 404: slower and slower
    SERVER_ERROR = "server_error"  # 5xx
    UNEXPECTED = "unexpected"  # any other status, a redirect loop, or a 304 that was not asked for


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a row until a moment; `token` grows with every owner (fencing)."""

    id: int  # of the host or capture
    token: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A resource that is due, with the few fields a visit needs."""

    resource_id: int
    outlet: str  # slug
    host: str  # authority: name, and port where it is not the scheme's own
    kind: ResourceKind
    url: str
    validators: Validators
    body_hash: str | None  # SHA-256 in hex of the last whole body
    failures: int  # in a row
    unchanged: int  # visits in a row that found nothing new
    changed_at: datetime | None  # when new bytes were last seen
    first_seen_at: datetime
    published_at: datetime | None
    due_at: datetime | None = None  # when this visit was planned for
    revised_at: datetime | None = None  # when the text shown was first seen; bytes may change around it
    revisions: int = 0  # versions of the article after the first
    figures: bool | None = None  # whether the version shown reports any; None when the page shows none of ours
    pace: Pace | None = None  # of the outlet


@dataclass(frozen=True, slots=True)
class CaptureDraft:
    """Bytes to keep before anything parses them."""

    body: bytes
    body_hash: str  # SHA-256 in hex
    url: str  # the final one
    status: int
    headers: Mapping[str, str]
    whole: bool


@dataclass(frozen=True, slots=True)
class VisitIntent:
    """Everything one visit writes, in one transaction."""

    resource_id: int
    lease: Lease  # of the host
    lease_until: datetime  # the visit also renews it
    at: datetime
    outcome: Outcome
    detail: str  # for people; empty when all went well
    validators: Validators
    body_hash: str | None
    failures: int
    unchanged: int
    next_visit_at: datetime | None  # None: never again
    host_free_at: datetime  # the host is not asked before
    reached: bool  # some server answered: the network is up
    seconds: float
    wire_bytes: int
    permanent_url: str | None  # where permanent redirects led, all hops 301 or 308
    capture: CaptureDraft | None


# --- reading ---------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """What a capture of an article's address turned out to be."""

    ARTICLE = "article"
    BLOCKED = "blocked"
    CONSENT = "consent"
    PAYWALL = "paywall"
    GONE = "gone"
    WRONG_PAGE = "wrong_page"
    EMPTY = "empty"
    NOT_HTML = "not_html"
    INCOMPLETE = "incomplete"
    FAILED = "failed"  # the extractor found nothing on a page that looks like an article


class FeedVerdict(StrEnum):
    """What a capture of a feed's address turned out to be."""

    FEED = "feed"
    NOT_A_FEED = "not_a_feed"
    BROKEN = "broken"


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
class Feed:
    """A feed document as read."""

    verdict: FeedVerdict
    title: str | None
    entries: tuple[Entry, ...]
    language: str | None = None
    min_interval: float | None = None  # seconds; "not more often than" by ttl or sy:update*
    dropped: int = 0  # entries beyond the cap
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Extract:
    """An article page as read."""

    verdict: Verdict
    title: str
    text: str  # paragraphs separated by a blank line
    published_at: datetime | None = None
    modified_at: datetime | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    canonical_url: str | None = None  # what the page says; evidence, not truth
    extractor: str = ""  # name, version and options that made it
    detail: str = ""


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
    first_visit_at: datetime  # of the page, should it be new
    updated_at: datetime | None = None  # when the outlet says it last changed it


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
    dropped: int = 0
    revisit_seconds: float = 900.0  # of the outlet's policy: what the feed says of known articles does not undercut it


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
    version: VersionDraft | None = None
    published_at: datetime | None = None
    language: str | None = None
    drop_validators: bool = False  # what was no article must be sent whole next time, or its 304 would hide the article


class ChangeKind(StrEnum):
    """What a row of the change feed tells."""

    ARTICLE = "article"  # a new article is known
    VERSION = "version"  # a version was kept
    REVISION = "revision"  # a reported figure was revised


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the change feed; positions are dense and never change."""

    position: int
    at: datetime
    kind: ChangeKind
    article_id: int
    version_id: int | None = None
    revision_id: int | None = None


# --- looking ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A stored revision as commands and pages show it (the view `v1_revisions`, joined with its article)."""

    revision_id: int
    article_id: int
    outlet: str
    url: str
    title: str
    kind: RevisionKind
    old: Figure
    new: Figure | None
    changed_after: datetime
    changed_before: datetime
    detected_at: datetime
    confidence: float
    because: str
    declared: bool = False  # the new version says itself that it corrects the figure


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is waiting, and for how long."""

    due: int  # resources whose time has come
    due_lag_seconds: float  # of the one waiting longest
    unread: int  # captures to be read
    quarantined: int
    leased_hosts: int


@dataclass(frozen=True, slots=True)
class Census:
    """How much the database holds."""

    outlets: int
    feeds: int
    articles: int
    versions: int
    figures: int
    revisions: int
    captures: int
    position: int  # of the change feed
    tallies: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # e.g. {"visit": {"fresh": 12}}
