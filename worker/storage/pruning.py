"""Retention: what nobody reads any more is deleted, in short transactions.

Kept for ever is whatever a view shows: versions, figures, revisions, series, changes. What goes is raw bytes that no
version was read from, old articles in the index of copies, and the record of what webhooks delivered long ago. The
bytes that versions were read from go only when asked to: without them history cannot be read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, func, or_, select, tuple_

from worker.storage.tables import (
    CaptureState,
    articles,
    blobs,
    captures,
    deliveries,
    endpoints,
    held,
    sketches,
    versions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from worker.storage.database import Database

CHUNK = 500  # captures in one transaction: tens of milliseconds
SKETCHES = 20_000  # rows of the index of copies looked at in one transaction


@dataclass(frozen=True, slots=True)
class Pruned:
    """What one transaction deleted, or would delete."""

    captures: int = 0
    bytes: int = 0  # compressed, of contents that no other capture shows; 0 when nothing is deleted
    sketches: int = 0
    deliveries: int = 0


class Pruning:
    """What `figurewatch prune` does."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def captures(self, before: datetime, raw_before: datetime | None, *, dry_run: bool) -> Iterator[Pruned]:
        """Delete captures fetched before a time, and their bytes; one item for each transaction.

        Kept are those not read yet or in quarantine, the newest of each resource, those that a held text waits on, and
        those that a version was read from, unless they are from before `raw_before`.
        """
        old = _old(before, raw_before)
        yield from self._each(lambda connection, after: _captures(connection, old, after, dry_run=dry_run))

    def sketches(self, before: datetime, *, dry_run: bool) -> Iterator[Pruned]:
        """Take articles that were last seen before a time out of the index of copies."""
        yield from self._each(lambda connection, after: _sketches(connection, before, after, dry_run=dry_run))

    def deliveries(self, before: datetime, *, dry_run: bool) -> Iterator[Pruned]:
        """Delete the record of what endpoints of webhooks had taken before a time; sent again, it has the same id."""
        yield self._database.write(lambda connection: _deliveries(connection, before, dry_run=dry_run))

    def _each(self, work: Callable[[Connection, int | None], tuple[Pruned, int | None]]) -> Iterator[Pruned]:
        after: int | None = None
        while True:
            place = after
            pruned, after = self._database.write(lambda connection: work(connection, place))  # noqa: B023 - called at once
            yield pruned
            if after is None:
                return


def _old(before: datetime, raw_before: datetime | None) -> ColumnElement[bool]:
    newer = captures.alias("newer")
    read_from = exists().where(versions.c.capture_id == captures.c.id)
    spent = ~read_from if raw_before is None else or_(~read_from, captures.c.fetched_at < raw_before)
    return and_(
        captures.c.state == CaptureState.READ,
        captures.c.fetched_at < before,
        exists().where(newer.c.resource_id == captures.c.resource_id, newer.c.fetched_at > captures.c.fetched_at),
        ~exists().where(held.c.capture_id == captures.c.id),
        spent,
    )


def _captures(
    connection: Connection, old: ColumnElement[bool], after: int | None, *, dry_run: bool
) -> tuple[Pruned, int | None]:
    found = select(captures.c.id, captures.c.body_hash).where(old, captures.c.id > (after or 0))
    rows = connection.execute(found.order_by(captures.c.id).limit(CHUNK)).all()
    freed = 0
    if rows and not dry_run:
        connection.execute(delete(captures).where(captures.c.id.in_([row.id for row in rows])))
        freed = _blobs(connection, sorted({row.body_hash for row in rows}))
    return Pruned(captures=len(rows), bytes=freed), rows[-1].id if len(rows) == CHUNK else None


def _blobs(connection: Connection, hashes: Sequence[str]) -> int:
    """Delete contents that no capture shows; the lock comes first, so that a visit which brings one of them waits."""
    connection.execute(select(blobs.c.hash).where(blobs.c.hash.in_(hashes)).order_by(blobs.c.hash).with_for_update())
    unused = blobs.c.hash.in_(hashes), ~exists().where(captures.c.body_hash == blobs.c.hash)
    freed = connection.execute(
        select(func.coalesce(func.sum(func.length(blobs.c.data)), 0)).where(*unused)
    ).scalar_one()
    connection.execute(delete(blobs).where(*unused))
    return int(freed)


def _deliveries(connection: Connection, before: datetime, *, dry_run: bool) -> Pruned:
    reached = select(endpoints.c.position).where(endpoints.c.id == deliveries.c.endpoint_id).scalar_subquery()
    old = deliveries.c.at < before, deliveries.c.position <= reached
    if dry_run:
        counted = select(func.count()).select_from(deliveries).where(*old)
        return Pruned(deliveries=connection.execute(counted).scalar_one())
    return Pruned(deliveries=connection.execute(delete(deliveries).where(*old)).rowcount)


def _sketches(
    connection: Connection, before: datetime, after: int | None, *, dry_run: bool
) -> tuple[Pruned, int | None]:
    seen_at = func.coalesce(articles.c.last_capture_at, articles.c.first_seen_at)
    looked: Any = select(sketches.c.band, sketches.c.article_id, (seen_at < before).label("old")).join_from(
        sketches, articles, articles.c.id == sketches.c.article_id
    )
    if after is not None:
        looked = looked.where(sketches.c.band >= after)
    rows = connection.execute(looked.order_by(sketches.c.band, sketches.c.article_id).limit(SKETCHES)).all()
    old = [(row.band, row.article_id) for row in rows if row.old]
    if not dry_run:
        for start in range(0, len(old), CHUNK):
            these = tuple_(sketches.c.band, sketches.c.article_id).in_(old[start : start + CHUNK])
            connection.execute(delete(sketches).where(these))
    more = len(rows) == SKETCHES and rows[0].band != rows[-1].band
    return Pruned(sketches=len(old)), rows[-1].band if more else None
