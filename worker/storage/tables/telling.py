"""Tables of what consumers and operators are told."""

# No `from __future__ import annotations` here: SQLModel reads the annotations when the class is made.

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Float, Index, text
from sqlmodel import Field

from worker.model import ChangeKind, DeliveryOutcome
from worker.storage.columns import KEY, UtcDateTime, Words
from worker.storage.tables.base import NUMBERED, Stored, key, one_of, partial, reference, table

UNPLACED = text("position IS NULL")


class EndpointStatus(StrEnum):
    """Whether an endpoint is told of changes."""

    ACTIVE = "active"
    DISABLED = "disabled"  # it said that it is gone, or all attempts failed; `reason` tells


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


class EndpointRow(Stored, table=True):
    """A consumer's URL that is told of changes by webhooks, leased to one lane at a time."""

    __tablename__ = "endpoint"
    __table_args__ = (one_of("status", EndpointStatus), NUMBERED)
    id: int | None = key()
    url: str = Field(unique=True, sa_type=Words)
    kinds: list[str] = Field(sa_type=JSON)  # of changes that it wants
    secret: str = Field(sa_type=Words)
    old_secret: str | None = Field(sa_type=Words, default=None)  # signs too, until then
    old_secret_until: datetime | None = Field(sa_type=UtcDateTime, default=None)
    status: str = Field(sa_type=Words)
    reason: str | None = Field(sa_type=Words, default=None)  # why it is disabled
    position: int = Field(sa_type=KEY)  # all up to here was delivered, or was of no such kind
    failures: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})  # in a row, an attempt begun included
    failing_since: datetime | None = Field(sa_type=UtcDateTime, default=None)
    next_attempt_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime | None = Field(sa_type=UtcDateTime, default=None)
    lease_token: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_delivered_at: datetime | None = Field(sa_type=UtcDateTime, default=None)
    last_outcome: str | None = Field(sa_type=Words, default=None)
    last_detail: str | None = Field(sa_type=Words, default=None)


class DeliveryRow(Stored, table=True):
    """An event that an endpoint was told of, or is being told of; written before anybody is asked."""

    __tablename__ = "delivery"
    __table_args__ = (one_of("outcome", DeliveryOutcome), Index("ix_delivery_at", "at"))
    endpoint_id: int = Field(foreign_key="endpoint.id", primary_key=True, sa_type=KEY)
    position: int = Field(primary_key=True, sa_type=KEY, sa_column_kwargs={"autoincrement": False})  # of the change
    event_id: str = Field(sa_type=Words)
    attempts: int = Field(sa_type=KEY)
    outcome: str | None = Field(sa_type=Words, default=None)  # of the last attempt; null while it is under way
    status: int | None = Field(sa_type=KEY, default=None)
    detail: str | None = Field(sa_type=Words, default=None)
    seconds: float | None = Field(sa_type=Float, default=None)
    first_at: datetime = Field(sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)  # of the last attempt


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
endpoints, deliveries = table(EndpointRow), table(DeliveryRow)
