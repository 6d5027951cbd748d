"""Articles whose history is to be read again, and what that changed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import zstandard
from sqlalchemy import and_, exists, func, literal, select, text, update

from worker.errors import StaleLease
from worker.model import (
    ChangeKind,
    History,
    Lease,
    PastRevision,
    PastVersion,
    RawPage,
    ReplayProgress,
    ResourceKind,
    RevisionKind,
)
from worker.storage import observing, relations
from worker.storage import revisions as revising
from worker.storage.database import insert_into
from worker.storage.figures import FigureKeys, from_row
from worker.storage.leasing import Queue
from worker.storage.tables import (
    ReplayState,
    articles,
    blobs,
    captures,
    changes,
    figures,
    outlets,
    replays,
    resources,
    revisions,
    versions,
)
from worker.storage.tally import count, fenced

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from worker.model import Reading, ReplayIntent
    from worker.storage.database import Database

WAITING = text("replay.state = 'waiting'")  # in the words of the partial index on it
_WAITING = Queue(replays.c.id, WAITING, order=(replays.c.id,), told=replays.c.article_id)


class Replays:
    """`ports.Replays` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def request(self, extractor: str, *, outlet: str | None = None, everything: bool = False) -> int:
        """Have articles read again: those with a version that another extractor read, or all.

        How many were not waiting before. `outlet` is a slug.
        """
        return self._database.write(lambda connection: _request(connection, extractor, outlet, everything=everything))

    def want(self, article_id: int) -> None:
        """Have one article read again."""
        one = select(articles.c.id).where(articles.c.id == article_id)
        self._database.write(lambda connection: _upsert(connection, one))

    def candidates(self, extractor: str, *, outlet: str | None = None, everything: bool = False) -> tuple[int, ...]:
        """The articles that `request` would have read again."""
        wanted = _candidates(extractor, outlet, everything=everything).order_by(articles.c.id)
        return self._database.read(lambda connection: tuple(connection.execute(wanted).scalars()))

    def lease(self, now: datetime, until: datetime, limit: int) -> tuple[int, ...]:
        """Articles that nobody reads again yet, oldest first; the lease keeps them from being sent twice."""
        return self._database.write(lambda connection: _WAITING.lease(connection, now, until, limit))

    def begin(self, article_id: int, until: datetime, max_attempts: int) -> History | None:
        """Count an attempt, commit, and lend the history; None when it is done, or was given up.

        The attempt after `max_attempts` is not made. A second `begin` takes the lease over.
        """
        lease = self._database.write(lambda connection: _begin(connection, article_id, until, max_attempts))
        return (
            None if lease is None else self._database.read(lambda connection: _history(connection, article_id, lease))
        )

    def history(self, article_id: int) -> History:
        """The same, to look at only."""
        return self._database.read(lambda connection: _history(connection, article_id, Lease(0, 0)))

    def apply(self, intent: ReplayIntent) -> None:
        """Write what was read again, and finish. Raises StaleLease, also when there is a newer version by now."""
        fenced(self._database, "apply_replay", lambda connection: _apply(connection, intent))

    def fail(self, lease: Lease, now: datetime, reason: str) -> None:
        """Record why an attempt failed; it may be leased again from `now` on. Raises StaleLease."""
        fenced(
            self._database, "fail_replay", lambda connection: _write(connection, lease, lease_until=now, reason=reason)
        )

    def progress(self) -> ReplayProgress:
        """How far it is."""
        counted = select(replays.c.state, func.count().label("articles")).group_by(replays.c.state)
        rows = self._database.read(lambda connection: connection.execute(counted).all())
        states = {row.state: row.articles for row in rows}
        return ReplayProgress(*(states.get(state.value, 0) for state in ReplayState))


def _request(connection: Connection, extractor: str, outlet: str | None, *, everything: bool) -> int:
    return _upsert(connection, _candidates(extractor, outlet, everything=everything))


def _upsert(connection: Connection, article_ids: Select[Any]) -> int:
    wanted = article_ids.add_columns(literal(ReplayState.WAITING.value), literal(0), literal(0))
    insert = insert_into(connection, replays).from_select(["article_id", "state", "attempts", "lease_token"], wanted)
    again = {"state": ReplayState.WAITING, "attempts": 0, "lease_until": None, "reason": None}
    upsert = insert.on_conflict_do_update(
        index_elements=["article_id"], set_=again, where=replays.c.state != ReplayState.WAITING
    )
    return len(connection.execute(upsert.returning(replays.c.id)).all())


def _candidates(extractor: str, outlet: str | None, *, everything: bool) -> Select[Any]:
    read = [versions.c.article_id == articles.c.id]
    if not everything:
        raw = exists().where(captures.c.id == versions.c.capture_id)
        read += [versions.c.extractor != extractor, raw]
    wanted = select(articles.c.id).where(exists().where(*read))
    if outlet is not None:
        wanted = wanted.where(
            articles.c.outlet_id == select(outlets.c.id).where(outlets.c.slug == outlet).scalar_subquery()
        )
    return wanted


def _begin(connection: Connection, article_id: int, until: datetime, max_attempts: int) -> Lease | None:
    of_article = select(replays).where(replays.c.article_id == article_id, WAITING).with_for_update()
    row = connection.execute(of_article).one_or_none()
    if row is None:
        return None
    mine = update(replays).where(replays.c.id == row.id)
    if row.attempts >= max_attempts:
        reason = row.reason or f"{row.attempts} attempts ended without a word"
        connection.execute(mine.values(state=ReplayState.FAILED, lease_until=None, reason=reason))
        count(connection, Counter({("replay", "failed"): 1}))
        return None
    taken = {"attempts": row.attempts + 1, "lease_token": row.lease_token + 1, "lease_until": until}
    connection.execute(mine.values(taken))
    return Lease(row.id, row.lease_token + 1)


# --- what is lent ------------------------------------------------------------------------------------


def _history(connection: Connection, article_id: int, lease: Lease) -> History:
    known = select(articles.c.language, outlets.c.slug).join_from(articles, outlets).where(articles.c.id == article_id)
    article = connection.execute(known).one()
    return History(
        lease=lease,
        article_id=article_id,
        outlet=article.slug,
        language=article.language,
        versions=_versions(connection, article_id),
        revisions=_revisions(connection, article_id),
    )


def _versions(connection: Connection, article_id: int) -> tuple[PastVersion, ...]:
    page = and_(resources.c.id == captures.c.resource_id, resources.c.kind == ResourceKind.ARTICLE)
    past = (
        select(versions, captures.c.url, captures.c.headers, captures.c.whole, blobs.c.data, resources.c.kind)
        .outerjoin(captures, captures.c.id == versions.c.capture_id)
        .outerjoin(resources, page)
        .outerjoin(blobs, blobs.c.hash == captures.c.body_hash)
        .where(versions.c.article_id == article_id)
        .order_by(versions.c.ordinal)
    )
    unpack = zstandard.ZstdDecompressor()
    return tuple(
        PastVersion(
            version_id=row.id,
            title=row.title,
            text=row.text,
            content_hash=row.content_hash,
            extractor=row.extractor,
            captions_at=row.captions_at,
            page=None
            if row.kind is None or row.data is None
            else RawPage(unpack.decompress(row.data), row.url, row.headers, row.whole),
        )
        for row in connection.execute(past)
    )


def _revisions(connection: Connection, article_id: int) -> tuple[PastRevision, ...]:
    standing = (
        select(revisions)
        .where(revisions.c.article_id == article_id, revisions.c.retracted_at.is_(None))
        .order_by(revisions.c.id)
    )
    rows = connection.execute(standing).all()
    ids = {id_ for row in rows for id_ in (row.old_figure_id, row.new_figure_id) if id_ is not None}
    found = connection.execute(select(figures).where(figures.c.id.in_(ids))).mappings()
    by_id = {row["id"]: from_row(row) for row in found}
    return tuple(
        PastRevision(
            revision_id=row.id,
            old_version_id=row.old_version_id,
            new_version_id=row.new_version_id,
            kind=RevisionKind(row.kind),
            old=by_id[row.old_figure_id],
            new=by_id[row.new_figure_id] if row.new_figure_id is not None else None,
        )
        for row in rows
    )


# --- what is written ---------------------------------------------------------------------------------


def _apply(connection: Connection, intent: ReplayIntent) -> None:
    _write(connection, intent.lease, state=ReplayState.DONE, lease_until=None, reason=None)
    # Whoever holds the article's row appends to it: no version comes in between.
    connection.execute(select(articles.c.id).where(articles.c.id == intent.article_id).with_for_update(key_share=True))
    newest = select(func.max(versions.c.id)).where(versions.c.article_id == intent.article_id)
    if connection.execute(newest).scalar_one() != intent.newest_version_id:
        raise StaleLease(f"article {intent.article_id} has a newer version than the one that was read again")
    counted = Counter({("replay", "done"): 1, ("replay_unreadable", ""): intent.unreadable})
    keys = {reading.version_id: _rewrite(connection, intent, reading, counted) for reading in intent.readings}
    _retract(connection, intent, counted)
    for pair in intent.comparisons:
        old, new = keys[pair.old_version_id], keys[pair.new_version_id]
        ids = revising.insert(connection, pair.added, article_id=intent.article_id, old=old, new=new, at=intent.at)
        _announce(connection, intent, ChangeKind.REVISION, ids, pair.new_version_id)
        counted.update(("revision", revision.kind.value) for revision in pair.added)
    count(connection, counted)


def _write(connection: Connection, lease: Lease, **values: Any) -> None:
    """Write the replay under its lease. Raises StaleLease."""
    held = replays.c.id == lease.id, replays.c.lease_token == lease.token, WAITING
    if connection.execute(update(replays).where(*held).values(values)).rowcount != 1:
        raise StaleLease(f"replay {lease.id} has passed to another reader")


def _rewrite(
    connection: Connection, intent: ReplayIntent, reading: Reading, counted: Counter[tuple[str, str]]
) -> FigureKeys:
    """The version as it is read today; its figures."""
    keys = FigureKeys(connection, reading.version_id)
    replaced = keys.replace(reading.figures)
    observing.follow(connection, replaced.successors)
    values: dict[str, Any] = {"extractor": reading.extractor}
    if reading.changed or replaced.changed:
        told = {
            "title": reading.title,
            "text": reading.text,
            "content_hash": reading.content_hash,
            "captions_at": reading.captions_at,
        }
        values |= told | {"readings": versions.c.readings + 1}
        event = {"at": intent.at, "article_id": intent.article_id, "version_id": reading.version_id}
        connection.execute(changes.insert(), {**event, "kind": ChangeKind.REREAD})
        counted["reread", "text" if reading.changed else "figures"] += 1
        if (
            reading.version_id == intent.newest_version_id
        ):  # what the article says now goes on with series, or begins some
            relations.again(connection, intent.article_id, reading.version_id)
    connection.execute(update(versions).where(versions.c.id == reading.version_id).values(values))
    return keys


def _announce(
    connection: Connection, intent: ReplayIntent, kind: ChangeKind, revision_ids: Sequence[int], version_id: int
) -> None:
    revising.announce(connection, kind, revision_ids, article_id=intent.article_id, version_id=version_id, at=intent.at)


def _retract(connection: Connection, intent: ReplayIntent, counted: Counter[tuple[str, str]]) -> None:
    if not intent.retracted:
        return
    standing = revisions.c.id.in_(intent.retracted), revisions.c.retracted_at.is_(None)
    gone = update(revisions).where(*standing).values(retracted_at=intent.at)
    for row in connection.execute(gone.returning(revisions.c.id, revisions.c.new_version_id)).all():
        _announce(connection, intent, ChangeKind.RETRACTION, [row.id], row.new_version_id)
        counted["retraction", ""] += 1
