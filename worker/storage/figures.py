"""Figures as rows, and rows as figures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from worker.model import Bound, Figure, Location, Part
from worker.storage.tables import figures

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping, Sequence

    from sqlalchemy import Connection

    # Part, start and end, then the value.
    Identity = tuple[Part, int, int, Decimal, Decimal | None, Bound, str | None]


# Column ► field of `Figure`; the numbers and the figures within a figure need more than a name.
FIELDS = {
    "part": "part",
    "start_offset": "start",
    "end_offset": "end",
    "bound": "bound",
    "unit": "unit",
    "noun": "noun",
    "subject": "subject",
    "sentence": "sentence",
    "hedge": "hedge",
    "attribution": "attribution",
    "dimension": "dimension",
    "per": "per",
    "place": "place",
    "period": "period",
    "location": "location",
}


@dataclass(frozen=True, slots=True)
class Replaced:
    """How the figures of a version by a new reading differ from those before."""

    changed: bool
    successors: Mapping[int, int | None]  # of figures that were lost: the one of the same value, or none


class FigureKeys:
    """The ids of the figures of one version, by where they stand and what they say."""

    def __init__(self, connection: Connection, version_id: int) -> None:
        self._connection = connection
        self.version_id = version_id
        current = select(figures).where(figures.c.version_id == version_id, figures.c.current)
        rows = connection.execute(current.order_by(figures.c.id))
        self._ids: dict[Identity, int] = {}
        for row in rows:
            self._ids.setdefault(_identity(from_row(row._mapping)), row.id)  # noqa: SLF001 - public by SQLAlchemy's word

    def insert(self, found: Sequence[Figure]) -> None:
        """Write what was read in this version."""
        if not found:
            return
        insert = figures.insert().returning(figures.c.id, sort_by_parameter_order=True)
        rows = [_row(self.version_id, figure) for figure in found]
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

    def replace(self, found: Sequence[Figure]) -> Replaced:
        """Make what a new reading found the figures of this version.

        A figure that was found again keeps its id.
        """
        identities = {_identity(figure) for figure in found}
        lost = {identity: id_ for identity, id_ in self._ids.items() if identity not in identities}
        if lost:
            self._connection.execute(update(figures).where(figures.c.id.in_(lost.values())).values(current=False))
        added = {_identity(figure): figure for figure in found if _identity(figure) not in self._ids}
        self._ids = {identity: id_ for identity, id_ in self._ids.items() if identity in identities}
        self.insert([*added.values()])
        return Replaced(bool(lost or added), _successors(lost, {identity: self._ids[identity] for identity in added}))


def by_id(connection: Connection, ids: Collection[int | None]) -> dict[int | None, Figure]:
    """Figures by their ids; there is none without an id."""
    of_ids = connection.execute(select(figures).where(figures.c.id.in_([*ids]))).mappings()
    return {row["id"]: from_row(row) for row in of_ids}


def _successors(lost: Mapping[Identity, int], added: Mapping[Identity, int]) -> dict[int, int | None]:
    """For each figure that was lost the one that says the same elsewhere in the text: the n-th for the n-th."""
    same: dict[Hashable, list[int]] = defaultdict(list)
    for identity, id_ in sorted(added.items(), key=lambda item: item[0][:2]):
        same[identity[3:]].append(id_)
    ordered = sorted(lost.items(), key=lambda item: item[0][:2])
    return {id_: same[identity[3:]].pop(0) if same[identity[3:]] else None for identity, id_ in ordered}


def _identity(figure: Figure) -> Identity:
    return figure.part, figure.start, figure.end, figure.low, figure.high, figure.bound, figure.unit


def _row(version_id: int, figure: Figure) -> dict[str, Any]:
    return {
        **_columns(figure),
        "version_id": version_id,
        "low": figure.low,
        "high": figure.high,
        "conversion": _to_json(figure.conversion) if figure.conversion else None,
        "change": [_to_json(each) for each in figure.change] or None,
    }


def _columns(figure: Figure) -> dict[str, Any]:
    """The columns that hold what they hold in a table and in JSON alike."""
    return {name: getattr(figure, field) for name, field in FIELDS.items()}


def _to_json(figure: Figure) -> dict[str, Any]:
    numbers = {"low": str(figure.low), "high": None if figure.high is None else str(figure.high)}
    inner = {
        "conversion": _to_json(figure.conversion) if figure.conversion else None,
        "change": [_to_json(each) for each in figure.change] or None,
    }
    return {**_columns(figure), **numbers, **inner}


def _location(word: str | None) -> Location | None:
    return None if word is None else Location(word)


def from_row(row: Any) -> Figure:
    """A figure from a mapping with the columns of the table, or from its JSON."""
    same: dict[str, Any] = {field: row[name] for name, field in FIELDS.items()}
    return Figure(
        **same | {"bound": Bound(row["bound"]), "part": Part(row["part"]), "location": _location(row["location"])},
        low=Decimal(row["low"]),
        high=None if row["high"] is None else Decimal(row["high"]),
        conversion=from_row(row["conversion"]) if row["conversion"] else None,
        change=tuple(from_row(each) for each in row["change"] or ()),
    )
