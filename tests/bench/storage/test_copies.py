"""What relating one article costs the database among many: its place in the index of copies, and the look-up there.

Stored sketches are synthetic (random keys, 32 an article as of a text of 16 sentences): a look-up sees keys, not texts.
Each measured article shares one key with 32 stored ones, as much as chance and common phrases bring up.

    pytest -n 0 -s -m bench tests/bench/storage/test_copies.py              # 10^3 and 10^5 stored articles
    FIGUREWATCH_BENCH_ARTICLES=1000,100000,1000000 pytest -n 0 -s -m bench tests/bench/storage/test_copies.py
"""

import os
import random
import time
from statistics import median

import pytest
from sqlalchemy import text

from tests.harness.filling import settle

pytestmark = pytest.mark.bench

BANDS = 32
MEASURED = 100
SIZES = [int(size) for size in os.environ.get("FIGUREWATCH_BENCH_ARTICLES", "1000,100000").split(",")]
# Loose: a shared machine. What grew with the number of articles would grow a hundredfold.
FLAT = 5.0

# On PostgreSQL the key is built anew when all rows are in: into a tree of thirty million random keys they go at a tenth
# of the speed. On SQLite the key is the table, and rows in its order go in fast.
FILL = {
    "sqlite": """
WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :last)
INSERT INTO sketch SELECT random(), i / :bands FROM n ORDER BY 1""",
    "postgresql": """
SET LOCAL synchronous_commit = off;
SET LOCAL maintenance_work_mem = '512MB';
ALTER TABLE sketch DROP CONSTRAINT pk_sketch;
INSERT INTO sketch SELECT (random() * 1.8e19 - 9e18)::bigint, i / :bands
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint) - 1) AS i;
ALTER TABLE sketch ADD CONSTRAINT pk_sketch PRIMARY KEY (band, article_id)""",
}


def fill(store, first, last):
    """Sketches of stored articles first to last."""
    bounds = {"first": first * BANDS, "last": last * BANDS, "bands": BANDS}

    def write(connection):
        for statement in FILL[connection.dialect.name].split(";"):
            needed = bounds if ":first" in statement else {}
            connection.execute(text(statement), needed)

    store.database.write(write)
    settle(store.database)


def some_keys(store, dice):
    """Keys of stored sketches, from all over the index."""
    at = text("SELECT band FROM sketch WHERE band >= :start ORDER BY band LIMIT 1")
    starts = [dice.randrange(-(2**63), 2**62) for _ in range(BANDS)]

    def read(connection):
        return tuple({connection.execute(at, {"start": start}).scalar_one() for start in starts})

    return store.database.read(read)


def seconds(store, dice, article_id):
    bands = some_keys(store, dice)
    started = time.perf_counter()
    store.relations.index(article_id, bands)
    store.relations.neighbours(article_id, bands, 30)
    return time.perf_counter() - started


def test_an_article_costs_the_same_among_many(store):
    dice, took, stored = random.Random(1), {}, 0
    for size in SIZES:
        fill(store, stored, size)
        stored = size
        took[size] = median(seconds(store, dice, 10**9 + size + n) for n in range(MEASURED))
        print(
            f"{store.database.engine.dialect.name}: {size:>9,} articles stored: {took[size] * 1e3:6.2f} ms an article"
        )
    assert took[SIZES[-1]] < FLAT * took[SIZES[0]]
