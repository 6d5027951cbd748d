"""Our own outages: one begins when nobody at all can be reached and ends with the first answer; each is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select

from worker.storage.database import insert_into
from worker.storage.tables import heartbeats, hosts

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

UNREACHED = "unreached"  # the mark that a visit leaves which found nobody while nobody else answered
OUTAGE = "outage"  # the mark that stands as long as an outage does: since when


def watch(connection: Connection, since: datetime) -> bool | None:
    """Tell whether an outage has just begun (True) or ended (False), to one of all who ask; None when nothing changed.

    One begins with a visit after `since` that found nobody, when nobody has answered since then.
    """
    marks = dict(
        connection.execute(
            select(heartbeats.c.name, heartbeats.c.at).where(heartbeats.c.name.in_([UNREACHED, OUTAGE]))
        ).all()
    )
    if OUTAGE in marks:
        return False if answered(connection, marks[OUTAGE]) and _end(connection) else None
    begun = UNREACHED in marks and marks[UNREACHED] >= since and not answered(connection, since)
    return True if begun and _begin(connection, marks[UNREACHED]) else None


def answered(connection: Connection, since: datetime) -> bool:
    """Tell whether any server has answered since then."""
    return bool(connection.execute(select(exists().where(hosts.c.reached_at >= since))).scalar_one())


def _begin(connection: Connection, at: datetime) -> bool:
    mark = insert_into(connection, heartbeats).values(name=OUTAGE, at=at)
    return connection.execute(mark.on_conflict_do_nothing(index_elements=["name"])).rowcount == 1


def _end(connection: Connection) -> bool:
    return connection.execute(delete(heartbeats).where(heartbeats.c.name == OUTAGE)).rowcount == 1
