"""What commands and pages ask about stories and series; nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from worker.model import Observation, SeriesLine, StoryArticle, StoryLine, StoryPage
from worker.storage.figures import from_row
from worker.storage.tables import articles, figures, observations, outlets, series, stories, story_articles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row, Select

    from worker.storage.database import Database

GREATEST_KEY = 2**63 - 1
SHOWN = 300  # articles and series of a story, and observations of a series


class StoryQueries:
    """The reading side of stories. Each method raises Unreachable or SchemaError when it cannot tell."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stories(self, limit: int, *, before: int | None = None, single: bool = False) -> tuple[StoryLine, ...]:
        """By id, newest first; with ids under `before`; those of one article only when `single`."""
        wanted = _lines().order_by(stories.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(stories.c.id < before)
        if not single:
            wanted = wanted.where(stories.c.articles > 1)
        return self._database.read(lambda connection: tuple(map(_line, connection.execute(wanted))))

    def story(self, story_id: int) -> StoryPage | None:
        """A story with its articles and series; None when there is none."""
        if not 0 < story_id <= GREATEST_KEY:
            return None
        return self._database.read(lambda connection: _page(connection, story_id))

    def story_of(self, article_id: int) -> StoryLine | None:
        """The story of an article; None when it is in none."""
        wanted = _lines().join(story_articles, story_articles.c.story_id == stories.c.id)
        mine = wanted.where(story_articles.c.article_id == article_id)
        row = self._database.read(lambda connection: connection.execute(mine).one_or_none())
        return _line(row) if row else None

    def series(self, limit: int, *, before: int | None = None) -> tuple[SeriesLine, ...]:
        """Series with more than one observation by id, newest first; with ids under `before`."""
        wanted = _series().order_by(series.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(series.c.id < before)
        return self._database.read(lambda connection: _series_lines(connection, wanted))

    def one_series(self, series_id: int) -> SeriesLine | None:
        """A series, be it of one observation; None when there is none."""
        if not 0 < series_id <= GREATEST_KEY:
            return None
        wanted = select(series, stories.c.title).join(stories).where(series.c.id == series_id)
        return next(iter(self._database.read(lambda connection: _series_lines(connection, wanted))), None)


def _lines() -> Select[Any]:
    followed = (
        select(func.count()).where(series.c.story_id == stories.c.id, series.c.observations > 1).scalar_subquery()
    )
    return select(stories, followed.label("followed"))


def _line(row: Row[Any]) -> StoryLine:
    return StoryLine(row.id, row.title, row.language, row.articles, row.followed, row.first_at, row.last_at)


def _page(connection: Connection, story_id: int) -> StoryPage | None:
    row = connection.execute(_lines().where(stories.c.id == story_id)).one_or_none()
    if row is None:
        return None
    of_story = _series().where(series.c.story_id == story_id).order_by(series.c.last_at.desc(), series.c.id)
    return StoryPage(_line(row), _articles(connection, story_id), _series_lines(connection, of_story.limit(SHOWN)))


def _articles(connection: Connection, story_id: int) -> tuple[StoryArticle, ...]:
    newest = (
        select(story_articles, articles.c.url, articles.c.title, outlets.c.slug)
        .join_from(story_articles, articles)
        .join(outlets, articles.c.outlet_id == outlets.c.id)
        .where(story_articles.c.story_id == story_id)
        .order_by(story_articles.c.at.desc(), story_articles.c.article_id.desc())
        .limit(SHOWN)
    )
    rows = reversed(connection.execute(newest).all())
    return tuple(
        StoryArticle(row.article_id, row.slug, row.url, row.title, row.at, row.score, row.because) for row in rows
    )


def _series() -> Select[Any]:
    return select(series, stories.c.title).join(stories).where(series.c.observations > 1)


def _series_lines(connection: Connection, wanted: Select[Any]) -> tuple[SeriesLine, ...]:
    rows = connection.execute(wanted).all()
    seen = _observations(connection, [row.id for row in rows])
    return tuple(SeriesLine(row.id, row.story_id, row.title, tuple(seen[row.id])) for row in rows)


def _observations(connection: Connection, series_ids: Sequence[int]) -> dict[int, list[Observation]]:
    place = func.row_number().over(
        partition_by=observations.c.series_id, order_by=(observations.c.at.desc(), observations.c.id.desc())
    )
    placed = select(observations, place.label("place")).where(observations.c.series_id.in_(series_ids)).subquery()
    query = (
        select(placed.c.series_id, placed.c.version_id, placed.c.article_id, placed.c.at, outlets.c.slug, figures)
        .join_from(placed, figures, figures.c.id == placed.c.figure_id)
        .join(outlets, outlets.c.id == placed.c.outlet_id)
        .where(placed.c.place <= SHOWN)
        .order_by(placed.c.at, placed.c.id)
    )
    found: dict[int, list[Observation]] = defaultdict(list)
    for row in connection.execute(query):
        figure = from_row(row._mapping)  # noqa: SLF001 - public by SQLAlchemy's word
        found[row.series_id].append(Observation(row.article_id, row.version_id, row.slug, row.at, figure, row.id))
    return found
