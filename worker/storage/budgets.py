"""What outlets may still be asked within the hour, at whichever of their hosts.

A budget is a moment: before it the outlet is not asked. Each request moves it on by an hour's share of one, from now or
from where it is, so requests at several hosts at once are paid for one after the other and none is paid for in advance.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from worker.storage.bulk import BulkUpdate, among
from worker.storage.database import insert_into
from worker.storage.tables import budgets, resources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from worker.model import RobotsIntent, VisitIntent

_HELD = select(budgets).where(among(budgets.c.outlet_id, "ids")).order_by(budgets.c.outlet_id).with_for_update()
_SPEND = BulkUpdate(budgets, "free_at")


def left(by: Any) -> ColumnElement[bool]:
    """Whether the outlet of a resource may be asked by a moment."""
    return resources.c.outlet_id.not_in(select(budgets.c.outlet_id).where(budgets.c.free_at > by))


def spend(connection: Connection, asked: Sequence[tuple[int, VisitIntent | RobotsIntent]]) -> None:
    """Move budgets on after requests, by the ids of the outlets; late in a transaction, and in order."""
    ids = sorted({outlet_id for outlet_id, intent in asked if intent.budget_seconds})
    if not ids:
        return
    free: dict[int, datetime] = {row.outlet_id: row.free_at for row in connection.execute(_HELD, {"ids": ids})}
    for outlet_id, intent in asked:
        if intent.budget_seconds and outlet_id in free:
            free[outlet_id] = max(free[outlet_id], intent.at) + timedelta(seconds=intent.budget_seconds)
    _SPEND(connection, [{"key": outlet_id, "free_at": at} for outlet_id, at in sorted(free.items())])


def add(connection: Connection, outlet_ids: Sequence[int], now: datetime) -> None:
    """Give outlets a budget that have none yet."""
    if outlet_ids:
        insert = insert_into(connection, budgets).on_conflict_do_nothing()
        connection.execute(insert, [{"outlet_id": id_, "free_at": now} for id_ in sorted(outlet_ids)])
