"""The commands `compare` and `explain`."""

import json
import re

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from worker.cli import comparing, explaining
from worker.errors import InputError

app = typer.Typer()
app.command()(comparing.compare)
app.command()(explaining.explain)

OLD = {"title": "Quake kills 12", "text": "A quake killed at least 12 people on Friday.\n\nTwo roads are shut."}
NEW = {"title": "Quake kills 31", "text": "A quake killed at least 31 people on Friday.\n\nTwo roads are shut."}


def run(*args, stdin=None):
    return CliRunner().invoke(app, args, input=stdin)


@pytest.fixture
def files(tmp_path):
    paths = []
    for name, version in (("old", OLD), ("new", NEW)):
        path = tmp_path / f"{name}.txt"
        path.write_text(f"{version['title']}\n\n{version['text']}\n", encoding="utf-8")
        paths.append(str(path))
    return paths


def test_one_revision_per_line(files):
    result = run("compare", *files)
    assert result.exit_code == 0
    assert result.output.split()[:6] == ["revised", "at", "least", "12", "→", "at"]
    assert result.output.count("\n") == 1


def test_json_is_one_object_per_line(files):
    (line,) = run("compare", *files, "--json").output.splitlines()
    revision = json.loads(line)
    assert (revision["kind"], revision["old"]["low"], revision["new"]["low"]) == ("revised", 12, 31)
    assert (revision["direction"], revision["absolute"], revision["relation"]) == ("up", 19, "refined")
    assert revision["materiality"] == "large"
    assert not revision["declared"]
    assert 0.5 <= revision["confidence"] <= 1
    assert OLD["text"].split("\n")[0] in revision["because"]
    assert NEW["text"].split("\n")[0] in revision["because"]


def test_the_same_file_twice_says_nothing(files):
    assert run("compare", files[0], files[0]).output == ""


def test_windows_line_ends_and_a_byte_order_mark(files, tmp_path):
    path = tmp_path / "crlf.txt"
    path.write_bytes(b"\xef\xbb\xbf" + f"{OLD['title']}\n\n{OLD['text']}\n".replace("\n", "\r\n").encode())
    assert run("compare", str(path), files[0]).output == ""


@pytest.mark.parametrize("args", [("compare",), ("compare", "one.txt"), ("compare", "--batch", "one", "two")])
def test_too_few_or_too_many_files(args):
    assert isinstance(run(*args).exception, InputError)


def test_a_file_that_is_not_there(files):
    result = run("compare", files[0], "nowhere.txt")
    assert isinstance(result.exception, InputError)
    assert "nowhere.txt" in str(result.exception)


def test_a_file_that_is_no_text(files, tmp_path):
    path = tmp_path / "binary"
    path.write_bytes(b"ok \xff\xfe")
    assert "not UTF-8 at byte 3" in str(run("compare", files[0], str(path)).exception)


def test_batch_answers_every_line():
    lines = [{"id": "a", "old": OLD, "new": NEW}, {"id": 2, "old": OLD, "new": OLD}]
    result = run("compare", "--batch", stdin="\n".join(map(json.dumps, lines)) + "\n\n")
    assert result.exit_code == 0
    one, two = map(json.loads, result.output.splitlines())
    assert one["id"] == "a"
    assert [revision["kind"] for revision in one["revisions"]] == ["revised"]
    assert two == {"id": 2, "revisions": []}


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not JSON"),
        ("[" * 5000, "not JSON"),
        ("[]", "not a JSON object"),
        ('{"old": 1}', "'id' is missing"),
        ('{"id": 1}', "'old' must be an object"),
        ('{"id": 1, "old": {"title": 3, "text": ""}}', "'old.title' must be a string"),
        (b'{"id": "\xff"}', "not JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_done(line, complaint):
    line = line if isinstance(line, bytes) else line.encode()
    good = json.dumps({"id": "good", "old": OLD, "new": NEW}).encode()
    result = run("compare", "--batch", "-", stdin=line + b"\n" + good + b"\n")
    assert result.exit_code == 1
    assert f"line 1: {complaint}" in result.stderr
    assert json.loads(result.stdout)["id"] == "good"


def test_explain_in_a_pipe_is_plain(files):
    lines = run("explain", *files).output.splitlines()
    assert lines[:2] == ["- Quake kills [12: revised]", "+ Quake kills [31: revised]"]
    assert "= Two roads are shut." in lines
    assert any("→" in line for line in lines)
    assert "\x1b" not in "".join(lines)


def test_explain_on_a_terminal_is_a_table(files, monkeypatch):
    monkeypatch.setattr(
        "worker.cli.render.console", lambda: Console(force_terminal=True, width=100, color_system="standard")
    )
    result = run("explain", *files)
    assert result.exit_code == 0
    assert "\x1b[" in result.output
    assert "Old" in result.output


def on_terminal(monkeypatch, **options):
    settings = {"force_terminal": True, "width": 100, "color_system": "standard", "highlight": False, **options}
    monkeypatch.setattr("worker.cli.render.console", lambda: Console(**settings))


def test_explain_without_colours_names_what_became_of_each_figure(files, monkeypatch):
    on_terminal(monkeypatch, no_color=True)
    output = run("explain", *files).output
    assert "[12: revised]" in output
    assert "[31: revised]" in output


def test_explain_on_a_narrow_terminal_sets_the_new_sentence_below_the_old(files, monkeypatch):
    on_terminal(monkeypatch, width=40)
    lines = [re.sub(r"\x1b\[[\d;]*m", "", line).rstrip() for line in run("explain", *files).output.splitlines()]
    assert lines[:2] == ["- Quake kills 12", "+ Quake kills 31"]
    assert max(map(len, lines)) <= 40


def test_explain_shows_what_a_text_would_hide(tmp_path, monkeypatch):
    """An escape sequence in a text must not reach the terminal."""
    names = [tmp_path / "old", tmp_path / "new"]
    for name, count in zip(names, (12, 31), strict=True):
        name.write_text(f"Quake\n\nThe quake killed {count} people in Oru\x1b]0;owned\x07 on Friday.\n")
    for options in ({}, {"no_color": True}, {"width": 40}, {"force_terminal": False}):
        on_terminal(monkeypatch, **options)
        output = run("explain", *map(str, names)).output
        assert "\x1b]" not in output
        assert "\x07" not in output
        assert "31" in output
