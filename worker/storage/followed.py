"""Sitemaps that an index names are polled as feeds for as long as the index names them among its newest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, select, update

from worker.core import urls
from worker.model import FeedVerdict, ResourceKind
from worker.storage.database import insert_into
from worker.storage.hosts import add_hosts, url_key
from worker.storage.tables import ResourceStatus, resources

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from worker.model import FeedIntent


def follow(connection: Connection, intent: FeedIntent) -> None:
    """Poll what the index names and leave what it no longer does; an index within an index is not followed."""
    if intent.verdict is not FeedVerdict.FEED:
        return
    mine = select(resources.c.outlet_id, resources.c.listed_by).where(resources.c.id == intent.resource_id)
    index = connection.execute(mine).one()
    named = {url_key(url): url for url in intent.sitemaps if index.listed_by is None}
    _leave(connection, intent.resource_id, list(named))
    if named:
        _poll(connection, intent, index.outlet_id, named)


def _leave(connection: Connection, index_id: int, named: list[str]) -> None:
    no_longer = resources.c.listed_by == index_id, resources.c.url_key.not_in(named)
    polled = resources.c.status == ResourceStatus.ACTIVE
    connection.execute(update(resources).where(*no_longer, polled).values(status=ResourceStatus.PAUSED))


def _poll(connection: Connection, intent: FeedIntent, outlet_id: int, named: dict[str, str]) -> None:
    host_ids = add_hosts(connection, {urls.authority(url) for url in named.values()}, intent.at)
    rows = [
        {
            "outlet_id": outlet_id,
            "host_id": host_ids[urls.authority(url)],
            "listed_by": intent.resource_id,
            "kind": ResourceKind.FEED,
            "url": url,
            "url_key": key,
            "status": ResourceStatus.ACTIVE,
            "next_visit_at": intent.at,
            "first_seen_at": intent.at,
        }
        for key, url in sorted(named.items())
    ]
    insert = insert_into(connection, resources)
    paused = resources.c.status == ResourceStatus.PAUSED
    again = {"status": case((paused, ResourceStatus.ACTIVE.value), else_=resources.c.status)}
    # A feed that the configuration names is its own master.
    upsert = insert.on_conflict_do_update(
        index_elements=["kind", "url_key"], set_=again, where=resources.c.listed_by.is_not(None)
    )
    connection.execute(upsert, rows)
