"""Which observation of a series is the newest of its outlet, and what becomes of them when history is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, or_, select, tuple_, update

from worker.model import RevisionKind
from worker.storage.tables import observations, revisions, series, stories
from worker.storage.tables.stories import NEWEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection


def make_room(connection: Connection, series_id: int, outlet_id: int, at: datetime) -> bool:
    """Whether what an outlet reported at that time is its newest in the series; what was is so no longer then."""
    mine = observations.c.series_id == series_id, observations.c.outlet_id == outlet_id, NEWEST
    older = update(observations).where(*mine, observations.c.at <= at).values(newest=False)
    return (
        bool(connection.execute(older).rowcount) or not connection.execute(select(exists().where(*mine))).scalar_one()
    )


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
    _mark_newest(connection, series_id)
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


def _mark_newest(connection: Connection, series_id: int) -> None:
    """The newest of each outlet, after some were taken away."""
    later = observations.alias("later")
    outdone = exists().where(
        later.c.series_id == series_id,
        later.c.outlet_id == observations.c.outlet_id,
        tuple_(later.c.at, later.c.id) > tuple_(observations.c.at, observations.c.id),
    )
    heirs = update(observations).where(observations.c.series_id == series_id, ~observations.c.newest, ~outdone)
    connection.execute(heirs.values(newest=True))
