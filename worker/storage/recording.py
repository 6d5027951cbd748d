"""What lanes bring back, written for many at once: a statement for all of one kind, and one commit.

On its own, a visit that found nothing new took about ten statements in three transactions, which cost thirty times the
request (tests/bench/net/test_visit_cost.py).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import zstandard
from sqlalchemy import bindparam, case, func, select, update

from worker.errors import StaleLease
from worker.model import Outcome, RobotsIntent, VisitIntent
from worker.storage import budgets, moving, outages, robots
from worker.storage.bulk import BulkUpdate, among
from worker.storage.database import insert_into
from worker.storage.heartbeats import beat
from worker.storage.tables import CaptureState, ResourceStatus, articles, blobs, captures, hosts, resources, versions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from worker.model import CaptureDraft, Lease, Step

SUCCESS = frozenset({Outcome.FRESH, Outcome.SAME, Outcome.NOT_MODIFIED})
NO_VALIDATORS: dict[str, Any] = {"etag": None, "last_modified": None, "body_hash": None}  # so it is sent whole
_KEPT = ("seconds", "reached_at", "unreached_at")  # of a host, where a visit says nothing of them
_STAYS = frozenset({ResourceStatus.PAUSED, ResourceStatus.MERGED})
_BEFORE = (
    *("id", "kind", "host_id", "outlet_id", "article_id", "url", "moved_to", "status", "awaits_reading", "body_hash"),
    *("shown_version_id", "changed_at", "last_visited_at", "last_success_at"),
)


def pack(steps: Sequence[Step]) -> dict[str, bytes]:
    """Bodies by their hash, each one zstd frame with a checksum; made before the transaction, which others wait for."""
    drafts = [step.intent.capture for step in steps if isinstance(step.intent, VisitIntent) and step.intent.capture]
    return {d.body_hash: zstandard.ZstdCompressor(level=3, write_checksum=True).compress(d.body) for d in drafts}


def take(connection: Connection, leases: Sequence[Lease]) -> set[Lease]:
    """Lock the hosts of leases, in an order that all keep to; those leases that still hold."""
    ids = sorted({lease.id for lease in leases})
    tokens = dict(connection.execute(_TOKENS, {"ids": ids}).all())
    return {lease for lease in leases if tokens.get(lease.id) == lease.token}


@dataclass(slots=True)
class Written:
    """What became of steps, by their position."""

    held: set[Lease]  # leases that hold
    captures: dict[int, int] = field(default_factory=dict)
    stale: dict[int, StaleLease] = field(default_factory=dict)  # nothing was written
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)  # for `tally.count`, last of all


def write(connection: Connection, steps: Sequence[Step], packed: Mapping[str, bytes]) -> Written:
    """Write what steps say of resources and sites. A repeat, known by its time, writes nothing."""
    written = Written(take(connection, [step.intent.lease for step in steps]))
    visits: list[tuple[int, VisitIntent, Row[Any]]] = []
    asked: list[tuple[int, VisitIntent | RobotsIntent]] = []
    known = _known(connection, steps)
    for position, intent in enumerate(step.intent for step in steps):
        before = known.get(intent.resource_id)
        if before is not None and before.last_visited_at == intent.at and isinstance(intent, VisitIntent):
            if (same := _captured(connection, intent)) is not None:
                written.captures[position] = same
        elif intent.lease not in written.held:
            written.stale[position] = StaleLease(f"host {intent.lease.id} has passed to another lane")
        elif before is None or before.host_id != intent.lease.id:
            written.stale[position] = StaleLease(f"resource {intent.resource_id} is not of host {intent.lease.id}")
        elif isinstance(intent, RobotsIntent):
            written.counted += robots.write(connection, intent)
            _end_lending(connection, intent.resource_id)
            asked.append((before.outlet_id, intent))
        else:
            visits.append((position, intent, before))
            asked.append((before.outlet_id, intent))
    written.captures |= _keep(connection, [(n, v) for n, v, _ in visits if v.capture is not None], packed)
    _write_resources(connection, [(intent, before) for _, intent, before in visits])
    budgets.spend(connection, asked)
    for _, intent, _ in visits:
        written.counted += _counts(intent)
    for intent in (steps[position].intent for position in written.stale):
        written.counted["stale_lease", "record_robots" if isinstance(intent, RobotsIntent) else "record"] += 1
    return written


def write_hosts(connection: Connection, intents: Sequence[tuple[VisitIntent | RobotsIntent, bool]]) -> None:
    """Renew the leases of intents, or give their hosts back where it is said to be over: the token grows then."""
    rows = [
        {
            "key": intent.lease.id,
            "lease_until": None if over else intent.lease_until,
            "lease_token": intent.lease.token + over,
            "free_at": intent.host_free_at,
            "seconds": intent.seconds or None,  # nobody was asked: as before
            "reached_at": intent.at if intent.reached else None,
            "unreached_at": intent.at if intent.away else None,
        }
        for intent, over in intents
    ]
    _HOSTS(connection, rows)
    # Should one of these have a lane, it ends within a minute; the next begins no earlier.
    led_to = sorted({rest for intent, _ in intents if isinstance(intent, VisitIntent) for rest in intent.elsewhere})
    for authority, free_at in led_to:
        there = hosts.c.authority == authority, hosts.c.free_at < free_at
        connection.execute(update(hosts).where(*there).values(free_at=free_at))
    if away := [intent.at for intent, _ in intents if intent.away]:
        beat(connection, outages.UNREACHED, max(away))


def next_status(next_visit_at: datetime | None, *, gone: bool) -> ColumnElement[str] | str:
    """Whether a resource is revisited, after a reading said when."""
    if next_visit_at is None:
        return ResourceStatus.GONE if gone else ResourceStatus.SETTLED
    return case((resources.c.status.in_(_STAYS), resources.c.status), else_=ResourceStatus.ACTIVE.value)


def still_shown(connection: Connection, shown: Sequence[tuple[int, int, datetime]]) -> None:
    """Pages show these versions of articles, (article, version), at these times; an earlier time changes nothing."""
    # Articles first, as `versions.append` locks them.
    _SEEN_ARTICLES(connection, [{"key": article, "last_seen_at": at} for article, _, at in sorted(shown)])
    _SEEN_VERSIONS(connection, [{"key": version, "last_seen_at": at} for _, version, at in sorted(shown)])


# Made once: to put a statement together took longer than to run it.
_TOKENS = (
    select(hosts.c.id, hosts.c.lease_token)
    .where(among(hosts.c.id, "ids"))
    .order_by(hosts.c.id)
    .with_for_update(key_share=True)
)
_RESOURCES = (
    select(*(resources.c[name] for name in _BEFORE))
    .where(among(resources.c.id, "ids"))
    .order_by(resources.c.id)
    .with_for_update(key_share=True)
)
_SEEN_ARTICLES = BulkUpdate(
    articles, "last_seen_at", where=lambda given: articles.c.last_seen_at < given["last_seen_at"]
)
_SEEN_VERSIONS = BulkUpdate(
    versions, "last_seen_at", where=lambda given: versions.c.last_seen_at < given["last_seen_at"]
)
_LENT_NO_MORE = update(resources).where(resources.c.id == bindparam("resource")).values(lent_at=None)
_VISITED = BulkUpdate(
    resources,
    *("status", "lent_at", "losses", "awaits_reading", "etag", "last_modified", "body_hash", "shown_version_id"),
    *("next_visit_at", "failures", "unchanged", "changed_at", "last_visited_at", "last_success_at", "last_outcome"),
    *("last_detail", "permanent_url", "permanent_visits"),
)
_HOSTS = BulkUpdate(
    hosts,
    *("lease_until", "lease_token", "free_at", "seconds", "reached_at", "unreached_at"),
    values=lambda given: (
        given
        | {name: func.coalesce(given[name], hosts.c[name]) for name in _KEPT}
        | {"free_at": case((hosts.c.free_at > given["free_at"], hosts.c.free_at), else_=given["free_at"])}
    ),
)


def _known(connection: Connection, steps: Sequence[Step]) -> dict[int, Any]:
    """The resources of steps, locked, in an order that all keep to."""
    ids = sorted({step.intent.resource_id for step in steps})
    return {row.id: row for row in connection.execute(_RESOURCES, {"ids": ids})}


def _captured(connection: Connection, intent: VisitIntent) -> int | None:
    same = captures.c.resource_id == intent.resource_id, captures.c.fetched_at == intent.at
    return connection.execute(select(captures.c.id).where(*same)).scalar_one_or_none()


def _keep(
    connection: Connection, visits: Sequence[tuple[int, VisitIntent]], packed: Mapping[str, bytes]
) -> dict[int, int]:
    """Keep bytes, those that are known already once; ids of the captures."""
    drafts = [(position, intent, intent.capture) for position, intent in visits if intent.capture is not None]
    if not drafts:
        return {}
    sizes = {draft.body_hash: len(draft.body) for _, _, draft in drafts}
    bodies = [{"hash": key, "size": size, "data": packed[key]} for key, size in sorted(sizes.items())]
    insert = insert_into(connection, blobs)
    # Writing what is there already locks it: nobody may prune it before the capture refers to it.
    same = insert.on_conflict_do_update(index_elements=["hash"], set_={"size": insert.excluded.size})
    connection.execute(same, bodies)
    rows = [_capture(intent, draft) for _, intent, draft in drafts]
    ids = connection.execute(captures.insert().returning(captures.c.id, sort_by_parameter_order=True), rows).scalars()
    return {position: id_ for (position, _, _), id_ in zip(drafts, ids, strict=True)}


def _capture(intent: VisitIntent, draft: CaptureDraft) -> dict[str, Any]:
    return {
        "resource_id": intent.resource_id,
        "fetched_at": intent.at,
        "url": draft.url,
        "status_code": draft.status,
        "headers": dict(draft.headers),
        "whole": draft.whole,
        "body_hash": draft.body_hash,
        "state": CaptureState.UNREAD,
    }


def _write_resources(connection: Connection, visits: Sequence[tuple[VisitIntent, Row[Any]]]) -> None:
    """All in one statement, after those that move, which look at what others are called."""
    rows, shown = [], []
    for intent, before in visits:
        values = _resource(intent, before)
        if intent.move.to != before.moved_to and (moved := moving.values(connection, intent, before)):
            connection.execute(update(resources).where(resources.c.id == intent.resource_id).values(moved))
        rows.append(values)
        if intent.outcome in SUCCESS and values["shown_version_id"] is not None:
            shown.append((before.article_id, values["shown_version_id"], intent.at))
    _VISITED(connection, rows)
    still_shown(connection, shown)


def _resource(intent: VisitIntent, before: Row[Any]) -> dict[str, Any]:
    """A row of `_VISITED`."""
    success, fresh = intent.outcome in SUCCESS, intent.capture is not None
    return {
        "key": intent.resource_id,
        "status": _status(intent, before),
        "lent_at": None,
        "losses": intent.losses,
        "awaits_reading": fresh or before.awaits_reading,
        "etag": intent.validators.etag,
        "last_modified": intent.validators.last_modified,
        "body_hash": intent.body_hash,
        "shown_version_id": None if fresh or intent.body_hash != before.body_hash else before.shown_version_id,
        "next_visit_at": intent.next_visit_at,
        "failures": intent.failures,
        "unchanged": intent.unchanged,
        "changed_at": intent.at if fresh else before.changed_at,
        "last_visited_at": intent.at,
        "last_success_at": intent.at if success else before.last_success_at,
        "last_outcome": intent.outcome.value,
        "last_detail": intent.detail,
        "permanent_url": intent.move.seen,
        "permanent_visits": intent.move.visits,
    }


def _status(intent: VisitIntent, before: Row[Any]) -> str:
    if intent.next_visit_at is None:
        return ResourceStatus.GONE if intent.outcome is Outcome.GONE else ResourceStatus.SETTLED
    return before.status if before.status in _STAYS else ResourceStatus.ACTIVE


def _end_lending(connection: Connection, resource_id: int) -> None:
    connection.execute(_LENT_NO_MORE, {"resource": resource_id})


def _counts(intent: VisitIntent) -> Counter[tuple[str, str]]:
    waited, received = round(intent.seconds * 1000), intent.wire_bytes
    counts = Counter({("visit", intent.outcome.value): 1, ("wire_bytes", ""): received, ("visit_ms", ""): waited})
    if intent.given_up:
        counts["quarantine", "visit"] += 1
    if intent.tag_reused:
        counts["reused_etag", ""] += 1
    return counts
