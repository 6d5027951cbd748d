"""A host borrowed for one request, beside lanes."""

from datetime import timedelta

from tests.contract.storage.given import HOUR, MINUTE, NOON, Cast, lease_all_of, outlet
from worker.model import Lease

FLOOR = 10 * MINUTE
URL = "https://anadolu.example/"


def borrow(store, url=URL, now=NOON):
    return store.borrowing.borrow(url, now, now + MINUTE, FLOOR)


def test_a_host_is_lent_once_at_a_time_and_not_before_it_is_free(store):
    lease = borrow(store)
    assert isinstance(lease, Lease)
    assert borrow(store, f"{URL}rss") == NOON + MINUTE
    store.borrowing.give_back(lease, NOON + timedelta(seconds=2))
    assert borrow(store, f"{URL}rss") == NOON + timedelta(seconds=2)
    assert isinstance(borrow(store, f"{URL}rss", NOON + timedelta(seconds=2)), Lease)


def test_an_address_is_not_asked_for_twice_within_the_floor(store):
    store.borrowing.give_back(borrow(store), NOON)
    assert borrow(store, now=NOON + MINUTE) == NOON + FLOOR
    assert isinstance(borrow(store, now=NOON + FLOOR), Lease)


def test_no_lane_begins_at_a_host_that_is_lent_and_none_is_lent_that_has_a_lane(store):
    store.frontier.sync([outlet()], NOON)
    lease = borrow(store)
    assert lease_all_of(store, NOON) == ()
    store.borrowing.give_back(lease, NOON)
    assert len(lease_all_of(store, NOON)) == 1
    assert borrow(store, f"{URL}other") == NOON + MINUTE


def test_what_a_worker_visited_is_within_the_floor_too(store):
    store.frontier.sync([outlet()], NOON)
    visit, _ = Cast(store).visit(host_free_at=NOON)
    assert borrow(store, visit.url, NOON + MINUTE) == NOON + FLOOR
    assert isinstance(borrow(store, visit.url, NOON + HOUR), Lease)


def test_a_lease_that_passed_on_gives_nothing_back(store):
    stale = borrow(store)
    newer = borrow(store, f"{URL}rss", NOON + MINUTE)
    store.borrowing.give_back(stale, NOON)
    assert borrow(store, f"{URL}third", NOON + MINUTE) == NOON + 2 * MINUTE
    assert newer.token > stale.token
