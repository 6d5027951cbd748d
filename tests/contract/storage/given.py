"""Values to feed a store with, and a small cast that carries them through it."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import select

from worker.core import urls
from worker.errors import StaleLease
from worker.model import (
    ArticleDraft,
    ArticleIntent,
    Bound,
    CaptureDraft,
    FeedIntent,
    FeedSource,
    FeedVerdict,
    Figure,
    Outcome,
    Outlet,
    Policy,
    Revision,
    RevisionKind,
    Step,
    Validators,
    Verdict,
    VersionDraft,
    VisitIntent,
)
from worker.storage import lending, recording
from worker.storage.tables import METADATA

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
ATTEMPTS = 3
FOREVER = datetime.max.replace(tzinfo=UTC)


def outlet(slug="anadolu", *feeds, language="en"):
    feeds = feeds or (f"https://{slug}.example/rss",)
    home = f"https://{slug}.example/"
    return Outlet(slug, slug.title(), home, "TR", language, Policy(), tuple(FeedSource(url) for url in feeds))


def sha(body):
    return hashlib.sha256(body).hexdigest()


def visit_intent(lease, visit, at, *, body=None, outcome=None, **changes):
    """A visit that brought `body`, or, without one, that found nothing new."""
    intent = VisitIntent(
        resource_id=visit.resource_id,
        lease=lease,
        lease_until=at + 5 * MINUTE,
        at=at,
        outcome=outcome or (Outcome.NOT_MODIFIED if body is None else Outcome.FRESH),
        detail="",
        validators=Validators('"tag"', "Sun, 22 Nov 2026 12:00:00 GMT"),
        body_hash=visit.body_hash if body is None else sha(body),
        failures=0,
        unchanged=0,
        next_visit_at=at + 10 * MINUTE,
        host_free_at=at + timedelta(seconds=2),
        reached=True,
        away=False,
        seconds=0.25,
        wire_bytes=1_000,
        move=visit.move,
        capture=None if body is None else capture_draft(body, visit.url),
    )
    return replace(intent, **changes)


def capture_draft(body, url="https://anadolu.example/rss"):
    return CaptureDraft(body, sha(body), url, 200, {"content-type": "text/xml"}, whole=True)


def draft(path, *, title=None, guid=None, host="anadolu.example", **changes):
    url = f"https://{host}/{path}"
    made = ArticleDraft(
        url=url,
        url_key=urls.key(url),
        host=host,
        guid=guid,
        guid_key=sha(guid.encode()) if guid else None,
        title=f"Title of {path}" if title is None else title,
        language="en",
        published_at=None,
        first_visit_at=NOON,
    )
    return replace(made, **changes)


def feed_intent(capture, *drafts, **changes):
    intent = FeedIntent(
        capture=capture.lease,
        resource_id=capture.resource_id,
        outlet=capture.outlet,
        at=capture.fetched_at,
        verdict=FeedVerdict.FEED,
        detail="",
        next_visit_at=capture.fetched_at + 10 * MINUTE,
        drop_validators=False,
        articles=drafts,
    )
    return replace(intent, **changes)


def figure(low, start=0, **changes):
    low = Decimal(low)
    made = Figure(low, low, Bound.EXACT, None, "soldier", "soldiers", f"{low} soldiers.", start, start + 4)
    return replace(made, **changes)


def revision(old, new, kind=RevisionKind.REVISED):
    return Revision(kind, old, new, 0.75, "same subject")


def version_draft(previous, seen_at, *, text="Text.", figures=(), revisions=()):
    """The version after `previous` (a StoredVersion or None)."""
    return VersionDraft(
        previous_version_id=previous.version_id if previous else None,
        ordinal=previous.ordinal + 1 if previous else 1,
        title="Title",
        text=text,
        content_hash=sha(text.encode()),
        changed_after=previous.last_seen_at if previous else None,
        seen_at=seen_at,
        extractor="test 1",
        figures=tuple(figures),
        revisions=tuple(revisions),
    )


def article_intent(capture, **changes):
    intent = ArticleIntent(
        capture=capture.lease,
        resource_id=capture.resource_id,
        article_id=capture.article_id,
        at=capture.fetched_at,
        verdict=Verdict.ARTICLE,
        detail="",
        next_visit_at=capture.fetched_at + 15 * MINUTE,
        drop_validators=False,
    )
    return replace(intent, **changes)


def lease_all_of(store, now):
    """Whatever may be visited, for a minute."""
    return store.frontier.lease_hosts(now, now + MINUTE, 100)


def begin(store, lease, until):
    """The lease as its lane takes it over; None when it has passed to somebody else. Whatever comes next is lent."""
    (begun,) = store.frontier.begin([lease], NOON, until, FOREVER)
    return None if isinstance(begun, StaleLease) else begun.lease


def next_due(store, lease, now):
    """What would be lent under a lease."""
    row = store.database.read(lambda connection: _first(connection, lease, now))
    return None if row is None else lending.Lender(store.database).visit(row, now)


def _first(connection, lease, now):
    held = [lease.id for lease in recording.take(connection, [lease])]
    return lending.first_of(connection, held, (), due=now, by=now).get(lease.id)


def record(store, intent):
    """One step of a lane that goes on; the id of its capture. Raises StaleLease."""
    (recorded,) = store.frontier.record([Step(intent, FOREVER)])
    if isinstance(recorded, StaleLease):
        raise recorded
    return recorded.capture_id


@dataclass
class Cast:
    """Goes through the motions of the journeys on a store, one hour after the other."""

    store: Any
    now: datetime = NOON
    _bodies: Any = field(default_factory=count)

    def later(self, step=HOUR):
        self.now += step
        return self.now

    def lease(self):
        """The lease of the host that has waited longest."""
        (lease,) = self.store.frontier.lease_hosts(self.now, self.now + MINUTE, 1)
        return lease

    def visit(self, *, body=None, **changes):
        """Visit whatever is due first, and hand its host back; (visit, capture id)."""
        lease = self.lease()
        visit = next_due(self.store, lease, self.now)
        capture_id = record(self.store, visit_intent(lease, visit, self.now, body=body, **changes))
        self.store.frontier.release(lease)
        return visit, capture_id

    def capture(self):
        """Something fresh of whatever is due first, begun to be read."""
        _, capture_id = self.visit(body=b"bytes %d" % next(self._bodies))
        return self.begin(capture_id)

    def begin(self, capture_id):
        return self.store.captures.begin(capture_id, self.now + MINUTE, ATTEMPTS)

    def feed(self, *drafts, **changes):
        """The one feed, due first, lists these; then its articles have a day to themselves."""
        capture = self.capture()
        assert capture.article_id is None
        changes = {"next_visit_at": self.now + 24 * HOUR} | changes
        return self.store.articles.apply_feed(feed_intent(capture, *drafts, **changes))

    def article(self, path="a"):
        """The one article of the one outlet, its page captured and begun to be read."""
        self.store.frontier.sync([outlet()], self.now)
        self.feed(draft(path, first_visit_at=self.now))
        return self.capture_later()

    def capture_later(self):
        """The page is fetched again when it is due."""
        self.later()
        capture = self.capture()
        assert capture.article_id is not None
        return capture

    def keep(self, capture, *, text="Text.", figures=(), revisions=()):
        """The next version of an article, with its ids of revisions."""
        newest = self.store.articles.newest_version(capture.article_id)
        version = version_draft(newest, capture.fetched_at, text=text, figures=figures, revisions=revisions)
        intent = article_intent(capture, version=version, next_visit_at=self.now + MINUTE)
        return self.store.articles.apply_article(intent)


def rows(store, table):
    """All rows of a table as dictionaries, in the order of their keys."""
    query = select(METADATA.tables[table]).order_by(*METADATA.tables[table].primary_key)
    return store.database.read(lambda connection: [dict(row) for row in connection.execute(query).mappings()])


def everything(store, *, but=()):
    """The whole database, to tell whether anything was written."""
    return {name: rows(store, name) for name in METADATA.tables if name not in but}
