"""What the store tells the schedule: how an outlet revises, what is known of an article, what its feed says of it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.contract.storage.given import (
    HOUR,
    MINUTE,
    NOON,
    Cast,
    article_intent,
    draft,
    figure,
    outlet,
    rows,
    version_draft,
)
from worker.core import rates
from worker.model import Outcome
from worker.storage import pace
from worker.storage.pace import Paces
from worker.storage.tables import resources

DAY = 24 * HOUR
NOTHING = rates.pace_of([], NOON)


def measured(store, at, outlet_id=1):
    return store.database.read(lambda connection: pace.measure(connection, outlet_id, at))


def remembered(store, paces, at):
    return store.database.read(lambda connection: paces.of(connection, 1, at))


@pytest.fixture
def cast(store):
    store.frontier.sync([outlet()], NOON)
    return Cast(store)


@pytest.fixture
def revised(cast):
    """An article found at noon, first read at one, revised at two and at three."""
    cast.feed(draft("a"))
    for text in ("One.", "Two.", "Three."):
        cast.keep(cast.capture_later(), text=text)
    return cast


# --- the pace of an outlet


def test_an_outlet_that_published_nothing_has_shown_nothing(store, cast):
    cast.feed(draft("a"))  # nobody has seen its page yet
    assert measured(store, NOON) == NOTHING


def test_articles_count_in_each_stage_they_reached_and_revisions_in_theirs(store, revised):
    shown = measured(store, NOON + 5 * HOUR)
    assert shown.articles == (1, 1, 1, 1, 0, 0, 0, 0)
    assert shown.revisions == (0, 0, 2, 0, 0, 0, 0, 0)
    assert shown.followed == 1
    assert measured(store, NOON + HOUR / 2).articles == (1, 0, 0, 0, 0, 0, 0, 0)


def test_what_was_published_long_ago_is_left_out(store, revised):
    assert measured(store, NOON + pace.WINDOW).revisions == (0, 0, 2, 0, 0, 0, 0, 0)
    assert measured(store, NOON + pace.WINDOW + MINUTE) == NOTHING


def test_of_an_outlet_with_very_many_articles_the_newest_count(store, cast, monkeypatch):
    monkeypatch.setattr(pace, "MOST", 1)
    cast.feed(draft("a"), next_visit_at=NOON + 2 * HOUR)
    page = cast.capture_later()
    kept = version_draft(None, page.fetched_at)
    store.articles.apply_article(article_intent(page, version=kept, next_visit_at=NOON + DAY))
    assert measured(store, NOON + 5 * HOUR).articles == (1, 1, 1, 1, 0, 0, 0, 0)
    cast.later()
    cast.feed(draft("b", first_visit_at=cast.now))
    cast.keep(cast.capture_later())
    assert measured(store, NOON + 5 * HOUR).articles == (1, 1, 1, 0, 0, 0, 0, 0)


def test_each_outlet_has_a_pace_of_its_own(store, revised):
    store.frontier.sync([outlet(), outlet("dw")], revised.now)
    assert measured(store, revised.now, outlet_id=2) == NOTHING
    assert measured(store, revised.now) != NOTHING


def test_a_pace_is_measured_again_after_a_while(store, cast):
    paces = Paces()
    cast.feed(draft("a"))
    page = cast.capture_later()
    assert remembered(store, paces, cast.now) == NOTHING
    cast.keep(page)
    assert remembered(store, paces, cast.now + pace.REMEMBERED - timedelta(seconds=1)) == NOTHING
    assert remembered(store, paces, cast.now + pace.REMEMBERED).articles[0] == 1


def test_a_pace_says_what_was_usual_among_the_outlets_measured_before(store, revised):
    store.frontier.sync([outlet(), outlet("dw")], revised.now)
    paces = Paces()
    first = remembered(store, paces, revised.now)
    second = store.database.read(lambda connection: paces.of(connection, 2, revised.now))
    assert (first.usual, second.usual) == (None, rates.together([first]))
    assert second.usual.revisions == first.revisions


def test_the_pace_of_an_outlet_that_publishes_much_is_measured_less_often(store, cast, monkeypatch):
    monkeypatch.setattr(pace, "MANY", 1)
    paces = Paces()
    cast.feed(draft("a"), draft("b"))
    cast.keep(cast.capture_later())
    assert remembered(store, paces, cast.now).articles[0] == 1
    page = cast.capture_later()
    cast.keep(page)
    before = cast.now - HOUR + pace.REMEMBERED_WELL
    assert remembered(store, paces, before - timedelta(seconds=1)).articles[0] == 1
    assert remembered(store, paces, before).articles[0] == 2


def test_a_clock_that_was_set_back_measures_again(store, revised):
    paces = Paces()
    assert remembered(store, paces, NOON + DAY).articles == (1, 1, 1, 1, 1, 1, 0, 0)
    assert remembered(store, paces, NOON + HOUR).articles == (1, 1, 0, 0, 0, 0, 0, 0)


# --- an article, lent to a visit and to a reader


def test_a_visit_knows_the_life_of_the_article(store, cast):
    cast.feed(draft("a", published_at=NOON - HOUR))
    page = cast.capture_later()
    assert (page.published_at, page.pace) == (NOON - HOUR, NOTHING)
    cast.keep(page, text="One.", figures=[figure(3)])
    cast.later()
    visit, _ = cast.visit(next_visit_at=cast.now + MINUTE)
    assert (visit.revised_at, visit.revisions, visit.figures) == (NOON + HOUR, 0, True)
    assert visit.due_at == NOON + HOUR + MINUTE
    assert visit.pace.articles[0] == 1
    cast.keep(cast.capture_later(), text="Two.")
    cast.later()
    visit, _ = cast.visit()
    assert (visit.revised_at, visit.revisions, visit.figures) == (NOON + 3 * HOUR, 1, False)


def test_of_a_page_that_was_never_an_article_nothing_is_known(store, cast):
    cast.feed(draft("a"))
    cast.later()
    visit, _ = cast.visit()
    assert (visit.revised_at, visit.revisions, visit.figures, visit.published_at) == (None, 0, None, None)


def test_a_feed_has_no_pace(store, cast):
    visit, _ = cast.visit()
    assert visit.pace is None


def test_the_version_kept_last_says_whether_figures_are_reported(store, cast):
    cast.feed(draft("a"))
    page = cast.capture_later()
    cast.keep(page, figures=[figure(3)])
    assert store.articles.newest_version(page.article_id).figures
    cast.keep(cast.capture_later(), text="None.")
    assert not store.articles.newest_version(page.article_id).figures


# --- what the feed says of articles we know

FLOOR = 900.0


def planned(store):
    """When the page is visited next, and whether at all."""
    (page,) = (row for row in rows(store, "resource") if row["kind"] == "article")
    return page["next_visit_at"], page["status"]


@pytest.fixture
def told(store, cast):
    """A page seen at one o'clock and due again a day later; the feed then says when it was changed."""
    cast.feed(draft("a"), next_visit_at=NOON + 2 * HOUR)
    page = cast.capture_later()
    cast.keep(page)
    cast.later(MINUTE)
    cast.visit(next_visit_at=NOON + DAY)

    def tell(updated_at, **visited):
        if visited:
            cast.now = NOON + HOUR + 2 * MINUTE
            away = update(resources).where(resources.c.article_id.is_not(None)).values(next_visit_at=None, **visited)
            store.database.write(lambda connection: connection.execute(away))
        cast.now = NOON + 2 * HOUR
        cast.feed(draft("a", updated_at=updated_at), revisit_seconds=FLOOR)
        return planned(store)

    return tell


def test_what_the_feed_says_was_changed_is_visited_now(told):
    assert told(NOON + 90 * MINUTE) == (NOON + 2 * HOUR, "active")


@pytest.mark.parametrize("updated_at", [NOON + 30 * MINUTE, None, NOON + 9 * HOUR])
def test_what_we_have_seen_since_and_what_is_to_come_is_no_news(told, updated_at):
    assert told(updated_at) == (NOON + DAY, "active")


def test_a_settled_article_comes_back(told):
    assert told(NOON + 90 * MINUTE, status="settled") == (NOON + 2 * HOUR, "active")


@pytest.mark.parametrize("away", [{"status": "gone"}, {"status": "paused"}, {"failures": 1}])
def test_what_is_away_or_fails_is_not_brought_forward(told, away):
    assert told(NOON + 90 * MINUTE, **away)[0] is None


def test_a_page_nobody_has_visited_yet_keeps_its_time(store, cast):
    cast.feed(draft("a", first_visit_at=NOON + 3 * HOUR), next_visit_at=NOON + HOUR)
    cast.later()
    cast.feed(draft("a", updated_at=NOON + 30 * MINUTE), revisit_seconds=FLOOR)
    assert planned(store) == (NOON + 3 * HOUR, "active")


def test_the_floor_after_the_last_visit_is_kept(store, cast):
    cast.feed(draft("a"), next_visit_at=NOON + HOUR + 5 * MINUTE)
    cast.keep(cast.capture_later())
    cast.later(MINUTE)
    cast.visit(next_visit_at=NOON + DAY, outcome=Outcome.SAME)
    cast.later(4 * MINUTE)
    cast.feed(draft("a", updated_at=NOON + HOUR + 2 * MINUTE), revisit_seconds=FLOOR)
    assert planned(store)[0] == NOON + HOUR + 16 * MINUTE


def test_a_feed_said_twice_brings_forward_once(store, told, cast):
    first = told(NOON + 90 * MINUTE)
    cast.later(MINUTE)
    visit, _ = cast.visit(next_visit_at=NOON + DAY)
    assert visit.due_at == first[0]
    assert planned(store)[0] == NOON + DAY
