"""Changes as consumers are told of them: what stands behind a row of the change feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from worker.model import ChangeKind, Event, Revision
from worker.storage.changes import from_row
from worker.storage.revisions import those
from worker.storage.tables import articles, changes, outlets, revisions, versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from worker.model import Change, Figure


def next_change(connection: Connection, after: int, newest: int, kinds: Sequence[str]) -> Change | None:
    """The first change of these kinds behind one position and not behind another."""
    behind = select(changes).where(changes.c.position > after, changes.c.position <= newest, changes.c.kind.in_(kinds))
    row = connection.execute(behind.order_by(changes.c.position).limit(1)).one_or_none()
    return None if row is None else from_row(row)


def event(connection: Connection, change: Change) -> Event:
    """A change with what consumers are told, and by what it is known again."""
    article = connection.execute(
        select(articles.c.url, articles.c.url_key, articles.c.title, articles.c.merged_into, outlets.c.slug)
        .join_from(articles, outlets, articles.c.outlet_id == outlets.c.id)
        .where(articles.c.id == change.article_id)
    ).one()
    revision, identity = None, [article.url_key]
    if change.revision_id is not None:
        until = revisions.c.id <= change.revision_id
        *earlier, revision = those(connection, revisions.c.article_id == change.article_id, until).values()
        identity += [*_said(revision), _times(_said(revision), map(_said, earlier))]
    elif change.kind in {ChangeKind.VERSION, ChangeKind.REREAD}:
        identity += _of_version(connection, change)
    elif change.kind is ChangeKind.MERGE:
        identity.append(_key(connection, article.merged_into))
    return Event(change, article.slug, article.url, article.title, tuple(identity), revision)


def _of_version(connection: Connection, change: Change) -> list[str]:
    """Its text, how many versions of its article had that before, and, when it was read again, by what."""
    row = connection.execute(select(versions).where(versions.c.id == change.version_id)).one()
    same = versions.c.article_id == row.article_id, versions.c.content_hash == row.content_hash
    earlier = select(func.count()).select_from(versions).where(*same, versions.c.ordinal < row.ordinal)
    times = str(connection.execute(earlier).scalar_one())
    return [row.content_hash, times, *([row.extractor] if change.kind is ChangeKind.REREAD else [])]


def _key(connection: Connection, article_id: int) -> str:
    key: str = connection.execute(select(articles.c.url_key).where(articles.c.id == article_id)).scalar_one()
    return key


def _said(revision: Revision) -> list[str]:
    """A revision in the words of its two sentences."""
    return [revision.kind, *_told(revision.old), *(_told(revision.new) if revision.new else ())]


def _told(figure: Figure) -> tuple[str, ...]:
    low, high = ("" if value is None else f"{value.normalize():f}" for value in (figure.low, figure.high))
    return low, high, figure.bound, figure.unit or "", figure.sentence


def _times(said: list[str], earlier: Iterable[list[str]]) -> str:
    """How often that was said before: figures go to and fro."""
    return str(sum(other == said for other in earlier))
