"""Words that somebody leaves in passing: what happened, and when last."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from worker.storage.database import insert_of
from worker.storage.tables import heartbeats

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

DISPATCH = "dispatch"  # of whoever hands out work


def beat(connection: Connection, name: str, at: datetime) -> None:
    """Leave word that something happened; never an earlier time than the one known."""
    connection.execute(_later(connection.dialect.name), {"name": name, "at": at})


@cache
def _later(dialect: str) -> Any:
    insert = insert_of(dialect, heartbeats)
    later = {"set_": {"at": insert.excluded.at}, "where": heartbeats.c.at < insert.excluded.at}
    return insert.on_conflict_do_update(index_elements=["name"], **later)
