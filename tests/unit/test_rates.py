"""How many revisions to expect."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit import paces
from worker.core import rates
from worker.core.rates import Life, Outlook

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
HOUR, DAY = 3600.0, 86_400.0
STAGES = len(rates.STAGES)
NOTHING = paces.of((0,) * STAGES, (0,) * STAGES)


def ago(hours):
    return NOW - timedelta(hours=hours)


def rate(now=NOW, **known):
    life = Life(**{"first_seen_at": ago(5), "changed_at": ago(5)} | known)
    return rates.outlook(life, rates.habits(life.pace), now).rate(0.0)


def levels(pace):
    return rates.habits(pace).levels


def test_an_outlet_is_believed_in_the_measure_of_what_was_seen_of_it():
    def level(articles, factor):
        """Of an outlet whose articles show so many times the usual, in each stage alike."""
        shown = tuple(factor * articles * rates.USUAL_LEVEL * e_folds for e_folds in rates.E_FOLDS)
        (first, *others) = levels(paces.of((articles,) * STAGES, shown))
        assert others == pytest.approx([first] * (STAGES - 1), rel=0.3)
        return first / rates.USUAL_LEVEL

    assert levels(None) == pytest.approx(levels(NOTHING)) == (rates.USUAL_LEVEL,) * STAGES
    assert level(10, 1) == pytest.approx(1)
    assert 2 < level(10, 4) < 4
    assert level(10_000, 4) == pytest.approx(4, rel=0.01)
    assert level(10_000, 0) < 0.01


def test_an_outlet_that_edits_on_the_day_after_is_expected_to():
    late = levels(paces.of((200,) * STAGES, (0, 0, 0, 0, 0, 150, 20, 0)))
    assert late[5] == max(late) > 10 * late[0] > 0


def test_an_outlet_that_is_new_to_us_is_expected_to_revise_at_the_ages_at_which_others_do():
    others = paces.of((500,) * STAGES, (0, 0, 0, 0, 0, 500, 50, 0), followed=400)
    new = paces.of((1, 1, 1, *(0,) * (STAGES - 3)), (0,) * STAGES, usual=others)
    assert levels(new)[5] == max(levels(new)) > 10 * levels(new)[0]
    assert rates.habits(new).liveliness == pytest.approx(rates.habits(others).liveliness)
    assert rates.habits(new).liveliness > rates.RHYTHM
    own = paces.of((5000,) * STAGES, (5000, *(0,) * (STAGES - 1)), usual=others)
    assert levels(own)[0] == max(levels(own)) > 10 * levels(own)[5]


def test_an_article_nobody_has_revised_yet_is_judged_by_those_that_had_not_been_at_its_age():
    """Half of the articles are revised within the hour and then every hour; the others never are."""
    revised = [(ago(100), *(ago(100 - passed) for passed in (0.5, 1.5, 2.5, 3.5, 4.5, 5.5))) for _ in range(200)]
    known = rates.pace_of([*revised, *[(ago(100),)] * 200], NOW)
    hazard = [rate(first_seen_at=ago(age), changed_at=ago(age), pace=known) * (age + 0.25) for age in (0.5, 2, 5)]
    assert hazard[0] > 5 * max(hazard[1:])
    assert levels(known)[2] > levels(known)[0] > 0


def test_what_outlets_show_together_is_the_sum():
    one = rates.pace_of([(ago(30), ago(28)), (ago(5),)], NOW)
    other = paces.of((7,) * STAGES, (2,) * STAGES, followed=3, hourly=(1,) * 24, evenly=(1.0,) * 24)
    assert rates.together([one, other]) == paces.of(
        (9, 9, 9, 9, 8, 8, 7, 7),
        (2, 2, 3, 2, 2, 2, 2, 2),
        unrevised=(9, 9, 9, 8, 7, 7, 7, 7),
        followed=3,
        hourly=tuple(1 + seen for seen in one.hourly),
        evenly=tuple(1 + even for even in one.evenly),
    )
    assert rates.together([one]) == one
    assert rates.together([]) is None


def test_the_stages_of_a_life():
    assert [rates.stage(age) for age in (-5, 0, HOUR - 1, HOUR, 15 * HOUR, 3 * DAY, 900 * DAY)] == [0, 0, 0, 1, 4, 7, 7]


def test_a_pace_counts_articles_in_the_stages_they_reached_and_revisions_where_they_fell():
    def later(hours):
        return NOW + timedelta(hours=hours)

    assert rates.pace_of([], NOW) == NOTHING
    lives = [(ago(0.5),), (ago(5),), (ago(100), later(-99.5), later(-97), later(-90), later(-10))]
    shown = rates.pace_of(lives, NOW)
    assert shown.articles == (3, 2, 2, 2, 1, 1, 1, 1)
    assert shown.revisions == (1, 0, 1, 0, 1, 0, 0, 1)
    assert shown.unrevised == (3, 1, 1, 1, 0, 0, 0, 0)
    assert shown.first == (1, 0, 0, 0, 0, 0, 0, 0)
    assert shown.followed == 1
    assert sum(shown.hourly) == sum(shown.evenly) == 4


@given(st.lists(st.lists(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)), min_size=1)))  # noqa: DTZ001 - zone added below
def test_a_pace_loses_no_revision_even_when_clocks_were_set_back(lives):
    shown = rates.pace_of([[at.replace(tzinfo=UTC) for at in life] for life in lives], NOW)
    assert sum(shown.revisions) == sum(len(life) - 1 for life in lives)
    assert shown.articles[0] == len(lives)
    assert list(shown.articles) == sorted(shown.articles, reverse=True)


@pytest.mark.parametrize("hours", [0.2, 1, 5, 40, 200])
def test_an_article_that_shows_what_its_outlet_shows_keeps_the_level_of_its_outlet(hours):
    busy = paces.of((10**6,) * STAGES, (5 * 10**6,) * STAGES)
    due = sum(
        level * math.log((min(hours * HOUR, end) + rates.YOUNG) / (start + rates.YOUNG))
        for level, start, end in zip(levels(busy), rates.STAGES, (*rates.STAGES[1:], math.inf), strict=True)
        if start < hours * HOUR
    )
    known = Life(ago(hours), ago(hours), pace=busy, revisions=round(due))
    assert rates.outlook(known, rates.habits(busy), NOW).by_age == pytest.approx(
        levels(busy)[rates.stage(hours * HOUR)], rel=0.15
    )


def test_silence_lowers_and_revisions_raise_what_is_expected():
    assert rate() > rate(now=NOW + timedelta(hours=1)) > rate(now=NOW + timedelta(days=1)) > 0
    assert rate(revisions=1) > rate()
    assert rate(revisions=8, changed_at=ago(0)) > rate(revisions=8, changed_at=ago(4))


def test_one_revision_after_hours_is_no_running_story():
    once = rate(first_seen_at=ago(10), changed_at=ago(0), revisions=1)
    often = rate(first_seen_at=ago(10), changed_at=ago(0), revisions=20)
    assert often > 5 * once


def test_an_outlet_whose_revisions_are_followed_by_others_is_expected_to_go_on():
    def once(followed):
        return rate(
            revisions=1,
            pace=paces.of((500,) * STAGES, (37,) * STAGES, followed=followed),
            first_seen_at=ago(5),
            changed_at=ago(4.5),
        )

    assert once(0) < once(100) < once(250)


def test_the_inverse_is_exact():
    outlook = Outlook(by_age=0.2, age=1800.0, by_rhythm=0.4, silence=600.0)
    for worth in (0.001, 0.05, 0.3, 1.0):
        assert outlook.expected(outlook.seconds_until(worth, DAY)) == pytest.approx(worth, rel=1e-5)
    assert outlook.seconds_until(100.0, DAY) == DAY


POSITIVE = st.floats(1e-6, 1e6)


OUTLOOKS = st.builds(
    Outlook, by_age=POSITIVE, age=st.floats(1, 1e8), by_rhythm=st.floats(0, 1e3), silence=st.floats(1, 1e8)
)


@settings(deadline=None)
@given(OUTLOOKS, st.floats(1e-6, 1e3), st.floats(1, 1e7))
def test_the_time_until_a_worth_is_never_too_late_and_never_beyond_the_most(outlook, worth, most):
    seconds = outlook.seconds_until(worth, most)
    assert 0 < seconds <= most
    assert outlook.expected(seconds) <= worth * (1 + 1e-9)
