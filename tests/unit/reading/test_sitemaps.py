"""Sitemaps as feeds: what they list, what of it is news, what of an index is followed."""

import gzip
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core import feeds, sitemaps
from worker.model import FeedFormat, FeedVerdict, SitemapLink

URL = "https://herald.example/sitemaps/news.xml"
utc = partial(datetime, tzinfo=UTC)
SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def parse(text, **options):
    return feeds.parse(text if isinstance(text, bytes) else text.encode(), headers={}, url=URL, **options)


def urlset(*entries, spaces=f"{SITEMAP} {NEWS}"):
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<urlset {spaces}>{''.join(entries)}</urlset>"


def entry(path="a", lastmod=None, title=None, published="2026-03-09T06:30:00+01:00"):
    when = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    publication = (
        "<news:publication><news:name>The Herald</news:name><news:language>en</news:language></news:publication>"
    )
    dated = f"<news:publication_date>{published}</news:publication_date>"
    news = f"<news:news>{publication}{dated}<news:title>{title}</news:title></news:news>" if title else ""
    return f"<url><loc>https://herald.example/{path}</loc>{when}{news}</url>"


def test_a_news_sitemap():
    feed = parse(urlset(entry("a", "2026-03-09T08:00:00Z", "1,400 dockers &amp; 62 ships"), entry("b", None, "B")))
    assert (feed.verdict, feed.format) == (FeedVerdict.FEED, FeedFormat.NEWS_SITEMAP)
    assert (feed.title, feed.language) == ("The Herald", "en")
    first, second = feed.entries
    assert (first.link, first.title) == ("https://herald.example/a", "1,400 dockers & 62 ships")
    assert (first.published, first.updated) == (utc(2026, 3, 9, 5, 30), utc(2026, 3, 9, 8))
    assert (second.published, second.updated, second.id, second.text) == (utc(2026, 3, 9, 5, 30), None, None, None)


def test_a_plain_sitemap_newest_first():
    feed = parse(urlset(entry("old", "2019-01-01"), entry("new", "2026-03-09"), entry("undated")))
    assert feed.format is FeedFormat.SITEMAP
    assert [e.link.rpartition("/")[2] for e in feed.entries] == ["new", "old", "undated"]
    assert feed.entries[0].updated == utc(2026, 3, 9)


def test_the_newest_are_kept_of_too_many():
    listed = [entry(f"{n}", f"2026-03-{n:02d}") for n in range(1, 31)]
    feed = parse(urlset(*listed), max_entries=5)
    assert ([e.updated.day for e in feed.entries], feed.dropped) == ([30, 29, 28, 27, 26], 25)


@pytest.mark.parametrize(
    "spaces", ["", f"{NEWS}", 'xmlns="http://www.google.com/schemas/sitemap/0.84"', f"{SITEMAP} xmlns:news='urn:wrong'"]
)
def test_wrong_or_missing_namespaces(spaces):
    (only,) = parse(urlset(entry(title="Rise"), spaces=spaces)).entries
    assert (only.link, only.title) == ("https://herald.example/a", "Rise")


def test_prefixed_elements():
    text = "<s:urlset xmlns:s='http://www.sitemaps.org/schemas/sitemap/0.9'><s:url><s:loc>/x</s:loc></s:url></s:urlset>"
    feed = parse(text)
    assert ([e.link for e in feed.entries], feed.detail) == (["https://herald.example/x"], "")


@pytest.mark.parametrize("keep", range(1, 5))
def test_a_truncated_sitemap_gives_its_whole_entries(keep):
    body = urlset(*(entry(f"{n}", "2026-03-09") for n in range(6)))
    feed = parse(body[: body.index(f"example/{keep}<")])
    assert [e.link.rpartition("/")[2] for e in feed.entries] == [str(n) for n in range(keep)]
    assert feed.detail == "ends before its last entry does"


@pytest.mark.parametrize("text", [urlset(), "<urlset/>", f"<sitemapindex {SITEMAP}/>"])
def test_an_empty_sitemap_is_a_feed(text):
    feed = parse(text)
    assert (feed.verdict, feed.entries, feed.detail) == (FeedVerdict.FEED, (), "")


def test_entities_neither_grow_nor_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("xyzzy")
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    doctype = f"<!DOCTYPE urlset [<!ENTITY l0 'ha'>{laughs}<!ENTITY e SYSTEM '{secret.as_uri()}'>]>"
    feed = parse(doctype + urlset(entry(title="a &e; &l9;")).partition("?>")[2])
    assert "xyzzy" not in repr(feed)
    assert len(repr(feed)) < 2_000


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "", "mailto:a@b.example"])
def test_links_that_are_none(link):
    assert parse(urlset(f"<url><loc>{link}</loc></url>")).entries[0].link is None


# --- an index ----------------------------------------------------------------------------------------


def index(*links):
    items = "".join(f"<sitemap><loc>{url}</loc><lastmod>{when}</lastmod></sitemap>" for url, when in links)
    return f"<sitemapindex {SITEMAP}>{items}</sitemapindex>"


def test_an_index_names_sitemaps_of_its_own_host():
    feed = parse(
        index(
            ("/a.xml", "2026-03-09"),
            ("https://herald.example/b.xml", ""),
            ("https://evil.example/c.xml", ""),
            ("file:///etc/passwd", ""),
            ("http://127.0.0.1/d.xml", ""),
        )
    )
    assert (feed.format, feed.entries) == (FeedFormat.SITEMAP_INDEX, ())
    assert feed.sitemaps == (
        SitemapLink("https://herald.example/a.xml", utc(2026, 3, 9)),
        SitemapLink("https://herald.example/b.xml", None),
    )


def links(*pairs):
    return [SitemapLink(f"https://herald.example/{name}", day and utc(2026, 3, day)) for name, day in pairs]


def followed(*pairs):
    return [link.url.rpartition("/")[2] for link in sitemaps.to_follow(links(*pairs), utc(2026, 3, 8))]


def test_the_newest_sitemaps_of_an_index_are_followed():
    assert followed(("jan", 1), ("today", 9), ("yesterday", 8), ("undated", None)) == ["today", "yesterday"]


def test_an_index_without_dates_is_followed_where_it_speaks_of_news():
    assert followed(("tags", None), ("news-1", None), ("authors", None)) == ["news-1"]
    assert followed(("a", None), ("b", None)) == ["a", "b"]


def test_few_sitemaps_are_followed():
    many = [(f"s{n}", None) for n in range(500)]
    assert len(followed(*many)) == sitemaps.MOST_FOLLOWED
    assert len(followed(*[(name, 9) for name, _ in many])) == sitemaps.MOST_FOLLOWED
    assert followed(("twice", 9), ("twice", 9)) == ["twice"]


def test_what_changed_lately_in_a_plain_sitemap():
    entries = parse(urlset(entry("new", "2026-03-09"), entry("old", "2026-03-01"), entry("undated"))).entries
    news = sitemaps.recent(entries, utc(2026, 3, 9, 12), timedelta(days=2))
    assert [e.link for e in news] == ["https://herald.example/new"]


# --- gzip --------------------------------------------------------------------------------------------


def test_a_gzipped_sitemap():
    feed = parse(gzip.compress(urlset(entry("a", title="Rise")).encode()))
    assert [e.title for e in feed.entries] == ["Rise"]


def test_a_gzipped_sitemap_that_was_cut():
    packed = gzip.compress(urlset(*(entry(f"{n}", "2026-03-09") for n in range(2_000))).encode())
    feed = parse(packed[: len(packed) // 2], max_entries=5_000)
    assert 100 < len(feed.entries) < 2_000
    assert feed.detail == "ends before its last entry does"


def test_a_bomb_is_not_inflated():
    bomb = gzip.compress(b"<urlset>" + b" " * 200_000_000, compresslevel=1)
    assert parse(bomb).verdict in {FeedVerdict.FEED, FeedVerdict.BROKEN}


def test_what_only_begins_like_gzip_is_no_feed():
    assert parse(b"\x1f\x8bnothing").verdict is FeedVerdict.NOT_A_FEED


@given(st.text(alphabet="<>/!-[]&;'\" =?urlsetlocnewsCDAT:#0", max_size=120))
def test_no_markup_makes_it_fail(text):
    parse(f"<urlset>{text}</urlset>")
    parse(f"<sitemapindex><sitemap>{text}</sitemap>")
