"""When a feed does not want to be asked."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core import wishes

SUNDAY = datetime(2026, 11, 22, 12, 30, 15, tzinfo=UTC)
HOURS = "<skipHours>{}</skipHours>"


def hours(*listed):
    return wishes.skips(HOURS.format("".join(f"<hour>{n}</hour>" for n in listed)))


@pytest.mark.parametrize(
    ("skipped", "wait"),
    [
        (0, timedelta(0)),
        (hours(11, 13), timedelta(0)),
        (hours(12), timedelta(minutes=29, seconds=45)),
        (hours(12, 13), timedelta(hours=1, minutes=29, seconds=45)),
        (hours(*range(24)), timedelta(0)),  # nobody means that
        (wishes.skips("<skipDays><day>Sunday</day><day>MONDAY</day></skipDays>"), timedelta(hours=35.5, seconds=-15)),
        (hours(12) | wishes.skips("<skipDays><day>Sunday</day></skipDays>"), timedelta(hours=11.5, seconds=-15)),
    ],
)
def test_the_first_moment_that_is_not_skipped(skipped, wait):
    assert wishes.first_after(SUNDAY, skipped, 0.0) - SUNDAY == wait


@given(st.integers(0, 2**31 - 1), st.floats(0, 0.999), st.integers(0, 10**7))
def test_it_is_never_early_never_late_and_never_skipped_without_need(skipped, jitter, seconds):
    at = SUNDAY + timedelta(seconds=seconds)
    found = wishes.first_after(at, skipped, jitter)
    assert at <= found <= at + timedelta(hours=wishes.LONGEST, seconds=wishes.SPREAD)
    if found != at:
        assert wishes.first_after(found, skipped, jitter) == found


@given(st.text(alphabet="<>/skipHoursday 0123456789hour", max_size=200))
def test_any_text_says_something(text):
    assert 0 <= wishes.skips(text) < 2**31
