"""Our own outages: one begins when nobody at all can be reached and ends with the first answer; each is told once.

What the first hosts found away were charged with is taken back when the outage is known for one.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, exists, func, or_, select, update

from worker.core import schedule
from worker.model import Outcome
from worker.storage.database import insert_into
from worker.storage.tables import heartbeats, hosts, resources, robots

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Table

UNREACHED = "unreached"  # the mark that a visit leaves which nobody answered
OUTAGE = "outage"  # the mark that stands as long as an outage does: since when
# Hosts found away one after the other, with no answer in between: a tenth of those that are known, within these bounds.
# A few that are dead come one after the other by chance, all the more where little is asked.
FEWEST, MOST, SHARE = 3, 50, 10
SPREAD = 97  # moments within a minute, by id: of all that is tried again
_MARKS = select(heartbeats.c.name, heartbeats.c.at).where(heartbeats.c.name.in_([UNREACHED, OUTAGE]))
_CHARGED = frozenset({Outcome.UNREACHABLE, Outcome.BROKEN})
_LAST_ANSWER = select(func.max(hosts.c.reached_at))


def watch(connection: Connection, since: datetime) -> bool | None:
    """Tell whether an outage has just begun (True) or ended (False), to one of all who ask; None when nothing changed.

    A single host that is down says nothing about us: see `is_ours`.
    """
    marks = dict(connection.execute(_MARKS).all())
    if OUTAGE in marks:
        return False if answered(connection, marks[OUTAGE]) and _end(connection) else None
    recent = UNREACHED in marks and marks[UNREACHED] >= since
    if not recent or not is_ours(connection, since) or not _begin(connection, marks[UNREACHED]):
        return None
    _take_back(connection, marks[UNREACHED])
    return True


def answered(connection: Connection, since: datetime) -> bool:
    """Tell whether any server has answered since then."""
    return bool(connection.execute(select(exists().where(hosts.c.reached_at >= since))).scalar_one())


def is_ours(connection: Connection, since: datetime, host_id: int | None = None) -> bool:
    """Tell whether nobody has answered since then, and many were found away after the last answer.

    `host_id`: a host that was found away as well, which is not written yet.
    """
    if answered(connection, since):
        return False
    here = _away(connection) if host_id is None else or_(_away(connection), hosts.c.id == host_id)
    found, known = connection.execute(select(func.count().filter(here), func.count()).select_from(hosts)).one()
    return bool(found >= min(known, max(FEWEST, min(MOST, known // SHARE))))


def _away(connection: Connection) -> ColumnElement[bool]:
    """Hosts that were found away after the last answer of anybody."""
    last = connection.execute(_LAST_ANSWER).scalar_one()
    return hosts.c.unreached_at.is_not(None) if last is None else hosts.c.unreached_at > last


def _begin(connection: Connection, at: datetime) -> bool:
    mark = (
        insert_into(connection, heartbeats).values(name=OUTAGE, at=at).on_conflict_do_nothing(index_elements=["name"])
    )
    # By what it returns: of an insert, SQLAlchemy tells no count on PostgreSQL.
    return connection.execute(mark.returning(heartbeats.c.name)).first() is not None


def _end(connection: Connection) -> bool:
    return connection.execute(delete(heartbeats).where(heartbeats.c.name == OUTAGE)).rowcount == 1


def _take_back(connection: Connection, at: datetime) -> None:
    """The failures that visits after the last answer were charged with: they are tried again soon, and spread."""
    last = connection.execute(_LAST_ANSWER).scalar_one()
    away = select(hosts.c.id).where(_away(connection))
    for table in (resources, robots):
        charged = table.c.host_id.in_(away), table.c.last_outcome.in_(_CHARGED), table.c.failures > 0
        lately = () if last is None else (table.c.last_visited_at > last,)
        waiting = select(table.c.id, table.c.failures, table.c.next_visit_at).where(*charged, *lately)
        rows = connection.execute(waiting.order_by(table.c.id)).all()
        if rows:
            connection.execute(_sooner(table), [_uncharged(row, at) for row in rows])
    begun = robots.c.unreachable_since.is_not(None) if last is None else robots.c.unreachable_since > last
    connection.execute(update(robots).where(robots.c.host_id.in_(away), begun).values(unreachable_since=None))


def _uncharged(row: Any, at: datetime) -> dict[str, Any]:
    soon = at + timedelta(seconds=schedule.OUTAGE_SECONDS * (1 + row.id % SPREAD / SPREAD))
    due = None if row.next_visit_at is None else min(row.next_visit_at, soon)
    return {"row": row.id, "failures": row.failures - 1, "due": due}


def _sooner(table: Table) -> Any:
    mine = update(table).where(table.c.id == bindparam("row"))
    return mine.values(failures=bindparam("failures"), next_visit_at=bindparam("due"))
