"""Articles and their versions, figures and revisions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, literal, select, update

from worker.errors import StaleLease
from worker.model import ChangeKind, StoredVersion, Verdict
from worker.storage import listing
from worker.storage.captures import finish, hold
from worker.storage.columns import UtcDateTime
from worker.storage.figures import FigureKeys
from worker.storage.frontier import NO_VALIDATORS, next_status, reports_figures, still_shown
from worker.storage.tables import articles, changes, resources, revisions, versions
from worker.storage.tally import count, fenced

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from worker.model import ArticleIntent, FeedIntent, VersionDraft
    from worker.storage.database import Database


class Articles:
    """`pipeline.Articles` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest_version(self, article_id: int) -> StoredVersion | None:
        """The newest version, None before the first."""
        return self._database.read(lambda connection: _newest_version(connection, article_id))

    def apply_feed(self, intent: FeedIntent) -> int:
        """Write what a feed said, and finish its capture; the number of new articles.

        Raises StaleLease. A repeat under the same lease writes nothing and returns 0.
        """
        return fenced(self._database, "apply_feed", lambda connection: listing.apply_feed(connection, intent))

    def apply_article(self, intent: ArticleIntent) -> tuple[int, ...]:
        """Write what a page said, and finish its capture; ids of new revisions.

        Raises StaleLease when the capture or `version.previous_version_id` is no longer current.
        A repeat under the same lease writes nothing and returns none.
        """
        return fenced(self._database, "apply_article", lambda connection: _apply(connection, intent))


def _newest(article_id: int) -> Any:
    return select(versions).where(versions.c.article_id == article_id).order_by(versions.c.ordinal.desc()).limit(1)


def _newest_version(connection: Connection, article_id: int) -> StoredVersion | None:
    row = connection.execute(_newest(article_id)).one_or_none()
    if row is None:
        return None
    return StoredVersion(
        version_id=row.id,
        ordinal=row.ordinal,
        title=row.title,
        text=row.text,
        content_hash=row.content_hash,
        extractor=row.extractor,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        figures=bool(connection.execute(select(reports_figures(literal(row.id)))).scalar_one()),
    )


def _apply(connection: Connection, intent: ArticleIntent) -> tuple[int, ...]:
    if hold(connection, intent.capture).done:
        return ()
    # Whoever holds the article's row appends to it; the other waits here, then finds its version outdated.
    connection.execute(select(articles.c.id).where(articles.c.id == intent.article_id).with_for_update(key_share=True))
    counted = Counter({("read_article", intent.verdict.value): 1})
    version_id = intent.seen
    revision_ids: tuple[int, ...] = ()
    if intent.version is not None:
        version_id, revision_ids = _append(connection, intent, intent.version, counted)
    if version_id is not None:
        still_shown(connection, version_id, intent.at)
    _write_article(connection, intent)
    _write_resource(connection, intent, version_id)
    finish(connection, intent.capture, intent.verdict.value, intent.detail)
    count(connection, counted)
    return revision_ids


# --- a new version -----------------------------------------------------------------------------------


def _append(
    connection: Connection, intent: ArticleIntent, draft: VersionDraft, counted: Counter[tuple[str, str]]
) -> tuple[int, tuple[int, ...]]:
    newest = connection.execute(_newest(intent.article_id)).one_or_none()
    _check_succession(newest, draft)
    version_id = _insert_version(connection, intent, draft)
    new_keys = FigureKeys(connection, version_id)
    new_keys.insert(draft.figures)
    revision_ids = _insert_revisions(connection, intent, draft, version_id, new_keys) if draft.revisions else ()
    _announce(connection, intent, version_id, revision_ids)
    counted["version", "first" if draft.ordinal == 1 else "next"] += 1
    counted["figure", ""] += len(draft.figures)
    counted.update(("revision", revision.kind.value) for revision in draft.revisions)
    return version_id, revision_ids


def _check_succession(newest: Row[Any] | None, draft: VersionDraft) -> None:
    newest_id, ordinal = (newest.id, newest.ordinal) if newest else (None, 0)
    if (newest_id, ordinal + 1) != (draft.previous_version_id, draft.ordinal):
        raise StaleLease(f"version {draft.ordinal} does not follow version {newest_id}, which is now the newest")


def _insert_version(connection: Connection, intent: ArticleIntent, draft: VersionDraft) -> int:
    version = versions.insert().values(
        article_id=intent.article_id,
        ordinal=draft.ordinal,
        previous_version_id=draft.previous_version_id,
        capture_id=intent.capture.id,
        title=draft.title,
        text=draft.text,
        content_hash=draft.content_hash,
        changed_after=draft.changed_after,
        first_seen_at=draft.seen_at,
        last_seen_at=draft.seen_at,
        extractor=draft.extractor,
    )
    return int(connection.execute(version.returning(versions.c.id)).scalar_one())


def _insert_revisions(
    connection: Connection, intent: ArticleIntent, draft: VersionDraft, version_id: int, new_keys: FigureKeys
) -> tuple[int, ...]:
    if draft.previous_version_id is None:
        raise ValueError("a first version revises nothing")
    old_keys = FigureKeys(connection, draft.previous_version_id)
    rows = [
        {
            "article_id": intent.article_id,
            "old_version_id": draft.previous_version_id,
            "new_version_id": version_id,
            "position": position,
            "kind": revision.kind,
            "old_figure_id": old_keys.of(revision.old),
            "new_figure_id": new_keys.of(revision.new) if revision.new else None,
            "confidence": revision.confidence,
            "because": revision.because,
            "declared": revision.declared,
            "detected_at": intent.at,
        }
        for position, revision in enumerate(draft.revisions)
    ]
    insert = revisions.insert().returning(revisions.c.id, sort_by_parameter_order=True)
    return tuple(connection.execute(insert, rows).scalars())


def _announce(connection: Connection, intent: ArticleIntent, version_id: int, revision_ids: tuple[int, ...]) -> None:
    common = {"at": intent.at, "article_id": intent.article_id, "version_id": version_id}
    events = [{**common, "kind": ChangeKind.VERSION, "revision_id": None}]
    events += [{**common, "kind": ChangeKind.REVISION, "revision_id": id_} for id_ in revision_ids]
    connection.execute(changes.insert(), events)


# --- what is known of the article and its page -------------------------------------------------------


def _write_article(connection: Connection, intent: ArticleIntent) -> None:
    known = articles.c
    values: dict[str, Any] = {
        "published_at": func.coalesce(known.published_at, literal(intent.published_at, UtcDateTime())),
        "last_capture_at": case(
            (known.last_capture_at > intent.at, known.last_capture_at), else_=literal(intent.at, UtcDateTime())
        ),
    }
    if intent.language:
        values["language"] = intent.language
    if intent.version is not None:
        values["versions"] = intent.version.ordinal
        if intent.version.title:
            values["title"] = intent.version.title
    connection.execute(update(articles).where(known.id == intent.article_id).values(values))


def _write_resource(connection: Connection, intent: ArticleIntent, version_id: int | None) -> None:
    values: dict[str, Any] = {
        "next_visit_at": intent.next_visit_at,
        "status": next_status(intent.next_visit_at, gone=intent.verdict is Verdict.GONE),
        "shown_version_id": version_id,
    }
    if intent.drop_validators:
        values |= NO_VALIDATORS
    connection.execute(update(resources).where(resources.c.id == intent.resource_id).values(values))
