"""What the journeys know of the outside: Protocols, and the World that holds one of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta

    from worker.errors import StaleLease
    from worker.model import (
        ArticleDraft,
        ArticleIntent,
        Attempt,
        Begun,
        Candidates,
        Capture,
        Change,
        CopyLink,
        DeliveryIntent,
        FeedIntent,
        History,
        Kin,
        KnownArticle,
        Lease,
        Neighbour,
        Outlet,
        Policy,
        Recent,
        Recorded,
        RelationIntent,
        ReplayIntent,
        Reply,
        Revision,
        Series,
        Step,
        StoredVersion,
        Story,
        Subject,
        Validators,
    )


class Fetcher(Protocol):
    """Asks one URL once, redirects included; every failure is a value."""

    async def get(
        self,
        url: str,
        validators: Validators,
        *,
        accept: str,
        allowed: Callable[[str], bool] = ...,
        first: int | None = None,
    ) -> Reply:
        """Conditional GET under a total deadline and byte caps.

        No redirect is followed to what is not `allowed`; of a body larger than `first` bytes these alone are read.
        """


class Sender(Protocol):
    """Brings something to one URL once; every failure is a value."""

    async def post(self, url: str, content: bytes, headers: Mapping[str, str], *, first: int) -> Reply:
        """POST under a total deadline; no redirect is followed, and of the reply's body the first bytes are read."""


class Frontier(Protocol):
    """What is due, and who may visit it. Each method is one transaction."""

    def sync(self, outlets: Sequence[Outlet], now: datetime) -> None:
        """Make outlets, hosts and feeds match the configuration; a feed no longer named is paused, not deleted."""

    def lease_hosts(self, now: datetime, until: datetime, limit: int) -> tuple[Lease, ...]:
        """Lease hosts that are free and have a due resource: those that waited longest, slow ones behind quick ones."""

    def begin(
        self, leases: Sequence[Lease], now: datetime, until: datetime, due: datetime
    ) -> tuple[Begun | StaleLease, ...]:
        """Take leases over at the start of their lanes, and lend each what is due by `due` and has waited longest.

        Nothing with an unread capture is lent (backpressure). A host where nothing is due is given back.
        """

    def record(self, steps: Sequence[Step]) -> tuple[Recorded | StaleLease, ...]:
        """Write what lanes bring back, and lend each its next or take its host back; by step, what came of it."""

    def release(self, lease: Lease, unasked: int | None = None) -> None:
        """Give the host back; a stale lease is ignored. `unasked`: the resource lent that nobody was asked for."""

    def network_up(self, since: datetime, host_id: int) -> bool:
        """Tell whether it is a host's own affair that it was just found away: others are not, or too few were asked."""

    def mind_clock(self, now: datetime) -> timedelta | None:
        """By how much the clock was set back since the last dispatch, told once; what was planned then is moved."""

    def watch_network(self, since: datetime) -> bool | None:
        """Tell whether an outage of ours has just begun (True) or ended (False); to one of all who ask, once."""


class Captures(Protocol):
    """Raw bytes waiting to be read."""

    def lease_unread(self, now: datetime, until: datetime, limit: int) -> tuple[int, ...]:
        """Ids of captures that nobody reads, oldest first; the lease keeps them from being sent twice."""

    def begin(self, capture_id: int, until: datetime, max_attempts: int) -> Capture | None:
        """Count an attempt, commit, and lend the bytes.

        None when it is done, quarantined, or an older capture of its resource is unread. The attempt after
        `max_attempts` is not made: the capture is quarantined instead. A second `begin` takes the lease over.
        """

    def fail(self, lease: Lease, now: datetime, reason: str) -> None:
        """Record why an attempt failed; it will be leased again."""


class Articles(Protocol):
    """Articles and their versions."""

    def newest_version(self, article_id: int) -> StoredVersion | None:
        """The newest version, None before the first."""

    def recent(self, capture: Capture) -> Recent:
        """The latest history of a page's article: earlier texts, and one that waits to be confirmed."""

    def listed(self, capture: Capture, drafts: Sequence[ArticleDraft]) -> Mapping[str, KnownArticle]:
        """What is known of the articles that a feed lists, by `url_key` of the draft; none before its first version."""

    def apply_feed(self, intent: FeedIntent) -> int:
        """Write what a feed said, and finish its capture; the number of new articles.

        Raises StaleLease when the capture or a `version.previous_version_id` is no longer current.
        """

    def apply_article(self, intent: ArticleIntent) -> tuple[int, ...]:
        """Write what a page said, and finish its capture; ids of new revisions.

        Raises StaleLease when the capture or `version.previous_version_id` is no longer current.
        """


class Relations(Protocol):
    """Versions that wait to be related to what other articles say."""

    def waiting(self, capture_id: int) -> tuple[int, ...]:
        """Ids of the versions kept from a capture that wait to be related, oldest first."""

    def lease_waiting(self, now: datetime, until: datetime, limit: int) -> tuple[int, ...]:
        """Ids of versions that nobody relates, oldest first; the lease keeps them from being sent twice."""

    def begin(self, version_id: int, until: datetime, max_attempts: int) -> Subject | None:
        """Count an attempt, commit, and lend the version.

        None when it is related, given up on, or an older version of its article waits. The attempt after
        `max_attempts` is not made: the version is given up on instead. A second `begin` takes the lease over.
        """

    def fail(self, lease: Lease, now: datetime, reason: str) -> None:
        """Record why an attempt failed; it will be leased again. Raises StaleLease."""

    def index(self, article_id: int, bands: tuple[int, ...]) -> None:
        """Put an article into its buckets of the index of copies; a repeat writes nothing."""

    def neighbours(self, article_id: int, bands: tuple[int, ...], limit: int) -> tuple[Neighbour, ...]:
        """Other articles that share buckets, those that share most of them first."""

    def copies(self, article_id: int) -> tuple[CopyLink, ...]:
        """Known copies of an article, seen from it."""

    def claimed(self, article_id: int) -> tuple[int, ...]:
        """Articles of the same outlet whose pages give an address of this one for theirs, or the other way round."""

    def kin(self, article_ids: tuple[int, ...]) -> tuple[Kin, ...]:
        """Articles with figures and revisions, as of their newest versions; those that have none are left out."""

    def apply(self, intent: RelationIntent) -> None:
        """Write what a version was related to; it waits no longer. Raises StaleLease, also for a repeat."""


class Stories(Protocol):
    """Stories and the series in them."""

    def of_article(self, article_id: int) -> Story | None:
        """The story that an article is in; None when it is in none."""

    def candidates(self, language: str, terms: Mapping[str, float]) -> Candidates:
        """The stories in a language that share most with an article about these terms."""

    def series(self, story_id: int) -> tuple[Series, ...]:
        """The series of a story, each with its newest figure by outlet."""


class Corrections(Protocol):
    """What outlets say that they corrected."""

    def revisions_of(self, version_id: int) -> Mapping[int, Revision]:
        """The revisions between a version and the one before, by id."""


class Changes(Protocol):
    """The change feed."""

    def sequence(self) -> int:
        """Give positions to changes that have none, dense and in order; how many."""

    def after(self, position: int, limit: int) -> tuple[Change, ...]:
        """Changes behind a position, in order."""


class Replays(Protocol):
    """Articles whose history is to be read again by today's reader."""

    def want(self, article_id: int) -> None:
        """Have one article read again."""

    def lease(self, now: datetime, until: datetime, limit: int) -> tuple[int, ...]:
        """Articles that nobody reads again yet, oldest first; the lease keeps them from being sent twice."""

    def begin(self, article_id: int, until: datetime, max_attempts: int) -> History | None:
        """Count an attempt, commit, and lend the history; None when it is done, or was given up."""

    def apply(self, intent: ReplayIntent) -> None:
        """Write what was read again, and finish. Raises StaleLease, also when there is a newer version by now."""

    def fail(self, lease: Lease, now: datetime, reason: str) -> None:
        """Record why an attempt failed; it will be leased again."""


class Webhooks(Protocol):
    """Endpoints that are told of changes, each in the order of the change feed and without a gap."""

    def lease(self, now: datetime, until: datetime, limit: int) -> tuple[Lease, ...]:
        """Lease endpoints that have changes before them and may be tried, the one that waited longest first."""

    def begin(self, lease: Lease, now: datetime, until: datetime) -> Attempt | None:
        """Take a lease over and lend the next event, its attempt counted and committed before anybody is asked.

        None when nothing is left, or when all attempts are spent: the endpoint is given back. Raises StaleLease.
        """

    def record(self, intent: DeliveryIntent, until: datetime | None) -> Attempt | None:
        """Write what came of an attempt; after a delivery lend the next event until then, else give the endpoint back.

        Raises StaleLease when the endpoint has passed to somebody else, was changed or removed: nothing was written.
        """

    def release(self, lease: Lease) -> None:
        """Give an endpoint back; an attempt not recorded counts for lost. A stale lease is ignored."""


class Log(Protocol):
    """Says what happened: a constant event name, and fields."""

    def __call__(self, event: str, **fields: object) -> None:
        """Log one event."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything outside of the journeys, handed in."""

    frontier: Frontier
    captures: Captures
    articles: Articles
    relations: Relations
    stories: Stories
    corrections: Corrections
    changes: Changes
    replays: Replays
    webhooks: Webhooks
    policies: Mapping[str, Policy]  # by outlet slug
    clock: Callable[[], datetime]
    jitter: Callable[[], float]  # in [0, 1)
    log: Log
    lease: timedelta
    lane: timedelta  # a lane hands its host back after this
    read_attempts: int
    horizon: datetime | None = None  # what becomes due after this is left alone (`run-once`)
