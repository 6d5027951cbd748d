"""Versions that wait to be related to other articles, and what relating them wrote."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select, update

from worker.errors import StaleLease
from worker.model import Lease, Subject
from worker.storage import copies, corrections, merging, stories
from worker.storage.database import insert_into
from worker.storage.leasing import Queue
from worker.storage.tables import RelatingState, articles, captures, outlets, relating, versions
from worker.storage.tally import count, fenced

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from worker.model import CopyLink, Kin, Neighbour, RelationIntent
    from worker.storage.database import Database

WAITING = relating.c.state == RelatingState.WAITING
_OLDER = relating.alias("older")
_OLDER_WAITING = exists().where(
    _OLDER.c.article_id == relating.c.article_id,
    _OLDER.c.version_id < relating.c.version_id,
    _OLDER.c.state == RelatingState.WAITING,
)
_RELATING = Queue(
    relating.c.version_id, WAITING, ~_OLDER_WAITING, order=(relating.c.version_id,), told=relating.c.version_id
)


class Relations:
    """`ports.Relations` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self, capture_id: int) -> tuple[int, ...]:
        """Ids of the versions kept from a capture that wait to be related, oldest first."""
        mine = select(relating.c.version_id).where(relating.c.capture_id == capture_id, WAITING)
        ordered = mine.order_by(relating.c.version_id)
        return self._database.read(lambda connection: tuple(connection.execute(ordered).scalars()))

    def lease_waiting(self, now: datetime, until: datetime, limit: int) -> tuple[int, ...]:
        """Ids of versions that nobody relates, oldest first; the lease keeps them from being sent twice.

        A version behind a waiting one of the same article waits for its turn.
        """
        return self._database.write(lambda connection: _RELATING.lease(connection, now, until, limit))

    def begin(self, version_id: int, until: datetime, max_attempts: int) -> Subject | None:
        """Count an attempt, commit, and lend the version.

        None when it is related, given up on, or an older version of its article waits. The attempt after
        `max_attempts` is not made: the version is given up on instead. A second `begin` takes the lease over.
        """
        return self._database.write(lambda connection: _begin(connection, version_id, until, max_attempts))

    def fail(self, lease: Lease, now: datetime, reason: str) -> None:
        """Record why an attempt failed; it may be leased again from `now` on. Raises StaleLease."""
        fenced(self._database, "fail_relation", lambda connection: _fail(connection, lease, now, reason))

    def index(self, article_id: int, bands: tuple[int, ...]) -> None:
        """Put an article into its buckets of the index of copies; a repeat writes nothing."""
        self._database.write(lambda connection: copies.index(connection, article_id, bands))

    def neighbours(self, article_id: int, bands: tuple[int, ...], limit: int) -> tuple[Neighbour, ...]:
        """Other articles that share buckets, those that share most of them first."""
        return self._database.read(lambda connection: copies.neighbours(connection, article_id, bands, limit))

    def copies(self, article_id: int) -> tuple[CopyLink, ...]:
        """Known copies of an article, seen from it."""
        return self._database.read(lambda connection: copies.links(connection, article_id))

    def claimed(self, article_id: int) -> tuple[int, ...]:
        """Articles of the same outlet whose pages give an address of this one for theirs, or the other way round."""
        return self._database.read(lambda connection: merging.claimed(connection, article_id))

    def merge(self, article_id: int, into: int, now: datetime) -> None:
        """Make one article of two, by hand. Raises InputError when that cannot be."""
        self._database.write(lambda connection: merging.by_hand(connection, article_id, into, now))

    def kin(self, article_ids: tuple[int, ...]) -> tuple[Kin, ...]:
        """Articles with figures and revisions, as of their newest versions; those that have none are left out."""
        return self._database.read(lambda connection: copies.kin(connection, article_ids))

    def apply(self, intent: RelationIntent) -> None:
        """Write what a version was related to; it waits no longer.

        Raises StaleLease, also for a repeat, and Outdated when its story has got news meanwhile.
        """
        fenced(self._database, "apply_relation", lambda connection: _apply(connection, intent))


def enqueue(connection: Connection, article_id: int, version_id: int, capture_id: int) -> None:
    """Have a new version related, in the transaction that keeps it: by who reads its capture, until that lease ends."""
    until = select(captures.c.lease_until).where(captures.c.id == capture_id).scalar_subquery()
    row = {
        "version_id": version_id,
        "article_id": article_id,
        "capture_id": capture_id,
        "state": RelatingState.WAITING,
        "lease_until": until,
    }
    connection.execute(relating.insert().values(row))


def again(connection: Connection, article_id: int, version_id: int) -> None:
    """Have a version related once more, after it was read again."""
    row = {"version_id": version_id, "article_id": article_id, "state": RelatingState.WAITING}
    insert = insert_into(connection, relating).values(row)
    fresh = {"state": RelatingState.WAITING, "attempts": 0, "reason": None}
    connection.execute(insert.on_conflict_do_update(index_elements=["version_id"], set_=fresh))


def _begin(connection: Connection, version_id: int, until: datetime, max_attempts: int) -> Subject | None:
    row = connection.execute(_to_relate(version_id)).one_or_none()
    if row is None or _older_waiting(connection, row):
        return None
    mine = update(relating).where(relating.c.version_id == version_id)
    if row.attempts >= max_attempts:
        reason = row.reason or f"{row.attempts} attempts ended without a word"
        connection.execute(mine.values(state=RelatingState.QUARANTINED, lease_until=None, reason=reason))
        count(connection, Counter({("quarantine", "version"): 1}))
        return None
    taken = {"attempts": row.attempts + 1, "lease_token": row.lease_token + 1, "lease_until": until}
    connection.execute(mine.values(taken))
    return _subject(row)


def _older_waiting(connection: Connection, row: Row[Any]) -> bool:
    older = exists().where(relating.c.article_id == row.article_id, relating.c.version_id < row.version_id, WAITING)
    return bool(connection.execute(select(older)).scalar_one())


def _to_relate(version_id: int) -> Any:
    return (
        select(
            relating,
            versions.c.ordinal,
            versions.c.title,
            versions.c.text,
            versions.c.first_seen_at.label("seen_at"),
            articles.c.url,
            articles.c.language,
            articles.c.published_at,
            articles.c.first_seen_at,
            outlets.c.slug,
        )
        .join_from(relating, versions, relating.c.version_id == versions.c.id)
        .join(articles, versions.c.article_id == articles.c.id)
        .join(outlets, articles.c.outlet_id == outlets.c.id)
        .where(relating.c.version_id == version_id, WAITING)
        .with_for_update(key_share=True, of=relating)
    )


def _subject(row: Row[Any]) -> Subject:
    return Subject(
        lease=Lease(row.version_id, row.lease_token + 1),
        version_id=row.version_id,
        ordinal=row.ordinal,
        article_id=row.article_id,
        outlet=row.slug,
        language=row.language,
        url=row.url,
        title=row.title,
        text=row.text,
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        seen_at=row.seen_at,
        attempt=row.attempts + 1,
    )


def _held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return relating.c.version_id == lease.id, relating.c.lease_token == lease.token, WAITING


def _fail(connection: Connection, lease: Lease, now: datetime, reason: str) -> None:
    failed = update(relating).where(*_held(lease)).values(lease_until=now, reason=reason)
    if connection.execute(failed).rowcount != 1:
        raise _stale(lease)


def _apply(connection: Connection, intent: RelationIntent) -> None:
    """The row goes first: whoever comes second waits for it, then finds it gone."""
    if connection.execute(relating.delete().where(*_held(intent.lease))).rowcount != 1:
        raise _stale(intent.lease)
    counted = Counter({("related", ""): 1})
    counted.update(("ripple", ripple.state.value) for ripple in intent.ripples)
    copies.write(connection, intent)
    for article_id, into in intent.merges:
        merging.merge(connection, article_id, into, intent.at)
    if intent.story is not None:
        teller = stories.Teller(intent.article_id, intent.lease.id, intent.at)
        counted += stories.write(connection, intent.story, teller)
    counted += corrections.write(connection, intent.article_id, intent.lease.id, intent.declarations)
    count(connection, counted)


def _stale(lease: Lease) -> StaleLease:
    return StaleLease(f"version {lease.id} is related already, or by somebody else now")
