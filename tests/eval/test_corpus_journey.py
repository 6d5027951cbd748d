"""Real pages and feeds through the real workers: each article is stored once, and nothing is new the second time."""

import gzip
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness import figurewatch
from worker.core import extraction, urls, versions
from worker.newsroom.corpus import load_corpus
from worker.newsroom.ready import Ready

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TITLES = 0.95  # share of pages stored under the title their manifest states; some pages carry two headlines
PATIENCE = 720  # seconds for what takes a few minutes on an idle machine: 200 ms of CPU a page

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is third-party data beside the project"),
]


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


def asked(settings, query):
    """The rows that a consumer of the views gets: one cheap look, for looking takes the workers' time."""
    with closing(sqlite3.connect(f"file:{settings['data_dir'] / 'figurewatch.db'}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()


def readable(settings):
    """Whether there is a database to look at yet, with its views."""
    if not (settings["data_dir"] / "figurewatch.db").exists():
        return False
    return bool(asked(settings, "SELECT 1 FROM sqlite_master WHERE name = 'v1_versions'"))


def stored(settings):
    """How many articles have a version."""
    return asked(settings, "SELECT count(DISTINCT article_id) FROM v1_versions")[0][0]


def seen_again(settings, since):
    """Whether every version was seen after that time, as the database writes it."""
    return asked(settings, "SELECT min(last_seen_at) FROM v1_versions")[0][0] > since


def folded(title):
    return " ".join(re.findall(r"\w+", title or "")).casefold()


def test_each_page_is_stored_once_and_nothing_is_new_the_second_time(tmp_path, settings, newsroom, capsys):
    served = load_corpus(CORPUS)
    pages = [page for group in served.groups.values() for page in group]
    log = tmp_path / "out"
    with figurewatch.running("up", log=log, **settings) as up:
        figurewatch.eventually(
            lambda: readable(settings) and stored(settings) == len(pages),
            f"{len(pages)} articles with a version",
            PATIENCE,
            pause=1,
        )
        up.terminate()
        up.wait()
    ((latest,),) = asked(settings, "SELECT max(last_seen_at) FROM v1_versions")
    figurewatch.eventually(
        lambda: again(settings) and seen_again(settings, latest), "every page again", PATIENCE, pause=5
    )
    after = dict(asked(settings, "SELECT url, article_id FROM v1_articles"))
    versions_of: dict[int, list[tuple[str, str]]] = {}
    for article_id, title, text in asked(settings, "SELECT article_id, title, text FROM v1_versions"):
        versions_of.setdefault(article_id, []).append((title, text))
    assert [len(versions_of[article_id]) for article_id in after.values()] == [1] * len(pages)
    agreed = 0
    for url, page in local_pages(served, newsroom):
        ((title, text),) = versions_of[after[urls.canonical(url)]]
        headers = {"content-type": "text/html"}
        extract = extraction.extract(gzip.decompress(page.file.read_bytes()), headers=headers, url=url)
        assert text == versions.content(extract).text, page.id
        stated, kept = folded(page.title), folded(title)
        agreed += stated in kept or kept in stated
    with capsys.disabled():
        print(f"\ncorpus journey: {len(after)} pages stored once; title as stated {agreed / len(pages):.3f}")
    assert agreed / len(pages) >= TITLES


def again(settings):
    """Everything due now once more, by a process that has seen none of it; true when it went well."""
    return figurewatch.run("run-once", **settings).returncode == 0


def local_pages(corpus, newsroom):
    for name, group in corpus.groups.items():
        for page in group:
            yield page.local_url(f"http://127.0.0.1:{newsroom.ports[name]}/"), page
