"""Counters that are right because they change in the transaction that they count."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from worker.errors import StaleLease
from worker.storage.database import insert_of
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
    connection.execute(_adding(connection.dialect.name), rows)


@cache
def _adding(dialect: str) -> Any:
    """Made once for each database: to put it together took longer than to run it."""
    insert = insert_of(dialect, tallies)
    added = {"count": tallies.c.count + insert.excluded.count}
    return insert.on_conflict_do_update(index_elements=["name", "label"], set_=added)


def fenced(database: Database, name: str, work: Callable[[Connection], T]) -> T:
    """Write under a lease; a stale one leaves nothing behind but a count of it."""
    try:
        return database.write(work)
    except StaleLease:
        database.write(lambda connection: count(connection, Counter({("stale_lease", name): 1})))
        raise
