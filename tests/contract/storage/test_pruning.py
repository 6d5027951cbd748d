"""Retention: raw bytes that no version was read from go, and nothing that anybody reads."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from tests.contract.storage.given import ATTEMPTS, HOUR, MINUTE, Cast, article_intent, figure, rows
from worker.model import Doubt, HeldText, Verdict
from worker.storage.tables import captures as captures_

DAY = timedelta(days=1)
VIEWS = ("v1_articles", "v1_versions", "v1_figures", "v1_revisions", "v1_changes", "v1_held")


@pytest.fixture
def cast(store):
    """An article whose page was read three times: a version, nothing new, another version."""
    cast = Cast(store)
    cast.keep(cast.article(), figures=[figure(12)])
    notice(cast)
    cast.keep(cast.capture_later(), text="Another text.")
    return cast


def notice(cast, **changes):
    capture = cast.capture_later()
    due = {"next_visit_at": cast.now + MINUTE}
    cast.store.articles.apply_article(article_intent(capture, verdict=Verdict.BLOCKED, **due | changes))
    return capture.lease.id


def captures(store):
    return [row["id"] for row in rows(store, "capture")]


def prune(store, before, raw_before=None, *, dry_run=False):
    gone = [*store.pruning.captures(before, raw_before, dry_run=dry_run)]
    return sum(each.captures for each in gone), sum(each.bytes for each in gone)


def shown(store):
    return store.database.read(
        lambda connection: {view: connection.execute(select(text("*")).select_from(text(view))).all() for view in VIEWS}
    )


def test_what_no_version_was_read_from_goes_and_no_view_changes(store, cast):
    feed, first, spent, second = captures(store)
    before = shown(store)
    assert prune(store, cast.now + DAY, dry_run=True) == (1, 0)
    assert captures(store) == [feed, first, spent, second]
    count, freed = prune(store, cast.now + DAY)
    assert (count, freed > 0) == (1, True)
    assert captures(store) == [feed, first, second]  # the feed's is its newest
    assert len(rows(store, "blob")) == 3
    assert shown(store) == before
    assert prune(store, cast.now + DAY) == (0, 0)


def test_what_is_young_waits_or_is_given_up_on_stays(store, cast):
    assert prune(store, cast.now - DAY) == (0, 0)
    waiting = HeldText("h" * 64, Doubt.SHORTER, cast.now, cast.now, 1)
    held = notice(cast, held=waiting)
    capture = cast.capture_later()
    for _ in range(ATTEMPTS):
        store.captures.begin(capture.lease.id, cast.now + MINUTE, ATTEMPTS)
    given_up = capture.lease.id
    cast.later(HOUR)
    prune(store, cast.now + DAY)
    assert {held, given_up} <= {*captures(store)}
    assert store.quarantine.one(str(given_up))[1].body


def test_the_bytes_of_versions_go_when_asked_to_and_the_versions_stay(store, cast):
    before = shown(store)
    assert prune(store, cast.now + DAY, cast.now + DAY)[0] == 2
    assert shown(store) == before
    assert next(past.page for past in store.replays.history(1).versions) is None
    assert store.articles.newest_version(1).text == "Another text."


def test_bytes_that_another_capture_shows_stay(store, cast):
    spent = captures(store)[2]
    again = notice(cast)
    (shared,) = (row["body_hash"] for row in rows(store, "capture") if row["id"] == spent)
    store.database.write(
        lambda connection: connection.execute(update(captures_).where(captures_.c.id == again).values(body_hash=shared))
    )
    assert prune(store, cast.now + DAY) == (1, 0)
    assert shared in {row["hash"] for row in rows(store, "blob")}


def test_old_articles_leave_the_index_of_copies(store, cast):
    store.relations.index(1, (5, 6, 7))
    assert [each.sketches for each in store.pruning.sketches(cast.now - DAY, dry_run=False)] == [0]
    assert [each.sketches for each in store.pruning.sketches(cast.now + DAY, dry_run=True)] == [3]
    assert len(rows(store, "sketch")) == 3
    assert [each.sketches for each in store.pruning.sketches(cast.now + DAY, dry_run=False)] == [3]
    assert rows(store, "sketch") == []


def test_in_steps_nothing_is_left_out(store, cast, monkeypatch):
    monkeypatch.setattr("worker.storage.pruning.SKETCHES", 2)
    monkeypatch.setattr("worker.storage.pruning.CHUNK", 1)
    store.relations.index(1, tuple(range(7)))
    for _ in range(4):
        notice(cast)
    notice(cast)
    assert sum(each.sketches for each in store.pruning.sketches(cast.now + DAY, dry_run=False)) == 7
    assert prune(store, cast.now + DAY)[0] == 5  # the newest stays
