"""What a server says about when to come back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.core import hints

NOW = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)
DATE = "Sun, 22 Nov 2026 10:00:00 GMT"
LATER = "Sun, 22 Nov 2026 10:02:00 GMT"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("315360000", 315360000.0),
        (LATER, 120.0),
        ("Sunday, 22-Nov-26 10:02:00 GMT", 120.0),
        ("Sun Nov 22 10:02:00 2026", 120.0),
        ("Sun, 22 Nov 2026 11:02:00 +0100", 120.0),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("-1", None),
        ("1.5", None),
        ("", None),
        ("soon", None),
        ("1e9", None),
        ("Sun, 31 Feb 2026 10:00:00 GMT", None),
        ("9" * 400, float("inf")),
    ],
)
def test_retry_after(value, seconds):
    assert hints.retry_after({"retry-after": value, "date": DATE}, NOW) == seconds


def test_no_retry_after():
    assert hints.retry_after({"date": DATE}, NOW) is None


@pytest.mark.parametrize("offset", [timedelta(hours=-5), timedelta(0), timedelta(days=3)])
def test_dates_are_read_against_the_servers_own_clock(offset):
    assert hints.retry_after({"retry-after": LATER, "date": DATE}, NOW + offset) == 120.0
    assert hints.fresh_for({"expires": LATER, "date": DATE}, NOW + offset) == 120.0


@pytest.mark.parametrize("date", [{}, {"date": "never"}])
def test_dates_are_read_against_ours_where_the_server_does_not_tell_its_own(date):
    assert hints.retry_after({"retry-after": LATER, **date}, NOW) == 120.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600.0),
        ({"cache-control": "public, MAX-AGE=600 , must-revalidate"}, 600.0),
        ({"cache-control": 'max-age="600"'}, 600.0),
        ({"cache-control": "max-age=600", "age": "100"}, 500.0),
        ({"cache-control": "max-age=600", "age": "900"}, 0.0),
        ({"cache-control": "max-age=600", "age": "old"}, 600.0),
        ({"cache-control": "max-age=0"}, 0.0),
        ({"cache-control": f"max-age={'9' * 400}"}, float("inf")),  # "too large to hold" is as long as possible (1.2.2)
        ({"cache-control": "max-age=600", "expires": LATER}, 600.0),
        ({"cache-control": "s-maxage=600"}, None),
        ({"cache-control": "s-maxage=600, max-age=60"}, 60.0),
        ({"cache-control": "public"}, None),
        ({"cache-control": "no-cache"}, None),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "no-store", "expires": LATER}, None),
        ({"cache-control": "max-age=soon"}, None),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": "x-max-age=600"}, None),
        ({"expires": LATER}, 120.0),
        ({"expires": LATER, "age": "20"}, 100.0),
        ({"expires": "Sun, 22 Nov 2026 09:00:00 GMT"}, 0.0),
        ({"expires": "0"}, 0.0),
        ({"expires": "-1"}, 0.0),
        ({"expires": ""}, 0.0),
    ],
)
def test_fresh_for(headers, seconds):
    assert hints.fresh_for({"date": DATE, **headers}, NOW) == seconds


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.text() | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,5} [0-9:]{1,9}( [+-]?[0-9A-Z]{1,6})?")
)
def test_anything_may_stand_in_a_header(text):
    for name in ("retry-after", "expires", "cache-control", "age", "date"):
        headers = {"retry-after": LATER, "expires": LATER, name: text}
        assert (hints.retry_after(headers, NOW) or 0) >= 0
        assert (hints.fresh_for(headers, NOW) or 0) >= 0
