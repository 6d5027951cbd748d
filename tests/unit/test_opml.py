"""OPML in and out: hostile files, private addresses, round trips, and a file whose comments stay."""

import json
import tomllib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.unit.test_cli_outlets import GOOD, SHIPPED
from worker import additions, outlets
from worker.cli import outlets as command
from worker.core import opml
from worker.errors import InputError, OutletsError
from worker.model import FeedSource

COMMENTED = f"# Kept by hand.\n\n{GOOD}  # and the last word\n"


def allow(_address):
    return None


def document(*outlines, head=""):
    return f'<?xml version="1.0"?>{head}<opml version="2.0"><head/><body>{"".join(outlines)}</body></opml>'.encode()


def outline(url="https://wire.example/rss", **more):
    attributes = "".join(f' {name}="{value}"' for name, value in {"text": "Wire", "xmlUrl": url, **more}.items())
    return f"<outline{attributes}/>"


def read(data):
    return opml.read(data, allow)


def run(*arguments, **options):
    return CliRunner().invoke(command.app, [str(argument) for argument in arguments], **options)


@pytest.fixture
def file(tmp_path):
    def write(data, name="feeds.opml"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return write


# --- reading -----------------------------------------------------------------------------------------


def test_feeds_with_what_is_said_of_them():
    heading = f'<outline text="News">{outline(htmlUrl="https://wire.example/", language="de")}</outline>'
    (feed,) = read(document(heading, "<outline text='no feed'/>")).feeds
    assert (feed.url, feed.title, feed.homepage) == ("https://wire.example/rss", "Wire", "https://wire.example/")
    assert (feed.language, feed.folder, feed.slug) == ("de", "News", None)


def test_a_feed_in_two_spellings_counts_once():
    twice = outline("https://wire.example/rss"), outline("https://WIRE.example:443/rss#top")
    assert len(read(document(*twice)).feeds) == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"   ", b"not xml", b"<html><body/></html>", b"<opml><body><outline", b"\x00\x01", b'{"opml": 1}'],
)
def test_what_is_no_opml(data):
    with pytest.raises(InputError, match="not OPML"):
        read(data)


def test_external_entities_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("xyzzy")
    doctype = (
        f'<!DOCTYPE opml [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY % p SYSTEM "{secret.as_uri()}"> %p;'
        '<!ENTITY a "https://inner.example/">]>'
    )
    with suppress(InputError):
        found = read(document(outline(text="&e;"), outline("&a;rss"), head=doctype))
        assert "xyzzy" not in repr(found)


def test_entities_that_grow_are_refused_or_left_alone():
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    data = document(outline(title="&l9;"), head=f"<!DOCTYPE opml [<!ENTITY l0 'ha'>{laughs}]>")
    with suppress(InputError):
        assert len(repr(read(data))) < 10_000


def test_outlines_nested_by_the_hundred_thousand():
    data = document("<outline text='a'>" * 100_000)
    with pytest.raises(InputError, match="nested more than 64 deep"):
        read(data)


def test_a_million_outlines():
    with pytest.raises(InputError, match="more than 200,000 outlines"):
        read(document("<outline text='a'/>" * 1_000_000))


def test_too_many_feeds():
    with pytest.raises(InputError, match="more than 10,000 feeds"):
        read(document(*(outline(f"https://wire.example/{n}") for n in range(10_001))))


@given(st.text(alphabet="<>/!-[]&;'\" =outlinexmlUrl:#0", max_size=120))
def test_nothing_but_an_input_error(text):
    with suppress(InputError):
        read(document(text))


# --- what is left out --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://wire.example/rss",
        "javascript:alert(1)",
        "feed://wire.example/rss",
        "https://user:secret@wire.example/rss",
        "http://127.0.0.1/rss",
        "http://10.0.0.7/rss",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/rss",
        "http://[64:ff9b::a9fe:a9fe]/rss",
        "http://2130706433/rss",
        "http://localhost/rss",
        "http://db.internal/rss",
        "https://93.184.216.34:6379/",
    ],
)
def test_private_and_other_addresses_are_left_out_and_said(file, tmp_path, url):
    into = tmp_path / "outlets.toml"
    result = run("import", file(document(outline(url), outline("https://wire.example/rss"))), "--into", into)
    assert result.exit_code == 1
    assert "line 1:" in result.stderr
    assert "left out" in result.stderr
    assert [feed.url for outlet in outlets.load(into) for feed in outlet.feeds] == ["https://wire.example/rss"]


def test_what_the_operator_allows_may_be_imported(file, tmp_path, monkeypatch):
    monkeypatch.setenv("FIGUREWATCH_ALLOW_NETWORKS", "127.0.0.1/32:8001-8001")
    into = tmp_path / "outlets.toml"
    assert run("import", file(document(outline("http://127.0.0.1:8001/rss"))), "--into", into).exit_code == 0


# --- into a file -------------------------------------------------------------------------------------


def test_there_and_back_again(file, tmp_path):
    exported = run("export", SHIPPED).stdout
    into = tmp_path / "outlets.toml"
    assert run("import", file(exported), "--into", into).exit_code == 0
    again = outlets.load(into)
    before = outlets.load(SHIPPED)
    facts = ("slug", "name", "homepage", "country", "language", "feeds")
    assert [[getattr(o, f) for f in facts] for o in again] == [[getattr(o, f) for f in facts] for o in before]
    assert run("export", into).stdout == exported


def test_importing_twice_changes_nothing(file, tmp_path):
    source = file(document(outline(), outline("https://other.example/feed")))
    into = tmp_path / "outlets.toml"
    run("import", source, "--into", into)
    before = into.read_text()
    result = run("import", source, "--into", into, "--json")
    assert json.loads(result.stdout) == {
        "feeds": 0, "outlets": 0, "known": 2, "left_out": 0, "slugs": [], "file": str(into)
    }  # fmt: skip
    assert into.read_text() == before


def test_comments_and_what_is_there_stay(file, tmp_path):
    into = file(COMMENTED, "outlets.toml")
    run("import", file(document(outline(), outline("https://south.example/rss"))), "--into", into)
    assert into.read_text().startswith(COMMENTED)
    assert [outlet.slug for outlet in outlets.load(into)] == ["north", "south", "wire"]


@pytest.mark.parametrize("tables", [True, False])
def test_a_feed_is_added_to_the_outlet_that_is_there(file, tmp_path, tables):
    text = COMMENTED
    if tables:
        text = text.replace(
            'feed = [{ url = "https://south.example/rss" }]', '[[outlet.feed]]\nurl = "https://south.example/rss"'
        )
    into = file(text, "outlets.toml")
    new = outline("https://south.example/sport", htmlUrl="https://www.south.example/")
    assert run("import", file(document(new)), "--into", into).exit_code == 0
    south = next(outlet for outlet in outlets.load(into) if outlet.slug == "south")
    assert [feed.url for feed in south.feeds] == ["https://south.example/rss", "https://south.example/sport"]
    assert "# Kept by hand." in into.read_text()
    assert "# and the last word" in into.read_text()


def test_a_file_with_mistakes_is_not_touched(file, tmp_path):
    into = file(GOOD.replace('"NO"', '"UK"'), "outlets.toml")
    before = into.read_text()
    assert isinstance(run("import", file(document(outline())), "--into", into).exception, OutletsError)
    assert into.read_text() == before
    assert [path.name for path in tmp_path.iterdir()] == ["outlets.toml", "feeds.opml"] or len(
        list(tmp_path.iterdir())
    ) == 2


def test_a_text_that_would_be_wrong_is_not_written(file):
    into = file(GOOD, "outlets.toml")
    with pytest.raises(OutletsError):
        additions.write(into, GOOD + "[[outlet]]\n")
    assert into.read_text() == GOOD


def test_print_changes_nothing(file):
    into = file(GOOD, "outlets.toml")
    result = run("import", file(document(outline())), "--into", into, "--print")
    assert result.stdout.startswith(GOOD)
    assert 'url = "https://wire.example/rss"' in result.stdout
    assert into.read_text() == GOOD


@pytest.mark.parametrize(
    ("language", "host", "country"),
    [
        ("en-GB", "wire.example", "GB"),
        ("zh-Hant-TW", "wire.example", "TW"),
        ("en", "www.spiegel.de", "DE"),
        ("en", "bbc.co.uk", "GB"),
        ("en", "startup.io", "ZZ"),
        ("es-419", "wire.example", "ZZ"),
        (None, "wire.com", "ZZ"),
    ],
)
def test_the_country_is_guessed_from_language_and_address(language, host, country):
    assert additions.country_of(language, host) == country


@given(st.text(max_size=100))
def test_any_name_makes_a_slug(name):
    made = additions.described(name=name, homepage="https://wire.example", language=None, country=None, feeds=())
    assert made.slug.replace("-", "").isalnum()
    assert made.slug == made.slug.lower()
    assert len(made.slug) <= 64


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_any_name_survives_the_file(name):
    feed = FeedSource("https://wire.example/rss")
    made = additions.described(name=name, homepage="https://wire.example", language=None, country=None, feeds=[feed])
    text = additions.merge("", [made], ()).text
    assert tomllib.loads(text)["outlet"][0]["name"] == name
