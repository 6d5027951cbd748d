"""What it costs to measure the pace of an outlet, among few articles and among half a million."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from tests.contract.storage.given import HOUR, MINUTE, NOON, outlet, sha
from worker.storage import pace
from worker.storage.tables import articles, versions

pytestmark = pytest.mark.bench
DAYS, OUTLETS, ARTICLES = 60, 25, 20_000  # of each outlet; a third of them revised twice
NOW = NOON + timedelta(days=DAYS)
TEXT = "A sentence of some length, as they stand in articles of newspapers. " * 50
INDEX = "ix_article_outlet_id_first_seen_at"


def test_the_pace_of_an_outlet_costs_the_same_among_half_a_million_articles(store, capsys):
    store.frontier.sync([outlet(f"o{number}") for number in range(OUTLETS)], NOON)
    store.database.write(_publish)
    alone, shown = _measured(store)
    store.database.write(_publish_elsewhere)
    among, again = _measured(store)
    assert shown == again
    assert shown.articles[0] == pytest.approx(ARTICLES * 14 / DAYS, rel=0.01)
    assert sum(shown.revisions) == pytest.approx(shown.articles[0] * 2 / 3, rel=0.01)
    assert INDEX in store.database.read(_plan)
    with capsys.disabled():
        kind = store.database.read(lambda connection: connection.dialect.name)
        count = OUTLETS * ARTICLES
        print(
            f"\n  {kind:<11} {shown.articles[0]:,} articles: {alone * 1e3:.0f} ms, among {count:,} {among * 1e3:.0f} ms"
        )


def _publish(connection):
    every = timedelta(days=DAYS) / ARTICLES
    rows = [_article(number, NOON + number * every) for number in range(1, ARTICLES + 1)]
    connection.execute(insert(articles), rows)
    revised = [row for row in rows if row["versions"] > 1]
    for start in range(0, len(rows), 2_000):
        kept = [_version(row, 1) for row in rows[start : start + 2_000]]
        connection.execute(insert(versions), kept)
    for ordinal in (2, 3):
        connection.execute(insert(versions), [_version(row, ordinal) for row in revised])
    connection.exec_driver_sql("ANALYZE")


def _publish_elsewhere(connection):
    copied = "url, title, language, first_seen_at, last_seen_at, versions"
    copy = text(
        f"INSERT INTO article (id, outlet_id, url_key, {copied}) "  # noqa: S608 - constants
        f"SELECT id + :far, :outlet, CAST(id + :far AS VARCHAR), {copied} FROM article WHERE outlet_id = 1"
    )
    for number in range(2, OUTLETS + 1):
        connection.execute(copy, {"outlet": number, "far": number * 1_000_000})
    connection.exec_driver_sql("ANALYZE")


def _article(number, at):
    return {
        "id": number,
        "outlet_id": 1,
        "url": f"https://o0.example/{number}",
        "url_key": str(number),
        "title": "Title",
        "language": "en",
        "first_seen_at": at,
        "last_seen_at": at,
        "versions": 3 if number % 3 == 0 else 1,
    }


def _version(row, ordinal):
    at = row["first_seen_at"] + (ordinal - 1) * HOUR
    return {
        "article_id": row["id"],
        "ordinal": ordinal,
        "title": "Title",
        "text": TEXT,
        "content_hash": sha(b"text"),
        "first_seen_at": at,
        "last_seen_at": at + MINUTE,
        "extractor": "bench",
    }


def _measured(store):
    """The quickest of three, seconds, and what it found."""
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        shown = store.database.read(lambda connection: pace.measure(connection, 1, NOW))
        took.append(time.perf_counter() - begun)
    return min(took), shown


def _plan(connection):
    query = pace.lately(1, NOW).compile(connection, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    return "\n".join(str(row) for row in connection.exec_driver_sql(f"{explain} {query}".replace("%", "%%")))
