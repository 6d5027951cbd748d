"""`figurewatch up` as its operator meets it."""

import json
import signal
import socket
import subprocess
from contextlib import closing

import pytest

from tests.harness import figurewatch
from worker import storage

NOWHERE = """
[[outlet]]
slug = "nowhere"
name = "Nowhere Post"
homepage = "http://nowhere.invalid/"
country = "GB"
language = "en"
poll_seconds = 1
min_gap_seconds = 0.1
[[outlet.feed]]
url = "http://nowhere.invalid/feed"
"""


@pytest.fixture
def settings(tmp_path):
    outlets = tmp_path / "outlets.toml"
    outlets.write_text(NOWHERE)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {"data_dir": tmp_path / "data", "outlets": outlets, "site_port": port, "tick_seconds": 0.5}


def said(log, words):
    figurewatch.eventually(lambda: words in log.read_text(), f"{words!r} in the output")


def unreached(settings):
    """How often a robots.txt was asked for in vain: a feed is not asked for before its host's has answered."""
    with closing(storage.open_store(f"sqlite:///{settings['data_dir']}/figurewatch.db")) as store:
        return store.queries.tally("robots", "unreachable")


def ends(up, number):
    family = figurewatch.descendants(up.pid)
    up.send_signal(number)
    assert up.wait(timeout=60) == 0  # plays beside it may leave it a third of a core
    assert figurewatch.all_gone(family)


def test_stays_calm_without_a_network_charges_no_outlet_and_ends_cleanly(tmp_path, settings):
    log = tmp_path / "out"
    with figurewatch.running("up", log=log, **settings) as up:
        said(log, "Nothing is reachable")
        figurewatch.eventually(lambda: unreached(settings) >= 3, "three requests", pause=1)
        assert up.poll() is None
        told = json.loads(figurewatch.run("status", "--json", **settings).stdout)
        ends(up, signal.SIGINT)
    assert [outlet["failures"] for outlet in told["outlets"]] == [0]
    assert log.read_text().count("Nothing is reachable") == 1
    assert "Traceback" not in log.read_text()


def test_a_second_one_on_the_same_data_is_refused_and_the_first_ends_cleanly(tmp_path, settings):
    log = tmp_path / "out"
    with figurewatch.running("up", log=log, **settings) as up:
        said(log, "Nothing is reachable")  # workers are up
        second = figurewatch.run("up", **settings)
        ends(up, signal.SIGTERM)
    assert second.returncode == 2
    assert f"process {up.pid}" in second.stderr
    assert len(second.stderr.splitlines()) == 1
    assert "Traceback" not in log.read_text()


def test_a_taken_port_is_said_before_anything_starts(tmp_path, settings):
    with socket.create_server(("127.0.0.1", settings["site_port"])):
        done = figurewatch.run("up", **settings)
    assert done.returncode == 2
    assert "FIGUREWATCH_SITE_PORT" in done.stderr


@pytest.mark.parametrize("role", [["-A", "worker.app", "inspect", "ping"], ["-A", "worker.app", "report"]])
def test_celery_finds_the_application(tmp_path, settings, role, valkey):
    command = [figurewatch.COMMAND[0], "-m", "celery", *role]
    done = subprocess.run(
        command,
        env=figurewatch.environment(redis_url=valkey.url, **settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "figurewatch" in done.stdout + done.stderr or "No nodes replied" in done.stderr


def test_the_pool_of_a_killed_worker_dies_with_it(tmp_path, settings, valkey):
    figurewatch.run("db", "upgrade", **settings)
    with figurewatch.running(
        "worker", "--queue", "read", log=tmp_path / "out", redis_url=valkey.url, **settings
    ) as worker:
        figurewatch.eventually(lambda: len(figurewatch.descendants(worker.pid)) == 2, "both of its processes")
        pool = figurewatch.descendants(worker.pid)
        figurewatch.kill(worker)
        figurewatch.eventually(lambda: figurewatch.all_gone(pool), "the pool to be gone", seconds=20)
