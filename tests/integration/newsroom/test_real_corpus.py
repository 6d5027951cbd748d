"""The stored pages beside the project, where they are: every one can be reached from a generated feed."""

from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from worker.newsroom.corpus import DOCUMENTS, load_corpus
from worker.newsroom.ledger import read_ledger
from worker.outlets import load

from .conftest import running

CORPUS = Path(__file__).parents[4] / "shared/corpus"
pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="needs ../shared/corpus, real pages that cannot be published"
)


def target(url):
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def test_every_page_is_served_from_a_feed_byte_for_byte(tmp_path, ledger):
    corpus = load_corpus(CORPUS)
    sizes = []
    with running("--corpus", CORPUS, "--ledger", ledger, "--outlets", tmp_path / "outlets.toml") as process:
        site_of = {port: name for name, port in process.ready.ports.items()}
        for outlet in load(process.ready.outlets):
            (feed,) = outlet.feeds
            site = site_of[urlsplit(feed.url).port]
            entries = feedparser.parse(BytesIO(process.get(site, target(feed.url)).body)).entries
            sizes += [len(process.get(site, target(entry.link)).body) for entry in entries]
        documents = [process.get(DOCUMENTS, path).status for path in corpus.documents]
    pages = [page for group in corpus.groups.values() for page in group]
    assert len(sizes) == len(pages) > 100
    assert min(sizes) > 1000
    assert {*documents} == {200}
    served = read_ledger(ledger).served
    assert sum(row.version_no == 1 and row.complete for row in served) == len(pages)
    assert len({row.body_sha256 for row in served if row.version_no == 1}) == len(pages)
