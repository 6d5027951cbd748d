from datetime import UTC, datetime

import pytest

from worker.newsroom.conditional import not_modified

AT = datetime(2026, 11, 22, 10, 0, 30, tzinfo=UTC)
SAME, BEFORE, AFTER = (f"Sun, 22 Nov 2026 10:00:{second} GMT" for second in (30, 29, 31))


@pytest.mark.parametrize(
    ("if_none_match", "if_modified_since", "etag", "last_modified", "expected"),
    [
        (None, None, '"a"', AT, False),
        ('"a"', None, '"a"', None, True),
        ('"b"', None, '"a"', None, False),
        ('"b", "a"', None, '"a"', None, True),
        ('W/"a"', None, '"a"', None, True),  # weak comparison, RFC 9110, 13.1.2
        ('"a"', None, 'W/"a"', None, True),
        ("a", None, '"a"', None, False),  # unquoted is no entity tag
        ('""a""', None, '"a"', None, False),
        ('"a,b"', None, '"a,b"', None, True),  # a comma may stand within
        ("*", None, '"a"', None, True),
        ('"a"', None, None, AT, False),
        (None, SAME, None, AT, True),
        (None, AFTER, None, AT, True),
        (None, BEFORE, None, AT, False),
        (None, SAME, '"a"', None, False),
        (None, "yesterday", None, AT, False),
        (None, "Sunday, 22-Nov-26 10:00:30 GMT", None, AT, True),  # the older form of RFC 850
        ('"b"', SAME, '"a"', AT, False),  # If-None-Match alone decides, 13.2.2
        ('"a"', BEFORE, '"a"', AT, True),
    ],
)
def test_not_modified(if_none_match, if_modified_since, etag, last_modified, expected):
    assert not_modified(if_none_match, if_modified_since, etag, last_modified) is expected
