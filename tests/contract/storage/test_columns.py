"""Values come back as they were given, on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from worker.storage.columns import KEY, Number, UtcDateTime, Words

VALUES = Table(
    "value_under_test",
    MetaData(),
    Column("id", KEY, primary_key=True),
    Column("number", Number()),
    Column("at", UtcDateTime()),
    Column("words", Words()),
)
same_fixture = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)


@pytest.fixture
def database(store):
    store.database.write(VALUES.create)
    yield store.database
    store.database.write(VALUES.drop)


def kept(database, **values):
    """What comes back."""
    (name,) = values

    def there_and_back(connection):
        connection.execute(VALUES.delete())
        connection.execute(insert(VALUES).values(values))
        return connection.execute(select(VALUES.c[name])).scalar_one()

    return database.write(there_and_back)


@same_fixture
@given(digits=st.integers(-(10**15) + 1, 10**15 - 1), exponent=st.integers(-12, 12))
def test_numbers_of_15_digits(database, digits, exponent):
    number = Decimal(digits).scaleb(exponent)
    assert kept(database, number=number) == number


@pytest.mark.parametrize(
    "number",
    [
        "0.1",
        "3.50",
        "1E+3",
        "-0",
        "1200000000",
        "999999999999999",
        "0.000001",
        "1e20",
        "3.60287970189641E+16",
        "90071992547409900.0",
    ],
)
def test_numbers_as_newspapers_print_them(database, number):
    assert kept(database, number=Decimal(number)) == Decimal(number)


@pytest.mark.parametrize("number", ["1234567890123456", "0.1234567890123456", "NaN", "Infinity"])
def test_numbers_that_would_not_come_back_are_refused(database, number):
    with pytest.raises(StatementError, match="at most 15 digits"):
        kept(database, number=Decimal(number))


@same_fixture
@given(
    naive=st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)),  # noqa: DTZ001 - the zone is drawn beside it
    offset=st.integers(-23 * 60, 23 * 60),
)
def test_moments_of_any_zone(database, naive, offset):
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=offset)))
    back = kept(database, at=moment)
    assert (back, back.tzinfo) == (moment, UTC)


def test_a_moment_without_zone_is_refused(database):
    with pytest.raises(StatementError, match="without zone"):
        kept(database, at=datetime(2026, 11, 22))  # noqa: DTZ001 - the point


@same_fixture
@given(words=st.text())
def test_any_words_are_stored_and_keep_their_length(database, words):
    back = kept(database, words=words)
    assert len(back) == len(words)
    assert all(b in {a, "\ufffd"} for a, b in zip(words, back, strict=True))


@same_fixture
@given(words=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_words_that_can_be_stored_come_back_as_they_are(database, words):
    assert kept(database, words=words) == words


def test_nothing_stays_nothing(database):
    assert kept(database, number=None) is kept(database, at=None) is kept(database, words=None) is None
