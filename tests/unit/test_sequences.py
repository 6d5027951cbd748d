"""What a newsroom does over several polls, as rows of the attack list say it, and what it says of that."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from tests.unit.test_pipeline import FEED, OUTLET, PAGE, Newsdesk, page
from worker.core import visits
from worker.model import ResourceKind, Step

OTHER = "https://tamar.example/world/flood"
TITLES = {PAGE: "Quake in Sarvan", OTHER: "Quake in Meskot"}


def feed(*paths, updated=""):
    entries = "".join(
        f"<entry><id>{p}</id><title>{TITLES.get(p, 'A quake')}</title><link href='{p}'/><updated>{updated}</updated>"
        "</entry>"
        for p in paths
    )
    return f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Tamar</title>{entries}</feed>"


def stating(body, when):
    return body.replace("<head>", f"<head><meta property='article:modified_time' content='{when}'>")


@pytest.fixture
def desk(tmp_path):
    newsdesk = Newsdesk(tmp_path)
    newsdesk.network.answers |= {OTHER: page(40).replace("Sarvan", "Meskot")}
    yield newsdesk
    newsdesk.store.close()


def polls(desk, count):
    for _ in range(count):
        desk.clock.advance(minutes=5)
        desk.cycle()


def test_x22_a_feed_that_says_updated_of_the_same_page_makes_no_version(desk):
    for minute in range(8):
        desk.network.answers[FEED] = feed(PAGE, updated=f"2026-03-14T09:{10 + 6 * minute}:00Z")
        polls(desk, 1)
    census = desk.census()
    assert (census.articles, census.versions) == (1, 1)
    assert desk.network.asked.count(PAGE) >= 6  # each time it was looked at


def test_x22_a_page_that_changes_while_its_feed_is_silent_is_seen(desk):
    polls(desk, 2)
    desk.network.answers[PAGE] = page(31)
    polls(desk, 8)
    census = desk.census()
    assert (census.versions, census.tallies["revision"]) == (2, {"revised": 1})


def test_x23_an_entry_that_vanishes_and_returns_is_one_article_and_watched_meanwhile(desk):
    desk.network.answers[FEED] = feed(PAGE, OTHER)
    polls(desk, 2)
    desk.network.answers[FEED] = feed(OTHER)
    desk.network.answers[PAGE] = page(31)
    polls(desk, 8)
    assert desk.census().versions == 3
    desk.network.answers[FEED] = feed(PAGE, OTHER)
    polls(desk, 8)
    census = desk.census()
    assert (census.articles, census.versions) == (2, 3)


def test_x11_what_a_truncated_feed_leaves_out_is_not_deleted(desk):
    paths = [f"https://tamar.example/{n}" for n in range(20)]
    desk.network.answers |= {path: page(n).replace("Sarvan", f"Province{n}") for n, path in enumerate(paths)}
    whole = feed(*paths)
    desk.network.answers[FEED] = whole
    polls(desk, 2)
    desk.network.answers[FEED] = whole[: whole.index("<id>https://tamar.example/10<")]
    polls(desk, 3)
    census = desk.census()
    assert census.articles == 20
    assert {desk.store.queries.article(n).status for n in range(1, 21)} == {"active"}


def test_t14_bytes_that_change_under_one_etag_are_kept_and_counted(desk):
    answer = desk.network.get

    async def tagged(url, validators, **options):
        reply = await answer(url, validators, **options)
        return type(reply)(url, reply.status, {**reply.headers, "etag": '"always"'}, body=reply.body)

    desk.network.get = tagged
    polls(desk, 2)
    desk.network.answers[PAGE] = page(31)
    polls(desk, 8)
    census = desk.census()
    assert census.versions == 2
    assert census.tallies["reused_etag"] == {"": 1}


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("2026-03-14T13:05:00+04:00", datetime(2026, 3, 14, 9, 5, tzinfo=UTC)),
        ("2026-03-14T09:05:00Z", datetime(2026, 3, 14, 9, 5, tzinfo=UTC)),
        ("2031-01-01T00:00:00Z", None),
        ("yesterday", None),
    ],
)
def test_what_the_outlet_says_of_a_change_is_kept_with_its_version_and_goes_into_the_schedule(desk, stated, kept):
    polls(desk, 2)
    desk.network.answers[PAGE] = stating(page(31), stated)
    polls(desk, 5)
    first, second = desk.store.queries.article(1).versions
    assert (first.modified_at, second.modified_at) == (None, kept)
    told = desk.store.database.read(
        lambda c: c.execute(text("SELECT modified_at FROM v1_versions ORDER BY ordinal")).all()
    )
    assert [row.modified_at is not None for row in told] == [False, kept is not None]
    desk.clock.advance(hours=12)
    leases = [lease for batch in desk.dispatch().visits for lease in batch]
    begun = desk.store.frontier.begin(leases, desk.clock(), desk.clock() + desk.world.lease, desk.clock())
    lent = [each.visit for each in begun]
    while lent[-1].kind is not ResourceKind.ARTICLE:
        intent = visits.put_off(
            lent[-1], lease=begun[0].lease, lease_until=desk.clock(), now=desk.clock(), policy=OUTLET.policy
        )
        lent.append(desk.store.frontier.record([Step(intent, desk.clock())])[0].visit)
    assert lent[-1].revised_at == max(second.changed_after, kept or second.first_seen_at)
