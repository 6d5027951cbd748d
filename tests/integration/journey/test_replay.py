"""`figurewatch replay` as its operator meets it."""

import json
import sqlite3
from contextlib import closing

import pytest

from tests.harness import figurewatch
from tests.harness.commands import invoke
from tests.unit.test_pipeline import Newsdesk
from tests.unit.test_replay import as_if_read_worse, revise


@pytest.fixture
def data(tmp_path):
    desk = Newsdesk(tmp_path)
    desk.cycle()
    desk.cycle()
    revise(desk, 31)
    as_if_read_worse(desk)
    desk.store.close()
    return tmp_path


def replayed(data, *options):
    done = invoke("replay", *options, "--json", env={"FIGUREWATCH_DATA_DIR": str(data)})
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def readings(data):
    with closing(sqlite3.connect(data / "figurewatch.db")) as database:
        return [count for (count,) in database.execute("SELECT readings FROM version ORDER BY id")]


def test_a_dry_run_says_what_would_change_and_changes_nothing(data):
    told = replayed(data, "--dry-run")
    assert (told["articles"], told["versions"], told["texts"]) == (1, 2, 2)
    assert readings(data) == [1, 1]


def test_here_it_needs_no_worker_and_twice_is_once(data):
    assert replayed(data, "--here")["articles"] == 1
    assert readings(data) == [2, 2]
    replayed(data, "--here")
    assert readings(data) == [2, 2]
    assert replayed(data, "--dry-run")["articles"] == 0


def test_a_running_worker_does_it(data, valkey, tmp_path):
    (tmp_path / "outlets.toml").write_text(
        '[[outlet]]\nslug = "tamar"\nname = "Tamar Wire"\nhomepage = "https://tamar.example/"\ncountry = "GE"\n'
        'language = "en"\n[[outlet.feed]]\nurl = "https://tamar.example/feed"\n'
    )
    settings = {"data_dir": data, "redis_url": valkey.url, "outlets": tmp_path / "outlets.toml", "tick_seconds": 0.5}
    with (
        figurewatch.running("worker", "--queue", "read", log=tmp_path / "read.log", **settings),
        figurewatch.running("worker", "--queue", "visit", log=tmp_path / "visit.log", **settings),
        figurewatch.running("beat", log=tmp_path / "beat.log", **settings),
    ):
        done = figurewatch.run("replay", **settings)
    assert done.returncode == 0, done.stderr
    assert "articles read again" in done.stdout
    assert readings(data) == [2, 2]
