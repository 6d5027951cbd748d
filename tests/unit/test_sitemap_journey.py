"""Sitemaps through the journeys: what of them becomes articles, and when those are visited."""

import pytest

from tests.unit.test_pipeline import FEED, PAGE, Newsdesk, page
from worker.model import RevisionKind

CHILD = "https://tamar.example/news-today.xml"
SPACES = (
    "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
)


def urlset(*listed):
    """(address, lastmod, title or None) each."""
    entries = "".join(
        f"<url><loc>{url}</loc><lastmod>{moment.isoformat()}</lastmod>"
        + (f"<news:news><news:title>{title}</news:title></news:news>" if title else "")
        + "</url>"
        for url, moment, title in listed
    )
    return f"<?xml version='1.0'?><urlset {SPACES}>{entries}</urlset>"


@pytest.fixture
def desk(tmp_path):
    made = Newsdesk(tmp_path)
    yield made
    made.store.close()


@pytest.mark.parametrize("changed", [True, False])
def test_lastmod_brings_a_visit_forward(desk, changed):
    first = desk.clock.now
    desk.network.answers = {FEED: urlset((PAGE, first, "Quake kills 12")), PAGE: page(12)}
    for _ in range(30):  # a day later the schedule leaves feed and article alone for long
        desk.cycle()
        desk.clock.advance(hours=1)
    desk.cycle()
    desk.network.answers[PAGE] = page(31)
    news = urlset((PAGE, desk.clock.now, "Quake kills 31") if changed else (PAGE, first, "Quake kills 31"))
    desk.network.answers[FEED] = news
    desk.network.asked.clear()
    desk.clock.advance(minutes=20)
    desk.cycle()
    desk.cycle()
    assert desk.network.asked == ([FEED, PAGE] if changed else [FEED])
    assert [row.kind for row in desk.store.queries.revisions(10)] == ([RevisionKind.REVISED] if changed else [])


def test_an_index_leads_to_articles(desk):
    today = f"<sitemap><loc>{CHILD}</loc><lastmod>{desk.clock.now.isoformat()}</lastmod></sitemap>"
    index = f"<?xml version='1.0'?><sitemapindex {SPACES}>{today}</sitemapindex>"
    desk.network.answers = {FEED: index, CHILD: urlset((PAGE, desk.clock.now, "Quake")), PAGE: page(12)}
    for _ in range(3):
        desk.cycle()
    assert desk.network.asked == [FEED, CHILD, PAGE]
    assert (desk.census().articles, desk.census().versions) == (1, 1)


def test_of_a_plain_sitemap_only_what_changed_lately_is_news(desk):
    now = desk.clock.now
    listed = [(f"https://tamar.example/archive/{n}", now.replace(year=2020), None) for n in range(50)]
    desk.network.answers = {FEED: urlset((PAGE, now, None), *listed), PAGE: page(12)}
    desk.cycle()
    assert desk.census().articles == 1
    assert desk.census().tallies["entry"] == {"new": 1, "dropped": 50}


def test_a_plain_sitemap_whose_dates_are_those_of_its_making_says_nothing(desk):
    now = desk.clock.now
    desk.network.answers = {FEED: urlset(*((f"https://tamar.example/{n}", now, None) for n in range(50)))}
    desk.cycle()
    assert desk.census().articles == 0
    assert desk.census().tallies["entry"] == {"dropped": 50}
