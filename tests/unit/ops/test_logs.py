"""Log lines are JSON or for people, and never end what they are about."""

import contextlib
import json
import logging
import sys
from pathlib import Path

import pytest
import structlog

from worker.ops import logs

FULL = Path("/dev/full")


@pytest.fixture
def configured(monkeypatch):
    """Sets logging up on a stream, as a worker does on standard error."""
    before, handlers, level = structlog.get_config(), logging.root.handlers[:], logging.root.level

    def configure(stream, form="json"):
        monkeypatch.setattr(sys, "stderr", stream)
        logs.configure(form, "info")

    yield configure
    structlog.configure(**before)
    logs.logger.cache_clear()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def told(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_our_events_and_those_of_libraries_have_one_form(configured, tmp_path):
    with (tmp_path / "log").open("w") as stream:
        configured(stream)
        logs.log("visit.done", outlet="a", status=304)
        logs.log("visit.lost", level="warning")
        logging.getLogger("library").warning("said %s", "so")
        logging.getLogger("library").error("failed", exc_info=ValueError("why"))
        logging.getLogger("library").debug("too quiet")
    ours, lost, theirs, failed = told(tmp_path / "log")
    assert (ours["event"], ours["level"], ours["outlet"], ours["status"]) == ("visit.done", "info", "a", 304)
    assert (lost["event"], lost["level"]) == ("visit.lost", "warning")
    assert (theirs["event"], theirs["level"]) == ("said so", "warning")
    assert "ValueError: why" in failed["exception"]
    assert all(line["timestamp"].endswith("Z") for line in (ours, lost, theirs, failed))


def test_control_characters_do_not_reach_a_terminal(configured, tmp_path):
    with (tmp_path / "log").open("w") as stream:
        configured(stream, "console")
        logs.log("visit.done", url="https://a.example/\x1b[2J\r\n")
    assert "\x1b[2J" not in (tmp_path / "log").read_text()
    assert len((tmp_path / "log").read_text().splitlines()) == 1


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_a_full_disk_and_a_closed_stream_end_nothing(configured):
    full = FULL.open("w", buffering=1)
    configured(full)
    logs.log("visit.done")
    with contextlib.suppress(OSError):
        full.close()
    logs.log("visit.done")


def test_what_json_cannot_say_in_ascii_is_escaped(configured, tmp_path):
    with (tmp_path / "log").open("w") as stream:
        configured(stream)
        logs.log("visit.done", url="https://a.example/\x9b2J\u202eé\x00", detail="\ud800", seconds=0.25, size=2**70)
        logs.log("visit.done", url="https://a.example/\x9b2J")
    assert (tmp_path / "log").read_text().isascii()
    first, second = told(tmp_path / "log")
    assert (first["url"], first["detail"]) == ("https://a.example/\x9b2J\u202eé\x00", "\ud800")
    assert (first["seconds"], first["size"]) == (0.25, 2**70)
    assert second["url"] == "https://a.example/\x9b2J"
