"""Rows that are updated together come out as they would one by one, whatever they hold."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Column, Float, MetaData, Table, func, insert, select

from tests.contract.storage.given import NOON
from worker.storage.bulk import BulkUpdate, among
from worker.storage.columns import KEY, UtcDateTime, Words

THINGS = Table(
    "thing_under_test",
    MetaData(),
    Column("id", KEY, primary_key=True),
    Column("at", UtcDateTime()),
    Column("words", Words()),
    Column("whole", BigInteger()),
    Column("share", Float()),
    Column("flag", Boolean()),
)
NAMES = ("at", "words", "whole", "share", "flag")
ROWS = st.fixed_dictionaries({
    "at": st.none() | st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 28), timezones=st.timezones()),  # noqa: DTZ001
    "words": st.none() | st.text(st.characters(), max_size=20),  # NUL and lone surrogates among them
    "whole": st.none() | st.integers(-(2**63), 2**63 - 1),
    "share": st.none() | st.floats(allow_nan=False, allow_infinity=False),
    "flag": st.none() | st.booleans(),
})  # fmt: skip
everything = BulkUpdate(THINGS, *NAMES)
later = BulkUpdate(
    THINGS,
    *("at", "words"),
    values=lambda row: row | {"words": func.coalesce(row["words"], THINGS.c.words)},
    where=lambda row: THINGS.c.at < row["at"],
)


@pytest.fixture
def database(store):
    store.database.write(THINGS.create)
    yield store.database
    store.database.write(THINGS.drop)


def held(connection, ids):
    query = select(*(THINGS.c[name] for name in NAMES)).where(among(THINGS.c.id, "ids")).order_by(THINGS.c.id)
    return [dict(row) for row in connection.execute(query, {"ids": ids}).mappings()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(rows=st.lists(ROWS, max_size=3))
def test_as_one_by_one(database, rows):
    first, second = range(1, len(rows) + 1), range(len(rows) + 1, 2 * len(rows) + 1)

    def there_and_back(connection):
        connection.execute(THINGS.delete())
        for id_ in first:
            connection.execute(insert(THINGS).values(id=id_))
        for id_, row in zip(second, rows, strict=True):
            connection.execute(insert(THINGS).values(id=id_, **row))
        everything(connection, [{"key": id_, **row} for id_, row in zip(first, rows, strict=True)])
        return held(connection, first), held(connection, second)

    together, alone = database.write(there_and_back)
    assert len(together) == len(rows)
    assert together == alone


def test_what_is_not_meant_stays(database):
    after = NOON + timedelta(seconds=1)
    rows = [{"id": id_, "at": NOON, "words": "as before"} for id_ in (1, 2, 3, 4)]

    def write(connection):
        connection.execute(insert(THINGS), rows)
        later(connection, [])
        later(connection, [{"key": 1, "at": after, "words": None}, {"key": 2, "at": NOON, "words": "not later"}])
        later(connection, [{"key": 4, "at": after, "words": "later"}, {"key": 5, "at": after, "words": "not there"}])
        return held(connection, [1, 2, 3, 4, 5])

    found = [(row["at"], row["words"]) for row in database.write(write)]
    assert found == [(after, "as before"), (NOON, "as before"), (NOON, "as before"), (after, "later")]


def test_a_time_without_zone_is_refused(database):
    with pytest.raises(ValueError, match="without zone"):
        database.write(lambda connection: later(connection, [{"key": 1, "at": datetime(2026, 11, 22), "words": ""}]))  # noqa: DTZ001
