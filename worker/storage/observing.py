"""Series after history was read again: what was observed stays where its figure is read today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, or_, select, update

from worker.model import RevisionKind
from worker.storage.tables import observations, revisions, series, stories

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


def follow(connection: Connection, successors: Mapping[int, int | None]) -> None:
    """Observations of figures that were lost pass to their successors; those without one go, as do empty series.

    What a later article is said to supersede stays, and what supersedes it: that revision is told by its series.
    """
    if not successors:
        return
    shown = exists().where(
        revisions.c.kind == RevisionKind.SUPERSEDED,
        revisions.c.retracted_at.is_(None),
        or_(
            revisions.c.old_figure_id == observations.c.figure_id, revisions.c.new_figure_id == observations.c.figure_id
        ),
    )
    seen = select(observations.c.id, observations.c.series_id, observations.c.figure_id)
    rows = connection.execute(seen.where(observations.c.figure_id.in_(successors), ~shown)).all()
    for row in rows:
        mine = observations.c.id == row.id
        if (figure_id := successors[row.figure_id]) is not None:
            connection.execute(update(observations).where(mine).values(figure_id=figure_id))
        else:
            connection.execute(delete(observations).where(mine))
    for series_id in sorted({row.series_id for row in rows}):
        _settle(connection, series_id)


def _settle(connection: Connection, series_id: int) -> None:
    """Bring a series up to date with its observations."""
    of_series = observations.c.series_id == series_id
    newest = select(observations).where(of_series).order_by(observations.c.at.desc(), observations.c.id.desc()).limit(1)
    last = connection.execute(newest).one_or_none()
    if last is None:
        connection.execute(delete(series).where(series.c.id == series_id))
        return
    counted = connection.execute(select(func.count(), func.min(observations.c.at)).where(of_series)).one()
    values = {
        "observations": counted[0],
        "first_at": counted[1],
        "last_at": last.at,
        "newest_figure_id": last.figure_id,
    }
    story_id = connection.execute(
        update(series).where(series.c.id == series_id).values(values).returning(series.c.story_id)
    ).scalar_one()
    # Whoever is deciding on the story has decided on something else.
    connection.execute(update(stories).where(stories.c.id == story_id).values(token=stories.c.token + 1))
