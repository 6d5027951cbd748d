"""`figurewatch up` as its operator meets it."""

import json
import signal
import socket
import subprocess

import pytest

from tests.harness import figurewatch

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


def status(settings):
    return json.loads(figurewatch.run("status", "--json", **settings).stdout)


def unreached(told):
    return told["tallies"].get("robots", {}).get("unreachable", 0)


def test_stays_calm_without_a_network_and_charges_no_outlet(tmp_path, settings):
    log = tmp_path / "out"
    with figurewatch.running("up", log=log, **settings) as up:
        said(log, "Nothing is reachable")
        # A feed is not asked for before its host's robots.txt has answered.
        figurewatch.eventually(lambda: unreached(status(settings)) >= 3, "three requests")
        assert up.poll() is None
        told = status(settings)
    assert [outlet["failures"] for outlet in told["outlets"]] == [0]
    assert log.read_text().count("Nothing is reachable") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ends_cleanly_with_nothing_left_running(tmp_path, settings, number):
    log = tmp_path / "out"
    with figurewatch.running("up", log=log, **settings) as up:
        said(log, "Nothing is reachable")  # workers are up
        family = figurewatch.descendants(up.pid)
        up.send_signal(number)
        assert up.wait(timeout=10) == 0
        assert figurewatch.all_gone(family)
    assert "Traceback" not in log.read_text()


def test_a_second_one_on_the_same_data_is_refused(tmp_path, settings):
    log = tmp_path / "out"
    with figurewatch.running("up", log=log, **settings) as up:
        said(log, "Figurewatch follows")
        second = figurewatch.run("up", **settings)
    assert second.returncode == 2
    assert f"process {up.pid}" in second.stderr
    assert len(second.stderr.splitlines()) == 1


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
