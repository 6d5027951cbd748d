"""Versions that wait to be related: kept with their version, related once, in order, by whoever holds the lease."""

import pytest

from tests.contract.storage.given import ATTEMPTS, HOUR, MINUTE, Cast, everything, rows
from worker.errors import StaleLease
from worker.model import RelationIntent


@pytest.fixture
def cast(store):
    return Cast(store)


def begin(cast, version_id):
    return cast.store.relations.begin(version_id, cast.now + MINUTE, ATTEMPTS)


def lease(cast):
    return cast.store.relations.lease_waiting(cast.now, cast.now + MINUTE, 10)


def intent(subject, at):
    return RelationIntent(subject.lease, subject.article_id, at)


def two_versions(cast, capture):
    cast.keep(capture, text="One.")
    later = cast.capture_later()
    cast.keep(later, text="Two.")
    return later


def test_a_version_waits_from_its_commit_on_in_the_hands_of_its_reader(store, cast):
    capture = cast.article()
    cast.keep(capture, text="One.")
    (version_id,) = store.relations.waiting(capture.lease.id)
    assert lease(cast) == ()  # the lease of the capture
    cast.later(2 * MINUTE)
    assert lease(cast) == (version_id,)
    assert lease(cast) == ()


def test_what_is_lent(store, cast):
    capture = cast.article()
    cast.keep(capture, text="One.")
    (version_id,) = store.relations.waiting(capture.lease.id)
    subject = begin(cast, version_id)
    assert (subject.version_id, subject.ordinal, subject.article_id) == (version_id, 1, capture.article_id)
    assert (subject.outlet, subject.text, subject.seen_at, subject.attempt) == ("anadolu", "One.", cast.now, 1)
    assert subject.url == "https://anadolu.example/a"


def test_it_is_related_once(store, cast):
    capture = cast.article()
    cast.keep(capture)
    (version_id,) = store.relations.waiting(capture.lease.id)
    subject = begin(cast, version_id)
    store.relations.apply(intent(subject, cast.now))
    assert store.relations.waiting(capture.lease.id) == ()
    before = everything(store, but=("tally",))
    with pytest.raises(StaleLease):
        store.relations.apply(intent(subject, cast.now))
    assert begin(cast, version_id) is None
    assert everything(store, but=("tally",)) == before
    assert store.queries.tally("stale_lease", "apply_relation") == 1


def test_of_two_the_later_one_counts(store, cast):
    capture = cast.article()
    cast.keep(capture)
    (version_id,) = store.relations.waiting(capture.lease.id)
    slow, fast = begin(cast, version_id), begin(cast, version_id)
    with pytest.raises(StaleLease):
        store.relations.apply(intent(slow, cast.now))
    with pytest.raises(StaleLease):
        store.relations.fail(slow.lease, cast.now, "late")
    store.relations.apply(intent(fast, cast.now))


def test_versions_of_one_article_take_turns(store, cast):
    capture = cast.article()
    later = two_versions(cast, capture)
    (one,), (two,) = (store.relations.waiting(c.lease.id) for c in (capture, later))
    cast.later(HOUR)
    assert lease(cast) == (one,)
    assert begin(cast, two) is None
    store.relations.apply(intent(begin(cast, one), cast.now))
    assert lease(cast) == (two,)


def test_it_is_given_up_on_after_a_few_attempts_and_holds_up_nobody(store, cast):
    capture = cast.article()
    later = two_versions(cast, capture)
    (one,), (two,) = (store.relations.waiting(c.lease.id) for c in (capture, later))
    for attempt in range(1, ATTEMPTS + 1):
        subject = begin(cast, one)
        assert subject.attempt == attempt
        store.relations.fail(subject.lease, cast.now, "RecursionError: deep")
    assert begin(cast, one) is None
    (row, _) = rows(store, "relating")
    assert (row["state"], row["reason"]) == ("quarantined", "RecursionError: deep")
    assert store.queries.tally("quarantine", "version") == 1
    assert begin(cast, two).text == "Two."
