"""The feeds that are polled, for whoever looks after them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from worker.errors import InputError
from worker.model import FeedState, ResourceKind
from worker.storage import brought
from worker.storage.lending import DUE
from worker.storage.tables import (
    CaptureState,
    ResourceStatus,
    SourceStatus,
    captures,
    outlets,
    resources,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from worker.storage.database import Database


class Polls:
    """What came of polling each feed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def states(self) -> tuple[FeedState, ...]:
        """The feeds of configured outlets, those that are gone included, by outlet and address."""
        return self._database.read(_states)

    def due(self, now: datetime) -> int:
        """How many feeds are to be visited."""
        is_feed = resources.c.kind == ResourceKind.FEED
        waiting = select(func.count()).select_from(resources).where(DUE, is_feed, resources.c.next_visit_at <= now)
        return self._database.read(lambda connection: int(connection.execute(waiting).scalar_one()))

    def document(self, capture_id: int) -> tuple[bytes, Mapping[str, str], str]:
        """Bytes, headers and final address of a capture. Raises InputError when it was pruned."""
        page = self._database.read(lambda connection: brought.by(connection, capture_id))
        if page is None:
            raise InputError(f"capture {capture_id} was pruned")
        return page.body, page.headers, page.url


def _states(connection: Connection) -> tuple[FeedState, ...]:
    newest = (
        select(func.max(captures.c.id)).where(captures.c.resource_id == resources.c.id).correlate(resources)
    ).scalar_subquery()
    polled = (
        select(resources, outlets.c.slug, captures.c.id.label("capture_id"), captures.c.state.label("state"))
        .join_from(resources, outlets, resources.c.outlet_id == outlets.c.id)
        .outerjoin(captures, captures.c.id == newest)
        .where(resources.c.kind == ResourceKind.FEED, resources.c.status != ResourceStatus.PAUSED)
        .where(outlets.c.status == SourceStatus.ACTIVE)
        .order_by(outlets.c.slug, resources.c.url)
    )
    return tuple(_state(row) for row in connection.execute(polled))


def _state(row: Any) -> FeedState:
    return FeedState(
        url=row.url,
        outlet=row.slug,
        outcome=row.last_outcome,
        detail=row.last_detail or "",
        failures=row.failures,
        visited_at=row.last_visited_at,
        next_visit_at=row.next_visit_at,
        moved_to=row.moved_to or row.permanent_url,
        capture_id=row.capture_id,
        quarantined=row.state == CaptureState.QUARANTINED,
    )
