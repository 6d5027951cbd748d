"""A store for the site that holds what a test puts in, and a way to ask the site without a socket."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx

from worker.model import (
    Backlog,
    Bound,
    Census,
    Change,
    ChangeKind,
    CopyKind,
    CopyRow,
    Figure,
    RevisionKind,
    RevisionRow,
    RippleRow,
    RippleState,
    StoryPage,
)
from worker.settings import Settings
from worker.site import app
from worker.storage.queries import Article, OutletOverview, Version

NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
CENSUS = Census(
    outlets=4,
    feeds=9,
    articles=1200,
    versions=1340,
    figures=15210,
    revisions=57,
    captures=4000,
    position=2600,
    tallies={"visit": {"fresh": 12}},
)
BACKLOG = Backlog(due=3, due_lag_seconds=75.0, unread=2, quarantined=1, leased_hosts=1)


def figure(low, sentence, printed, *, bound=Bound.EXACT, **fields):
    """A figure whose part is the sentence alone; `printed`: hedge and number as they stand in it."""
    start = sentence.index(printed)
    fields = {"unit": None, "noun": "tank", "subject": "tanks destroyed"} | fields
    high = fields.pop("high", Decimal(low))
    return Figure(
        low=Decimal(low), high=high, bound=bound, sentence=sentence, start=start, end=start + len(printed), **fields
    )


def revision(id_=1, **fields):
    """A stored revision: at least 130 tanks became 142."""
    return replace(
        RevisionRow(
            revision_id=id_,
            article_id=7,
            outlet="north-agency",
            url="https://north.example/tanks",
            title="Ministry counts losses",
            kind=RevisionKind.REVISED,
            old=figure("130", "The ministry counted at least 130 tanks.", "at least 130", bound=Bound.AT_LEAST),
            new=figure("142", "The ministry counted 142 tanks.", "142"),
            changed_after=NOW - timedelta(minutes=40),
            changed_before=NOW - timedelta(minutes=20),
            detected_at=NOW - timedelta(minutes=19),
            confidence=0.94,
            because="same subject, same sentence",
        ),
        **fields,
    )


def article(*, title="Ministry revises losses", text="142 tanks.", **fields):
    """An article with two versions; `title` and `text` are those of the second."""
    first = Version(11, 1, "Ministry counts losses", "At least 130 tanks.\n\nMore soon.", None, NOW, NOW, "x")
    second = Version(12, 2, title, text, NOW, NOW, NOW, "x")
    known = Article(
        article_id=7,
        outlet="north-agency",
        url="https://north.example/tanks",
        title=title,
        language="en",
        published_at=NOW,
        first_seen_at=NOW,
        last_seen_at=NOW,
        status="active",
        versions=(first, second),
        revisions=(),
    )
    return replace(known, **fields)


def copy(id_=8, **fields):
    """A copy of article 7 at another outlet."""
    made = CopyRow(
        id_, "south-post", "https://south.example/tanks", "Tanks lost", CopyKind.NEAR, 0.97, is_part=False, found_at=NOW
    )
    return replace(made, **fields)


def ripple(**fields):
    """The south still prints 130 tanks where the north has 142."""
    row = revision()
    made = RippleRow(
        revision_id=1,
        article_id=7,
        outlet=row.outlet,
        title=row.title,
        copy_id=8,
        copy_outlet="south-post",
        copy_url="https://south.example/tanks",
        state=RippleState.OLD,
        kind=row.kind,
        old=row.old,
        new=row.new,
        copy_sentence="The ministry counted at least 130 tanks.",
        revised_at=NOW,
        found_at=NOW,
        ended_at=None,
    )
    return replace(made, **fields)


def outlet(slug="north-agency", name="North Agency"):
    """An outlet with one feed."""
    return OutletOverview(slug, name, "GB", "en", 1, 0, 1, NOW, NOW, "fresh", 0)


@dataclass
class FakeStore:
    """`worker.site.reading.Store`, both of its sides in one; `error` is what every question raises."""

    rows: list[RevisionRow] = field(default_factory=list)
    articles: dict[int, Article] = field(default_factory=dict)
    moves: list[Change] = field(default_factory=list)
    pages: dict[int, StoryPage] = field(default_factory=dict)
    names: list[OutletOverview] = field(default_factory=lambda: [outlet()])
    linked: dict[int, list[CopyRow]] = field(default_factory=dict)
    behind: list[RippleRow] = field(default_factory=list)
    counted: Census = CENSUS
    waiting: Backlog = BACKLOG
    dispatched_at: datetime | None = NOW - timedelta(seconds=4)
    error: Exception | None = None

    @property
    def queries(self):
        if self.error:
            raise self.error
        return self

    changes = story_queries = corrections = queries

    def stories(self, limit, *, before=None):
        found = [page.line for page in self.pages.values() if not before or page.line.story_id < before]
        return tuple(sorted(found, key=lambda line: -line.story_id)[:limit])

    def story(self, story_id):
        return self.pages.get(story_id)

    def story_of(self, article_id):
        found = (page for page in self.pages.values() if article_id in {each.article_id for each in page.articles})
        return next((page.line for page in found), None)

    def transparency(self):
        return ()

    def one_series(self, series_id):
        lines = (line for page in self.pages.values() for line in page.series)
        return next((line for line in lines if line.series_id == series_id), None)

    def revisions(self, limit, before=None, outlet=None):
        found = [r for r in self.rows if (not before or r.revision_id < before) and outlet in {None, r.outlet}]
        return tuple(sorted(found, key=lambda r: -r.revision_id)[:limit])

    def revisions_after(self, after, limit):
        return tuple(sorted((r for r in self.rows if r.revision_id > after), key=lambda r: r.revision_id)[:limit])

    def after(self, position, limit):
        return tuple(m for m in self.moves if m.position > position)[:limit]

    def article(self, article_id):
        return self.articles.get(article_id)

    def copies(self, article_id):
        return tuple(self.linked.get(article_id, ()))

    def ripples(self, limit, *, every=False):
        return tuple(r for r in self.behind if every or r.state is RippleState.OLD)[:limit]

    def outlets(self):
        return tuple(self.names)

    def census(self):
        return self.counted

    def backlog(self, _now):
        return self.waiting

    def last_dispatch_at(self):
        return self.dispatched_at

    def outage_since(self):
        return None


def change(position):
    """A row of the change feed."""
    return Change(position, NOW, ChangeKind.REVISION, 7, 2, position)


def ask(store, path, *, method="GET", settings=None, headers=None, **options):
    """One answer of the site on this store, at NOW."""
    settings = settings or Settings(redis_url="redis+socket:///nowhere/valkey.sock")
    site = app.create(settings, store, clock=lambda: NOW)

    async def get():
        transport = httpx.ASGITransport(site, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8190", **options) as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(get())
