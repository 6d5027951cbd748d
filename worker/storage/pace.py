"""How often outlets revise, measured from what is stored and remembered for a while."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from worker.core import rates
from worker.model import Pace
from worker.storage.tables import articles, versions

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

WINDOW = timedelta(days=14)  # what an outlet did before says little of how it works now
REMEMBERED = timedelta(minutes=10)  # it counts an outlet's articles, which is too much for every visit


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
    """Count what an outlet published within the window, and in which stage of an article's life it revised it."""
    known = articles.c
    lately = known.outlet_id == outlet_id, known.first_seen_at >= now - WINDOW, known.versions > 0
    reached = [
        func.coalesce(func.sum(case((known.first_seen_at <= now - timedelta(seconds=age), 1), else_=0)), 0)
        for age in rates.STAGES
    ]
    published = connection.execute(select(*reached).where(*lately)).one()
    revised = Counter(
        rates.stage((at - first_seen_at).total_seconds())
        for at, first_seen_at in connection.execute(
            select(versions.c.first_seen_at, known.first_seen_at)
            .join_from(articles, versions, versions.c.article_id == known.id)
            .where(*lately, known.versions > 1, versions.c.ordinal > 1)
        )
    )
    return Pace(tuple(map(int, published)), tuple(revised[stage] for stage in range(len(rates.STAGES))))
