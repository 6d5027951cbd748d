"""`prune`: what it would delete and what it deleted, for people and as JSON."""

import json

from tests.harness.commands import invoke
from tests.unit.test_pipeline import PAGE, Newsdesk, page


def run(*words):
    result = invoke("prune", *words)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_page_that_said_nothing_new_is_pruned_and_the_versions_are_not(tmp_path, monkeypatch):
    desk = Newsdesk(tmp_path)
    for body in (page(12), page(12) + "<!-- same -->", page(31)):
        desk.network.answers[PAGE] = body
        desk.clock.advance(minutes=10)
        desk.cycle()
        desk.cycle()
    held = desk.census().captures
    desk.store.close()
    monkeypatch.setenv("FIGUREWATCH_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("worker.clock.now", lambda: desk.clock.now.replace(year=desk.clock.now.year + 1))
    assert json.loads(run("--dry-run", "--json")) == {
        "captures": 1,
        "bytes": 0,
        "sketches": 0,
        "deliveries": 0,
        "dry_run": True,
    } | {"sketches": json.loads(run("--dry-run", "--json"))["sketches"]}
    told = run()
    assert told.startswith("1 captures deleted (")
    assert json.loads(run("--json")) == {"captures": 0, "bytes": 0, "sketches": 0, "deliveries": 0, "dry_run": False}
    again = Newsdesk(tmp_path)
    assert (again.census().captures, again.census().versions) == (held - 1, 2)
    again.store.close()
