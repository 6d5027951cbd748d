"""Hosts, and the unique keys of the addresses on them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import select

from worker.storage.database import insert_into
from worker.storage.tables import hosts

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def url_key(url: str) -> str:
    """The unique key of a feed address: SHA-256 in hex."""
    return hashlib.sha256(url.encode()).hexdigest()


def add_hosts(connection: Connection, authorities: set[str], now: datetime) -> dict[str, int]:
    """Make hosts known that are not yet; the ids of all of them by authority."""
    if not authorities:
        return {}
    known = select(hosts.c.authority, hosts.c.id).where(hosts.c.authority.in_(authorities))
    ids: dict[str, int] = dict(connection.execute(known).all())
    if missing := sorted(authorities - ids.keys()):
        insert = insert_into(connection, hosts).on_conflict_do_nothing(index_elements=["authority"])
        connection.execute(insert, [{"authority": name, "free_at": now} for name in missing])
        ids = dict(connection.execute(known).all())
    return ids
