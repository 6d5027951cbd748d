"""Tables of articles, their versions, and the figures in them."""

# No `from __future__ import annotations` here: SQLModel reads the annotations when the class is made.

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Float, Index, UniqueConstraint, text
from sqlmodel import Field

from worker.model import Bound, ClaimKind, Location, Part, RevisionKind
from worker.storage.columns import HASH, KEY, Number, UtcDateTime, Words
from worker.storage.tables.base import NUMBERED, Stored, key, one_of, reference, table


class AliasKind(StrEnum):
    """By what else an article is known."""

    URL = "url"
    GUID = "guid"


class ArticleRow(Stored, table=True):
    """The work behind one canonical URL."""

    __tablename__ = "article"
    # By outlet, and of each the newest: its pace is measured on them.
    __table_args__ = (Index("ix_article_outlet_id_first_seen_at", "outlet_id", "first_seen_at"), NUMBERED)
    id: int | None = key()
    outlet_id: int = reference("outlet")
    url: str = Field(sa_type=Words)
    url_key: str = Field(sa_type=HASH, unique=True)
    title: str = Field(sa_type=Words)
    language: str = Field(sa_type=Words)
    published_at: datetime | None = Field(sa_type=UtcDateTime)
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_capture_at: datetime | None = Field(sa_type=UtcDateTime)  # of the newest page read
    wire: str | None = Field(sa_type=Words)  # the agency that it credits, last time it credited one
    # First published of the copies that are known; null when there is none, or it is this.
    origin_id: int | None = reference("article", nullable=True, default=None)
    merged_into: int | None = reference("article", nullable=True, default=None)  # which it proved to be
    merged_at: datetime | None = Field(sa_type=UtcDateTime)
    versions: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})


class AliasRow(Stored, table=True):
    """Another name of an article: a URL, or what a feed of its outlet calls it."""

    __tablename__ = "alias"
    __table_args__ = (UniqueConstraint("kind", "scope", "key"), one_of("kind", AliasKind), NUMBERED)
    id: int | None = key()
    kind: str = Field(sa_type=Words)
    scope: int = Field(sa_type=KEY)  # the outlet of a guid; 0 for a URL, which means the same everywhere
    key: str = Field(sa_type=HASH)
    article_id: int = reference("article", index=True)
    name: str = Field(sa_type=Words)  # as it was given
    title: str = Field(sa_type=Words)  # of the entry that last bore this name


class ClaimRow(Stored, table=True):
    """Another address that an article's page gave for itself: evidence of what is one article."""

    __tablename__ = "claim"
    __table_args__ = (one_of("kind", ClaimKind), Index("ix_claim_url_key", "url_key"))
    article_id: int = Field(foreign_key="article.id", primary_key=True, sa_type=KEY)
    url_key: str = Field(primary_key=True, sa_type=HASH)
    kind: str = Field(sa_type=Words)
    url: str = Field(sa_type=Words)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)


class SightingRow(Stored, table=True):
    """An article, as listed by a feed."""

    __tablename__ = "sighting"
    __table_args__ = (UniqueConstraint("resource_id", "article_id"), NUMBERED)
    id: int | None = key()
    resource_id: int = reference("resource")
    article_id: int = reference("article", index=True)
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    guid: str | None = Field(sa_type=Words)
    title: str = Field(sa_type=Words)


class VersionRow(Stored, table=True):
    """The text of an article, as observed in an interval."""

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("article_id", "ordinal"),
        UniqueConstraint("article_id", "previous_version_id"),
        NUMBERED,
    )
    id: int | None = key()
    article_id: int = reference("article")
    ordinal: int = Field(sa_type=KEY)
    previous_version_id: int | None = reference("version", nullable=True, default=None)
    capture_id: int | None = Field(
        sa_type=KEY, index=True, default=None
    )  # it was read from; may be pruned, so no foreign key
    title: str = Field(sa_type=Words)
    text: str = Field(sa_type=Words)
    content_hash: str = Field(sa_type=HASH)
    changed_after: datetime | None = Field(sa_type=UtcDateTime)
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    extractor: str = Field(sa_type=Words)
    captions_at: int | None = Field(sa_type=KEY, default=None)  # where in the text the captions begin
    modified_at: datetime | None = Field(sa_type=UtcDateTime, default=None)  # as the outlet says
    reverts_version_id: int | None = reference("version", nullable=True, default=None)  # whose text it goes back to
    readings: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "1"})  # 1: as first read


class FigureRow(Stored, table=True):
    """A quantity that a version reports."""

    __tablename__ = "figure"
    __table_args__ = (
        Index("ix_figure_version_id_start_offset", "version_id", "start_offset"),
        one_of("part", Part),
        one_of("location", Location),
        one_of("bound", Bound),
        NUMBERED,
    )
    id: int | None = key()
    version_id: int = reference("version")
    part: str = Field(sa_type=Words)
    start_offset: int = Field(sa_type=KEY)
    end_offset: int = Field(sa_type=KEY)
    low: Decimal = Field(sa_type=Number)
    high: Decimal | None = Field(sa_type=Number)
    bound: str = Field(sa_type=Words)
    unit: str | None = Field(sa_type=Words)
    noun: str | None = Field(sa_type=Words)
    subject: str = Field(sa_type=Words)
    sentence: str = Field(sa_type=Words)
    hedge: str | None = Field(sa_type=Words)
    attribution: str | None = Field(sa_type=Words)
    dimension: str | None = Field(sa_type=Words)
    per: str | None = Field(sa_type=Words)
    place: str | None = Field(sa_type=Words)
    period: str | None = Field(sa_type=Words)
    # Found by the newest reading of its version; others stay, because consumers and revisions hold their ids.
    current: bool = Field(sa_type=Boolean, sa_column_kwargs={"server_default": text("true")})
    location: str | None = Field(sa_type=Words, default=None)
    # Figures within a figure, with their numbers as text; SQL null where there are none.
    conversion: dict[str, Any] | None = Field(sa_type=JSON(none_as_null=True))
    change: list[dict[str, Any]] | None = Field(sa_type=JSON(none_as_null=True))


class RevisionRow(Stored, table=True):
    """The same reported figure, reported differently by two versions."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("old_version_id", "new_version_id", "position"),
        one_of("kind", RevisionKind),
        NUMBERED,
    )
    id: int | None = key()
    article_id: int = reference("article", index=True)
    old_version_id: int = reference("version")
    new_version_id: int = reference("version", index=True)
    position: int = Field(sa_type=KEY)  # among the revisions of this pair, from 0
    kind: str = Field(sa_type=Words)
    old_figure_id: int = reference("figure")
    new_figure_id: int | None = reference("figure", nullable=True, default=None)
    confidence: float = Field(sa_type=Float)
    because: str = Field(sa_type=Words)
    declared: bool = Field(sa_type=Boolean)  # the new version says itself that it corrects the figure
    detected_at: datetime = Field(sa_type=UtcDateTime)
    retracted_at: datetime | None = Field(sa_type=UtcDateTime, default=None)  # a better reader no longer finds it


articles, aliases, claims, sightings = table(ArticleRow), table(AliasRow), table(ClaimRow), table(SightingRow)
versions, figures, revisions = table(VersionRow), table(FigureRow), table(RevisionRow)
