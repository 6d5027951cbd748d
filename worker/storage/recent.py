"""The latest history of an article at one of its addresses, what waits there, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, func, select, update

from worker.model import Doubt, HeldPage, HeldText, Layers, PastText, RawPage, Recent, Return
from worker.storage import brought
from worker.storage.database import insert_into
from worker.storage.tables import captures, held, recurrences, resources, versions
from worker.storage.tables.reading import UNLIKELY

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from worker.model import ArticleIntent, Recurrence

_TEXTS = 24  # versions looked back on; one that is older and comes back counts as new
_TODAY = timedelta(days=1)
_MOST_ELSEWHERE = 200  # texts of one host


def of(connection: Connection, article_id: int, resource_id: int, at: datetime) -> Recent:
    """What deciding on a capture fetched at `at` needs to know."""
    layers = connection.execute(select(resources.c.layers).where(resources.c.id == resource_id)).scalar_one_or_none()
    today = select(func.count()).where(
        versions.c.article_id == article_id, versions.c.first_seen_at.between(at - _TODAY, at)
    )
    waiting = _held(connection, article_id, resource_id)
    elsewhere = _elsewhere(connection, article_id, resource_id)
    return Recent(
        texts=_texts(connection, article_id),
        today=int(connection.execute(today).scalar_one()),
        held=_held_text(waiting) if waiting else None,
        layers=Layers(**layers) if layers else None,
        elsewhere=frozenset(row.content_hash for row in elsewhere),
        sketches=frozenset(key for row in elsewhere for key in row.sketch or ()),
        page=_page(connection, waiting.capture_id) if waiting and waiting.doubt == Doubt.UNLIKELY else None,
    )


def of_listed(connection: Connection, article_ids: Sequence[int], resource_id: int, at: datetime) -> dict[int, Recent]:
    """The same for several articles whose text stands in one feed; a feed has no layers."""
    waiting = select(held).where(held.c.resource_id == resource_id, held.c.article_id.in_(article_ids))
    texts, today = _texts_of(connection, article_ids), _today_of(connection, article_ids, at)
    held_of = {row.article_id: _held_text(row) for row in connection.execute(waiting)}
    return {id_: Recent(texts=tuple(texts[id_]), today=today.get(id_, 0), held=held_of.get(id_)) for id_ in article_ids}


def _today_of(connection: Connection, article_ids: Sequence[int], at: datetime) -> dict[int, int]:
    today = (
        select(versions.c.article_id, func.count())
        .where(versions.c.article_id.in_(article_ids), versions.c.first_seen_at.between(at - _TODAY, at))
        .group_by(versions.c.article_id)
    )
    return {article_id: int(count) for article_id, count in connection.execute(today)}


@dataclass(frozen=True, slots=True)
class Told:
    """What reading an article at one of its addresses tells beside its version."""

    article_id: int
    resource_id: int
    at: datetime  # of the capture
    held: HeldText | None
    recurrence: Recurrence | None
    reason: str
    is_article: bool  # a notice in between tells nothing of the text that waits


def keep(connection: Connection, told: Told, capture_id: int, counted: Counter[tuple[str, str]]) -> None:
    """Write what waits after reading a text, and what came back."""
    if told.held is not None:
        _hold(connection, told, told.held, capture_id)
        counted["held", told.held.doubt.value] += 1
    elif told.is_article:
        mine = held.c.article_id == told.article_id, held.c.resource_id == told.resource_id
        connection.execute(delete(held).where(*mine))
    if told.recurrence is not None:
        _recur(connection, told.at, told.recurrence)
        counted["recurrence", told.recurrence.kind.value] += 1


def keep_layers(connection: Connection, intent: ArticleIntent, counted: Counter[tuple[str, str]]) -> None:
    """Write how a page looked, and what only made it look new."""
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
    return tuple(map(_past, connection.execute(latest)))


def _texts_of(connection: Connection, article_ids: Sequence[int]) -> dict[int, list[PastText]]:
    place = func.row_number().over(partition_by=versions.c.article_id, order_by=versions.c.ordinal.desc())
    of_these = versions.c.article_id.in_(article_ids)
    latest = select(versions.c.id, place.label("place")).where(of_these).subquery()
    variant = exists().where(recurrences.c.version_id == versions.c.id, recurrences.c.kind == Return.VARIANT)
    rows = (
        select(versions, captures.c.headers, variant.label("variant"))
        .join(latest, latest.c.id == versions.c.id)
        .outerjoin(captures, versions.c.capture_id == captures.c.id)
        .where(latest.c.place <= _TEXTS)
        .order_by(versions.c.article_id, versions.c.ordinal.desc())
    )
    found: dict[int, list[PastText]] = {id_: [] for id_ in article_ids}
    for row in connection.execute(rows):
        found[row.article_id].append(_past(row))
    return found


def _past(row: Row[Any]) -> PastText:
    return PastText(row.id, row.content_hash, row.first_seen_at, row.headers or {}, variant=bool(row.variant))


def _held(connection: Connection, article_id: int, resource_id: int) -> Row[Any] | None:
    mine = select(held).where(held.c.article_id == article_id, held.c.resource_id == resource_id)
    return connection.execute(mine).one_or_none()


def _page(connection: Connection, capture_id: int) -> HeldPage | None:
    page = brought.by(connection, capture_id)
    return HeldPage(capture_id, RawPage(page.body, page.url, page.headers, page.whole)) if page else None


def _elsewhere(connection: Connection, article_id: int, resource_id: int) -> Sequence[Row[Any, Any]]:
    """Hash and sketch of the latest texts that wait at other articles of the host because they may be none."""
    host = select(resources.c.host_id).where(resources.c.id == resource_id).scalar_subquery()
    waiting = (
        select(held.c.content_hash, held.c.sketch)
        .join_from(held, resources, held.c.resource_id == resources.c.id)
        .where(UNLIKELY, resources.c.host_id == host, held.c.article_id != article_id)
        .order_by(held.c.last_seen_at.desc())
        .limit(_MOST_ELSEWHERE)
    )
    return connection.execute(waiting).all()


def _held_text(row: Row[Any]) -> HeldText:
    seen = row.first_seen_at, row.last_seen_at
    return HeldText(row.content_hash, Doubt(row.doubt), *seen, row.visits, tuple(row.sketch or ()))


def _hold(connection: Connection, told: Told, text: HeldText, capture_id: int) -> None:
    values: dict[str, Any] = {
        "content_hash": text.content_hash,
        "doubt": text.doubt.value,
        "reason": told.reason,
        "capture_id": capture_id,
        "first_seen_at": text.first_seen_at,
        "last_seen_at": text.last_seen_at,
        "visits": text.visits,
        "sketch": list(text.sketch) or None,
    }
    insert = insert_into(connection, held).values(article_id=told.article_id, resource_id=told.resource_id, **values)
    connection.execute(insert.on_conflict_do_update(index_elements=["article_id", "resource_id"], set_=values))


def _recur(connection: Connection, at: datetime, found: Recurrence) -> None:
    insert = insert_into(connection, recurrences).values(
        version_id=found.version_id,
        kind=found.kind.value,
        because=found.because,
        times=found.times,
        first_seen_at=at,
        last_seen_at=at,
    )
    again = {
        "times": recurrences.c.times + insert.excluded.times,
        "last_seen_at": insert.excluded.last_seen_at,
        "because": insert.excluded.because,
    }
    connection.execute(insert.on_conflict_do_update(index_elements=["version_id", "kind"], set_=again))
