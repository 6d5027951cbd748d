"""Outlets and feeds as the configuration names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, null, select, update

from worker.core import urls
from worker.model import ResourceKind, TextSource
from worker.storage import budgets, moving
from worker.storage.database import insert_into
from worker.storage.hosts import add_hosts, url_key
from worker.storage.tables import ResourceStatus, SourceStatus, hosts, outlets, resources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from worker.model import Outlet


def sync(connection: Connection, configured: Sequence[Outlet], now: datetime) -> None:
    """Make outlets, hosts and feeds match the configuration. Raises ValueError for a feed address that is none."""
    _upsert_outlets(connection, configured)
    add_hosts(connection, {urls.authority(feed.url) for outlet in configured for feed in outlet.feeds}, now)
    _upsert_feeds(connection, configured, now)
    _follow_outlets(connection)
    _leave_pages(connection, configured)


def _upsert_outlets(connection: Connection, configured: Sequence[Outlet]) -> None:
    paused = update(outlets).where(outlets.c.slug.not_in([o.slug for o in configured]))
    connection.execute(paused.values(status=SourceStatus.PAUSED))
    rows = [
        {
            "slug": o.slug,
            "name": o.name,
            "homepage": o.homepage,
            "country": o.country,
            "language": o.language,
            "status": SourceStatus.ACTIVE,
        }
        for o in configured
    ]
    insert = insert_into(connection, outlets)
    described = {name: insert.excluded[name] for name in ("name", "homepage", "country", "language", "status")}
    if rows:
        connection.execute(insert.on_conflict_do_update(index_elements=["slug"], set_=described), rows)


def _upsert_feeds(connection: Connection, configured: Sequence[Outlet], now: datetime) -> None:
    outlet_ids = dict(connection.execute(select(outlets.c.slug, outlets.c.id)).all())
    budgets.add(connection, list(outlet_ids.values()), now)
    host_ids = dict(connection.execute(select(hosts.c.authority, hosts.c.id)).all())
    rows = [
        {
            "outlet_id": outlet_ids[outlet.slug],
            "host_id": host_ids[urls.authority(feed.url)],
            "kind": ResourceKind.FEED,
            "url": feed.url,
            "url_key": url_key(feed.url),
            "status": ResourceStatus.ACTIVE,
            "next_visit_at": now,
            "first_seen_at": now,
        }
        for outlet in configured
        for feed in outlet.feeds
    ]
    is_feed = resources.c.kind == ResourceKind.FEED
    named = [row["url_key"] for row in rows]
    moving.rename(connection, named)
    unnamed = and_(resources.c.url_key.not_in(named), resources.c.listed_by.is_(None))
    # One that is gone as well: named again it is asked again, which is how a person says that it is back.
    named_before = resources.c.status.in_([ResourceStatus.ACTIVE, ResourceStatus.GONE])
    pause = update(resources).where(is_feed, named_before, unnamed)
    connection.execute(pause.values(status=ResourceStatus.PAUSED))
    insert = insert_into(connection, resources)
    host_id = case((resources.c.moved_to.is_(None), insert.excluded.host_id), else_=resources.c.host_id)
    moved = {"outlet_id": insert.excluded.outlet_id, "host_id": host_id, "status": _unpaused()}
    moved["next_visit_at"] = func.coalesce(resources.c.next_visit_at, _if_paused(insert.excluded.next_visit_at))
    moved["listed_by"] = null()
    if rows:
        connection.execute(insert.on_conflict_do_update(index_elements=["kind", "url_key"], set_=moved), rows)
    index = resources.alias("index")
    left = resources.c.listed_by.in_(select(index.c.id).where(index.c.status == ResourceStatus.PAUSED))
    connection.execute(update(resources).where(left).values(status=ResourceStatus.PAUSED))


def _unpaused() -> ColumnElement[str]:
    paused = resources.c.status == ResourceStatus.PAUSED
    return case((paused, ResourceStatus.ACTIVE.value), else_=resources.c.status)


def _if_paused(moment: ColumnElement[datetime]) -> ColumnElement[datetime]:
    return case((resources.c.status == ResourceStatus.PAUSED, moment), else_=None)


def _follow_outlets(connection: Connection) -> None:
    """Articles are revisited while their outlet is configured."""
    is_article = resources.c.kind == ResourceKind.ARTICLE
    turns = {
        SourceStatus.PAUSED: (ResourceStatus.ACTIVE, ResourceStatus.PAUSED),
        SourceStatus.ACTIVE: (ResourceStatus.PAUSED, ResourceStatus.ACTIVE),
    }
    for outlet_status, (before, after) in turns.items():
        of_outlets = resources.c.outlet_id.in_(select(outlets.c.id).where(outlets.c.status == outlet_status))
        turn = update(resources).where(is_article, of_outlets, resources.c.status == before)
        connection.execute(turn.values(status=after))


def _leave_pages(connection: Connection, configured: Sequence[Outlet]) -> None:
    """Pages are not visited where the feed carries the text."""
    slugs = [outlet.slug for outlet in configured if outlet.policy.text is TextSource.FEED]
    of_outlets = resources.c.outlet_id.in_(select(outlets.c.id).where(outlets.c.slug.in_(slugs)))
    visited = resources.c.kind == ResourceKind.ARTICLE, resources.c.status == ResourceStatus.ACTIVE
    if slugs:
        leave = {"status": ResourceStatus.SETTLED, "next_visit_at": None}
        connection.execute(update(resources).where(of_outlets, *visited).values(leave))
