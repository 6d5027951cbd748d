"""`copies` and `merge`, on a store in which an agency has revised its figure and two copies have not."""

import json

import pytest

from tests.harness.commands import invoke
from tests.unit.test_copies_journey import STORY, Desk
from worker.errors import InputError


@pytest.fixture
def look(tmp_path, monkeypatch):
    desk = Desk(tmp_path)
    for slug in ("agency", "herald", "courier", "gazette"):
        desk.publish(slug, STORY.format(toll=12))
    desk.cycle()
    desk.watch()
    desk.publish("agency", STORY.format(toll=31))
    desk.watch()
    desk.publish("herald", STORY.format(toll=31))
    desk.watch()
    desk.store.close()
    monkeypatch.setenv("FIGUREWATCH_DATA_DIR", str(tmp_path))

    return lambda *words: invoke(*words).output


def test_copies_that_still_print_the_old_figure(look):
    told = look("copies")
    assert "courier  old  at least 12 where agency has at least 31" in told
    assert "At least 12 people were killed" in told
    assert "followed" not in told
    assert "herald  followed" in look("copies", "--all")


def test_copies_of_an_article(look):
    told = look("copies", "https://agency.example/1")
    assert "https://herald.example/1" in told
    assert "herald  followed" in told
    lines = [json.loads(line) for line in look("copies", "https://agency.example/1", "--json").splitlines()]
    assert {line["kind"] for line in lines if "contained" in line} <= {"near", "exact"}
    assert {line["new"]["low"] for line in lines if "new" in line} == {31}


def test_merge(look):
    assert "is merged into" in look("merge", "https://courier.example/1", "https://gazette.example/1")
    with pytest.raises(InputError):
        look("merge", "https://courier.example/1", "https://gazette.example/1")
