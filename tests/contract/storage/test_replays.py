"""Histories to be read again: asked for, lent under a lease, written once."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from tests.contract.storage.given import ATTEMPTS, MINUTE, Cast, everything, figure, revision, rows, sha
from worker.errors import StaleLease
from worker.model import Comparison, Reading, ReplayIntent, RevisionKind
from worker.storage.tables import versions

TODAY = "test 2"


@pytest.fixture
def cast(store):
    cast = Cast(store)
    cast.keep(cast.article(), text="Old.", figures=[figure(5), figure(8, 50)])
    cast.keep(cast.capture_later(), text="New.", figures=[figure(6)], revisions=[revision(figure(5), figure(6))])
    return cast


@pytest.fixture
def history(store, cast):
    assert store.replays.request(TODAY) == 1
    return store.replays.begin(1, cast.now + MINUTE, ATTEMPTS)


def reading(past, text, *figures):
    return Reading(past.version_id, "Title", text, sha(text.encode()), TODAY, figures, changed=text != past.text)


def intent(cast, history, *readings, **changes):
    made = ReplayIntent(
        history.lease, history.article_id, cast.now, history.versions[-1].version_id, readings, (), (), unreadable=0
    )
    return replace(made, **changes)


def test_what_is_lent(history):
    assert [past.text for past in history.versions] == ["Old.", "New."]
    assert all(past.page.body.startswith(b"bytes ") and past.page.whole for past in history.versions)
    (past,) = history.revisions
    assert (past.kind, past.old, past.new) == (RevisionKind.REVISED, figure(5), figure(6))


def test_only_what_another_extractor_read_is_asked_for(store, cast):
    assert store.replays.candidates("test 1") == ()
    assert store.replays.candidates(TODAY) == store.replays.candidates("test 1", everything=True) == (1,)
    assert store.replays.candidates(TODAY, outlet="anadolu") == (1,)
    assert store.replays.request(TODAY, outlet="another") == 0
    assert store.replays.request(TODAY) == 1
    assert store.replays.request(TODAY) == 0  # it waits already


def test_what_was_read_again_is_written(store, cast, history):
    old, new = history.versions
    (past,) = history.revisions
    found = revision(figure(5), figure(7, 30))
    store.replays.apply(
        intent(
            cast,
            history,
            reading(old, "Old.", figure(5)),
            reading(new, "Newer.", figure(7, 30)),
            comparisons=(Comparison(old.version_id, new.version_id, (found,)),),
            retracted=(past.revision_id,),
        )
    )
    store.changes.sequence()
    (row,) = store.queries.revisions(10)
    assert (row.old, row.new) == (figure(5), figure(7, 30))
    kept = rows(store, "version")
    assert [(v["text"], v["extractor"], v["readings"]) for v in kept] == [("Old.", TODAY, 2), ("Newer.", TODAY, 2)]
    assert store.queries.figures(old.version_id) == (figure(5),)
    assert len(rows(store, "figure")) == 4  # none is deleted: ids stay
    kinds = [change.kind.value for change in store.changes.after(0, 99)]
    assert kinds[-4:] == ["reread", "reread", "retraction", "revision"]
    assert store.replays.progress().done == 1
    assert store.replays.begin(1, cast.now, ATTEMPTS) is None


def test_what_reads_the_same_only_learns_its_reader(store, cast, history):
    before = everything(store, but=("replay", "version", "tally"))
    again = [reading(past, past.text, *store.queries.figures(past.version_id)) for past in history.versions]
    store.replays.apply(intent(cast, history, *again))
    assert everything(store, but=("replay", "version", "tally")) == before
    assert {(v["extractor"], v["readings"]) for v in rows(store, "version")} == {(TODAY, 1)}
    assert store.replays.candidates(TODAY) == ()


def test_whoever_lost_the_lease_writes_nothing(store, cast, history):
    store.replays.begin(1, cast.now + MINUTE, ATTEMPTS)  # another takes it over
    before = everything(store, but=("tally",))
    with pytest.raises(StaleLease):
        store.replays.apply(intent(cast, history))
    with pytest.raises(StaleLease):
        store.replays.fail(history.lease, cast.now, "too late")
    assert everything(store, but=("tally",)) == before


def test_a_newer_version_makes_it_stale(store, cast, history):
    cast.keep(cast.capture_later(), text="Newest.")
    with pytest.raises(StaleLease):
        store.replays.apply(intent(cast, history))
    assert store.replays.progress().waiting == 1


def test_a_lease_keeps_others_away_until_it_ends(store, cast):
    store.replays.request(TODAY)
    assert store.replays.lease(cast.now, cast.now + MINUTE, 10) == (1,)
    assert store.replays.lease(cast.now, cast.now + MINUTE, 10) == ()
    assert store.replays.lease(cast.now + 2 * MINUTE, cast.now + 3 * MINUTE, 10) == (1,)


def test_one_that_fails_is_given_up_after_so_many_attempts(store, cast):
    store.replays.request(TODAY)
    for _ in range(ATTEMPTS):
        lent = store.replays.begin(1, cast.now, ATTEMPTS)
        store.replays.fail(lent.lease, cast.now, "ValueError: no")
    assert store.replays.begin(1, cast.now, ATTEMPTS) is None
    assert (store.replays.progress().failed, rows(store, "replay")[0]["reason"]) == (1, "ValueError: no")
    store.replays.want(1)
    assert store.replays.progress().waiting == 1


def test_bytes_that_were_pruned_are_not_lent(store, cast):
    store.database.write(lambda c: c.execute(update(versions).where(versions.c.ordinal == 1).values(capture_id=None)))
    old, new = store.replays.history(1).versions
    assert old.page is None
    assert new.page is not None
