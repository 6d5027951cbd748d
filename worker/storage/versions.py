"""Versions of an article: the newest one, and appending the next with its figures, revisions and events."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, literal, select, update

from worker.errors import StaleLease
from worker.model import UNWRITTEN, ChangeKind, StoredVersion
from worker.storage import relations, revisions
from worker.storage.columns import UtcDateTime
from worker.storage.figures import FigureKeys
from worker.storage.lending import reports_figures
from worker.storage.recording import still_shown
from worker.storage.tables import articles, changes, versions

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from worker.model import Confirmed, VersionDraft


@dataclass(frozen=True, slots=True)
class Shown:
    """What an article was seen to show: a version that is known, or a new one, or neither."""

    article_id: int
    at: datetime  # of the capture
    seen: int | None
    version: VersionDraft | None
    published_at: datetime | None
    language: str | None
    confirmed: Confirmed | None = None  # goes before `version`


def newest(connection: Connection, article_id: int) -> StoredVersion | None:
    """The newest version, None before the first."""
    row = connection.execute(_newest(article_id)).one_or_none()
    if row is None:
        return None
    return _stored(row, figures=bool(connection.execute(select(reports_figures(literal(row.id)))).scalar_one()))


def newest_of(connection: Connection, article_ids: list[int]) -> dict[int, StoredVersion]:
    """The newest versions of articles by article; whether they report figures is not asked."""
    found = (
        select(versions)
        .join(articles, articles.c.id == versions.c.article_id)
        .where(articles.c.id.in_(article_ids), versions.c.ordinal == articles.c.versions)
    )
    return {row.article_id: _stored(row, figures=None) for row in connection.execute(found)}


def _stored(row: Row[Any], *, figures: bool | None) -> StoredVersion:
    return StoredVersion(
        version_id=row.id,
        ordinal=row.ordinal,
        title=row.title,
        text=row.text,
        content_hash=row.content_hash,
        extractor=row.extractor,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        figures=figures,
        captions_at=row.captions_at,
    )


def keep(
    connection: Connection, shown: Shown, capture_id: int, counted: Counter[tuple[str, str]]
) -> tuple[int | None, tuple[int, ...]]:
    """Write what a capture showed of an article; the version shown and the ids of new revisions, counted in `counted`.

    Raises StaleLease when another version has become the newest meanwhile.
    """
    # Whoever holds the article's row appends to it; the other waits here, then finds its version outdated.
    connection.execute(select(articles.c.id).where(articles.c.id == shown.article_id).with_for_update(key_share=True))
    newest = connection.execute(_newest(shown.article_id)).one_or_none()
    version_id = shown.seen
    if version_id is not None and (newest is None or version_id != newest.id):
        raise StaleLease(f"version {version_id} is not the newest of article {shown.article_id}")
    newest_id, revision_ids = _keep_drafts(connection, shown, capture_id, newest, counted)
    if shown.version is not None:
        version_id = newest_id
    if version_id is not None:
        still_shown(connection, [(shown.article_id, version_id, shown.at)])
    _write_article(connection, shown)
    return version_id, revision_ids


# --- a new version -----------------------------------------------------------------------------------


def _keep_drafts(
    connection: Connection,
    shown: Shown,
    capture_id: int,
    newest: Row[Any] | None,
    counted: Counter[tuple[str, str]],
) -> tuple[int | None, tuple[int, ...]]:
    """Append what is new; the id of the newest version then, and those of new revisions."""
    newest_id, ordinal = (newest.id, newest.ordinal) if newest else (None, 0)
    revision_ids: tuple[int, ...] = ()
    for draft, read_from in _drafts(shown, capture_id):
        follows = newest_id if draft.previous_version_id == UNWRITTEN else draft.previous_version_id
        _check_succession(newest_id, ordinal, follows, draft.ordinal)
        following = replace(draft, previous_version_id=follows)
        newest_id, ordinal = _insert_version(connection, shown, following, read_from), draft.ordinal
        # With the capture that is read now, after which what waits to be related is looked for.
        relations.enqueue(connection, shown.article_id, newest_id, capture_id)
        revision_ids += _append(connection, shown, following, newest_id)
        counted["version", "first" if ordinal == 1 else "next"] += 1
        counted["figure", ""] += len(draft.figures)
        counted.update(("revision", revision.kind.value) for revision in draft.revisions)
    return newest_id, revision_ids


def _drafts(shown: Shown, capture_id: int) -> Iterator[tuple[VersionDraft, int]]:
    """The versions to append, in order, each with the capture that it was read from."""
    if shown.confirmed is not None:
        yield shown.confirmed.version, shown.confirmed.capture_id
    if shown.version is not None:
        yield shown.version, capture_id


def _append(connection: Connection, shown: Shown, draft: VersionDraft, version_id: int) -> tuple[int, ...]:
    """Put figures, revisions and events under a new version; ids of the revisions."""
    new_keys = FigureKeys(connection, version_id)
    new_keys.insert(draft.figures)
    revision_ids = _insert_revisions(connection, shown, draft, new_keys) if draft.revisions else ()
    _announce(connection, shown, version_id, revision_ids)
    return revision_ids


def _newest(article_id: int) -> Any:
    return select(versions).where(versions.c.article_id == article_id).order_by(versions.c.ordinal.desc()).limit(1)


def _check_succession(newest_id: int | None, newest: int, follows: int | None, ordinal: int) -> None:
    if (newest_id, newest + 1) != (follows, ordinal):
        raise StaleLease(f"version {ordinal} does not follow version {newest_id}, which is now the newest")


def _insert_version(connection: Connection, shown: Shown, draft: VersionDraft, capture_id: int) -> int:
    version = versions.insert().values(
        article_id=shown.article_id,
        ordinal=draft.ordinal,
        previous_version_id=draft.previous_version_id,
        capture_id=capture_id,
        title=draft.title,
        text=draft.text,
        content_hash=draft.content_hash,
        changed_after=draft.changed_after,
        first_seen_at=draft.seen_at,
        last_seen_at=draft.seen_at,
        extractor=draft.extractor,
        captions_at=draft.captions_at,
        modified_at=draft.modified_at,
        reverts_version_id=draft.reverts.version_id if draft.reverts else None,
    )
    return int(connection.execute(version.returning(versions.c.id)).scalar_one())


def _insert_revisions(
    connection: Connection, shown: Shown, draft: VersionDraft, new_keys: FigureKeys
) -> tuple[int, ...]:
    if draft.previous_version_id is None:
        raise ValueError("a first version revises nothing")
    old_keys = FigureKeys(connection, draft.previous_version_id)
    return revisions.insert(
        connection, draft.revisions, article_id=shown.article_id, old=old_keys, new=new_keys, at=shown.at
    )


def _announce(connection: Connection, shown: Shown, version_id: int, revision_ids: tuple[int, ...]) -> None:
    event = {"at": shown.at, "article_id": shown.article_id, "version_id": version_id, "kind": ChangeKind.VERSION}
    connection.execute(changes.insert(), event)
    revisions.announce(
        connection, ChangeKind.REVISION, revision_ids, article_id=shown.article_id, version_id=version_id, at=shown.at
    )


# --- what is known of the article --------------------------------------------------------------------


def _write_article(connection: Connection, shown: Shown) -> None:
    known = articles.c
    values: dict[str, Any] = {
        "published_at": func.coalesce(known.published_at, literal(shown.published_at, UtcDateTime())),
        "last_capture_at": case(
            (known.last_capture_at > shown.at, known.last_capture_at), else_=literal(shown.at, UtcDateTime())
        ),
    }
    if shown.language:
        values["language"] = shown.language
    newest = shown.version or (shown.confirmed.version if shown.confirmed else None)
    if newest is not None:
        values["versions"] = newest.ordinal
        if newest.wire:
            values["wire"] = newest.wire
        if newest.title:
            values["title"] = newest.title
    connection.execute(update(articles).where(known.id == shown.article_id).values(values))
