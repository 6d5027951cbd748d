"""Corrections that outlets declare: what linking them needs, writing them, and the table of who is open about what."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text, update

from worker.core.figures import wire
from worker.model import Correction, NoteKind, Revision, RevisionKind, Transparency
from worker.storage.database import insert_into
from worker.storage.revisions import those
from worker.storage.tables import articles, corrections, declared, outlets, revisions, versions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from worker.model import Declaration
    from worker.storage.database import Database


class Corrections:
    """`ports.Corrections` on a database, and what commands and pages ask."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revisions_of(self, version_id: int) -> Mapping[int, Revision]:
        """The revisions between a version and the one before, by id."""
        return self._database.read(lambda connection: _revisions(connection, version_id))

    def newest(self, limit: int, *, outlet: str | None = None) -> tuple[Correction, ...]:
        """Newest first; of one outlet (slug)."""
        return self._database.read(lambda connection: _newest(connection, limit, outlet))

    def transparency(self) -> tuple[Transparency, ...]:
        """One entry for each outlet, by name."""
        query = text(
            "SELECT t.outlet, outlet.name, t.revisions, t.declared, t.undeclared, t.corrections, t.unseen "
            "FROM v1_transparency AS t JOIN outlet ON outlet.slug = t.outlet ORDER BY outlet.name, t.outlet"
        )
        return self._database.read(lambda connection: tuple(Transparency(*row) for row in connection.execute(query)))


def _revisions(connection: Connection, version_id: int) -> dict[int, Revision]:
    of_version = revisions.c.new_version_id == version_id
    return those(connection, of_version, revisions.c.kind != RevisionKind.SUPERSEDED)


def _newest(connection: Connection, limit: int, outlet: str | None) -> tuple[Correction, ...]:
    query = (
        select(corrections, outlets.c.slug, articles.c.url, articles.c.title, versions.c.first_seen_at)
        .join_from(corrections, articles, articles.c.id == corrections.c.article_id)
        .join(outlets, articles.c.outlet_id == outlets.c.id)
        .join(versions, corrections.c.version_id == versions.c.id)
        .order_by(corrections.c.id.desc())
        .limit(limit)
    )
    rows = connection.execute(query.where(outlets.c.slug == outlet) if outlet else query).all()
    links: dict[int, list[int]] = defaultdict(list)
    linked = select(declared).where(declared.c.correction_id.in_([row.id for row in rows])).order_by(*declared.c)
    for row in connection.execute(linked):
        links[row.correction_id].append(row.revision_id)
    return tuple(
        Correction(
            correction_id=row.id,
            article_id=row.article_id,
            version_id=row.version_id,
            outlet=row.slug,
            url=row.url,
            title=row.title,
            kind=NoteKind(row.kind),
            text=row.text,
            at=row.first_seen_at,
            revision_ids=tuple(links[row.id]),
        )
        for row in rows
    )


def write(
    connection: Connection, article_id: int, version_id: int, told: Sequence[Declaration]
) -> Counter[tuple[str, str]]:
    """Keep the notes that are new to the article, and what they declare; counted by kind."""
    counted: Counter[tuple[str, str]] = Counter()
    for each in told:
        if (correction_id := _keep(connection, article_id, version_id, each)) is None:
            continue
        counted["correction", each.note.kind.value] += 1
        if each.revision_ids:
            links = [{"revision_id": id_, "correction_id": correction_id} for id_ in each.revision_ids]
            connection.execute(declared.insert(), links)
            said = update(revisions).where(revisions.c.id.in_(each.revision_ids)).values(declared=True)
            connection.execute(said)
    return counted


def _keep(connection: Connection, article_id: int, version_id: int, each: Declaration) -> int | None:
    """The id of a note; None when an earlier version bore it."""
    row: dict[str, Any] = {
        "article_id": article_id,
        "version_id": version_id,
        "kind": each.note.kind,
        "text": each.note.text,
        "text_key": hashlib.sha256(" ".join(each.note.text.split()).encode(errors="replace")).hexdigest(),
        "stated": [wire.figure_to_json(one.figure) | {"wrong": one.wrong} for one in each.note.stated],
    }
    insert = insert_into(connection, corrections).on_conflict_do_nothing(index_elements=["article_id", "text_key"])
    kept = connection.execute(insert.values(row).returning(corrections.c.id)).scalar_one_or_none()
    return None if kept is None else int(kept)
