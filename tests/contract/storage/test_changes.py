"""The change feed: dense, in order, never rewritten."""

import pytest

from tests.contract.storage.given import HOUR, NOON, Cast, draft, everything, outlet, rows


@pytest.fixture
def cast(store):
    store.frontier.sync([outlet()], NOON)
    return Cast(store)


def test_an_empty_feed(store):
    before = everything(store)
    assert store.changes.sequence() == 0
    assert store.changes.after(0, 10) == ()
    assert everything(store) == before


def test_nothing_is_shown_before_it_has_its_place(store, cast):
    cast.feed(draft("a"), draft("b"))
    assert store.changes.after(0, 10) == ()
    assert store.changes.sequence() == 2
    assert [change.position for change in store.changes.after(0, 10)] == [1, 2]


def test_sequencing_twice_is_sequencing_once(store, cast):
    cast.feed(draft("a"))
    store.changes.sequence()
    before = everything(store)
    assert store.changes.sequence() == 0
    assert everything(store) == before


def test_positions_go_on_where_they_ended(store, cast):
    tomorrow = NOON + 24 * HOUR
    cast.feed(draft("a", first_visit_at=tomorrow), draft("b", first_visit_at=tomorrow), next_visit_at=NOON)
    store.changes.sequence()
    told = store.changes.after(0, 10)
    cast.later()
    cast.feed(draft("c"))
    assert store.changes.sequence() == 1
    assert store.changes.after(0, 10)[:2] == told
    assert [change.position for change in store.changes.after(2, 10)] == [3]


def test_a_reader_goes_on_behind_its_position(store, cast):
    cast.feed(*(draft(f"story-{n}") for n in range(7)))
    store.changes.sequence()
    position, seen = 0, []
    while page := store.changes.after(position, 3):
        seen += [change.article_id for change in page]
        position = page[-1].position
    assert seen == [article["id"] for article in rows(store, "article")]
