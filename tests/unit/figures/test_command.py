"""`figurewatch figures`, in process."""

import json

import pytest
from typer import Typer
from typer.testing import CliRunner

from worker.cli.figures import figures

app = Typer()
app.command()(figures)


def run(*arguments, given=""):
    return CliRunner().invoke(app, arguments, input=given)


def test_a_line_for_each_figure():
    result = run(given="The ministry said at least 2,300 soldiers died. It cost $80 a barrel.")
    assert result.stdout.splitlines() == [
        "at least 2,300  soldiers died  (The ministry)",
        "USD 80 per barrel  It cost",
    ]


def test_json_lines(tmp_path):
    file = tmp_path / "text.txt"
    file.write_text("Troops moved 15 km (9 miles).", encoding="utf-8")
    lines = [json.loads(line) for line in run(str(file), "--json").stdout.splitlines()]
    assert [(f["low"], f["unit"]) for f in lines] == [(15, "km"), (9, "mi")]


def test_results_of_matches_only_when_wanted():
    text = "They won 3-1 after a 2-0 lead."
    assert [json.loads(line)["low"] for line in run("--json", given=text).stdout.splitlines()] == [2]
    assert [json.loads(line)["low"] for line in run("--json", "--scores", given=text).stdout.splitlines()] == [3, 2]


def test_another_language():
    (line,) = run("--json", "--language", "es", given="Murieron al menos 12 personas.").stdout.splitlines()
    assert (json.loads(line)["low"], json.loads(line)["bound"]) == (12, "at_least")


def test_a_batch_reads_each_line_by_itself():
    given = '{"id": "a", "text": "Ten men left."}\n\n{"id": 2, "text": "Nobody left."}\n'
    result = run("--batch", given=given)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [(a["id"], [f["low"] for f in a["figures"]]) for a in answers] == [("a", [10]), (2, [])]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("nonsense", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"text": "Ten men."}', "'id' is missing"),
        ('{"id": 1, "text": 5}', "'text' must be a string"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_done(line, problem):
    result = run("--batch", given=f'{line}\n{{"id": 1, "text": "Ten men left."}}\n')
    assert result.exit_code == 1
    assert f"line 1: {problem}" in result.stderr
    assert json.loads(result.stdout)["figures"][0]["low"] == 10


def test_a_file_that_is_not_there_is_an_operators_error(tmp_path):
    result = run(str(tmp_path / "missing.txt"))
    assert "missing.txt" in str(result.exception)
