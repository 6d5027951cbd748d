"""Tables of who is asked, when and with what manners."""

# No `from __future__ import annotations` here: SQLModel reads the annotations when the class is made.

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Boolean, Float, UniqueConstraint, text
from sqlmodel import Field

from worker.model import ResourceKind, Standing, Symptom
from worker.storage.columns import HASH, KEY, UtcDateTime, Words
from worker.storage.tables.base import NUMBERED, Stored, key, one_of, partial, reference, table


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


# Partial indexes are used only where a query repeats these words.
DUE = text("status = 'active' AND NOT awaits_reading")

MOVED = text("moved_key IS NOT NULL")

LOST = text("losses > 0")

FOLLOWED = text("listed_by IS NOT NULL")


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


class BudgetRow(Stored, table=True):
    """What an outlet may still be asked within the hour, all its hosts together."""

    __tablename__ = "budget"
    outlet_id: int = Field(
        foreign_key="outlet.id", primary_key=True, sa_type=KEY, sa_column_kwargs={"autoincrement": False}
    )
    free_at: datetime = Field(sa_type=UtcDateTime)  # not asked before


class HostRow(Stored, table=True):
    """The unit of politeness, leased to one lane at a time."""

    __tablename__ = "host"
    __table_args__ = (NUMBERED,)
    id: int | None = key()
    authority: str = Field(unique=True, sa_type=Words)
    free_at: datetime = Field(sa_type=UtcDateTime)  # not asked before
    lease_until: datetime | None = Field(sa_type=UtcDateTime)
    lease_token: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})
    seconds: float | None = Field(sa_type=Float, default=None)  # that the last request took; slow hosts travel together
    reached_at: datetime | None = Field(sa_type=UtcDateTime)  # some server last answered a visit of this host
    unreached_at: datetime | None = Field(sa_type=UtcDateTime)  # no server last answered a visit of this host


class ResourceRow(Stored, table=True):
    """A URL that is revisited."""

    __tablename__ = "resource"
    __table_args__ = (
        UniqueConstraint("kind", "url_key"),
        one_of("kind", ResourceKind),
        one_of("status", ResourceStatus),
        partial("ix_resource_due", "host_id", "next_visit_at", "outlet_id", where=DUE),
        partial("ix_resource_waiting", "next_visit_at", "host_id", "outlet_id", where=DUE),
        partial("ix_resource_lost", "id", where=LOST),
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
    lent_at: datetime | None = Field(sa_type=UtcDateTime)  # to a lane that has not said yet what came of it
    losses: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})  # in a row: lanes that ended so
    last_visited_at: datetime | None = Field(sa_type=UtcDateTime)
    last_success_at: datetime | None = Field(sa_type=UtcDateTime)
    last_outcome: str | None = Field(sa_type=Words)
    last_detail: str | None = Field(sa_type=Words)
    permanent_url: str | None = Field(sa_type=Words)  # where permanent redirects led
    permanent_visits: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})  # that agreed, in a row
    moved_to: str | None = Field(sa_type=Words)  # asked in place of `url`
    moved_key: str | None = Field(sa_type=HASH)  # its unique key, of the same kind as `url_key`
    misreads: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})  # in a row: a feed that was none
    min_interval: float | None = Field(sa_type=Float, default=None)  # seconds that the feed asks to be left alone
    skips: int = Field(sa_type=KEY, sa_column_kwargs={"server_default": "0"})  # hours and days (`core.wishes`)
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


class DiscoveredRow(Stored, table=True):
    """An address that `outlets discover` asked for."""

    __tablename__ = "discovered"
    url_key: str = Field(sa_type=HASH, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)


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


outlets, hosts, resources = table(OutletRow), table(HostRow), table(ResourceRow)
robots, symptoms, budgets = table(RobotsRow), table(SymptomRow), table(BudgetRow)
discovered = table(DiscoveredRow)
