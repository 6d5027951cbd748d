"""The read API's stories and series. Fields are named as in the views `v1_stories` and `v1_observations`."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of what is made inside a function.

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import BaseModel, ConfigDict

from worker.model import Bound, StoryPage
from worker.site.api import LARGEST_KEY, Limit, Number, of
from worker.site.reading import Store

Key = Annotated[int, Path(ge=1, le=LARGEST_KEY)]
Before = Annotated[int | None, Query(ge=1, le=LARGEST_KEY, description="`next_before` of the page before")]


class StoryOut(BaseModel):
    """Articles on one event, across outlets. Times are in UTC."""

    model_config = ConfigDict(from_attributes=True)

    story_id: int
    title: str  # of its first article
    language: str
    articles: int
    series: int  # with more than one observation
    first_at: datetime
    last_at: datetime


class Stories(BaseModel):
    """A page of stories that several articles tell, newest first."""

    stories: list[StoryOut]
    next_before: int | None  # null at the end


class StoryArticleOut(BaseModel):
    """An article in its story."""

    model_config = ConfigDict(from_attributes=True)

    article_id: int
    outlet: str
    url: str
    title: str
    at: datetime
    score: float
    because: str


class ObservationOut(BaseModel):
    """A figure of a series, as a version of an article reports it."""

    model_config = ConfigDict(from_attributes=True)

    figure_id: int | None
    article_id: int
    version_id: int
    outlet: str
    at: datetime
    low: Number = of("figure", "low")
    high: Number | None = of("figure", "high")
    bound: Bound = of("figure", "bound")
    unit: str | None = of("figure", "unit")
    subject: str = of("figure", "subject")
    attribution: str | None = of("figure", "attribution")
    sentence: str = of("figure", "sentence")


class SeriesOut(BaseModel):
    """A figure of one thing, place, period and source, followed through a story; oldest observation first."""

    model_config = ConfigDict(from_attributes=True)

    series_id: int
    story_id: int
    observations: list[ObservationOut]


class TransparencyOut(BaseModel):
    """How open an outlet is about the figures that it revised within its articles."""

    model_config = ConfigDict(from_attributes=True)

    outlet: str
    name: str
    revisions: int
    declared: int
    undeclared: int
    corrections: int
    unseen: int  # corrections of changes that were not seen


class StoryWithAll(StoryOut):
    """A story with its articles, oldest first, and its series of more than one observation."""

    told_by: list[StoryArticleOut]
    followed: list[SeriesOut]


def router(store: Store) -> APIRouter:
    """Routes under /api/v1."""
    routes = APIRouter(prefix="/api/v1", tags=["v1"])

    @routes.get("/stories")
    def stories(before: Before = None, limit: Limit = 100) -> Stories:
        """Stories that several articles tell, newest first."""
        lines = store.story_queries.stories(limit, before=before)
        last = lines[-1].story_id if len(lines) == limit else None
        return Stories(stories=[StoryOut.model_validate(line) for line in lines], next_before=last)

    @routes.get("/transparency")
    def transparency() -> list[TransparencyOut]:
        """One entry for each outlet."""
        return [TransparencyOut.model_validate(line) for line in store.corrections.transparency()]

    @routes.get("/stories/{story_id}")
    def story(story_id: Key) -> StoryWithAll:
        """One story."""
        page = store.story_queries.story(story_id)
        if page is None:
            raise HTTPException(404)
        return _whole(page)

    @routes.get("/series/{series_id}")
    def series(series_id: Key) -> SeriesOut:
        """One series."""
        line = store.story_queries.one_series(series_id)
        if line is None:
            raise HTTPException(404)
        return SeriesOut.model_validate(line)

    return routes


def _whole(page: StoryPage) -> StoryWithAll:
    return StoryWithAll(
        **StoryOut.model_validate(page.line).model_dump(),
        told_by=[StoryArticleOut.model_validate(article) for article in page.articles],
        followed=[SeriesOut.model_validate(line) for line in page.series],
    )
