"""Words that somebody leaves in passing: what happened, and when last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.storage.database import insert_into
from worker.storage.tables import heartbeats

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

DISPATCH = "dispatch"  # of whoever hands out work


def beat(connection: Connection, name: str, at: datetime) -> None:
    """Leave word that something happened; never an earlier time than the one known."""
    insert = insert_into(connection, heartbeats)
    later = {"set_": {"at": insert.excluded.at}, "where": heartbeats.c.at < insert.excluded.at}
    connection.execute(insert.on_conflict_do_update(index_elements=["name"], **later).values(name=name, at=at))
