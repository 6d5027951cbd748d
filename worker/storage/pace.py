"""How often outlets revise, measured from what is stored and remembered for a while."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from worker.core import rates
from worker.storage.tables import articles, versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from worker.model import Pace

WINDOW = timedelta(days=14)  # what an outlet did before says little of how it works now
MOST = 5_000  # articles looked at, the newest: enough to tell rates apart, and as quick for the largest outlet
# Not for every visit: it took 0.4 s under load for an outlet of 5,000 articles (tests/bench/storage/test_pace.py).
REMEMBERED = timedelta(minutes=10)
REMEMBERED_WELL = timedelta(hours=1)  # what rests on many articles hardly changes within the hour
MANY = 500


class Paces:
    """The paces of outlets as measured lately; each process has its own.

    What is usual is what the outlets that this process has measured show together.
    """

    def __init__(self) -> None:
        self._measured: dict[int, tuple[datetime, Pace]] = {}
        self._usual: tuple[datetime, Pace | None] | None = None

    def known(self, outlet_id: int, now: datetime) -> Pace | None:
        """The pace of an outlet, measured at most `REMEMBERED` ago, or `REMEMBERED_WELL` when it published much."""
        at, pace = self._measured.get(outlet_id, (None, None))
        return None if at is None or pace is None or abs(now - at) >= _remembered(pace) else pace

    def of(self, connection: Connection, outlet_id: int, now: datetime) -> Pace:
        """The same, measured where it is not known."""
        pace = self.known(outlet_id, now)
        if pace is None:
            pace = replace(measure(connection, outlet_id, now), usual=self._usually(now))
            self._measured[outlet_id] = now, pace
        return pace

    def _usually(self, now: datetime) -> Pace | None:
        if self._usual is None or self._usual[1] is None or abs(now - self._usual[0]) >= REMEMBERED:
            self._usual = now, rates.together(pace for _, pace in self._measured.values())
        return self._usual[1]


def _remembered(pace: Pace) -> timedelta:
    return REMEMBERED_WELL if pace.articles[0] >= MANY else REMEMBERED


def measure(connection: Connection, outlet_id: int, now: datetime) -> Pace:
    """What an outlet published lately, and when it revised it."""
    return rates.pace_of(_lives(connection, outlet_id, now), now)


def _lives(connection: Connection, outlet_id: int, now: datetime) -> Iterator[tuple[datetime, ...]]:
    """When each article was first seen, and then each of its revisions."""
    known = lately(outlet_id, now).subquery()
    for row in connection.execute(select(known.c.first_seen_at).where(known.c.versions == 1)):
        yield (row.first_seen_at,)
    revised = (
        select(known.c.id, known.c.first_seen_at, versions.c.first_seen_at.label("at"))
        .join_from(known, versions, versions.c.article_id == known.c.id)
        .where(known.c.versions > 1, versions.c.ordinal > 1)
        .order_by(known.c.id, versions.c.ordinal)
    )
    for (_, born), shown in groupby(connection.execute(revised), lambda row: (row.id, row.first_seen_at)):
        yield (born, *(row.at for row in shown))


def lately(outlet_id: int, now: datetime) -> Select[Any]:
    """The articles that are looked at; the index on outlet and time has them in this order."""
    known = articles.c
    return (
        select(known.id, known.first_seen_at, known.versions)
        .where(known.outlet_id == outlet_id, known.first_seen_at >= now - WINDOW, known.versions > 0)
        .order_by(known.first_seen_at.desc())
        .limit(MOST)
    )
