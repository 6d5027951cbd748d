"""What is due, and who may visit it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

import zstandard
from sqlalchemy import and_, case, exists, func, null, or_, select, text, update

from worker.core import urls
from worker.errors import StaleLease
from worker.model import Lease, Move, Outcome, ResourceKind, TextSource, Validators, Visit
from worker.storage import moving, outages, robots, tables
from worker.storage.database import insert_into
from worker.storage.hosts import add_hosts, url_key
from worker.storage.pace import Paces
from worker.storage.tables import (
    CaptureState,
    ResourceStatus,
    SourceStatus,
    articles,
    blobs,
    captures,
    figures,
    heartbeats,
    hosts,
    outlets,
    resources,
    versions,
)
from worker.storage.tally import count, fenced

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from worker.model import CaptureDraft, Outlet, Pace, Robots, RobotsIntent, VisitIntent
    from worker.storage.database import Database

Only: TypeAlias = "tuple[ColumnElement[bool], ...]"  # what a resource must be besides due
# In the words of the partial index `ix_resource_due`, which is used for nothing else.
DUE = text("resource.status = 'active' AND NOT resource.awaits_reading")
SUCCESS = frozenset({Outcome.FRESH, Outcome.SAME, Outcome.NOT_MODIFIED})
NO_VALIDATORS: dict[str, Any] = {"etag": None, "last_modified": None, "body_hash": None}  # so it is sent whole
DISPATCH = "dispatch"  # the heartbeat of whoever hands out work


class Frontier:
    """`pipeline.Frontier` on a database."""

    def __init__(self, database: Database, kind: ResourceKind | None = None) -> None:
        """`kind`: what alone is lent, for a command that looks at feeds only."""
        self._database = database
        self._only = () if kind is None else (resources.c.kind == kind,)
        self._paces = Paces()
        self._texts = robots.Texts()

    def sync(self, outlets: Sequence[Outlet], now: datetime) -> None:
        """Make outlets, hosts and feeds match the configuration; a feed no longer named is paused, not deleted.

        Articles are revisited while their outlet is configured. Raises ValueError for a feed address that is none.
        """
        self._database.write(lambda connection: _sync(connection, outlets, now))

    def lease_hosts(self, now: datetime, until: datetime, limit: int) -> tuple[Lease, ...]:
        """Lease hosts that are free and have a due resource, longest waiting first.

        Leaves word of the dispatch, found or not: `Queries.last_dispatch_at`.
        """
        return self._database.write(lambda connection: _lease_hosts(connection, now, until, limit, self._only))

    def begin(self, lease: Lease, until: datetime) -> Lease | None:
        """Take the lease over at the start of a lane; None when it has passed to somebody else.

        The token alone decides, not the time: a lease that ran out unnoticed by all is as good as new. It grows, so
        that a message that comes twice starts one lane.
        """
        begun = Lease(lease.id, lease.token + 1)
        taken = {"lease_until": until, "lease_token": begun.token}
        return begun if self._database.write(lambda connection: _renew(connection, lease, taken)) else None

    def next_due(self, lease: Lease, now: datetime) -> Visit | None:
        """Lend the resource of this host that has waited longest; none with an unread capture (backpressure).

        None under a stale lease, too.
        """
        return self._database.read(
            lambda connection: _next_due(connection, lease, now, self._paces, self._texts, only=self._only)
        )

    def record(self, intent: VisitIntent) -> int | None:
        """Write a visit; the id of the capture to be read, if there is one. Raises StaleLease.

        A repeat, known by its time, writes nothing and answers the same.
        """
        packed = _pack(intent.capture)
        return fenced(self._database, "record", lambda connection: _record(connection, intent, packed))

    def record_robots(self, intent: RobotsIntent) -> None:
        """Write a request for a robots.txt. Raises StaleLease.

        What the rules before disallowed is due at once when they have changed. A repeat, known by its time, writes
        nothing.
        """
        fenced(self._database, "record_robots", lambda connection: _record_robots(connection, intent))

    def release(self, lease: Lease) -> None:
        """Give the host back; a stale lease is ignored. The token grows, so that nothing is written under it later."""
        given_back = {"lease_until": None, "lease_token": lease.token + 1}
        self._database.write(lambda connection: _renew(connection, lease, given_back))

    def network_up(self, since: datetime) -> bool:
        """Tell whether any server has answered since then."""
        return self._database.read(lambda connection: outages.answered(connection, since))

    def watch_network(self, since: datetime) -> bool | None:
        """Tell whether an outage of ours has just begun (True) or ended (False); to one of all who ask, once.

        One begins when nobody has answered since then, and somebody was tried.
        """
        return self._database.write(lambda connection: outages.watch(connection, since))


def beat(connection: Connection, name: str, at: datetime) -> None:
    """Leave word that something happened; never an earlier time than the one known."""
    insert = insert_into(connection, heartbeats)
    later = {"set_": {"at": insert.excluded.at}, "where": heartbeats.c.at < insert.excluded.at}
    connection.execute(insert.on_conflict_do_update(index_elements=["name"], **later).values(name=name, at=at))


# --- configuration ---------------------------------------------------------------------------------


def _sync(connection: Connection, configured: Sequence[Outlet], now: datetime) -> None:
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
    pause = update(resources).where(is_feed, resources.c.status == ResourceStatus.ACTIVE, unnamed)
    connection.execute(pause.values(status=ResourceStatus.PAUSED))
    insert = insert_into(connection, resources)
    host_id = case((resources.c.moved_to.is_(None), insert.excluded.host_id), else_=resources.c.host_id)
    moved = {"outlet_id": insert.excluded.outlet_id, "host_id": host_id, "status": _unpaused()}
    moved["listed_by"] = null()
    if rows:
        connection.execute(insert.on_conflict_do_update(index_elements=["kind", "url_key"], set_=moved), rows)
    index = resources.alias("index")
    left = resources.c.listed_by.in_(select(index.c.id).where(index.c.status == ResourceStatus.PAUSED))
    connection.execute(update(resources).where(left).values(status=ResourceStatus.PAUSED))


def _unpaused() -> ColumnElement[str]:
    paused = resources.c.status == ResourceStatus.PAUSED
    return case((paused, ResourceStatus.ACTIVE.value), else_=resources.c.status)


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


# --- leases ----------------------------------------------------------------------------------------


def _lease_hosts(connection: Connection, now: datetime, until: datetime, limit: int, only: Only) -> tuple[Lease, ...]:
    leases = _take_hosts(connection, now, until, limit, only)
    if not only:
        beat(connection, DISPATCH, now)
    return leases


def _take_hosts(connection: Connection, now: datetime, until: datetime, limit: int, only: Only) -> tuple[Lease, ...]:
    waiting = select(resources.c.next_visit_at).where(resources.c.host_id == hosts.c.id, DUE, *only)
    since = waiting.with_only_columns(func.min(resources.c.next_visit_at)).correlate(hosts).scalar_subquery()
    free = or_(hosts.c.lease_until.is_(None), hosts.c.lease_until <= now)
    ready = (
        select(hosts.c.id)
        .where(free, hosts.c.free_at <= now, waiting.where(resources.c.next_visit_at <= now).correlate(hosts).exists())
        .order_by(since, hosts.c.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=hosts)
    )
    ids = list(connection.execute(ready).scalars())
    if not ids:
        return ()
    take = update(hosts).where(hosts.c.id.in_(ids)).values(lease_until=until, lease_token=hosts.c.lease_token + 1)
    tokens: dict[int, int] = dict(connection.execute(take.returning(hosts.c.id, hosts.c.lease_token)).all())
    return tuple(Lease(id_, tokens[id_]) for id_ in ids)


def _renew(connection: Connection, lease: Lease, values: dict[str, Any]) -> bool:
    """Write to the host under its lease; False when that is stale."""
    held = update(hosts).where(hosts.c.id == lease.id, hosts.c.lease_token == lease.token)
    return connection.execute(held.values(values)).rowcount == 1


def _next_due(
    connection: Connection, lease: Lease, now: datetime, paces: Paces, texts: robots.Texts, *, only: Only
) -> Visit | None:
    due = (
        select(
            resources,
            outlets.c.slug,
            hosts.c.authority,
            articles.c.published_at,
            articles.c.versions,
            versions.c.first_seen_at.label("revised_at"),
            reports_figures(resources.c.shown_version_id).label("figures"),
            *robots.COLUMNS,
        )
        .join_from(resources, hosts, resources.c.host_id == hosts.c.id)
        .join(outlets, resources.c.outlet_id == outlets.c.id)
        .outerjoin(articles, resources.c.article_id == articles.c.id)
        .outerjoin(versions, resources.c.shown_version_id == versions.c.id)
        .outerjoin(tables.robots, robots.of_resource())
        .where(hosts.c.id == lease.id, hosts.c.lease_token == lease.token, DUE, resources.c.next_visit_at <= now, *only)
        .order_by(resources.c.next_visit_at, resources.c.id)
        .limit(1)
    )
    row = connection.execute(due).one_or_none()
    if row is None:
        return None
    is_article = row.kind == ResourceKind.ARTICLE
    pace = paces.of(connection, row.outlet_id, now) if is_article else None
    return _visit(row, pace, robots.from_row(connection, row, texts))


def reports_figures(version_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a version reports any figure."""
    return exists().where(figures.c.version_id == version_id, figures.c.current)


def _visit(row: Row[Any], pace: Pace | None, known: Robots | None) -> Visit:
    return Visit(
        resource_id=row.id,
        outlet=row.slug,
        host=row.authority,
        kind=ResourceKind(row.kind),
        url=row.moved_to or row.url,
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        failures=row.failures,
        unchanged=row.unchanged,
        changed_at=row.changed_at,
        first_seen_at=row.first_seen_at,
        published_at=row.published_at,
        due_at=row.next_visit_at,
        revised_at=row.revised_at,
        revisions=max(0, (row.versions or 0) - 1),
        figures=None if row.shown_version_id is None else bool(row.figures),
        pace=pace,
        robots=known,
        move=Move(row.permanent_url, row.permanent_visits, row.moved_to),
    )


# --- a visit ---------------------------------------------------------------------------------------


def _pack(draft: CaptureDraft | None) -> bytes:
    """One zstd frame with a checksum; made before the transaction, which others wait for."""
    return zstandard.ZstdCompressor(level=3, write_checksum=True).compress(draft.body) if draft else b""


def _record_host(connection: Connection, intent: VisitIntent | RobotsIntent) -> None:
    on_host: dict[str, Any] = {"lease_until": intent.lease_until, "free_at": intent.host_free_at}
    if intent.reached:
        on_host["reached_at"] = intent.at
    if intent.outage:
        on_host["unreached_at"] = intent.at
        beat(connection, outages.UNREACHED, intent.at)
    if not _renew(connection, intent.lease, on_host):
        raise StaleLease(f"host {intent.lease.id} has passed to another lane")


def _record_robots(connection: Connection, intent: RobotsIntent) -> None:
    _record_host(connection, intent)
    robots.write(connection, intent)


def _record(connection: Connection, intent: VisitIntent, packed: bytes) -> int | None:
    _record_host(connection, intent)
    mine = select(resources).where(resources.c.id == intent.resource_id, resources.c.host_id == intent.lease.id)
    before = connection.execute(mine).one_or_none()
    if before is None:
        raise StaleLease(f"resource {intent.resource_id} is not of host {intent.lease.id}")
    if before.last_visited_at == intent.at:
        return _captured(connection, intent)
    capture_id = _keep(connection, intent, intent.capture, packed) if intent.capture else None
    _write_resource(connection, intent, before)
    count(
        connection,
        Counter(
            {
                ("visit", intent.outcome.value): 1,
                ("wire_bytes", ""): intent.wire_bytes,
                ("visit_ms", ""): round(intent.seconds * 1000),
            }
        ),
    )
    return capture_id


def _captured(connection: Connection, intent: VisitIntent) -> int | None:
    same = captures.c.resource_id == intent.resource_id, captures.c.fetched_at == intent.at
    return connection.execute(select(captures.c.id).where(*same)).scalar_one_or_none()


def _keep(connection: Connection, intent: VisitIntent, draft: CaptureDraft, packed: bytes) -> int:
    blob = {"hash": draft.body_hash, "size": len(draft.body), "data": packed}
    insert = insert_into(connection, blobs).values(blob)
    # Writing what is there already locks it: nobody may prune it before the capture refers to it.
    same = insert.on_conflict_do_update(index_elements=["hash"], set_={"size": insert.excluded.size})
    connection.execute(same)
    capture = captures.insert().values(
        resource_id=intent.resource_id,
        fetched_at=intent.at,
        url=draft.url,
        status_code=draft.status,
        headers=dict(draft.headers),
        whole=draft.whole,
        body_hash=draft.body_hash,
        state=CaptureState.UNREAD,
    )
    return int(connection.execute(capture.returning(captures.c.id)).scalar_one())


def _write_resource(connection: Connection, intent: VisitIntent, before: Row[Any]) -> None:
    success = intent.outcome in SUCCESS
    same_bytes = intent.capture is None and intent.body_hash == before.body_hash
    values: dict[str, Any] = {
        "status": next_status(intent.next_visit_at, gone=intent.outcome is Outcome.GONE),
        "etag": intent.validators.etag,
        "last_modified": intent.validators.last_modified,
        "body_hash": intent.body_hash,
        "shown_version_id": before.shown_version_id if same_bytes else None,
        "next_visit_at": intent.next_visit_at,
        "failures": intent.failures,
        "unchanged": intent.unchanged,
        "last_visited_at": intent.at,
        "last_outcome": intent.outcome.value,
        "last_detail": intent.detail,
    }
    values |= moving.values(connection, intent, before)
    if success:
        values["last_success_at"] = intent.at
    if intent.capture is not None:
        values |= {"awaits_reading": True, "changed_at": intent.at}
    connection.execute(update(resources).where(resources.c.id == intent.resource_id).values(values))
    if success and same_bytes and before.shown_version_id is not None:
        still_shown(connection, before.shown_version_id, intent.at)


def next_status(next_visit_at: datetime | None, *, gone: bool) -> ColumnElement[str] | str:
    """Whether a resource is revisited, after a visit or a reading said when."""
    if next_visit_at is None:
        return ResourceStatus.GONE if gone else ResourceStatus.SETTLED
    stays = resources.c.status.in_([ResourceStatus.PAUSED, ResourceStatus.MERGED])
    return case((stays, resources.c.status), else_=ResourceStatus.ACTIVE.value)


def still_shown(connection: Connection, version_id: int, at: datetime) -> None:
    """The page shows this version at `at`; an earlier time than the one known changes nothing."""
    shown = update(versions).where(versions.c.id == version_id, versions.c.last_seen_at < at)
    connection.execute(shown.values(last_seen_at=at))
    of_article = select(versions.c.article_id).where(versions.c.id == version_id).scalar_subquery()
    seen = update(articles).where(articles.c.id == of_article, articles.c.last_seen_at < at)
    connection.execute(seen.values(last_seen_at=at))
