"""A visit to a URL: what is due, what the network said, what is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """How often, and how late, an outlet has revised what it published lately."""

    articles: tuple[int, ...]  # that reached each stage of an article's life (`core.rates.STAGES`)
    revisions: tuple[int, ...]  # seen in each stage
    unrevised: tuple[int, ...]  # of the articles, those that reached each stage without a revision
    first: tuple[int, ...]  # of the revisions, the first of an article
    followed: int  # of the revisions, by another within `core.rates.FOLLOWS`
    hourly: tuple[int, ...]  # revisions by hour of the day (UTC), in the whole days that articles lived
    evenly: tuple[float, ...]  # the same, had they come at all hours alike
    usual: Pace | None = None  # of all outlets taken together, when this one was measured


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
    ROBOTS = "robots"  # a redirect led to where robots.txt does not want us


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
    DISALLOWED = "disallowed"  # robots.txt does not want us there: not asked, until it changes; no failure
    THROTTLED = "throttled"  # 429: the whole host slows down
    BLOCKED = "blocked"  # 401, 403, 451 or a challenge page
    GONE = "gone"  # 410: never again
    MISSING = "missing"  # 404: slower and slower
    SERVER_ERROR = "server_error"  # 5xx
    LOST = "lost"  # a lane ended before it could write what it was told, if it asked at all: slower and slower
    UNEXPECTED = "unexpected"  # any other status, a redirect loop, or a 304 that was not asked for


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a row until a moment; `token` grows with every owner (fencing)."""

    id: int  # of the host or capture
    token: int


@dataclass(frozen=True, slots=True)
class Move:
    """Where a URL leads for good, and whether that is asked in its place."""

    seen: str | None = None  # where the last visits were led by redirects that all said "for good"
    visits: int = 0  # in a row that agreed on it
    to: str | None = None  # adopted: asked in place of the address we know, which stays the resource's name


class Standing(StrEnum):
    """What is known of a site's robots.txt (RFC 9309, 2.3.1)."""

    RULES = "rules"  # its text is held
    ABSENT = "absent"  # there is none, or it has been out of reach for a month: everything is allowed
    UNREACHABLE = "unreachable"  # never had, and not to be had now: nothing is allowed


@dataclass(frozen=True, slots=True)
class Robots:
    """The robots.txt of a site (scheme and authority), as last asked for."""

    standing: Standing
    text: str  # empty without one
    validators: Validators
    body_hash: str | None  # SHA-256 in hex of the body the text was read from
    next_visit_at: datetime  # when it is asked for again, at most a day after it was had
    outcome: Outcome  # of the last request
    detail: str  # for people; empty when all went well
    failures: int = 0  # in a row
    unreachable_since: datetime | None = None  # the first of them


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
    visited_at: datetime | None = None  # the visit before
    lent_at: datetime | None = None  # to a lane before that never said what came of it; None as a rule
    losses: int = 0  # in a row: lanes that ended with it in hand, the one of `lent_at` included
    not_before: datetime | None = None  # when the outlet's budget allows it
    revised_at: datetime | None = None  # when the text shown came up, as stated or seen; bytes may change around it
    revisions: int = 0  # versions of the article after the first
    figures: bool | None = None  # whether the version shown reports any; None when the page shows none of ours
    pace: Pace | None = None  # of the outlet
    robots: Robots | None = None  # of the URL's site; None before it was first asked for
    move: Move = Move()  # with `move.to`, that is what `url` holds
    min_interval: float = 0.0  # seconds that a feed asked to be left alone for when it was last read
    skips: int = 0  # hours and days in which it does not want to be asked (`core.wishes`)


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
    away: bool  # no server answered: its fault, or ours
    seconds: float
    wire_bytes: int
    move: Move  # a new `move.to` is adopted unless another resource has it already
    capture: CaptureDraft | None
    losses: int = 0  # in a row: lanes that ended with the resource in hand
    given_up: bool = False  # they are too many now: it is in quarantine
    budget_seconds: float = 0.0  # for which what was asked uses up the outlet's budget
    elsewhere: tuple[tuple[str, datetime], ...] = ()  # hosts that redirects led to, and before when they are not asked
    tag_reused: bool = False  # other bytes came under the strong ETag that we hold: its 304s cannot be believed


@dataclass(frozen=True, slots=True)
class RobotsIntent:
    """Everything one request for a robots.txt writes, in one transaction."""

    resource_id: int  # whose visit waits for it; to be lent again
    url: str  # of the robots.txt
    lease: Lease  # of the host
    lease_until: datetime  # the request also renews it
    at: datetime
    robots: Robots
    changed: bool  # it may allow other things than before: what it kept us from is asked about again
    host_free_at: datetime  # the host is not asked before
    reached: bool  # some server answered: the network is up
    away: bool  # no server answered: its fault, or ours
    seconds: float
    wire_bytes: int
    budget_seconds: float = 0.0  # for which what was asked uses up the outlet's budget


@dataclass(frozen=True, slots=True)
class Step:
    """What a lane writes after one request, or instead of one, and whether it goes on."""

    intent: VisitIntent | RobotsIntent
    due: datetime | None  # the next resource of the host is lent that is due by then; None: the lane is over
    by: datetime | None = None  # and whose outlet may be asked by then; None: by `due`


@dataclass(frozen=True, slots=True)
class Begun:
    """A lease taken over by its lane."""

    lease: Lease
    visit: Visit | None  # None: nothing is due, and the host was given back


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of writing a step."""

    capture_id: int | None  # to be read
    visit: Visit | None  # the next; None: the host was given back
