"""What is due, lent to a lane with all that a visit needs to know."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import bindparam, exists, select, text

from worker.core import dates
from worker.model import Move, ResourceKind, Validators, Visit
from worker.storage import budgets, robots, tables
from worker.storage.bulk import among
from worker.storage.pace import Paces
from worker.storage.tables import articles, figures, hosts, outlets, resources, versions

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from worker.model import Pace, Robots, Step
    from worker.storage.database import Database

Only: TypeAlias = "tuple[ColumnElement[bool], ...]"  # what a resource must be besides due
# In the words of the partial indexes `ix_resource_due` and `ix_resource_waiting`, which are used for nothing else.
DUE = text("resource.status = 'active' AND NOT resource.awaits_reading")
_COLUMNS = tuple(
    resources.c[name]
    for name in (
        *("id", "outlet_id", "host_id", "kind", "url", "etag", "last_modified", "body_hash", "shown_version_id"),
        *("next_visit_at", "failures", "unchanged", "changed_at", "first_seen_at", "lent_at", "losses"),
        *("last_visited_at", "permanent_url", "permanent_visits", "moved_to", "min_interval", "skips"),
    )
)


def first_of(
    connection: Connection, host_ids: Collection[int], only: Only, *, due: datetime, by: datetime
) -> dict[int, Any]:
    """The resource of each host that is due first, of those that are by a moment; none with an unread capture.

    `by`: when their outlets' budgets have to allow it.
    """
    if not host_ids:
        return {}
    asked = {"host_ids": host_ids, "due": due, "by": by}
    return {row.host_id: row for row in connection.execute(_firsts(only), asked)}


def may_be_asked(row: Row[Any], step: Step) -> bool:
    """Tell whether a row of `first_of` for several steps is due for this one, and its outlet has the budget."""
    by = step.by or step.due
    if step.due is None or by is None or row.next_visit_at > step.due:
        return False
    return row.outlet_free_at is None or bool(row.outlet_free_at <= by)


@cache
def _firsts(only: Only) -> Select[Any]:
    """The query of `first_of`, which is long: to put it together anew took as long as to answer it for a few hosts."""
    waiting = select(resources.c.id).where(resources.c.host_id == hosts.c.id, DUE, *only).correlate(hosts)
    due, by = (bindparam(name, type_=resources.c.next_visit_at.type) for name in ("due", "by"))
    waiting = waiting.where(resources.c.next_visit_at <= due, budgets.left(by))
    first = waiting.order_by(resources.c.next_visit_at, resources.c.id).limit(1).scalar_subquery()
    return (
        select(
            *_COLUMNS,
            outlets.c.slug,
            hosts.c.authority,
            articles.c.published_at,
            articles.c.versions,
            versions.c.first_seen_at.label("revised_at"),
            versions.c.changed_after,
            versions.c.modified_at,
            reports_figures(resources.c.shown_version_id).label("figures"),
            tables.budgets.c.free_at.label("outlet_free_at"),
            *robots.COLUMNS,
        )
        .join_from(resources, hosts, resources.c.host_id == hosts.c.id)
        .join(outlets, resources.c.outlet_id == outlets.c.id)
        .outerjoin(tables.budgets, resources.c.outlet_id == tables.budgets.c.outlet_id)
        .outerjoin(articles, resources.c.article_id == articles.c.id)
        .outerjoin(versions, resources.c.shown_version_id == versions.c.id)
        .outerjoin(tables.robots, robots.of_resource())
        .where(resources.c.id.in_(select(first).where(among(hosts.c.id, "host_ids"))))
    )


def reports_figures(version_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a version reports any figure."""
    return exists().where(figures.c.version_id == version_id, figures.c.current)


class Lender:
    """Makes visits of rows, with what each process remembers of outlets and sites."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._paces = Paces()
        self._texts = robots.Texts()

    def visit(self, row: Row[Any], now: datetime) -> Visit:
        """A row of `first_of` as a visit; the database is asked again only for what this process does not know."""
        known = robots.from_row(row, self._text(row)) if row.robots_id is not None else None
        is_article = row.kind == ResourceKind.ARTICLE
        return _visit(row, self._pace(row.outlet_id, now) if is_article else None, known)

    def _pace(self, outlet_id: int, now: datetime) -> Pace:
        pace = self._paces.known(outlet_id, now)
        return pace or self._database.read(lambda connection: self._paces.of(connection, outlet_id, now))

    def _text(self, row: Row[Any]) -> str:
        text = self._texts.known(row)
        return self._database.read(lambda connection: self._texts.of(connection, row)) if text is None else text


def _visit(row: Row[Any], pace: Pace | None, known: Robots | None) -> Visit:
    return Visit(
        resource_id=row.id,
        outlet=row.slug,
        host=row.authority,
        kind=ResourceKind(row.kind),
        url=row.moved_to or row.url,
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        failures=row.failures,
        unchanged=row.unchanged,
        changed_at=row.changed_at,
        first_seen_at=row.first_seen_at,
        published_at=row.published_at,
        due_at=row.next_visit_at,
        visited_at=row.last_visited_at,
        lent_at=row.lent_at,
        losses=row.losses + (row.lent_at is not None),
        not_before=row.outlet_free_at,
        revised_at=row.revised_at and dates.within(row.modified_at, row.changed_after, row.revised_at),
        revisions=max(0, (row.versions or 0) - 1),
        figures=None if row.shown_version_id is None else bool(row.figures),
        pace=pace,
        robots=known,
        min_interval=row.min_interval or 0.0,
        skips=row.skips,
        move=Move(row.permanent_url, row.permanent_visits, row.moved_to),
    )
