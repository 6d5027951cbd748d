"""`quarantine`: a feed that no reader got through and a version that could not be related are shown and tried again."""

import json

import pytest

from tests.harness.commands import invoke
from tests.unit.test_pipeline import FEED, PAGE, Newsdesk
from worker.core import feeds
from worker.errors import InputError
from worker.pipeline import relating


def poisoned(*_args, **_kwargs):
    raise OverflowError("date \x1b[31mtoo far")


def given_up(desk, monkeypatch, module, name):
    """Two versions' worth of cycles in which that function raises."""
    with monkeypatch.context() as patched:
        patched.setattr(module, name, poisoned)
        for _ in range(6):
            desk.cycle()
            desk.clock.advance(minutes=10)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    newsdesk = Newsdesk(tmp_path)
    monkeypatch.setenv("FIGUREWATCH_DATA_DIR", str(tmp_path))
    yield newsdesk
    newsdesk.store.close()


def run(*words, code=0):
    result = invoke("quarantine", *words)
    assert result.exit_code == code, result.output
    return result.stdout


def test_nothing_given_up_on(desk):
    assert run("list") == "nothing in quarantine\n"
    assert run("list", "--json") == run("requeue", "--all") == ""


def test_a_document_is_listed_shown_saved_and_read_after_all(desk, monkeypatch, tmp_path):
    given_up(desk, monkeypatch, feeds, "parse")
    told = run("list")
    assert FEED in told
    assert "OverflowError: date" in told
    assert "\x1b" not in told
    (line,) = run("list", "--json").splitlines()
    row = json.loads(line)
    assert (row["kind"], row["outlet"], row["attempts"]) == ("feed", "tamar", 3)
    saved = tmp_path / "feed.xml"
    whole = json.loads(run("show", row["name"], "--json", "--save", str(saved)))
    assert (whole["status_code"], whole["bytes"]) == (200, len(saved.read_bytes()))
    assert saved.read_bytes() == desk.network.answers[FEED].encode()
    assert "HTTP 200" in run("show", str(row["id"]))  # a bare number is a capture's
    assert run("requeue", row["name"]) == f"{row['name']} will be tried again\n"
    assert run("list") == "nothing in quarantine\n"
    desk.cycle()
    assert desk.census().articles == 1


def test_a_version_that_could_not_be_related_is_related_after_all(desk, monkeypatch):
    given_up(desk, monkeypatch, relating, "_relations")
    (line,) = run("list", "--json").splitlines()
    row = json.loads(line)
    assert (row["kind"], row["url"], row["name"]) == ("version", PAGE, f"version:{row['id']}")
    assert PAGE in run("show", row["name"])
    with pytest.raises(InputError, match="no bytes"):
        run("show", row["name"], "--save", "x")
    assert json.loads(run("requeue", "--all", "--json")) == {"requeued": row["name"]}
    desk.clock.advance(minutes=10)
    desk.cycle()
    assert desk.census().tallies["related"] == {"": 1}


def test_what_is_not_there_is_named_and_the_rest_is_done(desk, monkeypatch):
    given_up(desk, monkeypatch, feeds, "parse")
    (row,) = (json.loads(line) for line in run("list", "--json").splitlines())
    assert run("requeue", "capture:99", row["name"], code=1) == f"{row['name']} will be tried again\n"
    assert run("requeue", "version:99", code=1) == ""
    for wrong in (["show", "capture:99"], ["show", "nonsense"], ["requeue"], ["requeue", "--all", row["name"]]):
        with pytest.raises(InputError):
            run(*wrong)
