"""Counters that are right because they change in the transaction that they count."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from worker.errors import StaleLease
from worker.storage.database import insert_into
from worker.storage.tables import tallies

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from worker.storage.database import Database

T = TypeVar("T")


def count(connection: Connection, counted: Counter[tuple[str, str]]) -> None:
    """Add to (name, label). Last in its transaction, and in order: everybody counts on the same few rows."""
    rows = [{"name": name, "label": label, "count": n} for (name, label), n in sorted(counted.items()) if n]
    if not rows:
        return
    insert = insert_into(connection, tallies)
    added = {"count": tallies.c.count + insert.excluded.count}
    connection.execute(insert.on_conflict_do_update(index_elements=["name", "label"], set_=added), rows)


def fenced(database: Database, name: str, work: Callable[[Connection], T]) -> T:
    """Write under a lease; a stale one leaves nothing behind but a count of it."""
    try:
        return database.write(work)
    except StaleLease:
        database.write(lambda connection: count(connection, Counter({("stale_lease", name): 1})))
        raise
