"""Tables of raw bytes, and of what was seen in them that is no version."""

# No `from __future__ import annotations` here: SQLModel reads the annotations when the class is made.

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Boolean, UniqueConstraint, text
from sqlmodel import Field, LargeBinary

from worker.model import Doubt, Return
from worker.storage.columns import HASH, KEY, UtcDateTime, Words
from worker.storage.tables.base import NUMBERED, WAITING, Stored, key, one_of, partial, reference, table


class CaptureState(StrEnum):
    """What became of captured bytes."""

    UNREAD = "unread"
    READ = "read"
    QUARANTINED = "quarantined"


class ReplayState(StrEnum):
    """What became of reading an article's history again."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


UNREAD = text("state = 'unread'")

UNLIKELY = text("doubt IN ('unlikely', 'shared')")

QUARANTINED = text("state = 'quarantined'")

RECURRENCES = (Return.STALE_COPY, Return.VARIANT)  # the third, a reversion, is a version of its own


class BlobRow(Stored, table=True):
    """Bytes as they were served, once for each content."""

    __tablename__ = "blob"
    hash: str = Field(sa_type=HASH, primary_key=True)
    size: int = Field(sa_type=KEY)  # bytes before compression
    data: bytes = Field(sa_type=LargeBinary)  # one zstd frame


class CaptureRow(Stored, table=True):
    """One fetch that brought bytes, whatever came of it."""

    __tablename__ = "capture"
    __table_args__ = (
        UniqueConstraint("resource_id", "fetched_at"),
        one_of("state", CaptureState),
        partial("ix_capture_unread", "fetched_at", "id", where=UNREAD),
        partial("ix_capture_quarantined", "id", where=QUARANTINED),
        partial("ix_capture_unread_of", "resource_id", "id", where=UNREAD),
        NUMBERED,
    )
    id: int | None = key()
    resource_id: int = reference("resource")
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    url: str = Field(sa_type=Words)
    status_code: int = Field(sa_type=KEY)
    headers: dict[str, str] = Field(sa_type=JSON)
    whole: bool = Field(sa_type=Boolean)
    body_hash: str = Field(foreign_key="blob.hash", sa_type=HASH, index=True)
    state: str = Field(sa_type=Words)
    attempts: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    lease_until: datetime | None = Field(sa_type=UtcDateTime)
    lease_token: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    reason: str | None = Field(sa_type=Words)
    verdict: str | None = Field(sa_type=Words)


class HeldRow(Stored, table=True):
    """A text that an article's page showed, and that another visit must confirm."""

    __tablename__ = "held"
    __table_args__ = (one_of("doubt", Doubt), partial("ix_held_unlikely", "resource_id", where=UNLIKELY))
    article_id: int = reference("article", primary_key=True)
    resource_id: int = reference("resource", primary_key=True)
    content_hash: str = Field(sa_type=HASH)
    doubt: str = Field(sa_type=Words)
    reason: str = Field(sa_type=Words)
    capture_id: int = Field(sa_type=KEY)  # that showed it last; may be pruned, so no foreign key
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    visits: int = Field(sa_type=KEY)
    sketch: list[int] | None = Field(sa_type=JSON(none_as_null=True), default=None)  # of its sentences, if unlikely


class RecurrenceRow(Stored, table=True):
    """The text of a version was seen again after a newer one, and is not what the outlet says now."""

    __tablename__ = "recurrence"
    __table_args__ = (UniqueConstraint("version_id", "kind"), one_of("kind", RECURRENCES), NUMBERED)
    id: int | None = key()
    version_id: int = reference("version")
    kind: str = Field(sa_type=Words)
    because: str = Field(sa_type=Words)
    times: int = Field(sa_type=KEY)
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)


class ReplayRow(Stored, table=True):
    """An article whose history is to be read again by today's reader."""

    __tablename__ = "replay"
    __table_args__ = (one_of("state", ReplayState), partial("ix_replay_waiting", "id", where=WAITING), NUMBERED)
    id: int | None = key()
    article_id: int = reference("article", unique=True)
    state: str = Field(sa_type=Words)
    attempts: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    lease_until: datetime | None = Field(sa_type=UtcDateTime)
    lease_token: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    reason: str | None = Field(sa_type=Words)


blobs, captures, replays = table(BlobRow), table(CaptureRow), table(ReplayRow)
held, recurrences = table(HeldRow), table(RecurrenceRow)
