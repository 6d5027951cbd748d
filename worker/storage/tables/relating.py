"""Tables of which articles are copies of each other."""

# No `from __future__ import annotations` here: SQLModel reads the annotations when the class is made.

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Float, text
from sqlmodel import Field

from worker.model import CopyKind, RippleState
from worker.storage.columns import KEY, UtcDateTime, Words
from worker.storage.tables.base import Stored, one_of, partial, reference, table


class RelatingState(StrEnum):
    """Whether a version still waits to be related."""

    WAITING = "waiting"
    QUARANTINED = "quarantined"


STILL_OLD = text("state = 'old'")


class RelatingRow(Stored, table=True):
    """A version that waits to be related to other articles; written with it, deleted when that is done."""

    __tablename__ = "relating"
    __table_args__ = (one_of("state", RelatingState),)
    version_id: int = Field(
        foreign_key="version.id", primary_key=True, sa_type=KEY, sa_column_kwargs={"autoincrement": False}
    )
    article_id: int = reference("article", index=True)
    capture_id: int | None = Field(sa_type=KEY, index=True, default=None)  # it was read from; may be pruned
    state: str = Field(sa_type=Words)
    attempts: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    lease_until: datetime | None = Field(sa_type=UtcDateTime)
    lease_token: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    reason: str | None = Field(sa_type=Words)


class SketchRow(Stored, table=True):
    """An article in a bucket of the index by which texts are found again."""

    __tablename__ = "sketch"
    # The key is all there is: a table of rows beside it would double its size on SQLite.
    __table_args__ = ({"sqlite_with_rowid": False},)
    band: int = Field(sa_type=KEY, primary_key=True, sa_column_kwargs={"autoincrement": False})
    article_id: int = Field(sa_type=KEY, primary_key=True, sa_column_kwargs={"autoincrement": False})


class CopyRow(Stored, table=True):
    """Two articles that are copies of one another, the one with the smaller id first."""

    __tablename__ = "copy"
    __table_args__ = (one_of("kind", CopyKind),)
    article_id: int = Field(foreign_key="article.id", primary_key=True, sa_type=KEY)
    other_id: int = Field(foreign_key="article.id", primary_key=True, sa_type=KEY, index=True)
    kind: str = Field(sa_type=Words)
    contained: float = Field(sa_type=Float)  # share of the shorter text that stands in the longer
    part_id: int = Field(sa_type=KEY)  # which of the two is the shorter
    version_id: int = reference("version")  # by which versions this was last seen to be so
    other_version_id: int = reference("version")
    found_at: datetime = Field(sa_type=UtcDateTime)
    proved_at: datetime = Field(sa_type=UtcDateTime)


class RippleRow(Stored, table=True):
    """A revision of one article, and a copy that printed the old figure when it was made."""

    __tablename__ = "ripple"
    __table_args__ = (
        one_of("state", RippleState),
        partial("ix_ripple_old", "revision_id", where=STILL_OLD),
    )
    revision_id: int = Field(foreign_key="revision.id", primary_key=True, sa_type=KEY)
    article_id: int = Field(foreign_key="article.id", primary_key=True, sa_type=KEY, index=True)
    state: str = Field(sa_type=Words)
    figure_id: int | None = reference("figure", nullable=True, default=None)
    version_id: int = reference("version")
    found_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(sa_type=UtcDateTime)


relating, sketches, copies, ripples = table(RelatingRow), table(SketchRow), table(CopyRow), table(RippleRow)
