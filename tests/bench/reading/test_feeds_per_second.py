"""Feeds read by us (feedparser with what we have no use for switched off) beside feedparser as it comes, on one core.

`pytest -m bench -n 0 -s tests/bench/reading/test_feeds_per_second.py`. Documents: the corpus beside the project where
it is, else a feed of 200 full-text entries made here. Each is read in one child, whose memory is what the kernel says.
"""

import gzip
import io
import json
import resource
import time
from pathlib import Path

import feedparser
import pytest

from worker.cli.child import Child
from worker.core import feeds

pytestmark = pytest.mark.bench
CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "feeds"
SECONDS, MEMORY = 2.0, 200_000  # of processor for one document; KiB of the reader
ROUNDS = 3


def documents():
    if not CORPUS.exists():
        text = "&lt;p style='color:red'&gt;At least 2,300 people were counted.&lt;/p&gt;" * 40
        items = "".join(
            f"<item><guid>{n}</guid><title>Story {n}</title><description>{text}</description></item>"
            for n in range(200)
        )
        return [("made", f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>".encode(), {}, "")]
    found = []
    for line in map(json.loads, (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").splitlines()):
        body = (CORPUS / line["file"]).read_bytes()
        body = gzip.decompress(body) if line["file"].endswith(".gz") else body
        found.append((line["id"], body, line["http"] or {}, line["url"] or ""))
    return found


def ours(body, headers, url):
    feeds.parse(body, headers=headers, url=url)


def plain(body, *_):
    try:
        feedparser.parse(io.BytesIO(body))
    except (ValueError, OverflowError):  # on one bad reference it gives up the whole document
        return


def measured(work, body, headers, url):
    """Seconds of processor, the best of some rounds, and the most memory the process ever had, in KiB."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        work(body, headers, url)
        best = min(best, time.process_time() - start)
    return best, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def all_read(work, found):
    """Seconds by document, in a child of their own, and the most memory it ever had, in KiB, ours included."""
    with Child(seconds=300.0) as child:
        child.do(feeds.warm)
        read = {name: child.do(measured, work, *document) for name, *document in found}
    return {name: seconds for name, (seconds, _) in read.items()}, max(most for _, most in read.values())


def test_feeds_per_second(capsys):
    found = documents()
    (mine, memory), (theirs, by_theirs) = all_read(ours, found), all_read(plain, found)
    spent, by_feedparser = sum(mine.values()), sum(theirs.values())
    slowest = max(mine, key=lambda name: mine[name])
    said = (
        f"{len(mine)} feeds: {len(mine) / spent:.0f}/s, feedparser as it comes {len(mine) / by_feedparser:.0f}/s, "
        f"{by_feedparser / spent:.2f} times as fast; slowest {slowest} {mine[slowest]:.2f} s (feedparser "
        f"{theirs[slowest]:.2f} s); at most {memory / 1024:.0f} MB "
        f"({by_theirs / 1024:.0f})"
    )
    with capsys.disabled():
        print(f"\n  {said}", end="")
    assert max(mine.values()) < SECONDS
    assert memory < MEMORY
