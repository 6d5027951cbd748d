"""Revisions between two versions as rows, and the word of them in the change feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from worker.model import Revision, RevisionKind
from worker.storage.figures import by_id
from worker.storage.tables import changes, revisions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from worker.model import ChangeKind
    from worker.storage.figures import FigureKeys


def insert(
    connection: Connection,
    found: Sequence[Revision],
    *,
    article_id: int,
    old: FigureKeys,
    new: FigureKeys,
    at: datetime,
) -> tuple[int, ...]:
    """Write what was found between two versions, behind what is known of them; the ids, in order."""
    if not found:
        return ()
    of_pair = revisions.c.old_version_id == old.version_id, revisions.c.new_version_id == new.version_id
    known = select(func.coalesce(func.max(revisions.c.position) + 1, 0)).where(*of_pair)
    first: int = connection.execute(known).scalar_one()
    rows = [
        {
            "article_id": article_id,
            "old_version_id": old.version_id,
            "new_version_id": new.version_id,
            "position": position,
            "kind": revision.kind,
            "old_figure_id": old.of(revision.old),
            "new_figure_id": new.of(revision.new) if revision.new else None,
            "confidence": revision.confidence,
            "because": revision.because,
            "declared": revision.declared,
            "detected_at": at,
        }
        for position, revision in enumerate(found, first)
    ]
    written = revisions.insert().returning(revisions.c.id, sort_by_parameter_order=True)
    return tuple(connection.execute(written, rows).scalars())


def announce(
    connection: Connection,
    kind: ChangeKind,
    revision_ids: Sequence[int],
    *,
    article_id: int,
    version_id: int,
    at: datetime,
) -> None:
    """One event of the change feed for each of them."""
    common = {"at": at, "kind": kind, "article_id": article_id, "version_id": version_id}
    if revision_ids:
        connection.execute(changes.insert(), [{**common, "revision_id": id_} for id_ in revision_ids])


def those(connection: Connection, *which: ColumnElement[bool]) -> dict[int, Revision]:
    """The revisions that meet all conditions, with their figures, by id and in its order."""
    rows = connection.execute(select(revisions).where(*which).order_by(revisions.c.id)).all()
    figure = by_id(connection, {id_ for row in rows for id_ in (row.old_figure_id, row.new_figure_id)})
    return {
        row.id: Revision(
            RevisionKind(row.kind),
            figure[row.old_figure_id],
            figure.get(row.new_figure_id),
            row.confidence,
            row.because,
            row.declared,
        )
        for row in rows
    }
