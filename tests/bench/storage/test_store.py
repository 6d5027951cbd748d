"""What the store does in a second, beside the bare database doing the least it can: one row, one transaction."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from tests.contract.storage.given import (
    HOUR,
    NOON,
    Cast,
    article_intent,
    draft,
    feed_intent,
    figure,
    next_due,
    outlet,
    record,
    revision,
    sha,
    version_draft,
    visit_intent,
)
from worker.storage.tables import hosts, resources

pytestmark = pytest.mark.bench
RESOURCES, HOSTS, ROUNDS = 50_000, 1_000, 300


@pytest.fixture
def say(request, capsys):
    def say(*words):
        with capsys.disabled():
            print(f"\n  {request.node.callspec.id:<11}", *words, end="")

    return say


def seconds(work, rounds=1):
    begun = time.perf_counter()
    for n in range(rounds):
        work(n)
    return (time.perf_counter() - begun) / rounds


@pytest.fixture
def bare(store):
    """Seconds of the smallest transaction there is."""

    def one_row(connection):
        connection.execute(text("UPDATE tally SET count = count + 1 WHERE name = 'bench'"))

    store.database.write(lambda connection: connection.execute(text("INSERT INTO tally VALUES ('bench', '', 0)")))
    return seconds(lambda _: store.database.write(one_row), ROUNDS)


def test_leases_of_50_000_due(store, say):
    store.frontier.sync([outlet()], NOON)

    def fill(connection):
        rows = [{"id": n, "authority": f"{n}.example", "free_at": NOON} for n in range(2, HOSTS + 2)]
        connection.execute(insert(hosts), rows)
        connection.execute(insert(resources), [_resource(n) for n in range(RESOURCES)])
        connection.exec_driver_sql("ANALYZE")

    store.database.write(fill)
    now = NOON + 24 * HOUR
    took = seconds(lambda _: store.frontier.lease_hosts(now, now + HOUR, 50), 10)
    (lease,) = store.frontier.lease_hosts(now, now + HOUR, 1)
    lent = seconds(lambda _: next_due(store, lease, now), ROUNDS)
    counted = seconds(lambda _: store.queries.backlog(now), 5)
    say(f"50 of {HOSTS} hosts {took * 1e3:.1f} ms, next due {lent * 1e3:.2f} ms, backlog {counted * 1e3:.1f} ms")


def _resource(n):
    return {
        "outlet_id": 1,
        "host_id": 2 + n % HOSTS,
        "kind": "article",
        "url": f"https://{n % HOSTS}.example/{n}",
        "url_key": sha(b"%d" % n),
        "status": "active",
        "next_visit_at": NOON + timedelta(seconds=n),
        "first_seen_at": NOON,
    }


def test_visits(store, bare, say):
    store.frontier.sync([outlet()], NOON)
    lease = Cast(store).lease()
    visit = next_due(store, lease, NOON)
    unchanged = visit_intent(lease, visit, NOON)
    later = [NOON + timedelta(seconds=n) for n in range(1, 2 * ROUNDS + 1)]
    took = seconds(lambda n: record(store, replace(unchanged, at=later[n])), ROUNDS)
    body = b"<html>" + b"lorem ipsum " * 8_000
    fresh = [visit_intent(lease, visit, at, body=body + b"%d" % n) for n, at in enumerate(later[ROUNDS:])]
    captured = seconds(lambda n: record(store, fresh[n]), ROUNDS)
    say(f"unchanged {1 / took:.0f}/s = {bare / took:.2f} of bare, with 96 KB captured {1 / captured:.0f}/s")


def test_feeds(store, say):
    store.frontier.sync([outlet()], NOON)
    cast = Cast(store)
    drafts = [draft(f"{n}", guid=f"{n}", first_visit_at=NOON + 99 * HOUR) for n in range(2_000)]
    intents = []
    for _ in range(2):
        cast.later()
        intents.append(feed_intent(cast.capture(), *drafts, next_visit_at=cast.now))
        seconds_each = seconds(lambda _: store.articles.apply_feed(intents[-1]))
        say(f"{2_000 / seconds_each:.0f} entries/s, {'known' if len(intents) > 1 else 'new'}")


def test_versions(store, bare, say):
    cast = Cast(store)
    page = cast.article()
    took = []
    for n in range(100):
        cast.later(timedelta(seconds=10))
        page = cast.capture() if n else page
        newest = store.articles.newest_version(page.article_id)
        old, new = ([figure(100 * n + i, 10 * i) for i in range(15)] for n in (n - 1, n))
        revisions = [revision(old[0], new[0])] if n else []
        version = version_draft(newest, cast.now, text="Text. " * 700, figures=new, revisions=revisions)
        intent = article_intent(page, version=version, next_visit_at=cast.now)
        took.append(seconds(lambda _, intent=intent: store.articles.apply_article(intent)))
    each = sum(took) / len(took)
    say(f"versions of 15 figures {1 / each:.0f}/s = {bare / each:.2f} of bare")
