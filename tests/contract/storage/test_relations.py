"""Versions that wait to be related: kept with their version, related once, in order, by whoever holds the lease."""

from dataclasses import replace

import pytest

from tests.contract.storage.given import (
    ATTEMPTS,
    HOUR,
    MINUTE,
    Cast,
    article_intent,
    draft,
    everything,
    figure,
    outlet,
    revision,
    rows,
)
from worker.errors import StaleLease
from worker.model import CopyKind, CopyLink, RelationIntent, Ripple, RippleState
from worker.storage import tables
from worker.storage.copies import FULLEST


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


# --- the index of copies --------------------------------------------------------------------------------


def articles(cast, count):
    """That many articles, each with a version; their ids."""
    cast.store.frontier.sync([outlet()], cast.now)
    cast.feed(*(draft(f"{i}", first_visit_at=cast.now) for i in range(count)))
    made = []
    for i in range(count):
        capture = cast.capture_later()
        cast.keep(capture, text=f"Text {i}.", figures=[figure(12)])
        made.append(capture.article_id)
    return made


def shared(cast, article_id, bands):
    return [found.article_id for found in cast.store.relations.neighbours(article_id, bands, 2 * FULLEST)]


def test_neighbours_are_those_in_the_same_buckets_most_shared_first(store, cast):
    a, b, c, d = articles(cast, 4)
    for article_id, bands in ((a, (1, 2, 3)), (b, (3, 4)), (c, (2, 3, -(2**63))), (d, (9,))):
        for _ in range(2):
            store.relations.index(article_id, bands)
    assert shared(cast, a, (1, 2, 3)) == [c, b]
    assert shared(cast, d, (9,)) == []
    assert shared(cast, d, ()) == []
    (found, _) = store.relations.neighbours(a, (1, 2, 3), 10)
    assert (found.outlet, found.text) == ("anadolu", "Text 2.")


def test_a_bucket_takes_a_hundred_and_no_more(store, cast):
    a, b = articles(cast, 2)
    store.database.write(
        lambda connection: connection.execute(
            tables.sketches.insert(), [{"band": 7, "article_id": 1_000 + i} for i in range(FULLEST)]
        )
    )
    store.relations.index(a, (7, 8))
    assert shared(cast, b, (7, 8)) == [a]
    kept = [row["band"] for row in rows(store, "sketch") if row["article_id"] == a]
    assert kept == [8]


def link(one, other, **changes):
    made = CopyLink(
        one.article_id, one.version_id, other.article_id, other.version_id, CopyKind.NEAR, 0.9, one.article_id
    )
    return replace(made, **changes)


def kin_of(store, article_id):
    (found,) = store.relations.kin((article_id,))
    return found


def relate(cast, article_id, **found):
    """Relate all versions of an article that wait, the last with what was found."""
    waiting = [row["version_id"] for row in rows(cast.store, "relating") if row["article_id"] == article_id]
    for version_id in waiting:
        changes = found if version_id == waiting[-1] else {}
        cast.store.relations.apply(replace(intent(begin(cast, version_id), cast.now), **changes))


def keep_next(cast, article_id, **version):
    """The next version of an article, whatever else becomes due before; ids of its revisions."""
    while (capture := cast.capture_later()).article_id != article_id:
        seen = cast.store.articles.newest_version(capture.article_id).version_id
        cast.store.articles.apply_article(article_intent(capture, seen=seen))
    return cast.keep(capture, **version)


def test_a_link_is_seen_from_both_sides_and_renewed(store, cast):
    a, b = articles(cast, 2)
    from_b = link(kin_of(store, b), kin_of(store, a))
    relate(cast, b, copies=(from_b,), origins={b: a})
    assert store.relations.copies(b) == (from_b,)
    (seen,) = store.relations.copies(a)
    assert (seen.article_id, seen.other_id, seen.part_id) == (a, b, b)
    later = cast.later()
    relate(cast, a, copies=(link(kin_of(store, a), kin_of(store, b), contained=0.95),))
    (row,) = rows(store, "copy")
    assert (row["contained"], row["proved_at"]) == (0.95, later)
    assert row["found_at"] < later
    assert kin_of(store, b).origin_id == a


def test_a_revision_and_what_a_copy_prints(store, cast):
    a, b = articles(cast, 2)
    (revision_id,) = keep_next(cast, a, figures=[figure(31)], revisions=[revision(figure(12), figure(31))])
    (known,) = kin_of(store, a).revisions
    assert (known.revision_id, known.old.low, known.new.low) == (revision_id, 12, 31)
    copy = kin_of(store, b)
    old = Ripple(revision_id, b, copy.version_id, copy.figures[0][0], RippleState.OLD, copy.seen_at)
    relate(cast, a, ripples=(old,))
    assert kin_of(store, b).ripples == {revision_id: RippleState.OLD}
    keep_next(cast, b, text="New.", figures=[figure(31)])
    copy = kin_of(store, b)
    new = Ripple(revision_id, b, copy.version_id, copy.figures[0][0], RippleState.FOLLOWED, copy.seen_at)
    relate(cast, b, ripples=(new,))
    (row,) = rows(store, "ripple")
    assert (row["state"], row["ended_at"]) == ("followed", copy.seen_at)


def test_what_a_copy_printed_is_not_told_when_it_has_a_newer_version(store, cast):
    a, b = articles(cast, 2)
    copy = kin_of(store, b)
    (revision_id,) = keep_next(cast, a, figures=[figure(31)], revisions=[revision(figure(12), figure(31))])
    keep_next(cast, b, text="New.", figures=[figure(31)])
    old = Ripple(revision_id, b, copy.version_id, copy.figures[0][0], RippleState.OLD, copy.seen_at)
    relate(cast, a, ripples=(old,))
    assert rows(store, "ripple") == []
