"""`figurewatch outlets`: what it prints, where, and with which exit status."""

import json
import sys
from pathlib import Path

from typer.testing import CliRunner

from worker import outlets
from worker.cli import outlets as command
from worker.errors import OutletsError

SHIPPED = Path(__file__).parents[2] / "config" / "outlets.toml"
GOOD = """\
[[outlet]]
slug = "north"
name = "North Post"
homepage = "https://north.example"
country = "NO"
language = "en"
requests_per_hour = 50
feed = [{ url = "https://north.example/rss" }, { url = "https://north.example/nb", language = "nb", verified = false }]

[[outlet]]
slug = "south"
name = "South Wire"
homepage = "https://south.example"
country = "NZ"
language = "en-NZ"
poll_seconds = 60
feed = [{ url = "https://south.example/rss" }]
"""


def write(tmp_path, text):
    path = tmp_path / "outlets.toml"
    path.write_text(text)
    return path


def run(*arguments):
    return CliRunner().invoke(command.app, [str(argument) for argument in arguments])


def test_check_says_what_it_found():
    result = run("check", SHIPPED)
    found = outlets.load(SHIPPED)
    feeds, countries = sum(len(o.feeds) for o in found), len({o.country for o in found})
    assert result.stdout == f"{len(found)} outlets, {feeds} feeds in {countries} countries: fine\n"
    assert result.exit_code == 0
    assert json.loads(run("check", SHIPPED, "--json").stdout) == {
        "outlets": len(found),
        "feeds": feeds,
        "countries": countries,
    }


def test_check_prints_every_mistake_to_standard_error(tmp_path):
    path = write(tmp_path, GOOD.replace('"NO"', '"UK"').replace('"NZ"', '"UK"'))
    result = run("check", path)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 2


def test_list_is_tab_separated_in_a_pipe(tmp_path):
    result = run("list", write(tmp_path, GOOD))
    head, north, south = result.stdout.splitlines()
    assert head.split("\t")[:2] == ["slug", "name"]
    assert north.split("\t") == ["north", "North Post", "NO", "en", "2", "600", "900", "50"]
    assert south.split("\t") == ["south", "South Wire", "NZ", "en-NZ", "1", "60", "900", "600"]


def test_list_as_json_lines(tmp_path):
    north, south = (json.loads(line) for line in run("list", write(tmp_path, GOOD), "--json").stdout.splitlines())
    assert north["feeds"][1] == {"url": "https://north.example/nb", "language": "nb", "verified": False}
    assert south["policy"]["poll_seconds"] == 60


def test_list_is_a_table_on_a_terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    command.show(outlets.load(write(tmp_path, GOOD)), as_json=False)
    shown = capsys.readouterr().out
    assert "North Post" in shown
    assert "\t" not in shown


def test_without_an_argument_the_configured_file_is_used(tmp_path, monkeypatch):
    monkeypatch.setenv("FIGUREWATCH_OUTLETS", str(write(tmp_path, GOOD)))
    assert run("check").stdout == "2 outlets, 3 feeds in 2 countries: fine\n"
    assert run("list").stdout.count("\n") == 3


def test_list_of_a_broken_file_raises_what_the_command_line_prints(tmp_path):
    result = run("list", write(tmp_path, ""))
    assert isinstance(result.exception, OutletsError)
