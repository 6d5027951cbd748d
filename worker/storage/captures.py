"""Raw bytes waiting to be read, and what became of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import zstandard
from sqlalchemy import exists, select, text, update

from worker.errors import InputError, StaleLease
from worker.model import Capture, Health, Lease, ResourceKind
from worker.storage import symptoms
from worker.storage.leasing import Queue
from worker.storage.pace import Paces
from worker.storage.tables import CaptureState, articles, blobs, captures, outlets, resources
from worker.storage.tally import count, fenced

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from worker.model import Pace
    from worker.storage.database import Database

UNREAD = text("capture.state = 'unread'")  # in the words of the partial indexes on it
_OLDER = captures.alias("older")
_TURN = ~exists().where(
    _OLDER.c.resource_id == captures.c.resource_id, _OLDER.c.id < captures.c.id, text("older.state = 'unread'")
)
_READING = Queue(captures.c.id, UNREAD, _TURN, order=(captures.c.fetched_at, captures.c.id), told=captures.c.id)


_TWIN_TIME = timedelta(days=1)  # a site that is down shows the same everywhere for minutes, seldom for hours
_MOST_TWINS = 5


HEALTHY = Health()


@dataclass(frozen=True, slots=True)
class Around:
    """What the other articles of a page's outlet and host tell of it."""

    pace: Pace | None = None
    twins: int = 0
    health: Health = HEALTHY


class Captures:
    """`ports.Captures` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._paces = Paces()

    def lease_unread(self, now: datetime, until: datetime, limit: int) -> tuple[int, ...]:
        """Ids of captures that nobody reads, oldest first; the lease keeps them from being sent twice.

        A capture behind an unread one of the same resource waits for its turn. The token does not grow, so a slow
        reader may still finish until another has begun.
        """
        return self._database.write(lambda connection: _READING.lease(connection, now, until, limit))

    def begin(self, capture_id: int, until: datetime, max_attempts: int) -> Capture | None:
        """Count an attempt, commit, and lend the bytes.

        None when it is done, quarantined, or an older capture of its resource is unread. The attempt after
        `max_attempts` is not made: the capture is quarantined instead. A second `begin` takes the lease over.
        """
        row = self._database.write(lambda connection: _begin(connection, capture_id, until, max_attempts))
        if row is None:
            return None
        if row.article_id is None:
            return _capture(row, Around())
        # Not in the transaction that counts the attempt: it may look through all articles of the outlet.
        return _capture(row, self._database.read(lambda connection: self._around(connection, row)))

    def _around(self, connection: Connection, row: Row[Any]) -> Around:
        return Around(
            pace=self._paces.of(connection, row.outlet_id, row.fetched_at),
            twins=_twins(connection, row),
            health=symptoms.health(connection, row.outlet_id, row.article_id, row.fetched_at),
        )

    def fail(self, lease: Lease, now: datetime, reason: str) -> None:
        """Record why an attempt failed; it may be leased again from `now` on. Raises StaleLease."""
        fenced(self._database, "fail", lambda connection: _fail(connection, lease, now, reason))

    def requeue(self, capture_id: int) -> None:
        """Give a quarantined capture its attempts back.

        Raises InputError when there is no such capture in quarantine, and for a page that was read in a newer state
        since: reading the older one now would turn the history of its article round.
        """
        self._database.write(lambda connection: requeue(connection, capture_id))


def _begin(connection: Connection, capture_id: int, until: datetime, max_attempts: int) -> Row[Any] | None:
    row = connection.execute(_to_read(capture_id)).one_or_none()
    if row is None or _older_unread(connection, row):
        return None
    mine = update(captures).where(captures.c.id == capture_id)
    if row.attempts >= max_attempts:
        reason = row.reason or f"{row.attempts} attempts ended without a word"
        connection.execute(mine.values(state=CaptureState.QUARANTINED, lease_until=None, reason=reason))
        set_awaits_reading(connection, row.resource_id)
        count(connection, Counter({("quarantine", row.kind): 1}))
        return None
    taken = {"attempts": row.attempts + 1, "lease_token": row.lease_token + 1, "lease_until": until}
    connection.execute(mine.values(taken))
    return row


def _to_read(capture_id: int) -> Any:
    return (
        select(
            captures,
            resources.c.kind,
            resources.c.url.label("resource_url"),
            resources.c.article_id,
            resources.c.outlet_id,
            resources.c.first_seen_at,
            resources.c.misreads,
            articles.c.published_at,
            articles.c.title.label("headline"),
            resources.c.host_id,
            outlets.c.slug,
            outlets.c.language,
            blobs.c.data,
        )
        .join_from(captures, resources, captures.c.resource_id == resources.c.id)
        .join(outlets, resources.c.outlet_id == outlets.c.id)
        .join(blobs, captures.c.body_hash == blobs.c.hash)
        .outerjoin(articles, resources.c.article_id == articles.c.id)
        .where(captures.c.id == capture_id, captures.c.state == CaptureState.UNREAD)
        .with_for_update(key_share=True, of=captures)
    )


def _older_unread(connection: Connection, row: Row[Any]) -> bool:
    older = exists().where(captures.c.resource_id == row.resource_id, captures.c.id < row.id, UNREAD)
    return bool(connection.execute(select(older)).scalar_one())


def _twins(connection: Connection, row: Row[Any]) -> int:
    """Other addresses of the host that showed the same bytes around that time, up to as many as matter."""
    around = captures.c.fetched_at.between(row.fetched_at - _TWIN_TIME, row.fetched_at + _TWIN_TIME)
    elsewhere = (
        select(captures.c.resource_id)
        .join_from(captures, resources, captures.c.resource_id == resources.c.id)
        .where(captures.c.body_hash == row.body_hash, resources.c.host_id == row.host_id, around)
        .where(captures.c.resource_id != row.resource_id)
        .distinct()
        .limit(_MOST_TWINS)
    )
    return len(connection.execute(elsewhere).all())


def _capture(row: Row[Any], around: Around) -> Capture:
    return Capture(
        lease=Lease(row.id, row.lease_token + 1),
        resource_id=row.resource_id,
        kind=ResourceKind(row.kind),
        outlet=row.slug,
        language=row.language,
        url=row.url,
        resource_url=row.resource_url,
        headers=row.headers,
        body=zstandard.ZstdDecompressor().decompress(row.data),
        whole=row.whole,
        fetched_at=row.fetched_at,
        attempt=row.attempts + 1,
        article_id=row.article_id,
        first_seen_at=row.first_seen_at,
        published_at=row.published_at,
        pace=around.pace,
        misreads=row.misreads,
        headline=row.headline or "",
        twins=around.twins,
        health=around.health,
    )


def _fail(connection: Connection, lease: Lease, now: datetime, reason: str) -> None:
    held = captures.c.id == lease.id, captures.c.lease_token == lease.token, UNREAD
    failed = update(captures).where(*held).values(lease_until=now, reason=reason)
    if connection.execute(failed).rowcount != 1:
        raise StaleLease(f"capture {lease.id} has passed to another reader")


def requeue(connection: Connection, capture_id: int) -> None:
    """What `Captures.requeue` does, within a transaction."""
    row = connection.execute(
        select(captures.c.resource_id, captures.c.fetched_at, resources.c.kind)
        .join_from(captures, resources, captures.c.resource_id == resources.c.id)
        .where(captures.c.id == capture_id, captures.c.state == CaptureState.QUARANTINED)
        .with_for_update(key_share=True, of=captures)
    ).one_or_none()
    if row is None:
        raise InputError(f"no capture {capture_id} in quarantine")
    newer = exists().where(
        captures.c.resource_id == row.resource_id,
        captures.c.fetched_at > row.fetched_at,
        captures.c.state == CaptureState.READ,
    )
    if row.kind == ResourceKind.ARTICLE and connection.execute(select(newer)).scalar_one():
        raise InputError(f"capture {capture_id} is older than what was read of its page since")
    fresh = {"state": CaptureState.UNREAD, "attempts": 0, "lease_until": None}
    connection.execute(update(captures).where(captures.c.id == capture_id).values(fresh))
    set_awaits_reading(connection, row.resource_id)


# --- for those who finish a capture in their own transaction ------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """A capture whose lease is current."""

    resource_id: int
    done: bool  # it was read before, by this very lease: a repeat


def hold(connection: Connection, lease: Lease) -> Held:
    """Check a lease and keep others from taking the capture over meanwhile. Raises StaleLease."""
    states = [CaptureState.UNREAD, CaptureState.READ]
    held = captures.c.id == lease.id, captures.c.lease_token == lease.token, captures.c.state.in_(states)
    row = connection.execute(select(captures).where(*held).with_for_update(key_share=True)).one_or_none()
    if row is None:
        raise StaleLease(f"capture {lease.id} has passed to another reader")
    return Held(row.resource_id, row.state == CaptureState.READ)


def finish(connection: Connection, lease: Lease, verdict: str, detail: str) -> None:
    """The capture is read."""
    done = {"state": CaptureState.READ, "lease_until": None, "verdict": verdict, "reason": detail or None}
    mine = update(captures).where(captures.c.id == lease.id).values(done).returning(captures.c.resource_id)
    resource_id = connection.execute(mine).scalar_one()
    connection.execute(update(resources).where(resources.c.id == resource_id).values(last_verdict=verdict))
    set_awaits_reading(connection, resource_id)


def set_awaits_reading(connection: Connection, resource_id: int) -> None:
    """Backpressure: a resource with an unread capture is not visited."""
    unread = exists().where(captures.c.resource_id == resource_id, UNREAD)
    connection.execute(update(resources).where(resources.c.id == resource_id).values(awaits_reading=unread))
