"""Feeds made to hang or to fill a reader: read within limits or killed with their process; real ones are within both.

The documents are made here and now: small enough to prove the guard, too large to be committed.
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
from worker.model import FeedVerdict

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "feeds"
MEMORY = 200_000  # KiB of the reader, over what it had before
PROCESSOR = 2.0  # seconds, for a real document
HOSTILE = 20.0  # seconds of processor, for a hostile one; a read is stopped after 60


def rss(*items):
    return f"<rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>".encode()


def item(n, more=""):
    return f"<item><title>Story {n}</title><link>https://h.example/{n}</link><guid>g{n}</guid>{more}</item>"


def attributes(count):
    return " ".join(f"a{n}='x'" for n in range(count))


# Rows of the attack list by name: the document, and how many entries are had of it.
DOCUMENTS = {
    "X5 blanks before the root": (lambda: b"<?xml version='1.0'?>" + b"\n" * 14_000_000 + rss(item(1)), 1),
    "X6 attributes of an item": (lambda: rss(f"<item {attributes(50_000)}><title>a</title></item>"), 0),
    "X6 attributes of the root": (lambda: f"<rss {attributes(50_000)}><channel>".encode() + rss(item(1)), 0),
    "X7 a style": (lambda: rss(item(1, f"<description>&lt;p style='{'a:b;' * 10_000}'&gt;</description>")), 1),
    "X8 nested": (lambda: rss(item(1), "<item>" + "<a>" * 500_000 + "</a>" * 500_000 + "</item>"), 0),
    "X8 nested in a description": (lambda: rss(item(1, f"<description>{'&lt;p&gt;' * 300_000}</description>")), 1),
    "X12 entries": (lambda: rss(*(item(n, f"<description>{'w ' * 30}</description>") for n in range(80_000))), 2_000),
    "X25 members": (lambda: rss(item(1, f"<category>{'c' * 1_000_000}</category>" * 10)), 1),
}


def measured(body, headers, url):
    """Verdict, entries, seconds of processor, and how much the process grew in KiB."""
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    feed = feeds.parse(body, headers=headers, url=url)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return feed.verdict, len(feed.entries), time.process_time() - start, grown


def unguarded(body):
    """What happens to a reader without our guards."""
    feedparser.parse(io.BytesIO(body))


@pytest.mark.parametrize("row", DOCUMENTS)
def test_a_hostile_feed_is_read_within_limits(row):
    make, entries = DOCUMENTS[row]
    with Child(seconds=120.0) as child:
        child.do(feeds.warm)
        verdict, found, seconds, grown = child.do(measured, make(), {}, "https://h.example/f")
    assert (found, verdict is FeedVerdict.FEED) == (entries, entries > 0)
    assert seconds < HOSTILE
    assert grown < MEMORY


def test_a_reader_that_hangs_in_a_parser_is_killed_and_the_next_feed_is_read():
    hangs = rss(f"<item {attributes(30_000)}><title>a</title></item>")
    with Child(seconds=3.0) as child:
        child.do(feeds.warm)
        assert child.do(unguarded, hangs) is None
        child.seconds = 120.0
        assert child.do(measured, rss(item(1)), {}, "https://h.example/f")[:2] == (FeedVerdict.FEED, 1)


@pytest.mark.skipif(not CORPUS.exists(), reason="no shared/corpus beside the project")
def test_every_real_document_is_read_within_limits():
    lines = [json.loads(line) for line in (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines
    with Child(seconds=120.0) as child:
        child.do(feeds.warm)
        for line in lines:
            body = (CORPUS / line["file"]).read_bytes()
            body = gzip.decompress(body) if line["file"].endswith(".gz") else body
            _, _, seconds, grown = child.do(measured, body, line["http"] or {}, line["url"] or "")
            assert seconds < PROCESSOR, line["id"]
            assert grown < MEMORY, line["id"]
