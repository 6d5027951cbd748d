"""The whole `read` step (parse, version, figures, one transaction on SQLite) beside trafilatura alone, on one core.

`pytest -m bench -s tests/bench/test_read.py`. Pages: the corpus beside the project where it is, else the project's own.
"""

import gzip
import time
from pathlib import Path

import pytest
import trafilatura

from tests.unit.test_pipeline import FEED, Newsdesk
from worker.pipeline import reading

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "pages" / "html"
OWN = Path(__file__).parents[1] / "unit" / "reading" / "pages"

pytestmark = pytest.mark.bench


def pages():
    if CORPUS.exists():
        return [gzip.decompress(path.read_bytes()).decode("utf-8", "replace") for path in sorted(CORPUS.iterdir())]
    return [path.read_text(encoding="utf-8", errors="replace") for path in sorted(OWN.iterdir())]


@pytest.fixture
def desk(tmp_path):
    """A desk that has fetched every page and read none."""
    newsdesk = Newsdesk(tmp_path)
    answers = {f"https://tamar.example/page/{n}": page for n, page in enumerate(pages())}
    items = "".join(f"<item><guid>{url}</guid><title>{url}</title><link>{url}</link></item>" for url in answers)
    feed = f"<?xml version='1.0'?><rss version='2.0'><channel><title>All</title>{items}</channel></rss>"
    newsdesk.network.answers = {FEED: feed, **answers}
    newsdesk.cycle()
    yield newsdesk
    newsdesk.store.close()


def seconds_of(work, items):
    start = time.process_time()
    for item in items:
        work(item)
    return time.process_time() - start


def test_pages_per_second_through_read(desk):
    captured = []
    while found := desk.dispatch().visits:
        captured += [capture_id for leases in found for capture_id in desk.visit(leases)]
    bodies = [page for url, page in desk.network.answers.items() if url != FEED]
    for body in bodies[:10]:  # both are warm
        trafilatura.extract(body, with_metadata=True)
    alone = seconds_of(lambda body: trafilatura.extract(body, with_metadata=True), bodies)
    through = seconds_of(lambda capture_id: reading.read(capture_id, desk.world), captured)
    assert desk.census().tallies["read_article"].get("article", 0) >= 0.9 * len(captured)
    figures = desk.census().figures
    print(f"\nread: {len(captured) / through:.1f} pages/s, {figures} figures kept")
    print(f"trafilatura with metadata: {len(bodies) / alone:.1f} pages/s")
    print(f"ratio: {alone / through:.2f}")
