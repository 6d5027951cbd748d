from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from feedparser.datetimes import _parse_date

from worker.core import dates

SEEN = datetime(2026, 3, 4, 12, tzinfo=UTC)


utc = partial(datetime, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "moment"),
    [
        ("Tue, 03 Mar 2026 10:11:12 GMT", utc(2026, 3, 3, 10, 11, 12)),
        ("Tue, 03 Mar 2026 10:11:12 +0530", utc(2026, 3, 3, 4, 41, 12)),
        ("Tue, 03 Mar 2026 10:11:12 EST", utc(2026, 3, 3, 15, 11, 12)),
        ("Tue, 03 Mar 2026 10:11:12 CET", utc(2026, 3, 3, 9, 11, 12)),
        ("Tue, 03 Mar 2026 10:11:12 JST", utc(2026, 3, 3, 1, 11, 12)),
        ("Tue, 03 Mar 2026 10:11:12 XYZ", utc(2026, 3, 3, 10, 11, 12)),
        ("2026-03-03T10:11:12.5+01:00", utc(2026, 3, 3, 9, 11, 12)),
        ("Tue, 03 Mar 2026 24:00:00 GMT", None),
        ("Mon, 30 Feb 2026 10:00:00 GMT", None),
        ("0000-00-00T00:00:00Z", None),
        ("yesterday-ish", None),
        ("", None),
    ],
)
def test_dates_of_feeds(stated, moment):
    assert dates.from_feed(stated, _parse_date(stated)) == moment


def test_no_date():
    assert dates.from_feed(None, None) is None


@pytest.mark.parametrize(
    ("stated", "moment"),
    [
        ("2026-03-03T10:11:12Z", utc(2026, 3, 3, 10, 11, 12)),
        (" 2026-03-03T10:11:12+03:00 ", utc(2026, 3, 3, 7, 11, 12)),
        ("2026-03-03", utc(2026, 3, 3)),
        ("20260303", utc(2026, 3, 3)),
        ("2026-03-03 10:11", utc(2026, 3, 3, 10, 11)),
        ("Tue, 03 Mar 2026 10:11:12 -0500", utc(2026, 3, 3, 15, 11, 12)),
        ("0001-01-01T00:00:00+10:00", None),
        ("9999-12-31T23:59:59-10:00", None),
        ("03/04/2026", None),
        ("3. März 2026", None),
        ("", None),
        (",", None),
    ],
)
def test_dates_of_pages(stated, moment):
    assert dates.read(stated) == moment


@pytest.mark.parametrize(
    ("moment", "believed"),
    [
        (SEEN, True),
        (SEEN + timedelta(hours=30), True),
        (SEEN + timedelta(days=3), False),
        (utc(2098, 1, 1), False),
        (utc(1970, 1, 1), False),
        (utc(1989, 12, 31), False),
        (utc(1999, 5, 5), True),
        (None, False),
    ],
)
def test_which_dates_are_believed(moment, believed):
    assert dates.plausible(moment, SEEN) == (moment if believed else None)
