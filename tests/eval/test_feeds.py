"""Real and damaged feeds: what the manifest of the shared corpus says that a correct reader yields."""

import gzip
import hashlib
import html
import json
from pathlib import Path

import pytest

from worker.core import feeds
from worker.model import FeedVerdict

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "feeds"
MANIFEST = CORPUS / "manifest.jsonl"
LINES = [json.loads(line) for line in MANIFEST.read_text(encoding="utf-8").splitlines()] if MANIFEST.exists() else []
pytestmark = pytest.mark.skipif(not LINES, reason="no shared/corpus beside the project")

# One document (fp-prefixed-rss) has dc:date and no pubDate: we take it for the date of publication, the manifest
# does so in RDF only.
PUBLISHED_BY_DC = {"fp-prefixed-rss"}


def read(line):
    body = (CORPUS / line["file"]).read_bytes()
    body = gzip.decompress(body) if line["file"].endswith(".gz") else body
    return feeds.parse(body, headers=line["http"] or {}, url=line["url"] or "")


def iso(moment):
    return moment and moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def digest(values):
    return hashlib.sha256("\n".join(value or "" for value in values).encode()).hexdigest()


def member(entry, name):
    value = getattr(entry, name)
    return iso(value) if name in {"published", "updated"} else value


def decoded(value):
    """The manifest leaves markup in titles alone, ours are plain text."""
    return html.unescape(value) if isinstance(value, str) else value


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["id"])
def test_documents(line):
    expected, feed = line["expected"], read(line)
    low, high = expected.get("entries_at_least", 0), expected.get("entries_at_most", 10_000)
    assert low <= len(feed.entries) <= high
    if "entries" in expected:
        assert len(feed.entries) == expected["entries"]
    if "feed_title" in expected:
        assert feed.title == expected["feed_title"]
    if "ids_sha256" in expected:
        assert digest(entry.id for entry in feed.entries) == expected["ids_sha256"]
        assert digest(entry.link for entry in feed.entries) == expected["links_sha256"]
    for name, at in (("first", 0), ("last", -1)):
        for key, value in (expected.get(name) or {}).items():
            if key != "published" or line["id"] not in PUBLISHED_BY_DC:
                assert decoded(member(feed.entries[at], key)) == decoded(value), (name, key)
    for id_, moment in expected.get("dates", {}).items():
        assert [iso(entry.published) for entry in feed.entries if entry.id == id_] == [moment]


@pytest.mark.parametrize("line", [line for line in LINES if line["expected"].get("error")], ids=lambda line: line["id"])
def test_what_is_no_feed(line):
    assert read(line).verdict is not FeedVerdict.FEED
