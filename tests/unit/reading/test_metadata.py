import json
from datetime import UTC, datetime
from functools import partial

import pytest

from worker.core import jsonld, markup, metadata

URL = "https://herald.example/2026/03/strike"


def read(head="", body="", lang=" lang='en'"):
    return metadata.read(markup.document(f"<html{lang}><head>{head}</head><body>{body}</body></html>"), URL)


def data(node, kind="application/ld+json"):
    text = node if isinstance(node, str) else json.dumps(node, ensure_ascii=False)
    return f'<script type="{kind}">{text}</script>'


utc = partial(datetime, tzinfo=UTC)


# --- headline ----------------------------------------------------------------------------------------

NODE = {"@type": "NewsArticle", "headline": "1,400 dockers strike"}
OG = "<meta property='og:title' content='{}'>"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>1,400 dockers strike - The Herald</title>", "<h1>1,400 dockers strike</h1>", "1,400 dockers strike"),
        (data(NODE) + OG.format("You won’t believe this"), "<h1>1,400 dockers strike</h1>", "1,400 dockers strike"),
        (data(NODE) + OG.format("Dockers strike in 1,400s"), "<h1>The Herald</h1>", "1,400 dockers strike"),
        (OG.format("1,400 dockers strike"), "<h1>The Herald</h1>", "The Herald"),
        (OG.format("1,400 dockers strike") + "<title>1,400 dockers strike | Herald</title>", "<h1>Herald</h1>",
         "1,400 dockers strike"),
        ("<title>1,400 dockers strike | Herald</title><meta property='og:site_name' content='Herald'>", "",
         "1,400 dockers strike"),
        ("<title>Strike | at sea | Herald</title><meta property='og:site_name' content='Times'>", "",
         "Strike | at sea | Herald"),
        (data({"@type": "NewsArticle", "headline": "It&#039;s &amp; over"}), "", "It's & over"),
        (data({"@type": ["Thing"], "headline": "No article"}), "", ""),
        ("", "<h1>\n  two\n lines </h1>", "two lines"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_titles(head, body, title):
    assert read(head, body).title == title


# --- dates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "body", "published"),
    [
        (data(NODE | {"datePublished": "2026-03-09T07:30:00+01:00"}), "", utc(2026, 3, 9, 6, 30)),
        ("<meta property='article:published_time' content='2026-03-09T07:30Z'>", "", utc(2026, 3, 9, 7, 30)),
        ("<meta name='DC.date.issued' content='2026-03-09'>", "", utc(2026, 3, 9)),
        ("", "<time datetime='2026-03-09T07:30Z' itemprop='datePublished'>x</time><time datetime='2020-01-01'>y</time>",
         utc(2026, 3, 9, 7, 30)),
        ("", "<time datetime='2026-03-09'>x</time>", utc(2026, 3, 9)),
        ("", "<time datetime='2026-03-09'>x</time><time datetime='2020-01-01'>y</time>", None),
        (data(NODE | {"datePublished": "soon"}) + "<meta name='date' content='2026-03-09'>", "", utc(2026, 3, 9)),
        (data(NODE | {"datePublished": {"@value": "2026-03-09"}}), "", None),
        ("<meta name='date' content='03/09/26'>", "", None),
    ],
)  # fmt: skip
def test_published(head, body, published):
    assert read(head, body).published_at == published


def test_modified_and_published_are_told_apart():
    found = read(data(NODE | {"datePublished": "2026-03-09", "dateModified": "2026-03-10T01:00:00Z"}))
    assert (found.published_at, found.modified_at) == (utc(2026, 3, 9), utc(2026, 3, 10, 1))
    assert read("<meta property='article:modified_time' content='2026-03-10'>").published_at is None


# --- authors, language, address ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        (data(NODE | {"author": {"@type": "Person", "name": "Maud Verhoeven"}}), ("Maud Verhoeven",)),
        (data(NODE | {"author": [{"name": "By Maud"}, "Idris", {"name": ["A", "B"]}]}), ("Maud", "Idris", "A", "B")),
        ("<meta name='author' content='Von Jördis Falkner'>", ("Jördis Falkner",)),
        ("<meta property='article:author' content='https://facebook.example/herald'>", ()),
        (data(NODE | {"author": ["Maud", "MAUD", None, 7, ""]}), ("MAUD",)),
        (data(NODE | {"author": ["x" * 500]}), ()),
        (data(NODE | {"author": [f"A {n}" for n in range(500)]}), tuple(f"A {n}" for n in range(20))),
    ],
)  # fmt: skip
def test_authors(head, authors):
    assert read(head).authors == authors


@pytest.mark.parametrize(
    ("head", "lang", "language"),
    [
        ("", " lang='de-AT'", "de-AT"),
        ("<meta property='og:locale' content='en_GB'>", "", "en-GB"),
        (data(NODE | {"inLanguage": "tr"}), "", "tr"),
        ("<meta property='og:locale' content='fr_FR'>", " lang='{{ language }}'", "fr-FR"),
        ("", " lang='not a language'", None),
        ("", "", None),
    ],
)
def test_language(head, lang, language):
    assert read(head, lang=lang).language == language


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ("<link rel='canonical' href='/a?utm_source=x'>", "https://herald.example/a"),
        ("<link rel='alternate canonical' href='//other.example/b'>", "https://other.example/b"),
        ("<meta property='og:url' content='https://herald.example/c'>", "https://herald.example/c"),
        ("<link rel=canonical href='javascript:alert(1)'><meta property='og:url' content='/d'>", "https://herald.example/d"),
        ("<link rel='stylesheet' href='/e'>", None),
        ("<link rel='canonical'>", None),
    ],
)  # fmt: skip
def test_canonical(head, canonical):
    assert read(head).canonical_url == canonical


@pytest.mark.parametrize(
    ("stated", "free"),
    [(False, False), ("False", False), ("https://schema.org/True", True), (True, True), ("maybe", None), (None, None)],
)
def test_accessible_for_free(stated, free):
    assert read(data(NODE | {"isAccessibleForFree": stated})).free is free


# --- structured data ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        data(NODE),
        data([{"@type": "WebSite"}, NODE]),
        data(
            {"@graph": [{"@type": "BreadcrumbList", "itemListElement": [{"@type": "Article", "headline": "x"}]}, NODE]}
        ),
        data({"@type": "WebPage", "mainEntity": NODE}),
        data({"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "teaser"}]}) + data(NODE),
        data("\n//<![CDATA[\n" + json.dumps(NODE) + "\n//]]>\n"),
        data(json.dumps(NODE) + "\n}"),
        data('{"broken": ') + data(NODE),
        data(NODE | {"@type": ["Thing", "LiveBlogPosting"]}),
        data({"@type": "NewsArticle"}) + data(NODE),
        data(json.dumps(NODE | {"x": "a line\nbreak"}).replace("\\n", "\n")),
        data(NODE, kind=" APPLICATION/LD+JSON "),
    ],
)
def test_the_article_is_found(script):
    assert read(script).title == NODE["headline"]


@pytest.mark.parametrize(
    "script",
    [
        data(NODE, kind="text/javascript"),
        data(""),
        data("not json"),
        data('{"@graph":' * 10_000),
        data([[NODE["headline"]]] * 10),
        data({"@type": 7, "headline": "x"}),
        data([{"@type": "WebSite"}] * 2_000 + [NODE]),
    ],
)
def test_no_article_is_found(script):
    assert jsonld.article(markup.document(f"<html><head>{script}</head><body></body></html>")) == {}
