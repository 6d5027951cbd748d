"""What commands, pages and metrics ask; nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, Subquery, and_, case, func, select, text

from worker.model import Backlog, Census, Outcome, ResourceKind, RevisionKind, RevisionRow
from worker.storage import ailing, copies, endpoints, quarantine, symptoms
from worker.storage.columns import UtcDateTime
from worker.storage.figures import from_row
from worker.storage.heartbeats import DISPATCH
from worker.storage.lending import DUE
from worker.storage.outages import OUTAGE
from worker.storage.tables import (
    AliasKind,
    RelatingState,
    ResourceStatus,
    SourceStatus,
    aliases,
    articles,
    captures,
    changes,
    figures,
    heartbeats,
    hosts,
    observations,
    outlets,
    relating,
    replays,
    resources,
    revisions,
    tallies,
    versions,
)

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row, Table

    from worker.model import CopyRow, Figure, RippleRow
    from worker.storage.ailing import AilingFeed
    from worker.storage.database import Database

GREATEST_KEY = 2**63 - 1
# In the words of partial indexes.
UNREAD = text("capture.state = 'unread'")
QUARANTINED = text("capture.state = 'quarantined'")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an article, as shown."""

    version_id: int
    ordinal: int  # from 1
    title: str
    text: str
    changed_after: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    extractor: str
    modified_at: datetime | None = None  # as the outlet says


@dataclass(frozen=True, slots=True)
class Article:
    """An article with all that became of it."""

    article_id: int
    outlet: str  # slug
    url: str
    title: str
    language: str
    published_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    status: str  # of its page: active, paused, settled, gone
    versions: tuple[Version, ...]  # oldest first
    revisions: tuple[RevisionRow, ...]  # newest first
    last_visited_at: datetime | None = None  # its page; robots.txt may have kept us from asking
    next_visit_at: datetime | None = None
    last_outcome: str | None = None  # `model.Outcome`
    last_detail: str | None = None  # why, in words; empty when all went well


@dataclass(frozen=True, slots=True)
class OutletOverview:
    """How an outlet is doing."""

    slug: str
    name: str
    country: str
    language: str
    feeds: int  # configured
    failing: int  # of them, whose last visit failed
    articles: int
    last_success_at: datetime | None  # of any feed
    last_visited_at: datetime | None
    last_outcome: str | None  # of the feed visited last
    failures: int  # in a row, of the feed that fares worst
    disallowed: int = 0  # feeds and pages that robots.txt keeps us from


class Queries:
    """The reading side of the database. Each method raises Unreachable or SchemaError when it cannot tell."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revisions(
        self, limit: int, before: int | None = None, outlet: str | None = None, kind: RevisionKind | None = None
    ) -> tuple[RevisionRow, ...]:
        """Newest first; with ids under `before`; of one outlet (slug); of one kind."""
        wanted = _revisions().order_by(revisions.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(revisions.c.id < before)
        if outlet is not None:
            wanted = wanted.where(outlets.c.slug == outlet)
        if kind is not None:
            wanted = wanted.where(revisions.c.kind == kind)
        return self._database.read(lambda connection: _revision_rows(connection, wanted))

    def revisions_after(
        self, after: int, limit: int, outlet: str | None = None, kind: RevisionKind | None = None
    ) -> tuple[RevisionRow, ...]:
        """With ids over `after`, oldest first; of one outlet (slug); of one kind.

        On PostgreSQL an id may become visible after a greater one; whoever must miss nothing follows the change feed.
        """
        wanted = _revisions().where(revisions.c.id > after).order_by(revisions.c.id).limit(limit)
        if outlet is not None:
            wanted = wanted.where(outlets.c.slug == outlet)
        if kind is not None:
            wanted = wanted.where(revisions.c.kind == kind)
        return self._database.read(lambda connection: _revision_rows(connection, wanted))

    def newest_revision_id(self) -> int:
        """The greatest id of a revision; 0 before the first."""
        return int(self._scalar(select(func.coalesce(func.max(revisions.c.id), 0))))

    def article(self, article_id: int) -> Article | None:
        """An article with its versions and revisions; None when there is none."""
        if not 0 < article_id <= GREATEST_KEY:  # a driver's own complaint would be no answer
            return None
        return self._database.read(lambda connection: _article(connection, article_id))

    def article_id(self, url_key: str) -> int | None:
        """The article known under a URL, by that URL's key (`core.urls.key`); None when there is none."""
        known = select(aliases.c.article_id).where(
            aliases.c.kind == AliasKind.URL, aliases.c.scope == 0, aliases.c.key == url_key
        )
        found: int | None = self._scalar(known)
        return found

    def article_ids(self) -> tuple[int, ...]:
        """All articles, in the order they became known."""
        every = select(articles.c.id).order_by(articles.c.id)
        return self._database.read(lambda connection: tuple(connection.execute(every).scalars()))

    def figures(self, version_id: int) -> tuple[Figure, ...]:
        """The figures of a version, in the order of its text, those of the title first."""
        of_version = select(figures).where(figures.c.version_id == version_id, figures.c.current)
        ordered = of_version.order_by(figures.c.part.desc(), figures.c.start_offset, figures.c.id)
        return self._database.read(
            lambda connection: tuple(from_row(row) for row in connection.execute(ordered).mappings())
        )

    def copies(self, article_id: int) -> tuple[CopyRow, ...]:
        """Copies of an article, the first published first."""
        if not 0 < article_id <= GREATEST_KEY:
            return ()
        return self._database.read(lambda connection: copies.shown(connection, article_id))

    def ripples(self, limit: int, *, every: bool = False, article_id: int | None = None) -> tuple[RippleRow, ...]:
        """Copies that still print the old figure, newest revision first; `every`: those that followed, too."""
        return self._database.read(
            lambda connection: copies.lagging(connection, limit, every=every, article_id=article_id)
        )

    def outlets(self) -> tuple[OutletOverview, ...]:
        """All configured outlets by name."""
        return self._database.read(_outlets)

    def ailing_feeds(self) -> tuple[AilingFeed, ...]:
        """Configured feeds that somebody should look at."""
        return self._database.read(ailing.feeds)

    def census(self) -> Census:
        """How much there is."""
        return self._database.read(_census)

    def backlog(self, now: datetime) -> Backlog:
        """What waits."""
        return self._database.read(lambda connection: _backlog(connection, now))

    def next_due_at(self) -> datetime | None:
        """When the next visit is due, be it in the past; None when nothing is, or reading comes first."""
        due_at: datetime | None = self._scalar(select(func.min(resources.c.next_visit_at)).where(DUE))
        return due_at

    def last_dispatch_at(self) -> datetime | None:
        """When work was last handed out; None before the first time."""
        at: datetime | None = self._scalar(select(heartbeats.c.at).where(heartbeats.c.name == DISPATCH))
        return at

    def outage_since(self) -> datetime | None:
        """Since when nobody at all can be reached; None while somebody can."""
        at: datetime | None = self._scalar(select(heartbeats.c.at).where(heartbeats.c.name == OUTAGE))
        return at

    def tally(self, name: str, label: str = "") -> int:
        """How often that happened; 0 when never."""
        counted = select(tallies.c.count).where(tallies.c.name == name, tallies.c.label == label)
        return self._scalar(counted) or 0

    def _scalar(self, query: Select[Any]) -> Any:
        return self._database.read(lambda connection: connection.execute(query).scalar_one_or_none())


# --- revisions ---------------------------------------------------------------------------------------


@cache  # building it takes three times as long as running it
def _revisions() -> Select[Any]:
    old, new = figures.alias("old_figure"), figures.alias("new_figure")
    before, after = versions.alias("old_version"), versions.alias("new_version")
    source, printed_by = articles.alias("old_article"), outlets.alias("old_outlet")
    last_seen = func.coalesce(after.c.changed_after, before.c.last_seen_at, type_=UtcDateTime())
    superseded = revisions.c.kind == RevisionKind.SUPERSEDED
    return (
        select(
            revisions,
            outlets.c.slug,
            articles.c.url,
            articles.c.title,
            case((superseded, before.c.first_seen_at), else_=last_seen).label("changed_after"),
            source.c.id.label("old_article_id"),
            source.c.title.label("old_title"),
            printed_by.c.slug.label("old_slug"),
            observations.c.series_id,
            after.c.first_seen_at.label("changed_before"),
            *(column.label(f"old_figure_{column.name}") for column in old.c if column.name != "id"),
            *(column.label(f"new_figure_{column.name}") for column in new.c if column.name != "id"),
        )
        .join_from(revisions, articles, revisions.c.article_id == articles.c.id)
        .join(outlets, articles.c.outlet_id == outlets.c.id)
        .join(before, revisions.c.old_version_id == before.c.id)
        .join(after, revisions.c.new_version_id == after.c.id)
        .join(old, revisions.c.old_figure_id == old.c.id)
        .join(source, before.c.article_id == source.c.id)
        .join(printed_by, source.c.outlet_id == printed_by.c.id)
        .outerjoin(new, revisions.c.new_figure_id == new.c.id)
        .outerjoin(observations, observations.c.figure_id == new.c.id)
        .where(revisions.c.retracted_at.is_(None))
    )


def _revision_rows(connection: Connection, query: Select[Any]) -> tuple[RevisionRow, ...]:
    return tuple(_revision(row) for row in connection.execute(query))


def _revision(row: Row[Any]) -> RevisionRow:
    return RevisionRow(
        revision_id=row.id,
        article_id=row.article_id,
        outlet=row.slug,
        url=row.url,
        title=row.title,
        kind=RevisionKind(row.kind),
        old=_figure(row, "old_figure_"),
        new=_figure(row, "new_figure_") if row.new_figure_id is not None else None,
        changed_after=row.changed_after,
        changed_before=row.changed_before,
        detected_at=row.detected_at,
        confidence=row.confidence,
        because=row.because,
        declared=row.declared,
        old_article_id=row.old_article_id,
        old_outlet=row.old_slug,
        old_title=row.old_title,
        series_id=row.series_id,
    )


def _figure(row: Row[Any], prefix: str) -> Figure:
    mapping = row._mapping  # noqa: SLF001 - public by SQLAlchemy's word
    return from_row({column.name: mapping[f"{prefix}{column.name}"] for column in figures.c if column.name != "id"})


# --- an article --------------------------------------------------------------------------------------


def _article(connection: Connection, article_id: int) -> Article | None:
    known = (
        select(
            articles,
            outlets.c.slug,
            resources.c.status,
            resources.c.last_visited_at,
            resources.c.next_visit_at,
            resources.c.last_outcome,
            resources.c.last_detail,
        )
        .join_from(articles, outlets, articles.c.outlet_id == outlets.c.id)
        .join(resources, resources.c.article_id == articles.c.id)
        .where(articles.c.id == article_id)
    )
    row = connection.execute(known).one_or_none()
    if row is None:
        return None
    of_article = _revisions().where(revisions.c.article_id == article_id).order_by(revisions.c.id.desc())
    return Article(
        article_id=row.id,
        outlet=row.slug,
        url=row.url,
        title=row.title,
        language=row.language,
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        status=row.status,
        versions=_versions(connection, article_id),
        revisions=_revision_rows(connection, of_article),
        last_visited_at=row.last_visited_at,
        next_visit_at=row.next_visit_at,
        last_outcome=row.last_outcome,
        last_detail=row.last_detail,
    )


def _versions(connection: Connection, article_id: int) -> tuple[Version, ...]:
    of_article = select(versions).where(versions.c.article_id == article_id).order_by(versions.c.ordinal)
    return tuple(
        Version(
            version_id=row.id,
            ordinal=row.ordinal,
            title=row.title,
            text=row.text,
            changed_after=row.changed_after,
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            extractor=row.extractor,
            modified_at=row.modified_at,
        )
        for row in connection.execute(of_article)
    )


# --- outlets -----------------------------------------------------------------------------------------


def _outlets(connection: Connection) -> tuple[OutletOverview, ...]:
    feeds, counted, kept_out = _feeds_by_outlet(), _articles_by_outlet(), _disallowed_by_outlet()
    visited = resources.alias("visited")
    last_outcome = (
        select(visited.c.last_outcome)
        .where(visited.c.outlet_id == outlets.c.id, visited.c.last_visited_at == feeds.c.last_visited_at)
        .where(visited.c.kind == ResourceKind.FEED)
        .limit(1)
        .correlate(outlets, feeds)
        .scalar_subquery()
    )
    overview = (
        select(
            outlets,
            feeds,
            func.coalesce(counted.c.articles, 0).label("articles"),
            last_outcome.label("outcome"),
            kept_out.c.disallowed,
        )
        .join_from(outlets, feeds, feeds.c.outlet_id == outlets.c.id, isouter=True)
        .outerjoin(counted, counted.c.outlet_id == outlets.c.id)
        .outerjoin(kept_out, kept_out.c.outlet_id == outlets.c.id)
        .where(outlets.c.status == SourceStatus.ACTIVE)
        .order_by(outlets.c.name, outlets.c.slug)
    )
    return tuple(_outlet(row) for row in connection.execute(overview))


def _feeds_by_outlet() -> Subquery:
    feed = resources.c
    return (
        select(
            feed.outlet_id,
            func.count().label("feeds"),
            func.count().filter(feed.failures > 0).label("failing"),
            func.max(feed.failures).label("failures"),
            func.max(feed.last_success_at).label("last_success_at"),
            func.max(feed.last_visited_at).label("last_visited_at"),
        )
        .where(feed.kind == ResourceKind.FEED, feed.status != ResourceStatus.PAUSED)
        .group_by(feed.outlet_id)
        .subquery("feeds")
    )


def _articles_by_outlet() -> Subquery:
    outlet_id = articles.c.outlet_id
    return select(outlet_id, func.count().label("articles")).group_by(outlet_id).subquery("counted")


def _disallowed_by_outlet() -> Subquery:
    kept_out = resources.c.last_outcome == Outcome.DISALLOWED, resources.c.status == ResourceStatus.ACTIVE
    counted = select(resources.c.outlet_id, func.count().label("disallowed")).where(*kept_out)
    return counted.group_by(resources.c.outlet_id).subquery("kept_out")


def _outlet(row: Row[Any]) -> OutletOverview:
    return OutletOverview(
        slug=row.slug,
        name=row.name,
        country=row.country,
        language=row.language,
        feeds=row.feeds or 0,
        failing=row.failing or 0,
        articles=row.articles,
        last_success_at=row.last_success_at,
        last_visited_at=row.last_visited_at,
        last_outcome=row.outcome,
        failures=row.failures or 0,
        disallowed=row.disallowed or 0,
    )


# --- numbers -----------------------------------------------------------------------------------------


def _census(connection: Connection) -> Census:
    counted: dict[str, dict[str, int]] = {}
    for name, label, count in connection.execute(select(tallies.c.name, tallies.c.label, tallies.c.count)):
        counted.setdefault(name, {})[label] = count
    active = outlets.c.status == SourceStatus.ACTIVE
    feeds = and_(resources.c.kind == ResourceKind.FEED, resources.c.status != ResourceStatus.PAUSED)
    return Census(
        outlets=_count(connection, outlets, active),
        feeds=_count(connection, resources, feeds),
        articles=_count(connection, articles),
        versions=_count(connection, versions),
        figures=_count(connection, figures),
        revisions=_count(connection, revisions),
        captures=_count(connection, captures),
        position=connection.execute(select(func.coalesce(func.max(changes.c.position), 0))).scalar_one(),
        tallies=counted,
    )


def _count(connection: Connection, table: Table, *where: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


def _backlog(connection: Connection, now: datetime) -> Backlog:
    oldest = func.min(resources.c.next_visit_at)
    due = select(func.count(), oldest).select_from(resources).where(DUE, resources.c.next_visit_at <= now)
    count, since = connection.execute(due).one()
    return Backlog(
        due=count,
        due_lag_seconds=(now - since).total_seconds() if since else 0.0,
        unread=_count(connection, captures, UNREAD),
        quarantined=_count(connection, captures, QUARANTINED),
        leased_hosts=_count(connection, hosts, hosts.c.lease_until > now),
        unrelated=_count(connection, relating, relating.c.state == RelatingState.WAITING),
        unrelatable=_count(connection, relating, relating.c.state == RelatingState.QUARANTINED),
        quarantined_visits=_count(connection, resources, *quarantine.LOST),
        replaying=_count(connection, replays, text("replay.state = 'waiting'")),
        broken_outlets=symptoms.broken_outlets(connection, now),
        endpoints=endpoints.states(connection),
    )
