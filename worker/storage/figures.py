"""Figures as rows, and rows as figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from worker.model import Bound, Figure, Part
from worker.storage.tables import figures

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from sqlalchemy import Connection


class FigureKeys:
    """The ids of the figures of one version, by where they stand and what they say."""

    def __init__(self, connection: Connection, version_id: int) -> None:
        self._connection = connection
        self._version_id = version_id
        rows = connection.execute(select(figures).where(figures.c.version_id == version_id).order_by(figures.c.id))
        self._ids: dict[Hashable, int] = {}
        for row in rows:
            self._ids.setdefault(_identity(from_row(row._mapping)), row.id)  # noqa: SLF001 - public by SQLAlchemy's word

    def insert(self, found: Sequence[Figure]) -> None:
        """Write what was read in this version."""
        if not found:
            return
        insert = figures.insert().returning(figures.c.id, sort_by_parameter_order=True)
        rows = [_row(self._version_id, figure) for figure in found]
        for figure, id_ in zip(found, self._connection.execute(insert, rows).scalars(), strict=True):
            self._ids.setdefault(_identity(figure), id_)

    def of(self, figure: Figure) -> int:
        """The id of a figure of this version.

        One that was not read there is added: the reader has become better since, and a revision must show what it
        saw. What was read before stays, because consumers hold its id.
        """
        identity = _identity(figure)
        if identity not in self._ids:
            self.insert([figure])
        return self._ids[identity]


def _identity(figure: Figure) -> Hashable:
    return figure.part, figure.start, figure.end, figure.low, figure.high, figure.bound, figure.unit


def _row(version_id: int, figure: Figure) -> dict[str, Any]:
    return {
        "version_id": version_id,
        "part": figure.part,
        "start_offset": figure.start,
        "end_offset": figure.end,
        "low": figure.low,
        "high": figure.high,
        "bound": figure.bound,
        "unit": figure.unit,
        "noun": figure.noun,
        "subject": figure.subject,
        "sentence": figure.sentence,
        "hedge": figure.hedge,
        "attribution": figure.attribution,
    }


def from_row(row: Any) -> Figure:
    """A figure from a mapping with the columns of the table."""
    return Figure(
        low=row["low"],
        high=row["high"],
        bound=Bound(row["bound"]),
        unit=row["unit"],
        noun=row["noun"],
        subject=row["subject"],
        sentence=row["sentence"],
        start=row["start_offset"],
        end=row["end_offset"],
        part=Part(row["part"]),
        hedge=row["hedge"],
        attribution=row["attribution"],
    )
