"""Bytes that wait to be read: counted before they are parsed, given up on after a few attempts."""

import pytest
import zstandard
from sqlalchemy import update

from tests.contract.storage.given import (
    ATTEMPTS,
    HOUR,
    MINUTE,
    NOON,
    Cast,
    article_intent,
    draft,
    everything,
    feed_intent,
    outlet,
    rows,
    version_draft,
)
from worker.errors import InputError, StaleLease
from worker.model import Lease, ResourceKind
from worker.storage.tables import blobs

UNTIL = NOON + MINUTE


@pytest.fixture
def cast(store):
    store.frontier.sync([outlet()], NOON)
    return Cast(store)


@pytest.fixture
def capture_id(cast):
    _, capture_id = cast.visit(body=b"<rss/>" * 1_000)
    return capture_id


def begin(store, capture_id, now=NOON):
    return store.captures.begin(capture_id, now + MINUTE, ATTEMPTS)


def test_the_bytes_come_back_with_what_reading_needs(store, capture_id):
    capture = begin(store, capture_id)
    assert capture.body == b"<rss/>" * 1_000
    assert (capture.kind, capture.outlet, capture.language) == (ResourceKind.FEED, "anadolu", "en")
    assert capture.url == capture.resource_url == "https://anadolu.example/rss"
    assert (capture.headers, capture.whole, capture.fetched_at) == ({"content-type": "text/xml"}, True, NOON)
    assert (capture.attempt, capture.article_id, capture.first_seen_at) == (1, None, NOON)


def test_bytes_are_kept_compressed_and_once(store, cast):
    store.frontier.sync([outlet("bbc"), outlet("dw")], NOON)
    body = b"the same page" * 1_000
    for _ in range(2):
        cast.visit(body=body)
    (blob,) = rows(store, "blob")
    assert blob["size"] == len(body) > 50 * len(blob["data"])
    assert len(rows(store, "capture")) == 2


def test_unread_captures_are_leased_oldest_first_and_once(store, cast):
    store.frontier.sync([outlet(), outlet("bbc"), outlet("dw")], NOON)
    for _ in range(3):
        cast.visit(body=b"feed")
        cast.later(MINUTE)
    assert store.captures.lease_unread(cast.now, cast.now + MINUTE, 2) == (1, 2)
    assert store.captures.lease_unread(cast.now, cast.now + MINUTE, 2) == (3,)
    assert store.captures.lease_unread(cast.now, cast.now + MINUTE, 2) == ()
    assert store.captures.lease_unread(cast.now + MINUTE, cast.now + HOUR, 9) == (1, 2, 3)


def test_a_second_reader_takes_the_capture_over(store, capture_id):
    first, second = begin(store, capture_id), begin(store, capture_id)
    assert (first.attempt, second.attempt) == (1, 2)
    with pytest.raises(StaleLease):
        store.articles.apply_feed(feed_intent(first))
    assert store.articles.apply_feed(feed_intent(second)) == 0


def test_a_dispatch_does_not_take_the_capture_from_a_slow_reader(store, capture_id):
    capture = begin(store, capture_id)
    assert store.captures.lease_unread(NOON + HOUR, NOON + 2 * HOUR, 9) == (capture_id,)
    store.articles.apply_feed(feed_intent(capture))
    assert begin(store, capture_id) is None


def test_a_failure_is_remembered_and_tried_again(store, capture_id):
    capture = begin(store, capture_id)
    store.captures.fail(capture.lease, NOON, "ValueError: bad")
    assert store.captures.lease_unread(NOON, UNTIL, 9) == (capture_id,)
    assert rows(store, "capture")[0]["reason"] == "ValueError: bad"
    assert begin(store, capture_id).attempt == 2


def test_failing_twice_is_failing_once(store, capture_id):
    capture = begin(store, capture_id)
    store.captures.fail(capture.lease, NOON, "bad")
    before = everything(store)
    store.captures.fail(capture.lease, NOON, "bad")
    assert everything(store) == before


@pytest.mark.parametrize("end", ["taken over", "read", "quarantined"])
def test_a_reader_whose_capture_passed_on_changes_nothing(store, capture_id, end):
    stale = begin(store, capture_id)
    if end == "taken over":
        begin(store, capture_id)
    elif end == "read":
        store.articles.apply_feed(feed_intent(begin(store, capture_id)))
    else:
        for _ in range(ATTEMPTS):
            begin(store, capture_id)
    before = everything(store, but={"tally"})
    with pytest.raises(StaleLease):
        store.captures.fail(stale.lease, NOON, "late")
    with pytest.raises(StaleLease):
        store.articles.apply_feed(feed_intent(stale, draft("late")))
    with pytest.raises(StaleLease):
        store.articles.apply_article(article_intent(stale, article_id=1, version=version_draft(None, NOON)))
    assert everything(store, but={"tally"}) == before
    assert store.queries.census().tallies["stale_lease"] == {"fail": 1, "apply_feed": 1, "apply_article": 1}


def test_no_such_capture(store):
    assert begin(store, 7) is None
    with pytest.raises(StaleLease):
        store.captures.fail(Lease(7, 1), NOON, "what")


def test_after_the_last_attempt_it_is_given_up_on_visibly(store, capture_id):
    for attempt in range(1, ATTEMPTS + 1):
        capture = begin(store, capture_id)
        assert capture.attempt == attempt
    store.captures.fail(capture.lease, NOON, "hangs")
    assert begin(store, capture_id) is None
    (given_up,) = store.quarantine.newest(10)
    assert (given_up.id, given_up.attempts, given_up.reason) == (capture_id, ATTEMPTS, "hangs")
    assert (given_up.outlet, given_up.kind, given_up.url) == ("anadolu", "feed", "https://anadolu.example/rss")
    assert store.queries.census().tallies["quarantine"] == {"feed": 1}
    before = everything(store)
    assert begin(store, capture_id) is None
    assert store.captures.lease_unread(NOON + HOUR, NOON + 2 * HOUR, 9) == ()
    assert everything(store) == before


def test_a_reader_that_was_killed_each_time_left_no_word(store, capture_id):
    for _ in range(ATTEMPTS + 1):
        begin(store, capture_id)
    assert store.quarantine.newest(10)[0].reason == "3 attempts ended without a word"


def test_given_up_on_and_tried_again_by_hand(store, capture_id):
    for _ in range(ATTEMPTS + 1):
        begin(store, capture_id)
    store.captures.requeue(capture_id)
    assert store.quarantine.newest(10) == ()
    assert store.frontier.lease_hosts(NOON + HOUR, NOON + 2 * HOUR, 10) == ()  # it is to be read first
    assert begin(store, capture_id).attempt == 1


def test_only_what_is_in_quarantine_can_be_tried_again(store, capture_id):
    for absent in (capture_id, 999):
        with pytest.raises(InputError, match=f"no capture {absent} in quarantine"):
            store.captures.requeue(absent)


def test_history_is_not_turned_round(store, cast):
    page = cast.article()
    for _ in range(ATTEMPTS):
        cast.begin(page.lease.id)
    cast.later()
    newer = cast.capture()
    cast.keep(newer)
    with pytest.raises(InputError, match="older"):
        store.captures.requeue(page.lease.id)


def test_captures_of_one_resource_are_read_in_order(store, cast):
    page = cast.article()
    for _ in range(ATTEMPTS):
        cast.begin(page.lease.id)
    cast.later()
    newer = cast.capture()
    store.captures.requeue(page.lease.id)
    assert cast.begin(newer.lease.id) is None
    cast.later()
    assert store.captures.lease_unread(cast.now, cast.now + MINUTE, 9) == (page.lease.id,)
    cast.keep(cast.begin(page.lease.id))
    assert cast.begin(newer.lease.id).attempt == 2


def test_damaged_bytes_are_never_lent(store, capture_id):
    (blob,) = rows(store, "blob")
    damaged = blob["data"][:-1] + bytes([blob["data"][-1] ^ 1])
    store.database.write(lambda connection: connection.execute(update(blobs).values(data=damaged)))
    with pytest.raises(zstandard.ZstdError):
        begin(store, capture_id)
    assert rows(store, "capture")[0]["attempts"] == 1  # so that it ends in quarantine


# --- what the verdict wants to know ------------------------------------------------------------------


def pages_of(store, *paths):
    """Captures of the pages of as many articles, all with the same bytes, begun one after the other."""
    cast = Cast(store)
    store.frontier.sync([outlet()], cast.now)
    cast.feed(*(draft(path, first_visit_at=cast.now) for path in paths))
    begun = []
    for _ in paths:
        cast.later()
        begun.append(cast.begin(cast.visit(body=b"the same bytes")[1]))
    return begun


def test_a_capture_lends_the_headline_that_announced_it(store):
    (page,) = pages_of(store, "a")
    assert page.headline == "Title of a"


def test_the_same_bytes_at_other_addresses_of_the_host_are_counted(store):
    assert [page.twins for page in pages_of(store, "a", "b", "c")] == [0, 1, 2]


def test_the_same_bytes_at_the_same_address_are_no_twin(store):
    cast = Cast(store)
    page = cast.article()
    store.articles.apply_article(article_intent(page, next_visit_at=cast.now, drop_validators=True))
    cast.later()
    assert cast.begin(cast.visit(body=page.body)[1]).twins == 0
