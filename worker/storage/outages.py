"""Our own outages: one begins when nobody at all can be reached and ends with the first answer; each is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, select

from worker.storage.database import insert_into
from worker.storage.tables import heartbeats, hosts

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

UNREACHED = "unreached"  # the mark that a visit leaves which found nobody while nobody else answered
SEVERAL = 2  # hosts
OUTAGE = "outage"  # the mark that stands as long as an outage does: since when
_MARKS = select(heartbeats.c.name, heartbeats.c.at).where(heartbeats.c.name.in_([UNREACHED, OUTAGE]))


def watch(connection: Connection, since: datetime) -> bool | None:
    """Tell whether an outage has just begun (True) or ended (False), to one of all who ask; None when nothing changed.

    One begins when visits after `since` found several hosts away, or the only one there is, and nobody has answered
    since then: a single host that is down says nothing about us.
    """
    marks = dict(connection.execute(_MARKS).all())
    if OUTAGE in marks:
        return False if answered(connection, marks[OUTAGE]) and _end(connection) else None
    recent = UNREACHED in marks and marks[UNREACHED] >= since
    begun = recent and not answered(connection, since) and _several_away(connection, since)
    return True if begun and _begin(connection, marks[UNREACHED]) else None


def answered(connection: Connection, since: datetime) -> bool:
    """Tell whether any server has answered since then."""
    return bool(connection.execute(select(exists().where(hosts.c.reached_at >= since))).scalar_one())


def _several_away(connection: Connection, since: datetime) -> bool:
    away = func.count().filter(hosts.c.unreached_at >= since)
    found, known = connection.execute(select(away, func.count()).select_from(hosts)).one()
    return bool(found >= min(SEVERAL, known))


def _begin(connection: Connection, at: datetime) -> bool:
    mark = insert_into(connection, heartbeats).values(name=OUTAGE, at=at)
    return connection.execute(mark.on_conflict_do_nothing(index_elements=["name"])).rowcount == 1


def _end(connection: Connection) -> bool:
    return connection.execute(delete(heartbeats).where(heartbeats.c.name == OUTAGE)).rowcount == 1
