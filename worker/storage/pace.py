"""How often outlets revise, measured from what is stored and remembered for a while."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import select

from worker.core import rates
from worker.storage.tables import articles, versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from worker.model import Pace

WINDOW = timedelta(days=14)  # what an outlet did before says little of how it works now
MOST = 5_000  # articles looked at, the newest: enough to tell rates apart, and as quick for the largest outlet
REMEMBERED = timedelta(minutes=10)  # it looks through an outlet's articles, which is too much for every visit


class Paces:
    """The paces of outlets as measured lately; each process has its own."""

    def __init__(self) -> None:
        self._measured: dict[int, tuple[datetime, Pace]] = {}

    def of(self, connection: Connection, outlet_id: int, now: datetime) -> Pace:
        """The pace of an outlet, measured at most `REMEMBERED` ago."""
        at, pace = self._measured.get(outlet_id, (None, None))
        if at is None or pace is None or abs(now - at) >= REMEMBERED:
            pace = measure(connection, outlet_id, now)
            self._measured[outlet_id] = now, pace
        return pace


def measure(connection: Connection, outlet_id: int, now: datetime) -> Pace:
    """What an outlet published lately, and when it revised it."""
    return rates.pace_of(_lives(connection, outlet_id, now), now)


def _lives(connection: Connection, outlet_id: int, now: datetime) -> Iterator[tuple[datetime, ...]]:
    """When each article was first seen, and then each of its revisions."""
    known = articles.c
    lately = (
        select(known.id, known.first_seen_at, known.versions)
        .where(known.outlet_id == outlet_id, known.first_seen_at >= now - WINDOW, known.versions > 0)
        .order_by(known.first_seen_at.desc())
        .limit(MOST)
        .subquery()
    )
    rows = connection.execute(select(lately.c.first_seen_at).where(lately.c.versions == 1))
    yield from ((row.first_seen_at,) for row in rows)
    revised = connection.execute(
        select(lately.c.id, lately.c.first_seen_at, versions.c.first_seen_at.label("at"))
        .join_from(lately, versions, versions.c.article_id == lately.c.id)
        .where(lately.c.versions > 1, versions.c.ordinal > 1)
        .order_by(lately.c.id, versions.c.ordinal)
    )
    for _, rows_of in groupby(revised, lambda row: row.id):
        first, *more = rows_of
        yield (first.first_seen_at, first.at, *(row.at for row in more))
