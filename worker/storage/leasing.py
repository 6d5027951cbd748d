"""Rows that wait for a worker: each is lent in its turn, until a time after which its lease counts for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select, update

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, Connection, TextClause


class Queue:
    """Waiting rows of a table that has a column `lease_until`; every tick asks, so the statements are built once."""

    def __init__(
        self,
        key: Column[Any],
        *waiting: ColumnElement[bool] | TextClause,
        order: tuple[Column[Any], ...],
        told: Column[Any],
    ) -> None:
        """`key` identifies a row, `waiting` says which ones wait, `order` who comes first, `told` what is given out."""
        table = key.table
        free = or_(table.c.lease_until.is_(None), table.c.lease_until <= bindparam("now"))
        self._ready = (
            select(key, told)
            .where(*waiting, free)
            .order_by(*order)
            .limit(bindparam("most"))
            .with_for_update(key_share=True, skip_locked=True, of=table)
        )
        self._lend = (
            update(table).where(key.in_(bindparam("keys", expanding=True))).values(lease_until=bindparam("until"))
        )

    def lease(self, connection: Connection, now: datetime, until: datetime, limit: int) -> tuple[int, ...]:
        """Lend at most so many rows; what they tell, in order."""
        rows = connection.execute(self._ready, {"now": now, "most": limit}).all()
        if rows:
            connection.execute(self._lend, {"keys": [key for key, _ in rows], "until": until})
        return tuple(told for _, told in rows)
