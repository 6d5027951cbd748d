"""At which hours an outlet works."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core import hours

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
HOUR, DAY = 3600.0, 86_400.0
FLAT = (1.0,) * 24 * 14  # every hour of a life alike
BY_DAY = (0,) * 6 + (90,) * 16 + (0,) * 2
COUNTS = st.tuples(*[st.integers(0, 1000)] * 24)
LEVELS = st.tuples(*[st.floats(0, 1000)] * 24)


def ago(passed):
    return NOW - timedelta(hours=passed)


def test_an_outlet_that_nobody_has_watched_works_at_all_hours_alike():
    clock = hours.clock((0,) * 24, (0.0,) * 24)
    assert clock.pace == hours.EVEN
    assert clock.seconds(NOW.timestamp(), 5000.0) == pytest.approx(5000.0)


def test_the_clock_of_an_outlet_is_slow_at_night_and_never_stands():
    clock = hours.clock(BY_DAY, (60.0,) * 24)
    assert clock.pace[12] == pytest.approx(max(clock.pace))
    assert clock.pace[2] == pytest.approx(min(clock.pace))
    assert 5 < clock.pace[12] / clock.pace[2] < 8
    assert sum(clock.pace) == pytest.approx(24)
    midnight = NOW.replace(hour=0).timestamp()
    assert clock.seconds(midnight, HOUR) > 3 * HOUR
    assert clock.seconds(midnight + 10 * HOUR, HOUR) < HOUR
    assert clock.seconds(midnight, 3 * DAY) == pytest.approx(3 * DAY)


def test_an_outlet_that_showed_little_keeps_the_hours_of_the_others():
    others = hours.clock(BY_DAY, (60.0,) * 24).pace
    new = hours.clock((0,) * 24, (0.0,) * 24, others).pace
    assert new == pytest.approx(others, abs=0.5)  # smoothed once more
    own = hours.clock((60,) * 24, (60.0,) * 24, others).pace
    assert own == pytest.approx(hours.EVEN, abs=0.1)


def test_only_whole_days_of_an_article_count():
    lives = [(ago(30), ago(29), ago(5)), (ago(20), ago(19))]
    hourly, evenly = hours.shown(lives, NOW, FLAT)
    assert [hour for hour, seen in enumerate(hourly) if seen] == [ago(29).hour]
    assert evenly == pytest.approx((1 / 24,) * 24)
    assert hours.shown([], NOW, FLAT) == ((0,) * 24, (0.0,) * 24)


def test_articles_published_by_day_and_revised_at_once_say_nothing_of_the_night():
    """A revision an hour after each publication, whenever that is: the hours are alike, though none fell at night."""
    soon = (1.0, 1.0) + (0.0,) * (24 * 14 - 2)
    born = [NOW.replace(hour=hour, minute=30) - timedelta(days=2) for hour in range(8, 20)]
    hourly, evenly = hours.shown([(at, at + timedelta(hours=0.8)) for at in born], NOW, soon)
    assert hourly[9:20] == (1,) * 11
    assert evenly[10:20] == pytest.approx((1.0,) * 10)
    assert sum(evenly[:8]) == sum(hourly[:8]) == 0


@given(COUNTS, LEVELS, LEVELS, st.floats(0, 2e9), st.floats(0, 40 * DAY))
def test_a_clock_is_exact_both_ways_and_a_day_is_a_day(hourly, evenly, usual, now, passed):
    clock = hours.clock(hourly, evenly, usual)
    assert clock.moment(clock.shows(now)) == pytest.approx(now, abs=1e-3)
    wait = clock.seconds(now, passed)
    assert clock.shows(now + wait) - clock.shows(now) == pytest.approx(passed, abs=1e-3)
    assert wait >= -1e-3
    assert wait // DAY == pytest.approx(passed // DAY, abs=1)
    assert min(clock.pace) > 0
