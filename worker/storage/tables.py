"""The tables, private to storage: consumers read the `v1_` views.

README.md beside this file says what each table is for. Keys are 64 bits wide, times aware and in UTC, hashes SHA-256
in hex, and a closed set of words is text with a CHECK, which every database and every reader understands.
"""

# No `from __future__ import annotations` here: SQLModel reads the annotations when the class is made.

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import JSON, Boolean, CheckConstraint, Float, Index, MetaData, Table, UniqueConstraint, text
from sqlalchemy.orm import registry
from sqlmodel import Field, LargeBinary, SQLModel

from worker.model import (
    Bound,
    ChangeKind,
    ClaimKind,
    CopyKind,
    Doubt,
    Location,
    Part,
    ResourceKind,
    Return,
    RevisionKind,
    RippleState,
    Standing,
    Symptom,
)
from worker.storage.columns import HASH, KEY, Number, UtcDateTime, Words


class SourceStatus(StrEnum):
    """Whether the configuration names an outlet."""

    ACTIVE = "active"
    PAUSED = "paused"


class ResourceStatus(StrEnum):
    """Whether a URL is revisited."""

    ACTIVE = "active"
    PAUSED = "paused"  # its feed or outlet is no longer configured
    SETTLED = "settled"  # the schedule ended: no change is expected any more
    GONE = "gone"  # the outlet took it down
    MERGED = "merged"  # its article proved to be another one


class CaptureState(StrEnum):
    """What became of captured bytes."""

    UNREAD = "unread"
    READ = "read"
    QUARANTINED = "quarantined"


class RelatingState(StrEnum):
    """Whether a version still waits to be related."""

    WAITING = "waiting"
    QUARANTINED = "quarantined"


class ReplayState(StrEnum):
    """What became of reading an article's history again."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class AliasKind(StrEnum):
    """By what else an article is known."""

    URL = "url"
    GUID = "guid"


# Every constraint has a name that both databases agree on, or a later migration could not drop it on SQLite.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# Partial indexes are used only where a query repeats these words.
DUE = text("status = 'active' AND NOT awaits_reading")
MOVED = text("moved_key IS NOT NULL")
UNREAD = text("state = 'unread'")
QUARANTINED = text("state = 'quarantined'")
WAITING = text("state = 'waiting'")
UNPLACED = text("position IS NULL")
FOLLOWED = text("listed_by IS NOT NULL")
STILL_OLD = text("state = 'old'")


def one_of(column: str, words: Iterable[StrEnum]) -> CheckConstraint:
    """The column holds one of these words."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(w.value) for w in words)})", name=column)


RECURRENCES = (Return.STALE_COPY, Return.VARIANT)  # the third, a reversion, is a version of its own


def key(**options: Any) -> Any:
    """A number that the database gives and never gives again."""
    return Field(default=None, primary_key=True, sa_type=KEY, **options)


def reference(target: str, **options: Any) -> Any:
    """The key of a row of another table."""
    return Field(foreign_key=f"{target}.id", sa_type=KEY, **options)


def partial(name: str, *columns: str, where: Any, unique: bool = False) -> Index:
    """An index over some rows only."""
    return Index(name, *columns, unique=unique, postgresql_where=where, sqlite_where=where)


NUMBERED = {"sqlite_autoincrement": True}  # without it SQLite gives the number of a deleted last row again


class Stored(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """Base of all tables, with metadata of their own."""


class OutletRow(Stored, table=True):
    """A publisher."""

    __tablename__ = "outlet"
    __table_args__ = (one_of("status", SourceStatus), NUMBERED)
    id: int | None = key()
    slug: str = Field(unique=True, sa_type=Words)
    name: str = Field(sa_type=Words)
    homepage: str = Field(sa_type=Words)
    country: str = Field(sa_type=Words)
    language: str = Field(sa_type=Words)
    status: str = Field(sa_type=Words)


class HostRow(Stored, table=True):
    """The unit of politeness, leased to one lane at a time."""

    __tablename__ = "host"
    __table_args__ = (NUMBERED,)
    id: int | None = key()
    authority: str = Field(unique=True, sa_type=Words)
    free_at: datetime = Field(sa_type=UtcDateTime)  # not asked before
    lease_until: datetime | None = Field(sa_type=UtcDateTime)
    lease_token: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    reached_at: datetime | None = Field(sa_type=UtcDateTime)  # some server last answered a visit of this host
    unreached_at: datetime | None = Field(sa_type=UtcDateTime)  # it was last found away while nobody else answered


class ArticleRow(Stored, table=True):
    """The work behind one canonical URL."""

    __tablename__ = "article"
    # By outlet, and of each the newest: its pace is measured on them.
    __table_args__ = (Index("ix_article_outlet_id_first_seen_at", "outlet_id", "first_seen_at"), NUMBERED)
    id: int | None = key()
    outlet_id: int = reference("outlet")
    url: str = Field(sa_type=Words)
    url_key: str = Field(sa_type=HASH, unique=True)
    title: str = Field(sa_type=Words)
    language: str = Field(sa_type=Words)
    published_at: datetime | None = Field(sa_type=UtcDateTime)
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_capture_at: datetime | None = Field(sa_type=UtcDateTime)  # of the newest page read
    wire: str | None = Field(sa_type=Words)  # the agency that it credits, last time it credited one
    # First published of the copies that are known; null when there is none, or it is this.
    origin_id: int | None = reference("article", nullable=True, default=None)
    merged_into: int | None = reference("article", nullable=True, default=None)  # which it proved to be
    merged_at: datetime | None = Field(sa_type=UtcDateTime)
    versions: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})


class BlobRow(Stored, table=True):
    """Bytes as they were served, once for each content."""

    __tablename__ = "blob"
    hash: str = Field(sa_type=HASH, primary_key=True)
    size: int = Field(sa_type=KEY)  # bytes before compression
    data: bytes = Field(sa_type=LargeBinary)  # one zstd frame


class VersionRow(Stored, table=True):
    """The text of an article, as observed in an interval."""

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("article_id", "ordinal"),
        UniqueConstraint("article_id", "previous_version_id"),
        NUMBERED,
    )
    id: int | None = key()
    article_id: int = reference("article")
    ordinal: int = Field(sa_type=KEY)
    previous_version_id: int | None = reference("version", nullable=True, default=None)
    capture_id: int | None = Field(sa_type=KEY, default=None)  # it was read from; may be pruned, so no foreign key
    title: str = Field(sa_type=Words)
    text: str = Field(sa_type=Words)
    content_hash: str = Field(sa_type=HASH)
    changed_after: datetime | None = Field(sa_type=UtcDateTime)
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    extractor: str = Field(sa_type=Words)
    captions_at: int | None = Field(sa_type=KEY, default=None)  # where in the text the captions begin
    reverts_version_id: int | None = reference("version", nullable=True, default=None)  # whose text it goes back to
    readings: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "1"})  # 1: as first read


class ResourceRow(Stored, table=True):
    """A URL that is revisited."""

    __tablename__ = "resource"
    __table_args__ = (
        UniqueConstraint("kind", "url_key"),
        one_of("kind", ResourceKind),
        one_of("status", ResourceStatus),
        partial("ix_resource_due", "host_id", "next_visit_at", where=DUE),
        partial("ix_resource_moved", "kind", "moved_key", where=MOVED, unique=True),
        partial("ix_resource_listed_by", "listed_by", where=FOLLOWED),
        NUMBERED,
    )
    id: int | None = key()
    outlet_id: int = reference("outlet", index=True)
    host_id: int = reference("host", index=True)
    article_id: int | None = reference("article", nullable=True, unique=True, default=None)
    listed_by: int | None = reference("resource", nullable=True, default=None)  # the sitemap index
    kind: str = Field(sa_type=Words)
    url: str = Field(sa_type=Words)
    url_key: str = Field(sa_type=HASH)
    status: str = Field(sa_type=Words)
    awaits_reading: bool = Field(sa_type=Boolean, sa_column_kwargs={"server_default": text("false")})
    etag: str | None = Field(sa_type=Words)
    last_modified: str | None = Field(sa_type=Words)
    body_hash: str | None = Field(sa_type=HASH)
    shown_version_id: int | None = reference("version", nullable=True, default=None)  # by the bytes of body_hash
    layers: dict[str, str] | None = Field(sa_type=JSON(none_as_null=True), default=None)  # hashes of the last article
    next_visit_at: datetime | None = Field(sa_type=UtcDateTime)
    failures: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    unchanged: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    changed_at: datetime | None = Field(sa_type=UtcDateTime)
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_visited_at: datetime | None = Field(sa_type=UtcDateTime)
    last_success_at: datetime | None = Field(sa_type=UtcDateTime)
    last_outcome: str | None = Field(sa_type=Words)
    last_detail: str | None = Field(sa_type=Words)
    permanent_url: str | None = Field(sa_type=Words)  # where permanent redirects led
    permanent_visits: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})  # that agreed, in a row
    moved_to: str | None = Field(sa_type=Words)  # asked in place of `url`
    moved_key: str | None = Field(sa_type=HASH)  # its unique key, of the same kind as `url_key`
    misreads: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})  # in a row: a feed that was none
    last_verdict: str | None = Field(sa_type=Words)  # of the last capture read


class RobotsRow(Stored, table=True):
    """What a site asks of crawlers."""

    __tablename__ = "robots"
    __table_args__ = (UniqueConstraint("host_id", "scheme"), one_of("standing", Standing), NUMBERED)
    id: int | None = key()
    host_id: int = reference("host")
    scheme: str = Field(sa_type=Words)  # http and https are two sites, each with a file of its own
    standing: str = Field(sa_type=Words)
    text: str = Field(sa_type=Words)
    etag: str | None = Field(sa_type=Words)
    last_modified: str | None = Field(sa_type=Words)
    body_hash: str | None = Field(sa_type=HASH)
    next_visit_at: datetime = Field(sa_type=UtcDateTime)
    last_visited_at: datetime = Field(sa_type=UtcDateTime)
    last_outcome: str = Field(sa_type=Words)
    last_detail: str = Field(sa_type=Words)
    failures: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    unreachable_since: datetime | None = Field(sa_type=UtcDateTime)


class CaptureRow(Stored, table=True):
    """One fetch that brought bytes, whatever came of it."""

    __tablename__ = "capture"
    __table_args__ = (
        UniqueConstraint("resource_id", "fetched_at"),
        one_of("state", CaptureState),
        partial("ix_capture_unread", "fetched_at", "id", where=UNREAD),
        partial("ix_capture_quarantined", "id", where=QUARANTINED),
        partial("ix_capture_unread_of", "resource_id", "id", where=UNREAD),
        NUMBERED,
    )
    id: int | None = key()
    resource_id: int = reference("resource")
    fetched_at: datetime = Field(sa_type=UtcDateTime)
    url: str = Field(sa_type=Words)
    status_code: int = Field(sa_type=KEY)
    headers: dict[str, str] = Field(sa_type=JSON)
    whole: bool = Field(sa_type=Boolean)
    body_hash: str = Field(foreign_key="blob.hash", sa_type=HASH, index=True)
    state: str = Field(sa_type=Words)
    attempts: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    lease_until: datetime | None = Field(sa_type=UtcDateTime)
    lease_token: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    reason: str | None = Field(sa_type=Words)
    verdict: str | None = Field(sa_type=Words)


class AliasRow(Stored, table=True):
    """Another name of an article: a URL, or what a feed of its outlet calls it."""

    __tablename__ = "alias"
    __table_args__ = (UniqueConstraint("kind", "scope", "key"), one_of("kind", AliasKind), NUMBERED)
    id: int | None = key()
    kind: str = Field(sa_type=Words)
    scope: int = Field(sa_type=KEY)  # the outlet of a guid; 0 for a URL, which means the same everywhere
    key: str = Field(sa_type=HASH)
    article_id: int = reference("article", index=True)
    name: str = Field(sa_type=Words)  # as it was given
    title: str = Field(sa_type=Words)  # of the entry that last bore this name


class ClaimRow(Stored, table=True):
    """Another address that an article's page gave for itself: evidence of what is one article."""

    __tablename__ = "claim"
    __table_args__ = (one_of("kind", ClaimKind), Index("ix_claim_url_key", "url_key"))
    article_id: int = Field(foreign_key="article.id", primary_key=True, sa_type=KEY)
    url_key: str = Field(primary_key=True, sa_type=HASH)
    kind: str = Field(sa_type=Words)
    url: str = Field(sa_type=Words)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)


class SightingRow(Stored, table=True):
    """An article, as listed by a feed."""

    __tablename__ = "sighting"
    __table_args__ = (UniqueConstraint("resource_id", "article_id"), NUMBERED)
    id: int | None = key()
    resource_id: int = reference("resource")
    article_id: int = reference("article", index=True)
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    guid: str | None = Field(sa_type=Words)
    title: str = Field(sa_type=Words)


class FigureRow(Stored, table=True):
    """A quantity that a version reports."""

    __tablename__ = "figure"
    __table_args__ = (
        Index("ix_figure_version_id_start_offset", "version_id", "start_offset"),
        one_of("part", Part),
        one_of("location", Location),
        one_of("bound", Bound),
        NUMBERED,
    )
    id: int | None = key()
    version_id: int = reference("version")
    part: str = Field(sa_type=Words)
    start_offset: int = Field(sa_type=KEY)
    end_offset: int = Field(sa_type=KEY)
    low: Decimal = Field(sa_type=Number)
    high: Decimal | None = Field(sa_type=Number)
    bound: str = Field(sa_type=Words)
    unit: str | None = Field(sa_type=Words)
    noun: str | None = Field(sa_type=Words)
    subject: str = Field(sa_type=Words)
    sentence: str = Field(sa_type=Words)
    hedge: str | None = Field(sa_type=Words)
    attribution: str | None = Field(sa_type=Words)
    dimension: str | None = Field(sa_type=Words)
    per: str | None = Field(sa_type=Words)
    place: str | None = Field(sa_type=Words)
    period: str | None = Field(sa_type=Words)
    # Found by the newest reading of its version; others stay, because consumers and revisions hold their ids.
    current: bool = Field(sa_type=Boolean, sa_column_kwargs={"server_default": text("true")})
    location: str | None = Field(sa_type=Words, default=None)
    # Figures within a figure, with their numbers as text; SQL null where there are none.
    conversion: dict[str, Any] | None = Field(sa_type=JSON(none_as_null=True))
    change: list[dict[str, Any]] | None = Field(sa_type=JSON(none_as_null=True))


class RevisionRow(Stored, table=True):
    """The same reported figure, reported differently by two versions."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("old_version_id", "new_version_id", "position"),
        one_of("kind", RevisionKind),
        NUMBERED,
    )
    id: int | None = key()
    article_id: int = reference("article", index=True)
    old_version_id: int = reference("version")
    new_version_id: int = reference("version", index=True)
    position: int = Field(sa_type=KEY)  # among the revisions of this pair, from 0
    kind: str = Field(sa_type=Words)
    old_figure_id: int = reference("figure")
    new_figure_id: int | None = reference("figure", nullable=True, default=None)
    confidence: float = Field(sa_type=Float)
    because: str = Field(sa_type=Words)
    declared: bool = Field(sa_type=Boolean)  # the new version says itself that it corrects the figure
    detected_at: datetime = Field(sa_type=UtcDateTime)
    retracted_at: datetime | None = Field(sa_type=UtcDateTime, default=None)  # a better reader no longer finds it


class SymptomRow(Stored, table=True):
    """An article that lost its title, half of its text or all of its figures when its page was last read."""

    __tablename__ = "symptom"
    __table_args__ = (one_of("kind", Symptom),)
    article_id: int = Field(
        foreign_key="article.id", primary_key=True, sa_type=KEY, sa_column_kwargs={"autoincrement": False}
    )
    outlet_id: int = reference("outlet", index=True)
    kind: str = Field(sa_type=Words)
    at: datetime = Field(sa_type=UtcDateTime)


class ReplayRow(Stored, table=True):
    """An article whose history is to be read again by today's reader."""

    __tablename__ = "replay"
    __table_args__ = (one_of("state", ReplayState), partial("ix_replay_waiting", "id", where=WAITING), NUMBERED)
    id: int | None = key()
    article_id: int = reference("article", unique=True)
    state: str = Field(sa_type=Words)
    attempts: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    lease_until: datetime | None = Field(sa_type=UtcDateTime)
    lease_token: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    reason: str | None = Field(sa_type=Words)


class HeldRow(Stored, table=True):
    """A text that an article's page showed, and that another visit must confirm."""

    __tablename__ = "held"
    __table_args__ = (one_of("doubt", Doubt),)
    article_id: int = reference("article", primary_key=True)
    resource_id: int = reference("resource", primary_key=True)
    content_hash: str = Field(sa_type=HASH)
    doubt: str = Field(sa_type=Words)
    reason: str = Field(sa_type=Words)
    capture_id: int = Field(sa_type=KEY)  # that showed it last; may be pruned, so no foreign key
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    visits: int = Field(sa_type=KEY)


class RecurrenceRow(Stored, table=True):
    """The text of a version was seen again after a newer one, and is not what the outlet says now."""

    __tablename__ = "recurrence"
    __table_args__ = (UniqueConstraint("version_id", "kind"), one_of("kind", RECURRENCES), NUMBERED)
    id: int | None = key()
    version_id: int = reference("version")
    kind: str = Field(sa_type=Words)
    because: str = Field(sa_type=Words)
    times: int = Field(sa_type=KEY)
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)


class RelatingRow(Stored, table=True):
    """A version that waits to be related to other articles; written with it, deleted when that is done."""

    __tablename__ = "relating"
    __table_args__ = (one_of("state", RelatingState),)
    version_id: int = Field(
        foreign_key="version.id", primary_key=True, sa_type=KEY, sa_column_kwargs={"autoincrement": False}
    )
    article_id: int = reference("article", index=True)
    capture_id: int | None = Field(sa_type=KEY, index=True, default=None)  # it was read from; may be pruned
    state: str = Field(sa_type=Words)
    attempts: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    lease_until: datetime | None = Field(sa_type=UtcDateTime)
    lease_token: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    reason: str | None = Field(sa_type=Words)


class SketchRow(Stored, table=True):
    """An article in a bucket of the index by which texts are found again."""

    __tablename__ = "sketch"
    # The key is all there is: a table of rows beside it would double its size on SQLite.
    __table_args__ = {"sqlite_with_rowid": False}
    band: int = Field(sa_type=KEY, primary_key=True, sa_column_kwargs={"autoincrement": False})
    article_id: int = Field(sa_type=KEY, primary_key=True, sa_column_kwargs={"autoincrement": False})


class CopyRow(Stored, table=True):
    """Two articles that are copies of one another, the one with the smaller id first."""

    __tablename__ = "copy"
    __table_args__ = (one_of("kind", CopyKind),)
    article_id: int = Field(foreign_key="article.id", primary_key=True, sa_type=KEY)
    other_id: int = Field(foreign_key="article.id", primary_key=True, sa_type=KEY, index=True)
    kind: str = Field(sa_type=Words)
    contained: float = Field(sa_type=Float)  # share of the shorter text that stands in the longer
    part_id: int = Field(sa_type=KEY)  # which of the two is the shorter
    version_id: int = reference("version")  # by which versions this was last seen to be so
    other_version_id: int = reference("version")
    found_at: datetime = Field(sa_type=UtcDateTime)
    proved_at: datetime = Field(sa_type=UtcDateTime)


class RippleRow(Stored, table=True):
    """A revision of one article, and a copy that printed the old figure when it was made."""

    __tablename__ = "ripple"
    __table_args__ = (
        one_of("state", RippleState),
        partial("ix_ripple_old", "revision_id", where=STILL_OLD),
    )
    revision_id: int = Field(foreign_key="revision.id", primary_key=True, sa_type=KEY)
    article_id: int = Field(foreign_key="article.id", primary_key=True, sa_type=KEY, index=True)
    state: str = Field(sa_type=Words)
    figure_id: int | None = reference("figure", nullable=True, default=None)
    version_id: int = reference("version")
    found_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(sa_type=UtcDateTime)


class ChangeRow(Stored, table=True):
    """An event of the change feed; the sequencer gives it its place after the commit."""

    __tablename__ = "change"
    __table_args__ = (
        one_of("kind", ChangeKind),
        partial("ix_change_unplaced", "id", where=UNPLACED),
        NUMBERED,
    )
    id: int | None = key()
    position: int | None = Field(sa_type=KEY, unique=True, default=None)
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(sa_type=Words)
    article_id: int = reference("article")
    version_id: int | None = reference("version", nullable=True, default=None)
    revision_id: int | None = reference("revision", nullable=True, default=None)
    story_id: int | None = reference("story", nullable=True, default=None)


class TallyRow(Stored, table=True):
    """How often something happened, counted in the transaction in which it did."""

    __tablename__ = "tally"
    name: str = Field(sa_type=Words, primary_key=True)
    label: str = Field(sa_type=Words, primary_key=True)
    count: int = Field(sa_type=KEY)


class HeartbeatRow(Stored, table=True):
    """When something that happens all the time last happened."""

    __tablename__ = "heartbeat"
    name: str = Field(sa_type=Words, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


def table(model: type[Stored]) -> Table:
    """The table of a row."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined] # SQLAlchemy adds it, no stub says so


METADATA: MetaData = Stored.metadata
outlets, hosts, resources = table(OutletRow), table(HostRow), table(ResourceRow)
robots, blobs, captures = table(RobotsRow), table(BlobRow), table(CaptureRow)
articles, aliases, sightings = table(ArticleRow), table(AliasRow), table(SightingRow)
versions, figures, revisions = table(VersionRow), table(FigureRow), table(RevisionRow)
held, recurrences = table(HeldRow), table(RecurrenceRow)
claims = table(ClaimRow)
relating, sketches, copies, ripples = table(RelatingRow), table(SketchRow), table(CopyRow), table(RippleRow)
replays, symptoms = table(ReplayRow), table(SymptomRow)
changes, tallies, heartbeats = table(ChangeRow), table(TallyRow), table(HeartbeatRow)
