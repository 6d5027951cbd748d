"""`extract` and `parse-feed` as an operator types them."""

import gzip
import json
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from worker.cli import documents, saved
from worker.errors import InputError

HERE = Path(__file__).parent
PAGE = HERE / "pages" / "en-semantic.html"
FEED = HERE / "feeds" / "rss2.xml"
URL = "https://herald.example/news/2026/03/harbour-strike"

app = typer.Typer()
app.command("extract")(documents.extract)
app.command("parse-feed")(documents.parse_feed)


def run(*arguments, stdin=None):
    return CliRunner().invoke(app, [str(a) for a in arguments], input=stdin)


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_extract_for_people():
    result = run("extract", PAGE, "--url", URL)
    assert result.exit_code == 0
    assert result.stdout.startswith("Harbour strike enters second week as 1,400 dockers walk out\n")
    assert "published: 2026-03-09T06:30:00Z" in result.stdout
    assert "figures\n  " in result.stdout


def test_extract_as_json():
    (found,) = lines(run("extract", PAGE, "--url", URL, "--json"))
    assert list(found)[:9] == [
        "id", "verdict", "title", "text", "published_at", "modified_at", "authors", "language", "figures"
    ]  # fmt: skip
    assert (found["id"], found["verdict"], found["published_at"]) == (None, "article", "2026-03-09T06:30:00Z")
    assert {"low": 1400, "bound": "at_least"}.items() <= found["figures"][2].items()


def test_extract_from_standard_input_and_gzip():
    plain = run("extract", "-", "--json", "--url", URL, stdin=PAGE.read_bytes())
    packed = run("extract", "--json", "--url", URL, stdin=gzip.compress(PAGE.read_bytes(), mtime=0))
    assert plain.stdout == packed.stdout != ""


def test_extract_with_the_charset_of_the_header(tmp_path):
    file = tmp_path / "page.html"
    text = "<html><body><p>Der Bürgermeister sagt, für 1.500 Häuser fehle das Öl.</p></body></html>"
    file.write_bytes(text.encode("mac-roman"))
    (found,) = lines(run("extract", file, "--url", URL, "--json", "--content-type", "text/html; charset=macintosh"))
    assert found["text"] == "Der Bürgermeister sagt, für 1.500 Häuser fehle das Öl."


def test_a_page_that_is_no_article_has_a_verdict(tmp_path):
    file = tmp_path / "page.pdf"
    file.write_bytes(b"%PDF-1.7")
    result = run("extract", file, "--json")
    assert (result.exit_code, lines(result)[0]["verdict"]) == (0, "not_html")


def test_a_batch(tmp_path):
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE.read_bytes(), mtime=0))
    jobs = [{"id": "a", "file": str(PAGE), "url": URL}, {"id": 2, "file": "page.html.gz", "url": URL}]
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n\n".join(map(json.dumps, jobs)))
    result = run("extract", "--batch", batch)
    assert (result.exit_code, result.stderr) == (0, "")
    first, second = lines(result)
    assert (first["id"], second["id"]) == ("a", 2)
    assert first["text"] == second["text"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense", "not JSON"),
        ("[1]", "'id' is missing"),
        ('{"id": 1, "url": "x"}', "'file' must be a string"),
        ('{"id": 1, "file": "absent.html", "url": "x"}', "absent.html: No such file or directory"),
        ('{"id": 1, "file": "a\\u0000b", "url": "x"}', "null byte"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_costs_no_other(line, message):
    good = json.dumps({"id": "good", "file": str(PAGE), "url": URL})
    result = run("extract", "--batch", stdin=f"{line}\n{good}\n")
    assert result.exit_code == 1
    assert f"figurewatch: line 1: {message}" in result.stderr or message in result.stderr
    assert [found["id"] for found in lines(result)] == ["good"]


def test_parse_feed_as_json():
    result = run("parse-feed", FEED, "--url", "https://herald.example/rss", "--json")
    first, second, *_ = lines(result)
    assert list(first) == ["id", "link", "title", "published", "updated", "summary", "text"]
    assert (first["published"], first["updated"]) == ("2026-03-09T06:30:00Z", None)
    assert second["link"] == "https://herald.example/2026/03/marrow"


def test_parse_feed_for_people():
    result = run("parse-feed", FEED, "--url", "https://herald.example/rss")
    assert "2026-03-09 06:30Z  Port strike: 1,400 dockers & 62 ships stand still" in result.stdout
    assert result.stdout.endswith("4 entries of “The Quayside Herald – World”\n")


def test_what_is_no_feed(tmp_path):
    result = run("parse-feed", PAGE)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "not_a_feed: no root element of a feed" in result.stderr


def test_a_truncated_feed_is_said_to_be(tmp_path):
    file = tmp_path / "feed.xml"
    file.write_bytes(FEED.read_bytes().partition(b"No link")[0])
    result = run("parse-feed", file, "--json")
    assert (result.exit_code, len(lines(result))) == (0, 2)
    assert "ends before its last entry does" in result.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (gzip.compress(b"x" * 1000, mtime=0)[:-8], "ends before it is complete"),
        (b"\x1f\x8b\x07\x00 no gzip", "damaged gzip"),
        (gzip.compress(b"\0" * (saved.LARGEST + 1), 1, mtime=0), "larger than 64 MB"),
    ],
)
def test_files_that_cannot_be_used(tmp_path, content, message):
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(InputError, match=message):
        saved.read(str(file))


def test_members_of_a_gzip_file_are_joined(tmp_path):
    file = tmp_path / "file.gz"
    file.write_bytes(gzip.compress(b"one ", mtime=0) + gzip.compress(b"two", mtime=0))
    assert saved.read(str(file)) == b"one two"


@pytest.mark.parametrize("name", ["absent", "."])
def test_files_that_are_none(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=name):
        saved.read(name)


def test_help_does_not_load_the_readers():
    assert run("extract", "--help").exit_code == 0
    assert "worker.core.newsroom" not in sys.modules
