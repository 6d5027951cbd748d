from datetime import UTC, datetime
from pathlib import Path

import pytest

from worker.newsroom.outlets_file import outlets_toml, write_whole
from worker.newsroom.played import played_outlets
from worker.newsroom.ports import allow_networks
from worker.newsroom.ready import Ready
from worker.outlets import load


def test_the_configuration_reads_it_as_it_was_meant(demo, tmp_path):
    outlets = played_outlets(demo, {o.slug: f"http://127.0.0.1:{8000 + n}/" for n, o in enumerate(demo.outlets)})
    path = tmp_path / "outlets.toml"
    write_whole(path, outlets_toml(outlets))
    assert load(path) == outlets
    assert [p.name for p in tmp_path.iterdir()] == ["outlets.toml"]


def test_names_are_quoted(play, tmp_path):
    (outlet,) = played_outlets(play, {"gazette": "http://127.0.0.1:8001/"})
    path = tmp_path / "outlets.toml"
    for name in ('The "Echo"', "back\\slash", "Zürich heute", "日報"):
        named = type(outlet)(**{f: getattr(outlet, f) for f in outlet.__slots__} | {"name": name})
        write_whole(path, outlets_toml([named]))
        assert load(path) == (named,)


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ([8001], "127.0.0.1/32:8001"),
        ([8003, 8001, 8002], "127.0.0.1/32:8001-8003"),
        ([8001, 8003, 8004, 9000], "127.0.0.1/32:8001,127.0.0.1/32:8003-8004,127.0.0.1/32:9000"),
        ([], ""),
    ],
)
def test_allow_networks(ports, expected):
    assert allow_networks(ports) == expected


@pytest.mark.parametrize("started_at", [None, datetime(2026, 11, 22, tzinfo=UTC)])
def test_ready_line(started_at):
    ready = Ready({"gazette": 8001}, Path("o.toml"), "127.0.0.1/32:8001", started_at)
    assert Ready.parse(ready.line()) == ready
