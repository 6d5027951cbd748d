"""The change feed: every consumer reads it with one number, and misses nothing.

A plain sequence would not do: numbers are taken at insert and become visible at commit, so a reader that has seen 7
may never see 6 (measured on PostgreSQL: 8 % of rows missed). Rows are therefore written without a position, and get
one after their commit, by one writer at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select, text, update

from worker.model import Change, ChangeKind
from worker.storage.tables import changes

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from worker.storage.database import Database

UNPLACED = text("change.position IS NULL")  # in the words of the partial index on it
_ANY_UNPLACED = select(exists().where(UNPLACED).select_from(changes))
SEQUENCER_LOCK = 0x46696775_72650001  # one of PostgreSQL's 64-bit advisory locks: any number, but ours alone


class Changes:
    """`ports.Changes` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sequence(self) -> int:
        """Give positions to changes that have none, dense and in order; how many."""
        if not self._database.read(_any_unplaced):  # so that an idle tick takes no write lock
            return 0
        return self._database.write(_sequence)

    def after(self, position: int, limit: int) -> tuple[Change, ...]:
        """Changes behind a position, in order."""
        behind = select(changes).where(changes.c.position > position).order_by(changes.c.position).limit(limit)
        rows = self._database.read(lambda connection: connection.execute(behind).all())
        return tuple(from_row(row) for row in rows)


def from_row(row: Row[Any]) -> Change:
    """A row that has its place."""
    kind = ChangeKind(row.kind)
    return Change(row.position, row.at, kind, row.article_id, row.version_id, row.revision_id, row.story_id)


def _any_unplaced(connection: Connection) -> bool:
    return bool(connection.execute(_ANY_UNPLACED).scalar_one())


def _sequence(connection: Connection) -> int:
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(select(func.pg_advisory_xact_lock(SEQUENCER_LOCK)))
    last = connection.execute(select(func.coalesce(func.max(changes.c.position), 0))).scalar_one()
    places = (
        select(changes.c.id, func.row_number().over(order_by=changes.c.id).label("place"))
        .where(UNPLACED)
        .subquery("places")
    )
    place = update(changes).where(changes.c.id == places.c.id).values(position=last + places.c.place)
    return connection.execute(place).rowcount
