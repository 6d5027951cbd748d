"""Tables of stories, series and corrections."""

# No `from __future__ import annotations` here: SQLModel reads the annotations when the class is made.

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Float, Index, UniqueConstraint, text
from sqlmodel import Field

from worker.model import NoteKind
from worker.storage.columns import HASH, KEY, UtcDateTime, Words
from worker.storage.tables.base import NUMBERED, Stored, key, one_of, partial, reference, table

NEWEST = text("newest")  # of observations; in the words of the partial index


class StoryRow(Stored, table=True):
    """Articles on one event, across outlets."""

    __tablename__ = "story"
    __table_args__ = (NUMBERED,)
    id: int | None = key()
    language: str = Field(sa_type=Words)
    title: str = Field(sa_type=Words)  # of its first article
    terms: dict[str, float] = Field(sa_type=JSON)
    articles: int = Field(sa_type=KEY)
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime, index=True)
    token: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})


class StoryTermRow(Stored, table=True):
    """A term by which a story is found; the newest stories that have it are its last rows."""

    __tablename__ = "story_term"
    term: str = Field(sa_type=Words, primary_key=True)  # behind its language
    story_id: int = Field(foreign_key="story.id", sa_type=KEY, primary_key=True)


class StoryArticleRow(Stored, table=True):
    """An article, in its story."""

    __tablename__ = "story_article"
    __table_args__ = (Index("ix_story_article_story_id_at", "story_id", "at"),)
    article_id: int = Field(
        foreign_key="article.id", sa_type=KEY, primary_key=True, sa_column_kwargs={"autoincrement": False}
    )
    story_id: int = reference("story")
    at: datetime = Field(sa_type=UtcDateTime)
    score: float = Field(sa_type=Float)
    because: str = Field(sa_type=Words)


class SeriesRow(Stored, table=True):
    """One figure followed through a story: of one thing, place, period and source."""

    __tablename__ = "series"
    __table_args__ = (Index("ix_series_story_id_last_at", "story_id", "last_at"), NUMBERED)
    id: int | None = key()
    story_id: int = reference("story")
    profile: dict[str, Any] = Field(sa_type=JSON)
    observations: int = Field(sa_type=KEY)
    first_at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    newest_figure_id: int = reference("figure")


class ObservationRow(Stored, table=True):
    """A figure of a series, as a version of an article first reported it."""

    __tablename__ = "observation"
    __table_args__ = (
        UniqueConstraint("figure_id"),
        Index("ix_observation_series_id_at", "series_id", "at"),
        partial("ix_observation_newest", "series_id", "outlet_id", where=NEWEST, unique=True),
        NUMBERED,
    )
    id: int | None = key()
    series_id: int = reference("series")
    figure_id: int = reference("figure")
    version_id: int = reference("version")
    article_id: int = reference("article", index=True)
    outlet_id: int = reference("outlet")
    at: datetime = Field(sa_type=UtcDateTime)
    newest: bool = Field(sa_type=Boolean)  # of its outlet in its series: what a new article is compared with


class CorrectionRow(Stored, table=True):
    """A note in which an outlet says that it changed an article, as the first version bore it that had it."""

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("article_id", "text_key"), one_of("kind", NoteKind), NUMBERED)
    id: int | None = key()
    article_id: int = reference("article")
    version_id: int = reference("version", index=True)
    kind: str = Field(sa_type=Words)
    text: str = Field(sa_type=Words)
    text_key: str = Field(sa_type=HASH)
    stated: list[dict[str, Any]] = Field(sa_type=JSON)  # the figures that it names


class DeclaredRow(Stored, table=True):
    """A revision that a correction declares."""

    __tablename__ = "declared"
    revision_id: int = Field(foreign_key="revision.id", sa_type=KEY, primary_key=True)
    correction_id: int = Field(foreign_key="correction.id", sa_type=KEY, primary_key=True)


stories, story_terms, story_articles = table(StoryRow), table(StoryTermRow), table(StoryArticleRow)
series, observations = table(SeriesRow), table(ObservationRow)
corrections, declared = table(CorrectionRow), table(DeclaredRow)
