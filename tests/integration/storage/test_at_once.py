"""Several workers on one database at the same time."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.contract.storage.given import (
    HOUR,
    MINUTE,
    NOON,
    Cast,
    draft,
    feed_intent,
    figure,
    next_due,
    outlet,
    record,
    rows,
    visit_intent,
)
from tests.harness.databases import opened
from worker.errors import StaleLease
from worker.storage.changes import _sequence as sequence
from worker.storage.tables import changes

WORKERS = 4


@pytest.fixture
def stores(database_url):
    """One store for each worker, as each process has its own."""
    with ExitStack() as stack:
        yield [stack.enter_context(opened(database_url)) for _ in range(WORKERS)]


def at_once(work, arguments):
    """Run `work` with each argument in its own thread, from one starting shot; the results."""
    arguments = list(arguments)
    start = threading.Barrier(len(arguments))

    def run(argument):
        start.wait(60)
        return work(argument)

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))


def many_outlets(number):
    return [outlet(f"outlet-{n}") for n in range(number)]


def test_no_host_is_leased_twice(stores):
    stores[0].frontier.sync(many_outlets(150), NOON)

    def lease_until_none_is_left(store):
        taken = []
        while leases := store.frontier.lease_hosts(NOON, NOON + HOUR, 7):
            taken += leases
        return taken

    taken = [lease for leases in at_once(lease_until_none_is_left, stores) for lease in leases]
    assert len(taken) == len({lease.id for lease in taken})
    # A dispatcher may find every row locked by another and go home early; what is left goes to the next tick.
    taken += stores[0].frontier.lease_hosts(NOON, NOON + HOUR, 150)
    assert len({lease.id for lease in taken}) == 150


def test_no_capture_is_sent_twice(stores):
    stores[0].frontier.sync(many_outlets(60), NOON)
    cast = Cast(stores[0])
    for _ in range(60):
        cast.visit(body=b"feed")

    def lease_until_none_is_left(store):
        taken = []
        while ids := store.captures.lease_unread(NOON, NOON + HOUR, 5):
            taken += ids
        return taken

    taken = [id_ for ids in at_once(lease_until_none_is_left, stores) for id_ in ids]
    taken += stores[0].captures.lease_unread(NOON, NOON + HOUR, 60)
    assert sorted(taken) == list(range(1, 61))


def test_each_reader_that_begins_gets_a_token_of_its_own(stores):
    stores[0].frontier.sync([outlet()], NOON)
    _, capture_id = Cast(stores[0]).visit(body=b"feed")
    begun = at_once(lambda store: store.captures.begin(capture_id, NOON + MINUTE, 99), stores)
    assert sorted(capture.attempt for capture in begun) == [1, 2, 3, 4]
    assert len({capture.lease.token for capture in begun}) == WORKERS

    def apply(index):
        try:
            return stores[index].articles.apply_feed(feed_intent(begun[index], draft(f"by-{index}")))
        except StaleLease:
            return None

    written = at_once(apply, range(WORKERS))
    assert sorted(written, key=str) == [1, None, None, None]
    (article,) = rows(stores[0], "article")
    (winner,) = [index for index, new in enumerate(written) if new]
    assert article["url"].endswith(f"by-{winner}")
    assert begun[winner].attempt == WORKERS


def test_a_lane_that_was_overtaken_writes_nothing(stores):
    stores[0].frontier.sync([outlet()], NOON)
    leases = [
        store.frontier.lease_hosts(NOON + n * MINUTE, NOON + (n + 1) * MINUTE, 1)[0] for n, store in enumerate(stores)
    ]
    visit = next_due(stores[0], leases[-1], NOON + HOUR)

    def write(index):
        intent = visit_intent(leases[index], visit, NOON + HOUR + index * MINUTE, body=b"by %d" % index)
        try:
            return record(stores[index], intent)
        except StaleLease:
            return None

    written = at_once(write, range(WORKERS))
    assert written[:-1] == [None] * (WORKERS - 1)
    assert [capture["id"] for capture in rows(stores[0], "capture")] == written[-1:]
    assert stores[0].queries.tally("stale_lease", "record") == WORKERS - 1


def test_feeds_that_list_the_same_articles(stores):
    """Four feeds of four outlets name the same 120 pages, each in its own order."""
    stores[0].frontier.sync(many_outlets(WORKERS), NOON)
    cast = Cast(stores[0])
    captures = [cast.capture() for _ in range(WORKERS)]
    drafts = [draft(f"story-{n}", guid=f"{n}", host=f"host-{n % 9}.example") for n in range(120)]

    def apply(index):
        shuffled = random.Random(index).sample(drafts, len(drafts))
        return stores[index].articles.apply_feed(feed_intent(captures[index], *shuffled))

    assert sum(at_once(apply, range(WORKERS))) == 120
    store = stores[0]
    assert len(rows(store, "article")) == len({row["article_id"] for row in rows(store, "resource")} - {None}) == 120
    assert len(rows(store, "sighting")) == 120 * WORKERS
    assert store.queries.census().tallies["entry"] == {"new": 120, "known": 120 * (WORKERS - 1)}
    assert store.changes.sequence() == 120


def test_nobody_is_counted_less(stores):
    """All count on the same few rows."""
    stores[0].frontier.sync(many_outlets(40), NOON)
    leases = stores[0].frontier.lease_hosts(NOON, NOON + HOUR, 40)

    def visit(index):
        store = stores[index]
        for lease in leases[index::WORKERS]:
            record(store, visit_intent(lease, next_due(store, lease, NOON), NOON, body=b"same feed"))

    at_once(visit, range(WORKERS))
    assert stores[0].queries.tally("visit", "fresh") == 40
    assert len(rows(stores[0], "capture")) == 40
    assert len(rows(stores[0], "blob")) == 1


def test_the_change_feed_is_dense_for_a_reader_who_follows(stores):
    """Writers, sequencers and a reader at once: the reader misses nothing and sees nothing twice."""
    writer, sequencer, other_sequencer, reader = stores
    writer.frontier.sync(many_outlets(30), NOON)
    cast = Cast(writer)
    captures = [cast.capture() for _ in range(30)]
    written = threading.Event()

    def write(_):
        for number, capture in enumerate(captures):
            drafts = [draft(f"{number}-{n}", first_visit_at=NOON + HOUR) for n in range(5)]
            writer.articles.apply_feed(feed_intent(capture, *drafts))
        written.set()

    def sequence(store):
        while not written.is_set():
            store.changes.sequence()
        store.changes.sequence()

    def follow(store):
        seen = [*store.changes.after(0, 7)]
        while len(seen) < 150:
            seen += store.changes.after(seen[-1].position if seen else 0, 7)
        return seen

    jobs = {writer: write, sequencer: sequence, other_sequencer: sequence, reader: follow}
    *_, seen = at_once(lambda store: jobs[store](store), jobs)
    assert [change.position for change in seen] == list(range(1, 151))
    assert len({change.article_id for change in seen}) == 150


@pytest.fixture
def on_postgresql(postgresql_database, tmp_path):
    """A store where several may write at the same time, which SQLite does not allow to begin with."""
    with postgresql_database.fresh(tmp_path) as url, opened(url) as store:
        yield store


def test_rows_that_another_dispatcher_holds_are_passed_over(on_postgresql):
    """It does not wait for them: they are leased already, or will be."""
    store, cast = on_postgresql, Cast(on_postgresql)
    store.frontier.sync(many_outlets(3), NOON)
    cast.visit(body=b"feed")
    cast.visit(body=b"feed")
    cast.later()
    held = store.database.engine.connect()
    held.execute(text("SELECT 1 FROM host WHERE id = 3 FOR NO KEY UPDATE"))
    held.execute(text("SELECT 1 FROM capture WHERE id = 1 FOR NO KEY UPDATE"))
    assert store.frontier.lease_hosts(cast.now, cast.now + MINUTE, 10) == ()
    assert store.captures.lease_unread(cast.now, cast.now + MINUTE, 10) == (2,)
    held.rollback()
    held.close()
    assert [lease.id for lease in store.frontier.lease_hosts(cast.now, cast.now + MINUTE, 10)] == [3]
    assert store.captures.lease_unread(cast.now, cast.now + MINUTE, 10) == (1,)


def test_sequencers_wait_for_each_other(on_postgresql):
    """Else the later one, which sees a change of a lower id, would give positions again that readers have seen."""
    store, cast = on_postgresql, Cast(on_postgresql)
    page = cast.article()
    store.changes.sequence()
    event = {"at": NOON, "kind": "article", "article_id": page.article_id}
    late, sequencer = store.database.engine.connect(), store.database.engine.connect()
    late.execute(changes.insert().values(event))
    cast.keep(page)
    assert sequence(sequencer) == 1  # and does not commit yet
    late.commit()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(store.changes.sequence)
        _await_a_waiting_session(store)
        sequencer.commit()
        assert other.result(60) == 1
    late.close()
    sequencer.close()
    assert [row["position"] for row in rows(store, "change")] == [1, 3, 2]


def _await_a_waiting_session(store):
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    deadline = time.monotonic() + 60
    while not store.database.read(lambda connection: connection.execute(waiting).scalar_one()):
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.01)


def test_a_change_that_commits_late_is_not_missed(on_postgresql):
    """Only PostgreSQL lets a lower id become visible after a higher one."""
    store, cast = on_postgresql, Cast(on_postgresql)
    page = cast.article()
    store.changes.sequence()
    (known,) = store.changes.after(0, 10)
    event = {"at": NOON, "kind": "article", "article_id": page.article_id}
    late = store.database.engine.connect()
    late.execute(changes.insert().values(event))
    cast.keep(page, figures=[figure(1)])
    assert store.changes.sequence() == 1
    (early,) = store.changes.after(known.position, 10)
    late.commit()
    late.close()
    assert store.changes.sequence() == 1
    (seen_late,) = store.changes.after(early.position, 10)
    ids = {row["position"]: row["id"] for row in rows(store, "change")}
    assert ids[seen_late.position] < ids[early.position]
    assert replace(seen_late, position=0) == replace(known, position=0)
