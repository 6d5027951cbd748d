"""The index by which copies are found, the links between them, and revisions that go through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, text, update

from worker.model import (
    CopyKind,
    CopyLink,
    CopyRow,
    Kin,
    KnownRevision,
    Neighbour,
    RevisionKind,
    RippleRow,
    RippleState,
)
from worker.storage.database import insert_into
from worker.storage.figures import by_id, from_row
from worker.storage.tables import articles, copies, figures, outlets, revisions, ripples, sketches, versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from worker.model import Figure, RelationIntent, Ripple

# Articles in one bucket. What a hundred articles have in common, everybody has; and it bounds what a look-up reads.
FULLEST = 100
MOST_REVISIONS = 20  # of one article, the newest
MOST_LINKS = 60  # of one article, the newest


def index(connection: Connection, article_id: int, bands: tuple[int, ...]) -> None:
    """Put an article into its buckets, except for those that are full. What an older version put there stays."""
    if not bands:
        return
    sizes = select(sketches.c.band, func.count()).where(sketches.c.band.in_(bands)).group_by(sketches.c.band)
    full = {band for band, size in connection.execute(sizes) if size >= FULLEST}
    rows = [{"band": band, "article_id": article_id} for band in bands if band not in full]
    if rows:
        connection.execute(insert_into(connection, sketches).on_conflict_do_nothing(), rows)


def neighbours(connection: Connection, article_id: int, bands: tuple[int, ...], limit: int) -> tuple[Neighbour, ...]:
    """Articles that share buckets, those that share most of them first, as of their newest versions."""
    shared = func.count().label("shared")
    found = (
        select(sketches.c.article_id, shared)
        .where(sketches.c.band.in_(bands), sketches.c.article_id != article_id)
        .group_by(sketches.c.article_id)
        .order_by(shared.desc(), sketches.c.article_id.desc())
        .limit(limit)
        .subquery("found")
    )
    newest = (
        select(articles.c.id, versions.c.id.label("version_id"), outlets.c.slug, versions.c.text)
        .join_from(found, articles, articles.c.id == found.c.article_id)
        .join(versions, _newest())
        .join(outlets, outlets.c.id == articles.c.outlet_id)
        .where(articles.c.merged_into.is_(None))
        .order_by(found.c.shared.desc(), articles.c.id.desc())
    )
    return tuple(Neighbour(row.id, row.version_id, row.slug, row.text) for row in connection.execute(newest))


def _newest() -> ColumnElement[bool]:
    return and_(versions.c.article_id == articles.c.id, versions.c.ordinal == articles.c.versions)


def links(connection: Connection, article_id: int) -> tuple[CopyLink, ...]:
    """Known copies of an article, seen from it."""
    known = (
        select(copies)
        .where(or_(copies.c.article_id == article_id, copies.c.other_id == article_id))
        .order_by(copies.c.found_at.desc())
        .limit(MOST_LINKS)
    )
    return tuple(_link(row, article_id) for row in connection.execute(known))


def _link(row: Row[Any], article_id: int) -> CopyLink:
    first = (row.article_id, row.version_id)
    second = (row.other_id, row.other_version_id)
    mine, other = (first, second) if row.article_id == article_id else (second, first)
    return CopyLink(*mine, *other, kind=CopyKind(row.kind), contained=row.contained, part_id=row.part_id)


# --- an article among its copies -----------------------------------------------------------------------


def kin(connection: Connection, article_ids: tuple[int, ...]) -> tuple[Kin, ...]:
    """Articles as of their newest versions; those that have none are left out."""
    rows = connection.execute(_kin(article_ids)).all()
    printed = _figures(connection, [row.version_id for row in rows])
    return tuple(
        Kin(
            article_id=row.id,
            outlet=row.slug,
            outlet_name=row.name,
            wire=row.wire,
            published_at=row.published_at,
            first_seen_at=row.first_seen_at,
            origin_id=row.origin_id,
            version_id=row.version_id,
            seen_at=row.seen_at,
            figures=tuple(printed.get(row.version_id, ())),
            revisions=_revisions(connection, row.id),
            ripples=_ripples(connection, row.id),
        )
        for row in rows
    )


def _kin(article_ids: tuple[int, ...]) -> Select[Any]:
    return (
        select(
            articles.c.id,
            articles.c.wire,
            articles.c.published_at,
            articles.c.first_seen_at,
            articles.c.origin_id,
            outlets.c.slug,
            outlets.c.name,
            versions.c.id.label("version_id"),
            versions.c.first_seen_at.label("seen_at"),
        )
        .join_from(articles, outlets, outlets.c.id == articles.c.outlet_id)
        .join(versions, _newest())
        .where(articles.c.id.in_(article_ids), articles.c.merged_into.is_(None))
        .order_by(articles.c.id)
    )


def _figures(connection: Connection, version_ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    of_versions = select(figures).where(figures.c.version_id.in_(version_ids)).order_by(figures.c.id)
    for row in connection.execute(of_versions).mappings():
        found.setdefault(row["version_id"], []).append((row["id"], from_row(row)))
    return found


def _revisions(connection: Connection, article_id: int) -> tuple[KnownRevision, ...]:
    newest = (
        select(revisions.c.id, revisions.c.kind, revisions.c.old_figure_id, revisions.c.new_figure_id)
        .where(revisions.c.article_id == article_id, revisions.c.kind != RevisionKind.SUPERSEDED)
        .where(revisions.c.retracted_at.is_(None))
        .order_by(revisions.c.id.desc())
        .limit(MOST_REVISIONS)
    )
    rows = connection.execute(newest).all()
    figure = by_id(connection, {id_ for row in rows for id_ in (row.old_figure_id, row.new_figure_id)})
    return tuple(
        KnownRevision(row.id, RevisionKind(row.kind), figure[row.old_figure_id], figure.get(row.new_figure_id))
        for row in reversed(rows)
    )


def _ripples(connection: Connection, article_id: int) -> dict[int, RippleState]:
    known = select(ripples.c.revision_id, ripples.c.state).where(ripples.c.article_id == article_id)
    return {row.revision_id: RippleState(row.state) for row in connection.execute(known)}


# --- showing -------------------------------------------------------------------------------------------


def shown(connection: Connection, article_id: int) -> tuple[CopyRow, ...]:
    """Copies of an article, the first published first."""
    found = {link.other_id: link for link in links(connection, article_id)}
    others = (
        select(articles, outlets.c.slug, copies.c.found_at)
        .join_from(articles, outlets, articles.c.outlet_id == outlets.c.id)
        .join(copies, _pair(articles.c.id, article_id))
        .where(articles.c.id.in_(list(found)), articles.c.merged_into.is_(None))
        .order_by(articles.c.first_seen_at, articles.c.id)
    )
    return tuple(
        CopyRow(
            copy_id=row.id,
            outlet=row.slug,
            url=row.url,
            title=row.title,
            kind=found[row.id].kind,
            contained=found[row.id].contained,
            is_part=found[row.id].part_id == row.id,
            found_at=row.found_at,
        )
        for row in connection.execute(others)
    )


def _pair(one: ColumnElement[int], other: int) -> ColumnElement[bool]:
    return or_(
        and_(copies.c.article_id == one, copies.c.other_id == other),
        and_(copies.c.article_id == other, copies.c.other_id == one),
    )


def lagging(connection: Connection, limit: int, *, every: bool, article_id: int | None) -> tuple[RippleRow, ...]:
    """Copies that still print the old figure, newest revision first; `every`: those that followed, too."""
    revised, copy = articles.alias("revised"), articles.alias("copied")
    outlet, copy_outlet = outlets.alias("outlet"), outlets.alias("copy_outlet")
    printed, after = figures.alias("printed"), versions.alias("after")
    wanted = (
        select(
            ripples,
            revisions.c.kind,
            revisions.c.article_id.label("revised_id"),
            revisions.c.old_figure_id,
            revisions.c.new_figure_id,
            revised.c.title,
            outlet.c.slug,
            copy.c.url,
            copy_outlet.c.slug.label("copy_slug"),
            printed.c.sentence,
            after.c.first_seen_at.label("revised_at"),
        )
        .join_from(ripples, revisions, revisions.c.id == ripples.c.revision_id)
        .join(after, after.c.id == revisions.c.new_version_id)
        .join(revised, revised.c.id == revisions.c.article_id)
        .join(outlet, outlet.c.id == revised.c.outlet_id)
        .join(copy, copy.c.id == ripples.c.article_id)
        .join(copy_outlet, copy_outlet.c.id == copy.c.outlet_id)
        .outerjoin(printed, printed.c.id == ripples.c.figure_id)
        .where(revisions.c.retracted_at.is_(None), copy.c.merged_into.is_(None))
        .order_by(ripples.c.revision_id.desc(), ripples.c.article_id)
        .limit(limit)
    )
    if not every:
        wanted = wanted.where(text("ripple.state = 'old'"))  # in the words of the partial index
    if article_id is not None:
        wanted = wanted.where(revisions.c.article_id == article_id)
    rows = connection.execute(wanted).all()
    figure = by_id(connection, {id_ for row in rows for id_ in (row.old_figure_id, row.new_figure_id)})
    return tuple(_ripple(row, figure) for row in rows)


def _ripple(row: Row[Any], figure: Mapping[int | None, Figure]) -> RippleRow:
    return RippleRow(
        revision_id=row.revision_id,
        article_id=row.revised_id,
        outlet=row.slug,
        title=row.title,
        copy_id=row.article_id,
        copy_outlet=row.copy_slug,
        copy_url=row.url,
        state=RippleState(row.state),
        kind=RevisionKind(row.kind),
        old=figure[row.old_figure_id],
        new=figure.get(row.new_figure_id),
        copy_sentence=row.sentence,
        revised_at=row.revised_at,
        found_at=row.found_at,
        ended_at=row.ended_at,
    )


# --- writing -------------------------------------------------------------------------------------------


def write(connection: Connection, intent: RelationIntent) -> None:
    """What relating a version found out about copies; in the order of keys, so that two at once do not deadlock."""
    rows = sorted(
        (_row(link, intent.at) for link in intent.copies), key=lambda row: (row["article_id"], row["other_id"])
    )
    if rows:
        insert = insert_into(connection, copies)
        kept = {"article_id", "other_id", "found_at"}
        proved = {column.name: insert.excluded[column.name] for column in copies.c if column.name not in kept}
        connection.execute(insert.on_conflict_do_update(index_elements=["article_id", "other_id"], set_=proved), rows)
    _write_origins(connection, intent.origins)
    _write_ripples(connection, intent.ripples, intent.at)


def _row(link: CopyLink, at: datetime) -> dict[str, Any]:
    mine, other = (link.article_id, link.version_id), (link.other_id, link.other_version_id)
    (article_id, version_id), (other_id, other_version_id) = sorted((mine, other))
    return {
        "article_id": article_id,
        "other_id": other_id,
        "kind": link.kind,
        "contained": link.contained,
        "part_id": link.part_id,
        "version_id": version_id,
        "other_version_id": other_version_id,
        "found_at": at,
        "proved_at": at,
    }


def _write_origins(connection: Connection, origins: Mapping[int, int]) -> None:
    for article_id, origin_id in sorted(origins.items()):
        connection.execute(update(articles).where(articles.c.id == article_id).values(origin_id=origin_id))


def _write_ripples(connection: Connection, found: tuple[Ripple, ...], at: datetime) -> None:
    current = _current(connection, {ripple.article_id for ripple in found})
    rows = [
        {
            "revision_id": ripple.revision_id,
            "article_id": ripple.article_id,
            "state": ripple.state,
            "figure_id": ripple.figure_id,
            "version_id": ripple.version_id,
            "found_at": at,
            "ended_at": None if ripple.state is RippleState.OLD else ripple.at,
        }
        for ripple in sorted(found, key=lambda r: (r.revision_id, r.article_id))
        if ripple.version_id in current  # else the copy has a newer version, which is related after this
    ]
    if rows:
        insert = insert_into(connection, ripples)
        news = {name: insert.excluded[name] for name in ("state", "figure_id", "version_id", "ended_at")}
        connection.execute(insert.on_conflict_do_update(index_elements=["revision_id", "article_id"], set_=news), rows)


def _current(connection: Connection, article_ids: set[int]) -> set[int]:
    """Newest versions of articles, which none of them gets another after until this transaction ends."""
    mine = select(articles.c.id).where(articles.c.id.in_(article_ids)).order_by(articles.c.id)
    connection.execute(mine.with_for_update(key_share=True))
    newest = select(versions.c.id).join_from(articles, versions, _newest()).where(articles.c.id.in_(article_ids))
    return set(connection.execute(newest).scalars())
