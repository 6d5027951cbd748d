"""When the clock is set back: what waits for a time that is now far ahead would stay where it is until then.

Seen by the dispatcher, whose last word then lies in the future. Only what was written in that future is moved, by as
much as the clock was: an hour that a host asked for before stays an hour. What versions say of when they were seen is
history and stays.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select, update

from worker.storage import tables
from worker.storage.heartbeats import DISPATCH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row, Table

TOLERANCE = timedelta(minutes=10)  # twice what clocks of several machines may differ by
_AHEAD = select(tables.heartbeats.c.at).where(tables.heartbeats.c.name == DISPATCH)
# By table: moments that something happened at or a lease ends at, and what was planned when that was written.
_STAMPS: tuple[tuple[Table, tuple[str, ...], tuple[str, ...]], ...] = (
    (tables.hosts, ("reached_at", "unreached_at", "lease_until"), ("free_at",)),
    (
        tables.resources,
        ("last_visited_at", "last_success_at", "changed_at", "first_seen_at", "lent_at"),
        ("next_visit_at",),
    ),
    (tables.robots, ("last_visited_at", "unreachable_since"), ("next_visit_at",)),
    (tables.budgets, ("free_at",), ()),
    (tables.captures, ("lease_until",), ()),
    (tables.relating, ("lease_until",), ()),
    (tables.replays, ("lease_until",), ()),
    (tables.discovered, ("at",), ()),
    # What was planned before goes with it: then a receiver that fails is asked once too early.
    (tables.endpoints, ("lease_until", "failing_since", "last_delivered_at", "next_attempt_at"), ()),
    (tables.heartbeats, ("at",), ()),
)


def by_how_much(connection: Connection, now: datetime) -> timedelta | None:
    """How far the clock was set back since the last dispatch; None when it was not."""
    at = connection.execute(_AHEAD).scalar_one_or_none()
    return at - now if at is not None and at - now > TOLERANCE else None


def mend(connection: Connection, now: datetime) -> timedelta | None:
    """Move what was written in a future that is none any more; by how much, None when nothing is to be done."""
    lead = by_how_much(connection, now)
    if lead is not None:
        for table, happened, planned in _STAMPS:
            (key,) = table.primary_key
            names = (*happened, *planned)
            ahead = select(key.label("row"), *(table.c[name] for name in names))
            rows = connection.execute(ahead.where(or_(*(table.c[name] > now for name in happened))).order_by(key)).all()
            if rows:
                moved: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
                earlier = [dict(_earlier(row, names, now, lead)) for row in rows]
                connection.execute(update(table).where(key == bindparam("row")).values(moved), earlier)
    return lead


def _earlier(row: Row[Any], names: tuple[str, ...], now: datetime, lead: timedelta) -> Iterator[tuple[str, Any]]:
    yield "row", row.row
    for name in names:
        at = getattr(row, name)
        yield f"new_{name}", at - lead if at is not None and at > now else at
