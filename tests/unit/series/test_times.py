"""Days and periods, seen from the day of the article."""

from datetime import date

import pytest

from worker.core.revisions.periods import Kind
from worker.core.series.times import clash, day_of, nearest

TUESDAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ({Kind.DAY: "tuesday"}, date(2026, 3, 3)),
        ({Kind.DAY: "monday"}, date(2026, 3, 2)),
        ({Kind.DAY: "wednesday"}, date(2026, 2, 25)),
        ({Kind.RELATIVE: "overnight tuesday"}, date(2026, 3, 3)),
        ({Kind.RELATIVE: "yesterday "}, date(2026, 3, 2)),
        ({Kind.DATE: "feb27"}, date(2026, 2, 27)),
        ({Kind.DATE: "dec31"}, date(2025, 12, 31)),
        ({Kind.DATE: "feb30"}, None),
        ({Kind.DATE: "feb"}, None),
        ({Kind.YEAR: "2019"}, None),
        ({}, None),
    ],
)
def test_day(period, day):
    assert day_of(period, TUESDAY) == day


def test_a_leap_day_is_found_in_its_year():
    assert nearest(2, 29, date(2028, 6, 1)) == date(2028, 2, 29)
    assert nearest(2, 29, date(2026, 6, 1)) is None


@pytest.mark.parametrize(
    ("one", "two", "clashes"),
    [
        ({"q4"}, {"q4"}, False),
        ({"q4"}, {"year"}, True),
        ({"q4"}, {"y2025"}, True),
        ({"y2025"}, {"year"}, False),
        ({"y2025"}, {"y2024"}, True),
        ({"y2019"}, set(), True),
        ({"mfeb"}, set(), False),
        ({"mfeb"}, {"mjan"}, True),
        (set(), set(), False),
    ],
)
def test_clash(one, two, clashes):
    assert clash(frozenset(one), frozenset(two)) is clashes
    assert clash(frozenset(two), frozenset(one)) is clashes
