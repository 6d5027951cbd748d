"""Webhooks: what is told to endpoints of consumers, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from worker.model.figures import Revision
    from worker.model.reading import Change, ChangeKind
    from worker.model.visiting import Lease


class DeliveryOutcome(StrEnum):
    """The one disposition of an attempt to deliver an event, named by what happens next."""

    DELIVERED = "delivered"  # 2xx: the next event
    GONE = "gone"  # 410: the endpoint is disabled at once
    THROTTLED = "throttled"  # 429, or 503 with Retry-After: not before it says
    REDIRECTED = "redirected"  # 3xx: not followed; by the schedule, as all that follow
    REJECTED = "rejected"  # any other answer below 500
    SERVER_ERROR = "server_error"  # 5xx
    REFUSED = "refused"  # the address gate said no
    UNREACHABLE = "unreachable"  # DNS, connect, TLS; not charged during an outage of our own
    BROKEN = "broken"  # no whole answer: timeout, protocol, incomplete
    LOST = "lost"  # a process ended before it could write what it was told, if it asked at all


@dataclass(frozen=True, slots=True)
class Event:
    """A change as consumers are told of it."""

    change: Change
    outlet: str  # slug
    url: str  # of the article
    title: str
    # What the change says, in words that a database restored from a backup says again when it sees the same again.
    identity: tuple[str, ...]
    revision: Revision | None = None  # of a revision or a retraction


@dataclass(frozen=True, slots=True)
class Attempt:
    """An event in the hands of who delivers it."""

    lease: Lease  # of the endpoint
    url: str
    secrets: tuple[str, ...] = field(repr=False)  # the newest first; with the one before while both are in use
    event: Event
    event_id: str  # the same in every attempt
    number: int  # in a row that brought nothing, this one included
    lost: bool = False  # nobody knows what came of the one before
    outage: bool = False  # nobody at all can be reached: the fault is ours


@dataclass(frozen=True, slots=True)
class DeliveryIntent:
    """Everything one attempt writes, in one transaction."""

    lease: Lease  # of the endpoint
    position: int  # of the event in the change feed
    at: datetime
    outcome: DeliveryOutcome
    detail: str  # for people; empty when it was delivered
    status: int | None  # of the reply
    seconds: float
    failures: int  # in a row
    next_attempt_at: datetime
    disabled: str | None = None  # why the endpoint is tried no more


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint as operators see it: all but its secret."""

    endpoint_id: int
    url: str
    kinds: tuple[ChangeKind, ...]
    disabled: str | None  # why; None while it is served
    position: int  # of the change feed: all up to here was delivered, or was of no such kind
    failures: int  # attempts in a row that brought nothing
    failing_since: datetime | None
    next_attempt_at: datetime
    created_at: datetime
    last_delivered_at: datetime | None
    last_outcome: DeliveryOutcome | None
    last_detail: str
    waiting: int  # events to be delivered


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that was delivered to an endpoint, or is being tried."""

    position: int
    event_id: str
    kind: ChangeKind
    article_id: int
    attempts: int
    outcome: DeliveryOutcome | None  # of the last attempt; None while it is under way
    status: int | None
    detail: str
    seconds: float | None
    first_at: datetime
    at: datetime  # of the last attempt
