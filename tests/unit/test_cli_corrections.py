"""`corrections` and `transparency`, on a store in which an outlet declares one of two revised figures."""

import json

import pytest

from tests.contract.storage.given import Cast, figure, revision
from tests.contract.storage.test_corrections import NOTE, relate
from tests.harness.commands import invoke
from worker import storage
from worker.storage import migrate


@pytest.fixture
def run(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'figurewatch.db'}"
    migrate.upgrade(url)
    store = storage.open_store(url)
    cast = Cast(store)
    capture = cast.article()
    cast.keep(capture, text="7 soldiers died.", figures=[figure(7)])
    relate(cast, capture)
    for old, new, text in ((7, 12, "12 soldiers died."), (12, 31, f"31 soldiers died.\n\n{NOTE}")):
        capture = cast.capture_later()
        cast.keep(capture, text=text, figures=[figure(new)], revisions=[revision(figure(old), figure(new))])
        relate(cast, capture)
    store.close()
    monkeypatch.setenv("FIGUREWATCH_DATA_DIR", str(tmp_path))

    def command(*words):
        result = invoke(*words, env={"COLUMNS": "200"})
        assert result.exit_code == 0
        return result.output

    return command


def test_corrections(run):
    told = " ".join(run("corrections").split())
    assert f"anadolu correction {NOTE} (article 1, declares revision 2)" in told
    (line,) = run("corrections", "--json").splitlines()
    note = json.loads(line)
    assert (note["outlet"], note["kind"], note["text"], note["revision_ids"]) == ("anadolu", "correction", NOTE, [2])
    assert run("corrections", "--outlet", "bbc") == "no corrections yet\n"
    assert run("corrections", "--outlet", "bbc", "--json") == ""


def test_transparency(run):
    (row,) = (json.loads(line) for line in run("transparency", "--json").splitlines())
    assert (row["outlet"], row["revisions"], row["declared"], row["undeclared"]) == ("anadolu", 2, 1, 1)
    head, line = run("transparency").splitlines()
    assert head.split()[:4] == ["outlet", "revisions", "declared", "undeclared"]
    assert line.split()[-5:] == ["2", "1", "1", "1", "0"]
