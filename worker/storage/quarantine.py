"""What was given up on: visits that no lane outlived, documents that no reader got through, versions not related."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text, update

from worker.core import visits
from worker.errors import InputError
from worker.storage import brought
from worker.storage.captures import requeue as requeue_capture
from worker.storage.tables import (
    RelatingState,
    articles,
    captures,
    outlets,
    relating,
    resources,
    versions,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from worker.storage.database import Database

QUARANTINED = text("capture.state = 'quarantined'")  # in the words of the partial index
CAPTURE, VERSION, VISIT = "capture", "version", "visit"
# The first in the words of the partial index.
LOST = text("resource.losses > 0"), resources.c.losses >= visits.MOST_LOSSES


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A capture that could not be read, a version that could not be related, or a visit that ends whoever makes it."""

    id: int  # of the capture, of the version, or of the resource
    kind: str  # feed, article, version, visit
    outlet: str  # slug
    url: str
    at: datetime  # fetched, first seen, or given up on
    attempts: int
    reason: str  # of the last attempt

    @property
    def name(self) -> str:
        """What `requeue` calls it."""
        return f"{self.kind if self.kind in {VERSION, VISIT} else CAPTURE}:{self.id}"


@dataclass(frozen=True, slots=True)
class Document:
    """The raw bytes of a capture in quarantine, as they were served."""

    status_code: int
    headers: Mapping[str, str]
    body: bytes


class Quarantine:
    """What `figurewatch quarantine` shows and gives its attempts back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, limit: int) -> tuple[Quarantined, ...]:
        """What was given up on, newest first."""
        return self._database.read(lambda connection: _newest(connection, limit))

    def one(self, name: str) -> tuple[Quarantined, Document | None]:
        """One of them, with its bytes where it is a capture. Raises InputError when it is not in quarantine."""
        kind, id_ = _parsed(name)
        return self._database.read(lambda connection: _one(connection, kind, id_))

    def requeue(self, name: str, due: datetime) -> None:
        """Give it its attempts back; a visit is due then, and it is for the caller to keep to its outlet's floor.

        Raises InputError when it is not in quarantine, or may not be tried again.
        """
        kind, id_ = _parsed(name)
        if kind == VISIT:
            self._database.write(lambda connection: _requeue_visit(connection, id_, due))
            return
        again = requeue_capture if kind == CAPTURE else _requeue_version
        self._database.write(lambda connection: again(connection, id_))


def _parsed(name: str) -> tuple[str, int]:
    """`capture:12`, `version:5`, `visit:7`; a bare number is a capture's."""
    kind, _, number = name.rpartition(":")
    if kind not in {"", CAPTURE, VERSION, VISIT} or not number.isdecimal():
        raise InputError(f"{name!r} is none of {CAPTURE}:NUMBER, {VERSION}:NUMBER and {VISIT}:NUMBER")
    return kind or CAPTURE, int(number)


def _captures() -> Select[Any]:
    return (
        select(
            captures.c.id,
            resources.c.kind,
            outlets.c.slug,
            resources.c.url,
            captures.c.fetched_at.label("at"),
            captures.c.attempts,
            captures.c.reason,
        )
        .join_from(captures, resources, captures.c.resource_id == resources.c.id)
        .join(outlets, resources.c.outlet_id == outlets.c.id)
        .where(QUARANTINED)
        .order_by(captures.c.id.desc())
    )


def _versions() -> Select[Any]:
    return (
        select(
            versions.c.id,
            text(f"'{VERSION}' AS kind"),
            outlets.c.slug,
            articles.c.url,
            versions.c.first_seen_at.label("at"),
            relating.c.attempts,
            relating.c.reason,
        )
        .join_from(relating, versions, relating.c.version_id == versions.c.id)
        .join(articles, versions.c.article_id == articles.c.id)
        .join(outlets, articles.c.outlet_id == outlets.c.id)
        .where(relating.c.state == RelatingState.QUARANTINED)
        .order_by(versions.c.id.desc())
    )


def _visits() -> Select[Any]:
    return (
        select(
            resources.c.id,
            text(f"'{VISIT}' AS kind"),
            outlets.c.slug,
            resources.c.url,
            resources.c.last_visited_at.label("at"),
            resources.c.losses.label("attempts"),
            resources.c.last_detail.label("reason"),
        )
        .join_from(resources, outlets, resources.c.outlet_id == outlets.c.id)
        .where(*LOST)
        .order_by(resources.c.id.desc())
    )


_QUERIES = {CAPTURE: _captures, VERSION: _versions, VISIT: _visits}
_IDS = {CAPTURE: captures.c.id, VERSION: versions.c.id, VISIT: resources.c.id}


def _quarantined(row: Row[Any]) -> Quarantined:
    return Quarantined(row.id, row.kind, row.slug, row.url, row.at, row.attempts, row.reason or "")


def _newest(connection: Connection, limit: int) -> tuple[Quarantined, ...]:
    rows = [row for query in _QUERIES.values() for row in connection.execute(query().limit(limit))]
    return tuple(sorted(map(_quarantined, rows), key=lambda each: each.at, reverse=True)[:limit])


def _one(connection: Connection, kind: str, id_: int) -> tuple[Quarantined, Document | None]:
    row = connection.execute(_QUERIES[kind]().where(_IDS[kind] == id_)).one_or_none()
    if row is None:
        raise InputError(f"no {kind} {id_} in quarantine")
    return _quarantined(row), _document(connection, id_) if kind == CAPTURE else None


def _document(connection: Connection, capture_id: int) -> Document | None:
    page = brought.by(connection, capture_id)
    return Document(page.status, page.headers, page.body) if page else None


def _requeue_version(connection: Connection, version_id: int) -> None:
    given_up = relating.c.version_id == version_id, relating.c.state == RelatingState.QUARANTINED
    fresh = {"state": RelatingState.WAITING, "attempts": 0, "lease_until": None}
    if connection.execute(update(relating).where(*given_up).values(fresh)).rowcount != 1:
        raise InputError(f"no version {version_id} in quarantine")


def _requeue_visit(connection: Connection, resource_id: int, due: datetime) -> None:
    again = update(resources).where(resources.c.id == resource_id, *LOST).values(losses=0, next_visit_at=due)
    if connection.execute(again).rowcount != 1:
        raise InputError(f"no visit {resource_id} in quarantine")
