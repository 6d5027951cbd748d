"""A corpus in miniature, in the shape of the real one."""

import gzip
import json
from io import BytesIO

import feedparser
import pytest

from worker.errors import InputError
from worker.newsroom.corpus import load_corpus
from worker.newsroom.outlets_file import outlets_toml, write_whole
from worker.newsroom.resource import Asked
from worker.outlets import load

from .conftest import START

PAGES = {
    "https://www.a.example/2024/05/one.html?utm_source=rss": ("a.example", b"<meta charset=latin1><p>caf\xe9</p>"),
    "https://a.example//view?id=7&page=1": ("a.example", b"<p>seven</p>"),
    "https://a.example//view?id=8&page=1": ("a.example", b"<p>eight</p>"),
    "https://b.example/%C3%A4/x": ("b.example", "<p>ä</p>".encode()),
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pages/html").mkdir(parents=True)
    (tmp_path / "feeds/docs").mkdir(parents=True)
    lines = []
    for number, (url, (outlet, body)) in enumerate(PAGES.items()):
        file = f"html/{number}.html.gz"
        (tmp_path / "pages" / file).write_bytes(gzip.compress(body))
        expected = {"title": f"Title {number}" if number else None, "published": "2024-05-01 10:00:00+02:00"}
        line = {"id": str(number), "outlet": outlet, "url": url, "language": "en", "file": file, "expected": expected}
        lines.append(line | ({"country": "uk", "outlet_name": "The A"} if outlet == "a.example" else {}))
    (tmp_path / "pages/manifest.jsonl").write_text("\n".join(map(json.dumps, lines)))
    (tmp_path / "feeds/docs/plain.xml").write_bytes(b"<rss/>")
    (tmp_path / "feeds/docs/large.xml.gz").write_bytes(gzip.compress(b"<feed/>"))
    documents = [
        {"file": "docs/plain.xml", "http": None},
        {"file": "docs/large.xml.gz", "http": {"content-type": "text/xml"}},
    ]
    (tmp_path / "feeds/manifest.jsonl").write_text("\n".join(map(json.dumps, documents)) + "\n")
    return tmp_path


@pytest.fixture
def corpus(folder):
    return load_corpus(folder)


@pytest.fixture
def sites(corpus):
    return {site.name: site for site in corpus.sites({n: f"http://127.0.0.1:{i}/" for i, n in enumerate(corpus.names)})}


def ask(site, path, query=""):
    return site.resource(Asked(path, query, START, START, 1))


def test_sites(corpus):
    assert corpus.names == ("corpus-1", "corpus-2", "documents")


@pytest.mark.parametrize(
    ("site", "path", "query", "body"),
    [
        ("corpus-1", "/www.a.example/2024/05/one.html", "utm_source=rss", b"<meta charset=latin1><p>caf\xe9</p>"),
        ("corpus-1", "/www.a.example/2024/05/one.html", "", b"<meta charset=latin1><p>caf\xe9</p>"),
        ("corpus-1", "/a.example//view", "id=8&page=1", b"<p>eight</p>"),
        ("corpus-1", "/a.example/view", "page=1&id=7", b"<p>seven</p>"),
        ("corpus-2", "/b.example/ä/x", "", "<p>ä</p>".encode()),
    ],
)
def test_pages_are_the_stored_bytes(sites, site, path, query, body):
    resource = ask(sites[site], path, query)
    assert (resource.status, resource.body, resource.version_no) == (200, body, 1)


def test_a_charset_is_named_where_the_page_does_not(sites):
    declared, utf8 = ask(sites["corpus-1"], "/www.a.example/2024/05/one.html"), ask(sites["corpus-2"], "/b.example/ä/x")
    assert (declared.content_type, utf8.content_type) == ("text/html", "text/html; charset=utf-8")


def test_the_feed_of_an_outlet(sites):
    feed = feedparser.parse(BytesIO(ask(sites["corpus-1"], "/feeds/a.example.xml").body))
    assert not feed.bozo
    assert feed.feed.title == "The A"
    assert [(e.get("title"), e.link) for e in feed.entries] == [
        (None, "http://127.0.0.1:0/www.a.example/2024/05/one.html?utm_source=rss"),
        ("Title 1", "http://127.0.0.1:0/a.example//view?id=7&page=1"),
        ("Title 2", "http://127.0.0.1:0/a.example//view?id=8&page=1"),
    ]
    assert feed.entries[0].published_parsed[:5] == (2024, 5, 1, 8, 0)


@pytest.mark.parametrize(("path", "content_type"), [("/plain.xml", "application/xml"), ("/large.xml", "text/xml")])
def test_documents(sites, path, content_type):
    resource = ask(sites["documents"], path)
    assert (resource.status, resource.content_type) == (200, content_type)
    assert resource.body.startswith(b"<")


def test_every_other_site_offers_validators(sites):
    assert ask(sites["corpus-1"], "/a.example/view", "id=7").etag
    assert not ask(sites["corpus-2"], "/b.example/ä/x").etag


@pytest.mark.parametrize("site", ["corpus-1", "corpus-2", "documents"])
@pytest.mark.parametrize("path", ["/nothing", "/feeds/c.example.xml"])
def test_not_found(sites, site, path):
    assert ask(sites[site], path).status == 404


def test_the_configuration_reads_its_outlets(corpus, tmp_path):
    outlets = corpus.outlets({name: f"http://127.0.0.1:{8000 + i}/" for i, name in enumerate(corpus.names)})
    path = tmp_path / "outlets.toml"
    write_whole(path, outlets_toml(outlets))
    assert load(path) == outlets
    assert [(o.slug, o.country, o.name) for o in outlets] == [
        ("a-example", "GB", "The A"),
        ("b-example", "ZZ", "b.example"),
    ]


@pytest.mark.parametrize("spoil", ["missing", "not json", "no url"])
def test_no_corpus(folder, spoil):
    manifest = folder / "pages/manifest.jsonl"
    match spoil:
        case "missing":
            manifest.unlink()
        case "not json":
            manifest.write_text("{")
        case "no url":
            manifest.write_text('{"id": 1}')
    with pytest.raises(InputError, match=r"corpus|No such file"):
        load_corpus(folder)
