"""Real pages and feeds through the real workers: each article is stored once, and nothing is new the second time."""

import gzip
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness import figurewatch
from worker import storage
from worker.core import extraction, urls, versions
from worker.newsroom.corpus import load_corpus
from worker.newsroom.ready import Ready

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TITLES = 0.95  # share of pages stored under the title their manifest states; some pages carry two headlines
PATIENCE = 180

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is third-party data beside the project")


@pytest.fixture
def newsroom(tmp_path):
    command = [sys.executable, "-m", "worker.newsroom", "--corpus", CORPUS, "--ledger", tmp_path / "ledger.db"]
    process = subprocess.Popen([*command, "--outlets", tmp_path / "outlets.toml"], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    yield Ready.parse(process.stdout.readline())
    process.terminate()
    process.communicate()


@pytest.fixture
def settings(tmp_path, newsroom):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "data_dir": tmp_path / "data",
        "outlets": newsroom.outlets,
        "allow_networks": newsroom.allow_networks,
        "site_port": port,
        "tick_seconds": 0.5,
    }


def stored(settings):
    """Every article that has a version."""
    store = storage.open_store(f"sqlite:///{settings['data_dir'] / 'figurewatch.db'}")
    try:
        articles = [store.queries.article(id_) for id_ in store.queries.article_ids()]
    finally:
        store.close()
    return [a for a in articles if a and a.versions]


def tally(settings, name, label):
    store = storage.open_store(f"sqlite:///{settings['data_dir'] / 'figurewatch.db'}")
    try:
        return store.queries.tally(name, label)
    finally:
        store.close()


def folded(title):
    return " ".join(re.findall(r"\w+", title or "")).casefold()


def test_each_page_is_stored_once_and_nothing_is_new_the_second_time(tmp_path, settings, newsroom, capsys):
    corpus = load_corpus(CORPUS)
    pages = [page for group in corpus.groups.values() for page in group]
    log = tmp_path / "out"
    with figurewatch.running("up", log=log, **settings) as up:
        figurewatch.eventually(
            lambda: log.exists() and "Kept in" in log.read_text() and len(stored(settings)) == len(pages),
            f"{len(pages)} articles with a version",
            PATIENCE,
        )
        up.terminate()
        up.wait()
    before = {a.article_id: a.last_seen_at for a in stored(settings)}
    with figurewatch.running("up", log=log, **settings) as up:
        figurewatch.eventually(
            lambda: all(a.last_seen_at > before[a.article_id] for a in stored(settings)), "every page again", PATIENCE
        )
        up.terminate()
        up.wait()
    after = {a.url: a for a in stored(settings)}
    assert [len(a.versions) for a in after.values()] == [1] * len(pages)
    assert tally(settings, "version", "next") == 0
    agreed = 0
    for url, page in local_pages(corpus, newsroom):
        version = after[urls.canonical(url)].versions[0]
        headers = {"content-type": "text/html"}
        extract = extraction.extract(gzip.decompress(page.file.read_bytes()), headers=headers, url=url)
        assert version.text == versions.content(extract).text, page.id
        stated, kept = folded(page.title), folded(version.title)
        agreed += stated in kept or kept in stated
    with capsys.disabled():
        print(f"\ncorpus journey: {len(after)} pages stored once; title as stated {agreed / len(pages):.3f}")
    assert agreed / len(pages) >= TITLES


def local_pages(corpus, newsroom):
    for name, group in corpus.groups.items():
        for page in group:
            yield page.local_url(f"http://127.0.0.1:{newsroom.ports[name]}/"), page
