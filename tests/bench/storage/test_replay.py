"""How fast history is read again, and what it takes to keep it: bytes for each version and for each capture.

    pytest -n 0 -m bench -s tests/bench/storage/test_replay.py

Every page is kept in three versions, of which each changes one number. Pages: a share of the corpus beside the project
where it is, else the project's own. Shares hold, seconds are of the machine.
"""

import gzip
import re
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from tests.unit.test_pipeline import FEED, Newsdesk
from worker.core import extraction
from worker.pipeline import replaying
from worker.storage.tables import versions

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "pages" / "html"
OWN = Path(__file__).parents[2] / "unit" / "reading" / "pages"
PAGES = 20
VERSIONS = 3
RAW = ("capture", "blob")
SIZES = {
    "sqlite": "SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize) FROM dbstat s "
    "LEFT JOIN sqlite_master m ON m.name = s.name GROUP BY 1",
    "postgresql": "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = "
    "'public'::regnamespace",
}

pytestmark = pytest.mark.bench


def pages():
    if CORPUS.exists():
        found = sorted(CORPUS.iterdir())
        return [gzip.decompress(p.read_bytes()).decode("utf-8", "replace") for p in found[:: len(found) // PAGES]]
    return [path.read_text(encoding="utf-8", errors="replace") for path in sorted(OWN.iterdir())]


def revised(page, step):
    """The page with another number in its first paragraph that has one."""
    return re.sub(r"(<p\b[^>]*>[^<]*?\b)(\d{1,4})\b", lambda m: f"{m[1]}{int(m[2]) + step}", page, count=1)


def sizes(store):
    def read(connection):
        return Counter({row[0]: int(row[1]) for row in connection.execute(text(SIZES[connection.dialect.name]))})

    return store.database.read(read)


@pytest.fixture
def desk(store, tmp_path):
    """Articles in three versions."""
    newsdesk = Newsdesk(tmp_path, store)
    told = {f"https://tamar.example/page/{n}": page for n, page in enumerate(pages())}
    items = "".join(f"<item><guid>{url}</guid><title>{url}</title><link>{url}</link></item>" for url in told)
    feed = f"<?xml version='1.0'?><rss version='2.0'><channel><title>All</title>{items}</channel></rss>"
    for step in range(VERSIONS):
        newsdesk.network.answers = {FEED: feed, **{url: revised(page, step) for url, page in told.items()}}
        for _ in range(12):
            newsdesk.cycle()
            newsdesk.clock.advance(minutes=10)
    return newsdesk


def test_replay_and_storage(desk, store):
    census = desk.census()
    held = sizes(store)
    raw = sum(held[table] for table in RAW)
    rest = sum(held.values()) - raw
    kind = store.database.name.partition(":")[0]
    print(f"\n{kind}: {census.articles} articles, {census.versions} versions, {census.captures} captures")
    print(f"  {raw / census.captures / 1000:.1f} kB a capture, {rest / census.versions / 1000:.1f} kB a version")
    for table, size in held.most_common(8):
        print(f"    {table:12} {size / census.versions / 1000:8.2f} kB a version")
    store.database.write(lambda connection: connection.execute(update(versions).values(extractor="older")))
    store.replays.request(extraction.EXTRACTOR)
    now = desk.clock()
    wanted = store.replays.lease(now, now + timedelta(hours=1), 1000)
    cpu, wall = time.process_time(), time.perf_counter()
    for article_id in wanted:
        replaying.replay(article_id, desk.world)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    assert store.replays.progress().done == len(wanted)
    assert desk.census().tallies.get("retraction", {}) == {}
    print(f"  replay {census.versions / cpu:.1f} versions a CPU-second, {census.versions / wall:.1f} a second here")
