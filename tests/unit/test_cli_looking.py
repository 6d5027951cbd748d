"""The commands that look at what is held, on a store with one revised figure."""

import json
from datetime import timedelta

import pytest

from tests.harness.commands import invoke
from tests.unit.test_pipeline import PAGE, START, Newsdesk, page
from worker.cli import looking, render
from worker.errors import InputError


@pytest.fixture
def look(tmp_path, monkeypatch):
    """Runs a command; the database holds one article in two versions."""
    desk = Newsdesk(tmp_path)
    desk.cycle()
    desk.cycle()
    desk.network.answers[PAGE] = page(31)
    desk.clock.advance(minutes=5)
    desk.cycle()
    desk.store.close()
    monkeypatch.setenv("FIGUREWATCH_DATA_DIR", str(tmp_path))

    return lambda *words: invoke(*words).output


def test_revisions_for_people(look):
    told = look("revisions")
    assert "tamar  revised  at least 12 → at least 31" in told
    assert "- At least 12 people were killed" in told
    assert "+ At least 31 people were killed" in told
    assert f"changed between {START:%Y-%m-%d}" in told
    assert PAGE in told


def test_revisions_as_json(look):
    (line,) = look("revisions", "--json").splitlines()
    row = json.loads(line)
    assert (row["kind"], row["old"]["low"], row["new"]["low"], row["url"]) == ("revised", 12, 31, PAGE)
    assert row["changed_after"] < row["changed_before"]
    assert look("revisions", "--json", "--after", str(row["revision_id"])) == ""


@pytest.mark.parametrize(
    ("words", "shown"),
    [(["--outlet", "tamar"], 1), (["--outlet", "other"], 0), (["--kind", "revised"], 1), (["--kind", "withdrawn"], 0)],
)
def test_revisions_can_be_narrowed(look, words, shown):
    assert len(look("revisions", "--json", *words).splitlines()) == shown


def test_status(look):
    assert "1 outlets, 1 feeds, 1 articles, 2 versions" in look("status")
    told = json.loads(look("status", "--json"))
    assert (told["articles"], told["revisions"], told["quarantined"]) == (1, 1, 0)
    assert told["outlets"][0]["slug"] == "tamar"


@pytest.mark.parametrize("name", ["1", PAGE, PAGE + "?utm_source=rss"])
def test_an_article_by_number_or_address(look, name):
    told = look("article", name)
    assert "Quake in Sarvan" in told
    assert f"first seen {START:%Y-%m-%d}" in told
    assert f"version 1: first seen {START:%Y-%m-%d}" in told
    assert f"version 2: changed between {START:%Y-%m-%d}" in told
    assert json.loads(look("article", name, "--json"))["versions"][0]["ordinal"] == 1


def test_what_changed_between_two_versions(look):
    told = look("diff", "1")
    assert "- At least 12 people" in told
    assert "+ At least 31 people" in told
    assert "Rescuers" not in told
    operations = [json.loads(line)["op"] for line in look("diff", "1", "--json").splitlines()]
    assert sorted(operations) == ["delete", "equal", "equal", "insert"]
    assert "no difference" in look("diff", "1", "1", "1")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["article", "99"], "no article 99"),
        (["article", "https://elsewhere.example/"], "no article https://elsewhere.example/"),
        (["article", "javascript:alert(1)"], "neither an article's number nor a web address"),
        (["diff", "1", "2", "3"], "versions 1 to 2, and no version 3"),
    ],
)
def test_mistakes_are_said_in_a_line(look, words, message):
    with pytest.raises(InputError, match=message):
        look(*words)


def test_before_anything_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("FIGUREWATCH_DATA_DIR", str(tmp_path))
    with pytest.raises(InputError, match="nothing is kept"):
        invoke("status")


def test_an_interval_names_both_days_where_they_differ():
    assert render.interval(START, START + timedelta(minutes=5)).count(f"{START:%Y-%m-%d}") == 1
    assert f"{START + timedelta(days=1):%Y-%m-%d}" in render.interval(START, START + timedelta(days=1))


def test_times_are_told_as_they_are_read():
    moment = START
    assert [looking._ago(moment - timedelta(seconds=s), moment) for s in (0, 59, 90, 7200, 200_000)] == [
        "0 s ago",
        "59 s ago",
        "2 min ago",
        "2 h ago",
        "2 d ago",
    ]
    assert looking._ago(None, moment) == "never"
