"""What reading a page costs beside plain trafilatura, on one core in the same run: prints pages per second."""

import gzip
import io
import json
import time
from pathlib import Path

import feedparser
import pytest
import trafilatura

from worker.core import extraction, feeds

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
OWN = Path(__file__).parents[2] / "unit" / "reading"
COPIES = 20  # of the project's own small pages, where the corpus is absent
pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def pages():
    """(body, url) of every page."""
    if not CORPUS.exists():
        return [(path.read_bytes(), "https://news.example/a") for path in (OWN / "pages").iterdir()] * COPIES
    lines = [json.loads(line) for line in (CORPUS / "pages" / "manifest.jsonl").read_text().splitlines()]
    return [(gzip.decompress((CORPUS / "pages" / line["file"]).read_bytes()), line["url"]) for line in lines]


def rate(function, items):
    """Items per second of processor time, the best of three runs after one to warm up."""
    for item in items[:10]:
        function(item)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        for item in items:
            function(item)
        seconds.append(time.process_time() - start)
    return len(items) / min(seconds)


def test_pages(pages):
    ours = rate(lambda page: extraction.extract(page[0], headers={}, url=page[1]), pages)
    print(f"\nours, verdict and metadata included: {ours:6.1f} pages/s")
    for name, options in (
        ("trafilatura.extract, text only", {}),
        ("trafilatura.extract with metadata", {"with_metadata": True}),
        ("trafilatura.extract, fast", {"fast": True}),
    ):
        plain = rate(
            lambda page, o=options: trafilatura.extract(page[0], url=page[1], include_comments=False, **o), pages
        )
        print(f"{name:35}: {plain:6.1f} pages/s; ours is {ours / plain:.2f} times as fast")
    assert ours > 0


def test_feeds():
    """Beside feedparser as it comes and with each of its slow parts off; full text is where they cost."""
    folder = CORPUS / "feeds" / "docs" if CORPUS.exists() else OWN / "feeds"
    corpus = [path.read_bytes() for path in sorted(folder.glob("*.xml"))]
    for name, bodies in (("as they are", corpus), ("full text", [_full_text()])):
        ours = rate(lambda body: feeds.parse(body, headers={}, url="https://news.example/feed"), bodies)
        print(f"\n{len(bodies)} feeds, {name}: {ours:.0f} feeds/s, {1000 / ours:.1f} ms each")
        for switched, options in FEEDPARSER.items():
            plain = rate(lambda body, o=options: _plainly(body, o), bodies)
            print(
                f"feedparser, {switched:32}: {1000 / plain:5.1f} ms each; ours takes {plain / ours:.2f} times as long"
            )
        assert ours > 0


FEEDPARSER = {
    "all on": {},
    "no sanitising": {"sanitize_html": False},
    "no resolving of links": {"resolve_relative_uris": False},
    "neither, as we call it": {"sanitize_html": False, "resolve_relative_uris": False},
}


def _plainly(body, options):
    try:
        feedparser.parse(io.BytesIO(body), response_headers={"content-type": "application/xml"}, **options)
    except (ValueError, OverflowError):  # one illegal reference and all is lost; ours replaces it
        return


def _full_text():
    """Fifty articles of 600 words with the markup that editors leave."""
    paragraph = (
        f"<p class='lead' style='margin:0'>{'Words of <a href=/a/b>a link</a> and <b>more</b> words. ' * 12}</p>"
    )
    text = f"<content:encoded><![CDATA[{paragraph * 6}<img src=/i.jpg alt=''>]]></content:encoded>"
    items = "".join(f"<item><title>{n}</title><link>https://news.example/{n}</link>{text}</item>" for n in range(50))
    spaces = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    return f"<?xml version='1.0'?><rss version='2.0' {spaces}><channel><title>T</title>{items}</channel></rss>".encode()
