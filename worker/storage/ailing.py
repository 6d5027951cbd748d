"""Feeds that somebody should look at, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from worker.core import visits
from worker.model import Outcome, ResourceKind
from worker.storage.tables import ResourceStatus, outlets, resources

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row


# These are no failures, or none while nobody else answers.
_SAID_NO = Outcome.DISALLOWED, Outcome.REFUSED


@dataclass(frozen=True, slots=True)
class AilingFeed:
    """A configured feed that does not work as it is configured."""

    outlet: str  # slug
    url: str
    state: str  # gone, moved, disallowed, not_a_feed, broken, quarantined, or the outcome of its last visit
    detail: str  # in words; where it has moved to
    failures: int  # in a row: visits that failed or never ended, or captures that were no feed
    last_success_at: datetime | None


def feeds(connection: Connection) -> tuple[AilingFeed, ...]:
    """Those configured, by outlet and address."""
    feed = resources.c
    ails = or_(
        feed.failures > 0,
        feed.misreads > 0,
        feed.losses > 0,
        feed.last_outcome.in_(_SAID_NO),
        feed.status == ResourceStatus.GONE,
        feed.moved_to.is_not(None),
    )
    configured = feed.kind == ResourceKind.FEED, feed.status != ResourceStatus.PAUSED
    named = select(resources, outlets.c.slug).join_from(resources, outlets, feed.outlet_id == outlets.c.id)
    rows = connection.execute(named.where(*configured, ails).order_by(outlets.c.slug, feed.url))
    return tuple(_feed(row) for row in rows)


def _feed(row: Row[Any]) -> AilingFeed:
    state, detail = _state(row)
    times = max(row.failures, row.misreads, row.losses)
    return AilingFeed(row.slug, row.url, state, detail, times, row.last_success_at)


def _state(row: Row[Any]) -> tuple[str, str]:
    """The gravest of what ails it."""
    if row.status == ResourceStatus.GONE:
        return "gone", row.last_detail or ""
    if row.losses:
        return "quarantined" if row.losses >= visits.MOST_LOSSES else Outcome.LOST.value, row.last_detail or ""
    if row.failures or row.last_outcome in _SAID_NO:
        return row.last_outcome, row.last_detail or ""
    if row.misreads:
        words = {"not_a_feed": "it has turned into something else, such as a web page"}
        return row.last_verdict, words.get(row.last_verdict, "it cannot be read")
    return "moved", f"asked at {row.moved_to}; correct it in the outlets file"
