"""The latest history of an article at one of its addresses, what waits there, and what came back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, func, select, update

from worker.model import Doubt, HeldText, Layers, PastText, Recent, Return, Verdict
from worker.storage.database import insert_into
from worker.storage.tables import captures, held, recurrences, resources, versions

if TYPE_CHECKING:
    from collections import Counter
    from datetime import datetime

    from sqlalchemy import Connection

    from worker.model import ArticleIntent, Recurrence

_TEXTS = 24  # versions looked back on; one that is older and comes back counts as new
_TODAY = timedelta(days=1)


def of(connection: Connection, article_id: int, resource_id: int, at: datetime) -> Recent:
    """What deciding on a capture fetched at `at` needs to know."""
    layers = connection.execute(select(resources.c.layers).where(resources.c.id == resource_id)).scalar_one_or_none()
    today = select(func.count()).where(
        versions.c.article_id == article_id, versions.c.first_seen_at.between(at - _TODAY, at)
    )
    return Recent(
        texts=_texts(connection, article_id),
        today=int(connection.execute(today).scalar_one()),
        held=_held(connection, article_id, resource_id),
        layers=Layers(**layers) if layers else None,
    )


def keep(connection: Connection, intent: ArticleIntent, counted: Counter[tuple[str, str]]) -> None:
    """Write what waits after reading a page, what came back, and what only looked new."""
    if intent.held is not None:
        _hold(connection, intent, intent.held)
        counted["held", intent.held.doubt.value] += 1
    elif intent.verdict is Verdict.ARTICLE:  # a notice in between tells nothing of the text that waits
        mine = held.c.article_id == intent.article_id, held.c.resource_id == intent.resource_id
        connection.execute(delete(held).where(*mine))
    if intent.recurrence is not None:
        _recur(connection, intent, intent.recurrence)
        counted["recurrence", intent.recurrence.kind.value] += 1
    if intent.noise is not None:
        counted["noise", intent.noise.value] += 1
    if intent.layers is not None:
        values = {name: getattr(intent.layers, name) for name in ("document", "shown", "article", "text")}
        connection.execute(update(resources).where(resources.c.id == intent.resource_id).values(layers=values))


def _texts(connection: Connection, article_id: int) -> tuple[PastText, ...]:
    variant = exists().where(recurrences.c.version_id == versions.c.id, recurrences.c.kind == Return.VARIANT)
    latest = (
        select(versions, captures.c.headers, variant.label("variant"))
        .outerjoin(captures, versions.c.capture_id == captures.c.id)
        .where(versions.c.article_id == article_id)
        .order_by(versions.c.ordinal.desc())
        .limit(_TEXTS)
    )
    return tuple(
        PastText(row.id, row.content_hash, row.first_seen_at, row.headers or {}, variant=bool(row.variant))
        for row in connection.execute(latest)
    )


def _held(connection: Connection, article_id: int, resource_id: int) -> HeldText | None:
    mine = select(held).where(held.c.article_id == article_id, held.c.resource_id == resource_id)
    row = connection.execute(mine).one_or_none()
    if row is None:
        return None
    return HeldText(row.content_hash, Doubt(row.doubt), row.first_seen_at, row.last_seen_at, row.visits)


def _hold(connection: Connection, intent: ArticleIntent, text: HeldText) -> None:
    values: dict[str, Any] = {
        "content_hash": text.content_hash,
        "doubt": text.doubt.value,
        "reason": intent.detail,
        "capture_id": intent.capture.id,
        "first_seen_at": text.first_seen_at,
        "last_seen_at": text.last_seen_at,
        "visits": text.visits,
    }
    insert = insert_into(connection, held).values(
        article_id=intent.article_id, resource_id=intent.resource_id, **values
    )
    connection.execute(insert.on_conflict_do_update(index_elements=["article_id", "resource_id"], set_=values))


def _recur(connection: Connection, intent: ArticleIntent, found: Recurrence) -> None:
    insert = insert_into(connection, recurrences).values(
        version_id=found.version_id,
        kind=found.kind.value,
        because=found.because,
        times=found.times,
        first_seen_at=intent.at,
        last_seen_at=intent.at,
    )
    again = {
        "times": recurrences.c.times + insert.excluded.times,
        "last_seen_at": insert.excluded.last_seen_at,
        "because": insert.excluded.because,
    }
    connection.execute(insert.on_conflict_do_update(index_elements=["version_id", "kind"], set_=again))
