"""Pages and feeds as they go out: read back by the libraries that a watcher would use."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from xml.etree import ElementTree as ET

import feedparser
import pytest
import trafilatura
from trafilatura.settings import Document

from worker.newsroom.played import PlayedSite, played_outlets
from worker.newsroom.resource import Asked
from worker.newsroom.scenario import Layout, Offer

from .conftest import START

HOME = "http://127.0.0.1:8001/"


def ask(site, path, seconds=0.0, visit=1):
    return site.resource(Asked(path, "", START + timedelta(seconds=seconds), START, visit))


@pytest.fixture
def site(play):
    return PlayedSite(play.outlets[0], play.articles, HOME)


def variant(site, **changes):
    return replace(site, outlet=replace(site.outlet, **changes))


@pytest.mark.parametrize("layout", Layout)
def test_exactly_the_text_can_be_read_from_every_page_of_the_demo(demo, layout):
    for outlet in (o for o in demo.outlets if o.layout is layout):
        site = PlayedSite(outlet, demo.articles_of(outlet.slug), HOME)
        for article in site.articles:
            for version in article.versions:
                page = ask(site, article.path, version.at, version.at).body.decode()
                read = trafilatura.bare_extraction(page, url=HOME, with_metadata=True, include_comments=False)
                assert isinstance(read, Document)
                assert read.text
                assert (read.title, read.text.split("\n")) == (version.title, [*version.paragraphs])


@pytest.mark.parametrize("layout", Layout)
def test_the_page_surrounds_the_text(site, layout):
    page = ask(variant(site, layout=layout, teasers=("Teaser with 77 in it",)), "/world/flood").body.decode()
    for furniture in ("Gazette", "Ada Ferris", "Teaser with 77 in it", 'rel="canonical"'):
        assert furniture in page


@pytest.mark.parametrize("layout", Layout)
def test_a_page_that_churns_differs_each_time_and_says_the_same(demo, layout):
    outlet = replace(demo.outlets[0], layout=layout, churn=True)
    site = PlayedSite(outlet, demo.articles_of(outlet.slug), HOME)
    path = site.articles[0].path
    # The second is asked at the same moment, the third by a process that began to count again.
    bodies = [ask(site, path, *when).body for when in ((1, 1), (1, 2), (9, 1))]
    assert len(set(bodies)) == 3
    texts = {trafilatura.extract(body.decode(), include_comments=False) for body in bodies}
    assert texts == {"\n".join(site.articles[0].versions[0].paragraphs)}


@pytest.mark.parametrize("layout", Layout)
def test_a_page_that_does_not_churn_stays_the_same_bytes(site, layout):
    stable = variant(site, layout=layout)
    first, again, edited = (ask(stable, "/world/flood", *when) for when in ((1, 1), (19, 8), (21, 9)))
    assert first == again
    assert (first.version_no, edited.version_no) == (1, 2)
    assert edited.etag != first.etag
    assert edited.last_modified == START + timedelta(seconds=20)


@pytest.mark.parametrize(
    ("offer", "etag", "last_modified"),
    [
        (Offer.BOTH, True, True),
        (Offer.ETAG, True, False),
        (Offer.LAST_MODIFIED, False, True),
        (Offer.NONE, False, False),
    ],
)
@pytest.mark.parametrize("path", ["/world/flood", "/feeds/latest.xml"])
def test_validators(site, path, offer, etag, last_modified):
    resource = ask(variant(site, validators=offer), path)
    assert (resource.etag is not None, resource.last_modified is not None) == (etag, last_modified)


def test_the_tag_of_a_page_that_churns_is_weak(site):
    assert ask(variant(site, churn=True), "/world/flood").etag.startswith('W/"')


@pytest.mark.parametrize("path", ["/nothing", "/feeds/sport.xml", "/feeds/", "/world/flood/"])
def test_not_found(site, path):
    assert ask(site, path).status == 404


def test_an_article_is_not_there_before_it_is_published(site):
    later = replace(site.articles[0], versions=tuple(replace(v, at=v.at + 5) for v in site.articles[0].versions))
    site = replace(site, articles=(later,))
    assert ask(site, "/world/flood", 4.9).status == 404
    assert b"<item>" not in ask(site, "/feeds/latest.xml", 4.9).body
    assert ask(site, "/world/flood", 5).status == 200


@pytest.mark.parametrize("feed_format", ["rss", "atom"])
def test_feed(site, feed_format):
    site = variant(site, feed_format=feed_format)
    resource = ask(site, "/feeds/latest.xml", 25)
    ET.fromstring(resource.body)  # noqa: S314 - our own bytes
    feed = feedparser.parse(BytesIO(resource.body))
    assert not feed.bozo
    assert feed.version == {"rss": "rss20", "atom": "atom10"}[feed_format]
    (entry,) = feed.entries
    assert entry.title == "Flood kills at least 15"
    assert entry.link.split("?")[0] == f"{HOME}world/flood"
    assert entry.published_parsed[:6] == (2026, 11, 22, 10, 0, 0)
    assert entry.summary.startswith("<p>At least 15 people")
    assert entry.id != entry.link


@pytest.mark.parametrize("feed_format", ["rss", "atom"])
def test_markup_characters_survive_a_feed(site, feed_format):
    article = site.articles[0]
    version = replace(article.versions[0], title='A < B & "C"', paragraphs=("5 < 6 & so on.",))
    site = replace(variant(site, feed_format=feed_format), articles=(replace(article, versions=(version,)),))
    (entry,) = feedparser.parse(BytesIO(ask(site, "/feeds/latest.xml").body)).entries
    assert entry.title.replace("&lt;", "<").replace("&amp;", "&").replace("&quot;", '"') == 'A < B & "C"'
    assert entry.summary == "<p>5 &lt; 6 &amp; so on.</p>"


def test_a_section_feed_lists_its_section_only(demo):
    outlet = next(o for o in demo.outlets if "world" in o.feeds)
    site = PlayedSite(outlet, demo.articles_of(outlet.slug), HOME)
    latest, world = (feedparser.parse(BytesIO(ask(site, f"/feeds/{name}.xml", 30).body)) for name in outlet.feeds)
    assert {e.id for e in world.entries} == {e.id for e in latest.entries if "/world/" in e.link}
    assert 0 < len(world.entries) < len(latest.entries)


def test_a_feed_changes_with_its_articles(site):
    before, same, after = (ask(site, "/feeds/latest.xml", seconds) for seconds in (1, 19, 20))
    assert before == same
    assert after.etag != before.etag
    assert after.last_modified == START + timedelta(seconds=20)


def test_outlets(play):
    (outlet,) = played_outlets(play, {"gazette": HOME})
    assert (outlet.slug, outlet.homepage, outlet.country) == ("gazette", HOME, "GB")
    assert [feed.url for feed in outlet.feeds] == [f"{HOME}feeds/latest.xml"]


def test_robots_and_front_page(site):
    assert ask(site, "/robots.txt").body.startswith(b"User-agent: *")
    assert ask(site, "/").status == 200
