"""The journeys: what happens to a host, a feed and an article, top to bottom.

Each journey asks a store for the few fields it needs, asks `core` to decide, and hands the store one
intent that holds everything to write. The Protocols below are all that it knows of the outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from worker.model import (
        ArticleIntent,
        Capture,
        Change,
        FeedIntent,
        Lease,
        Outlet,
        Reply,
        StoredVersion,
        Validators,
        Visit,
        VisitIntent,
    )


class Fetcher(Protocol):
    """Asks one URL once, redirects included; every failure is a value."""

    async def get(self, url: str, validators: Validators, *, accept: str) -> Reply:
        """Conditional GET under a total deadline and byte caps."""


class Frontier(Protocol):
    """What is due, and who may visit it. Each method is one transaction."""

    def sync(self, outlets: Sequence[Outlet], now: datetime) -> None:
        """Make outlets, hosts and feeds match the configuration; a feed no longer named is paused, not deleted."""

    def lease_hosts(self, now: datetime, until: datetime, limit: int) -> tuple[Lease, ...]:
        """Lease hosts that are free and have a due resource, longest waiting first."""

    def begin(self, lease: Lease, now: datetime, until: datetime) -> bool:
        """Renew the lease at the start of a lane; False when it has passed to somebody else."""

    def next_due(self, lease: Lease, now: datetime) -> Visit | None:
        """Lend the resource of this host that has waited longest; none with an unread capture (backpressure)."""

    def record(self, intent: VisitIntent) -> int | None:
        """Write a visit; the id of the capture to be read, if there is one. Raises StaleLease."""

    def release(self, lease: Lease) -> None:
        """Give the host back; a stale lease is ignored."""

    def network_up(self, since: datetime) -> bool:
        """Tell whether any server has answered since then."""


class Captures(Protocol):
    """Raw bytes waiting to be read."""

    def lease_unread(self, now: datetime, until: datetime, limit: int) -> tuple[int, ...]:
        """Ids of captures that nobody reads, oldest first; the lease keeps them from being sent twice."""

    def begin(self, capture_id: int, now: datetime, until: datetime, max_attempts: int) -> Capture | None:
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

    def apply_feed(self, intent: FeedIntent) -> int:
        """Write what a feed said, and finish its capture; the number of new articles. Raises StaleLease."""

    def apply_article(self, intent: ArticleIntent) -> tuple[int, ...]:
        """Write what a page said, and finish its capture; ids of new revisions.

        Raises StaleLease when the capture or `version.previous_version_id` is no longer current.
        """


class Changes(Protocol):
    """The change feed."""

    def sequence(self) -> int:
        """Give positions to changes that have none, dense and in order; how many."""

    def after(self, position: int, limit: int) -> tuple[Change, ...]:
        """Changes behind a position, in order."""
