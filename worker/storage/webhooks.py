"""Endpoints of webhooks: who is to be told what, and what came of it.

An endpoint has a place in the change feed and goes on only behind what it took, so it is told everything in order. The
event is written down, with its id, before anybody is asked: a process that ends in between tells it again under the
same id.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, func, or_, select, update

from worker.core import webhooks
from worker.errors import StaleLease
from worker.model import Attempt, DeliveryOutcome, Lease
from worker.storage import events
from worker.storage.database import insert_into
from worker.storage.outages import OUTAGE
from worker.storage.tables import EndpointStatus, changes, deliveries, endpoints, heartbeats
from worker.storage.tally import count, fenced

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from worker.model import Change, DeliveryIntent, Event
    from worker.storage.database import Database

NEWEST = select(func.coalesce(func.max(changes.c.position), 0))
_READY = (
    select(endpoints.c.id, endpoints.c.lease_token)
    .where(
        endpoints.c.status == EndpointStatus.ACTIVE,
        endpoints.c.next_attempt_at <= bindparam("now"),
        or_(endpoints.c.lease_until.is_(None), endpoints.c.lease_until <= bindparam("now")),
        endpoints.c.position < NEWEST.scalar_subquery(),
    )
    .order_by(endpoints.c.next_attempt_at, endpoints.c.id)
    .limit(bindparam("most"))
)


class Webhooks:
    """`ports.Webhooks` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lease(self, now: datetime, until: datetime, limit: int) -> tuple[Lease, ...]:
        """Lease endpoints that have changes before them and may be tried, the one that waited longest first."""
        wanted = {"now": now, "most": limit}
        if not self._database.read(lambda connection: connection.execute(_READY, wanted).first()):
            return ()  # so that an idle tick takes no write lock
        return self._database.write(lambda connection: _lease(connection, wanted, until))

    def begin(self, lease: Lease, now: datetime, until: datetime) -> Attempt | None:
        """Take a lease over and lend the next event, its attempt counted and committed before anybody is asked.

        None when nothing is left, or when all attempts are spent: the endpoint is given back. Raises StaleLease.
        """
        return fenced(self._database, "begin_delivery", lambda connection: _begin(connection, lease, now, until))

    def record(self, intent: DeliveryIntent, until: datetime | None) -> Attempt | None:
        """Write what came of an attempt; after a delivery lend the next event until then, else give the endpoint back.

        Raises StaleLease when the endpoint has passed to somebody else, was changed or removed: nothing was written.
        """
        return fenced(self._database, "record_delivery", lambda connection: _record(connection, intent, until))

    def release(self, lease: Lease) -> None:
        """Give an endpoint back; an attempt not recorded counts for lost. A stale lease is ignored."""
        mine = endpoints.c.id == lease.id, endpoints.c.lease_token == lease.token
        back = update(endpoints).where(*mine).values(lease_until=None)
        self._database.write(lambda connection: connection.execute(back))


def _lease(connection: Connection, wanted: dict[str, Any], until: datetime) -> tuple[Lease, ...]:
    free = _READY.with_for_update(skip_locked=True, of=endpoints)
    leases = tuple(Lease(id_, token + 1) for id_, token in connection.execute(free, wanted).all())
    if leases:
        lent = {"lease_until": until, "lease_token": endpoints.c.lease_token + 1}
        connection.execute(update(endpoints).where(endpoints.c.id.in_([lease.id for lease in leases])).values(lent))
    return leases


def _begin(connection: Connection, lease: Lease, now: datetime, until: datetime) -> Attempt | None:
    row = _held(connection, lease)
    lost = lose(connection, row)
    attempt = _lend(connection, row, Lease(lease.id, lease.token + 1), now, until, lost=bool(lost))
    count(connection, lost)
    return attempt


def lose(connection: Connection, row: Row[Any]) -> Counter[tuple[str, str]]:
    """Note that nobody will say what came of the attempt under way, if there is one; what is to be counted."""
    under_way = deliveries.c.position > row.position, deliveries.c.outcome.is_(None)
    mine = update(deliveries).where(deliveries.c.endpoint_id == row.id, *under_way)
    lost = connection.execute(mine.values(outcome=DeliveryOutcome.LOST)).rowcount
    return Counter({("delivery", DeliveryOutcome.LOST.value): lost} if lost else {})


def _held(connection: Connection, lease: Lease) -> Row[Any]:
    """The row of a lease, locked. Raises StaleLease."""
    mine = endpoints.c.id == lease.id, endpoints.c.lease_token == lease.token
    held = select(endpoints).where(*mine, endpoints.c.status == EndpointStatus.ACTIVE).with_for_update()
    row = connection.execute(held).one_or_none()
    if row is None:
        raise StaleLease(f"endpoint {lease.id} has passed to somebody else, was changed or removed")
    return row


def _lend(
    connection: Connection, row: Row[Any], lease: Lease, now: datetime, until: datetime, *, lost: bool
) -> Attempt | None:
    """The next event of an endpoint, written down; when there is none, the endpoint is given back."""
    if row.failures >= webhooks.MOST_ATTEMPTS:  # processes ended in all of them, or in the last
        reason = webhooks.spent(row.last_detail or "nobody knows what came of it")
        _update(connection, row.id, status=EndpointStatus.DISABLED, reason=reason, lease_until=None)
        return None
    newest = connection.execute(NEWEST).scalar_one()  # first: what is placed meanwhile must not be stepped over
    change = events.next_change(connection, row.position, newest, row.kinds)
    if change is None:
        given_back = {"position": max(newest, row.position), "lease_until": None}
        _update(connection, row.id, **given_back, failures=0, failing_since=None)
        return None
    event, number = events.event(connection, change), row.failures + 1
    # The time of the attempt after this one is written first: should this one end its process each time, the receiver
    # is asked as rarely as if it had failed.
    taken = {"next_attempt_at": now + webhooks.wait(number, 0.0), "failures": number}
    _update(connection, row.id, **taken, lease_until=until, lease_token=lease.token)
    event_id = _write_down(connection, row.id, change, event, now)
    secrets = [row.secret, *([row.old_secret] if row.old_secret and row.old_secret_until > now else [])]
    outage = connection.execute(select(exists().where(heartbeats.c.name == OUTAGE))).scalar_one()
    return Attempt(lease, row.url, tuple(secrets), event, event_id, number, lost=lost, outage=bool(outage))


def _write_down(connection: Connection, endpoint_id: int, change: Change, event: Event, now: datetime) -> str:
    """Note an attempt; the id of its event, which the first attempt gave it."""
    insert = insert_into(connection, deliveries).values(
        endpoint_id=endpoint_id,
        position=change.position,
        event_id=webhooks.event_id(event),
        attempts=1,
        first_at=now,
        at=now,
    )
    again = {"attempts": deliveries.c.attempts + 1, "outcome": None, "at": now}
    noted = insert.on_conflict_do_update(index_elements=["endpoint_id", "position"], set_=again)
    event_id: str = connection.execute(noted.returning(deliveries.c.event_id)).scalar_one()
    return event_id


def _record(connection: Connection, intent: DeliveryIntent, until: datetime | None) -> Attempt | None:
    row = _held(connection, intent.lease)
    delivered = intent.outcome is DeliveryOutcome.DELIVERED
    told = {"outcome": intent.outcome, "status": intent.status, "detail": intent.detail, "seconds": intent.seconds}
    this = deliveries.c.endpoint_id == row.id, deliveries.c.position == intent.position
    connection.execute(update(deliveries).where(*this).values(told))
    known = {
        "failures": intent.failures,
        "next_attempt_at": intent.next_attempt_at,
        "lease_until": None,
        "last_outcome": intent.outcome,
        "last_detail": intent.detail,
    }
    if delivered:
        known |= {"position": intent.position, "failing_since": None, "last_delivered_at": intent.at}
    elif intent.failures:
        known |= {"failing_since": row.failing_since or intent.at}
    if intent.disabled is not None:
        known |= {"status": EndpointStatus.DISABLED, "reason": intent.disabled}
    _update(connection, row.id, **known)
    attempt = None
    if delivered and until is not None:
        attempt = _lend(connection, _held(connection, intent.lease), intent.lease, intent.at, until, lost=False)
    count(connection, Counter({("delivery", intent.outcome.value): 1}))
    return attempt


def _update(connection: Connection, endpoint_id: int, **values: Any) -> None:
    connection.execute(update(endpoints).where(endpoints.c.id == endpoint_id).values(values))
