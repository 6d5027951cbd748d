"""Tables of what consumers and operators are told."""

# No `from __future__ import annotations` here: SQLModel reads the annotations when the class is made.

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field

from worker.model import ChangeKind
from worker.storage.columns import KEY, UtcDateTime, Words
from worker.storage.tables.base import NUMBERED, Stored, key, one_of, partial, reference, table

UNPLACED = text("position IS NULL")


class ChangeRow(Stored, table=True):
    """An event of the change feed; the sequencer gives it its place after the commit."""

    __tablename__ = "change"
    __table_args__ = (
        one_of("kind", ChangeKind),
        partial("ix_change_unplaced", "id", where=UNPLACED),
        NUMBERED,
    )
    id: int | None = key()
    position: int | None = Field(sa_type=KEY, unique=True, default=None)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(sa_type=Words)
    article_id: int = reference("article")
    version_id: int | None = reference("version", nullable=True, default=None)
    revision_id: int | None = reference("revision", nullable=True, default=None)
    story_id: int | None = reference("story", nullable=True, default=None)


class TallyRow(Stored, table=True):
    """How often something happened, counted in the transaction in which it did."""

    __tablename__ = "tally"
    name: str = Field(sa_type=Words, primary_key=True)
    label: str = Field(sa_type=Words, primary_key=True)
    count: int = Field(sa_type=KEY)


class HeartbeatRow(Stored, table=True):
    """When something that happens all the time last happened."""

    __tablename__ = "heartbeat"
    name: str = Field(sa_type=Words, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


changes, tallies, heartbeats = table(ChangeRow), table(TallyRow), table(HeartbeatRow)
