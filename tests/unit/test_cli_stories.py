"""The commands and pages that show stories, on a store in which two articles tell of one event."""

import json

import pytest

from tests.contract.storage.test_stories import FIRST, Desk
from tests.harness.commands import invoke
from tests.harness.site import ask
from worker import storage
from worker.cli import stories
from worker.errors import InputError
from worker.storage import migrate


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'figurewatch.db'}"


@pytest.fixture
def look(tmp_path, url, monkeypatch):
    """Runs a command."""
    migrate.upgrade(url)
    store = storage.open_store(url)
    Desk(store).tell(FIRST.format(14), FIRST.format(31))
    store.close()
    monkeypatch.setenv("FIGUREWATCH_DATA_DIR", str(tmp_path))

    return lambda *words: invoke(*words).output


def test_stories_for_people(look):
    assert "1  Title  (2 articles, 1 series, " in look("stories")
    told = look("stories", "1")
    assert "anadolu  Title" in told
    assert "at least 14  anadolu, article 1" in told
    assert "at least 31  anadolu, article 2" in told


def test_stories_as_json(look):
    (line,) = look("stories", "--json").splitlines()
    assert json.loads(line)["articles"] == 2
    whole = json.loads(look("stories", "1", "--json"))
    assert [article["article_id"] for article in whole["articles"]] == [1, 2]
    assert [seen["figure"]["low"] for seen in whole["series"][0]["observations"]] == [14, 31]
    assert look("stories", "--json", "--before", "1") == ""


def test_series(look):
    assert "at least 31  anadolu, article 2" in look("series")
    assert look("series", "1") == look("series")
    (line,) = look("series", "--json").splitlines()
    assert [seen["article_id"] for seen in json.loads(line)["observations"]] == [1, 2]
    with pytest.raises(InputError, match="no series 99"):
        stories.series(99)
    with pytest.raises(InputError, match="no story 99"):
        stories.stories(99)


def test_a_superseded_figure_among_the_revisions(look):
    told = look("revisions")
    assert "superseded  at least 14 → at least 31" in told
    assert "before: anadolu, article 1" in told
    (line,) = look("revisions", "--json", "--kind", "superseded").splitlines()
    assert (json.loads(line)["old_article_id"], json.loads(line)["series_id"]) == (1, 1)


@pytest.fixture
def get(look, url):
    store = storage.open_store(url)
    yield lambda path: ask(store, path)
    store.close()


def test_the_pages(get):
    assert 'href="/stories/1"' in get("/stories").text
    page = get("/stories/1").text
    assert page.index("at least 14") < page.index("at least 31")
    assert 'href="/articles/2"' in page
    assert 'href="/stories/1"' in get("/articles/2").text
    assert 'before in <a href="/articles/1">' in get("/").text
    assert get("/stories/2").status_code == get(f"/stories/{2**63 - 1}").status_code == 404


def test_the_api(get):
    listed = get("/api/v1/stories").json()
    assert (listed["stories"][0]["articles"], listed["next_before"]) == (2, None)
    story = get("/api/v1/stories/1").json()
    assert [article["outlet"] for article in story["told_by"]] == ["anadolu", "anadolu"]
    assert [seen["low"] for seen in story["followed"][0]["observations"]] == [14, 31]
    assert get("/api/v1/series/1").json() == story["followed"][0]
    assert get("/api/v1/stories/2").status_code == get("/api/v1/series/9").status_code == 404
