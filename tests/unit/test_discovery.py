"""Discovery: what is asked for, in which order, how politely, and what comes of it."""

import asyncio

import pytest

from worker import discovery
from worker.cli.child import Child
from worker.core import discovery as said
from worker.errors import InputError
from worker.model import Fault, Lease, Reply

HOME = "https://herald.example/en"
ROBOTS = "https://herald.example/robots.txt"
LATEST = "https://herald.example/feeds/latest.xml"


def rss(*paths, title="The Herald", updated=False):
    published = "<pubDate>Mon, 09 Mar 2026 09:00:00 GMT</pubDate>"
    when = f"{published}<updated>2026-03-09T10:00:00Z</updated>" if updated else published
    items = "".join(f"<item><title>{p}</title><link>https://herald.example/{p}</link>{when}</item>" for p in paths)
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


def page(*links, body=""):
    found = "".join(f"<link rel='alternate' type='{kind}' href='{href}'>" for kind, href in links)
    return f"<html lang='en-GB'><head><title>News | The Herald</title>{found}</head><body>{body}</body></html>"


RSS_LINK = ("application/rss+xml", "/feeds/latest.xml")


class Site:
    """Answers by URL: a body, a status or a fault; 404 for everything else."""

    def __init__(self, answers):
        self.answers = answers
        self.asked: list[str] = []
        self.pauses: list[float] = []

    async def get(self, url, validators, *, accept, **_):
        self.asked.append(url)
        answer = self.answers.get(url, 404)
        if isinstance(answer, Reply):
            return answer
        if isinstance(answer, Fault):
            return Reply(url, None, {}, fault=answer, detail="no answer")
        if isinstance(answer, int):
            return Reply(url, answer, {})
        return Reply(url, 200, {}, body=answer.encode())

    async def pause(self, seconds):
        self.pauses.append(seconds)


def here(work, *arguments):
    return work(*arguments)


def discover(answers, url=HOME):
    site = Site(answers)
    return asyncio.run(discovery.discover(url, site, here, gap=2, pause=site.pause)), site


def urls_of(found):
    return [feed.url for feed in found.feeds]


def test_what_the_home_page_announces():
    found, site = discover({HOME: page(RSS_LINK), LATEST: rss("a", "b")})
    assert urls_of(found) == [LATEST]
    assert (found.home.name, found.home.language, found.feeds[0].how) == ("News", "en-GB", "link")
    assert site.asked == [ROBOTS, HOME, LATEST]
    assert site.pauses == [2, 2]


def test_the_usual_places_are_asked_only_when_nothing_was_announced_and_up_to_the_first():
    found, site = discover(
        {HOME: page(), "https://herald.example/rss": rss("a"), "https://herald.example/rss.xml": rss("a")}
    )
    assert urls_of(found) == ["https://herald.example/rss"]
    assert site.asked == [ROBOTS, HOME, "https://herald.example/feed", "https://herald.example/rss"]


def test_sitemaps_of_robots_txt():
    robots = "User-agent: *\nAllow: /\nsitemap: /sitemap.xml\nSitemap: https://herald.example/news.xml\n"
    news = "<urlset><url><loc>https://herald.example/a</loc></url></urlset>"
    found, site = discover({ROBOTS: robots, HOME: page(), "https://herald.example/news.xml": news})
    assert (urls_of(found), found.feeds[0].how) == (["https://herald.example/news.xml"], "robots.txt")
    assert "https://herald.example/sitemap.xml" not in site.asked


def test_one_list_in_two_formats_is_one_feed_unless_the_second_knows_when_it_changed():
    links = page(RSS_LINK, ("application/atom+xml", "/atom"), ("application/feed+json", "/dated"))
    found, _ = discover({
        HOME: links, LATEST: rss("a", "b"), "https://herald.example/atom": rss("b?utm_source=rss", "a"),
        "https://herald.example/dated": rss("a", "b", updated=True),
    })  # fmt: skip
    assert urls_of(found) == [LATEST, "https://herald.example/dated"]
    assert found.passed_over == ["https://herald.example/atom: lists what a feed before it does"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (404, "HTTP 404"),
        (Fault.TIMEOUT, "timeout: no answer"),
        ("<html><body>Log in</body></html>", "not a feed"),
        (rss(), "empty"),
        (rss("a", title="Comments on The Herald"), "comments"),
    ],
)
def test_what_is_passed_over_is_said(answer, reason):
    found, _ = discover({HOME: page(RSS_LINK), LATEST: answer})
    assert found.feeds == []
    assert any(LATEST in line and reason in line for line in found.passed_over)


def test_robots_txt_is_obeyed():
    found, site = discover({ROBOTS: "User-agent: *\nDisallow: /feeds/", HOME: page(RSS_LINK), LATEST: rss("a")})
    assert LATEST not in site.asked
    assert f"{LATEST}: robots.txt does not allow it" in found.passed_over


def test_a_crawl_delay_is_kept():
    _, site = discover({ROBOTS: "User-agent: *\nCrawl-delay: 7", HOME: page(RSS_LINK), LATEST: rss("a")})
    assert site.pauses == [7, 7]


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({ROBOTS: "User-agent: *\nDisallow: /"}, [ROBOTS]),
        ({ROBOTS: Fault.DNS}, [ROBOTS]),
        ({ROBOTS: 503}, [ROBOTS]),
        ({HOME: 403}, [ROBOTS, HOME]),
        ({HOME: Fault.REFUSED}, [ROBOTS, HOME]),
    ],
)
def test_where_it_ends_early(answers, asked):
    site = Site(answers)
    with pytest.raises(InputError, match=r"herald\.example"):
        asyncio.run(discovery.discover(HOME, site, here, gap=2, pause=site.pause))
    assert site.asked == asked


WWW = "https://www.herald.example/"


def test_the_site_that_the_home_page_turns_out_to_be_on_has_a_robots_txt_of_its_own():
    robots = "User-agent: *\nDisallow: /closed\nSitemap: /news.xml"
    home = page(("application/rss+xml", "/closed"), ("application/rss+xml", "https://feeds.example/open"))
    found, site = discover({
        HOME: Reply(WWW, 200, {}, body=home.encode()),
        f"{WWW}robots.txt": robots,
        f"{WWW}news.xml": "<urlset><url><loc>https://www.herald.example/a</loc></url></urlset>",
        "https://feeds.example/open": rss("b"),
    })  # fmt: skip
    assert urls_of(found) == ["https://feeds.example/open", f"{WWW}news.xml"]
    assert found.passed_over == [f"{WWW}closed: robots.txt does not allow it"]
    asked = [ROBOTS, HOME, f"{WWW}robots.txt", "https://feeds.example/robots.txt", "https://feeds.example/open"]
    assert site.asked == [*asked, f"{WWW}news.xml"]


def test_a_home_page_that_led_where_robots_txt_wants_nobody_is_no_use():
    moved = Reply(f"{WWW}en", 200, {}, body=page(RSS_LINK).encode())
    with pytest.raises(InputError, match=r"robots\.txt does not allow it"):
        discover({HOME: moved, f"{WWW}robots.txt": "User-agent: *\nDisallow: /"})


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (404, True),
        (403, True),
        (429, False),
        (Fault.REDIRECTS, True),
        (Fault.MEDIA_TYPE, True),
        (Fault.TIMEOUT, False),
        ("\ufeffUser-agent: *\nDisallow: /", False),
    ],
)
def test_a_robots_txt_means_what_it_means_to_visits(robots, allowed):
    answers = {ROBOTS: robots, HOME: page(RSS_LINK), LATEST: rss("a")}
    if allowed:
        assert urls_of(discover(answers)[0]) == [LATEST]
    else:
        with pytest.raises(InputError):
            discover(answers)


def test_the_address_of_a_feed_is_that_feed():
    found, site = discover({LATEST: rss("a", title="The  Herald")}, LATEST)
    assert (found.url, found.home.name, urls_of(found)) == ("https://herald.example/", "The Herald", [LATEST])
    assert site.asked == [ROBOTS, LATEST]


def test_a_page_that_only_sends_browsers_on_is_followed_once():
    there = "https://herald.example/news"
    on = "<html><head><meta http-equiv='Refresh' content='0; URL=/news'></head></html>"
    found, site = discover({HOME: on, there: page(RSS_LINK), LATEST: rss("a")})
    assert (found.url, urls_of(found)) == (there, [LATEST])
    _, site = discover({HOME: on, there: on})
    assert site.asked[:4] == [ROBOTS, HOME, there, "https://herald.example/feed"]


def test_addresses_are_relative_to_the_base_that_a_page_names():
    home = (
        "<html><head><base href='//static.example/x/'><link rel='alternate' type='text/xml' href='rss'></head></html>"
    )
    read = said.read_home(home.encode(), {}, HOME)
    assert [c.url for c in read.candidates] == ["https://static.example/x/rss"]


def test_feeds_in_a_link_header():
    link = '<https://herald.example/wp-json/>; rel="https://api.w.org/", </a,b.xml>; rel=alternate; type="text/xml", <x'
    read = said.read_home(page().encode(), {"link": link}, HOME)
    assert [c.url for c in read.candidates] == ["https://herald.example/a,b.xml"]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "herald.example", "https://a:b@herald.example/", ""])
def test_what_is_no_address_is_not_asked(url):
    site = Site({})
    with pytest.raises(InputError) as raised:
        asyncio.run(discovery.discover(url, site, here, gap=2))
    assert site.asked == []
    assert ("did you mean https://herald.example?" in str(raised.value)) == (url == "herald.example")


def test_a_page_with_a_thousand_feeds_costs_few_requests():
    links = [("application/rss+xml", f"/feed/{n}") for n in range(1_000)]
    _, site = discover({HOME: page(*links)})
    assert len(site.asked) == 2 + said.MOST + len(said.WELL_KNOWN)


def test_links_that_lead_elsewhere_are_no_candidates():
    home = page(("application/rss+xml", "javascript:alert(1)"), ("text/html", "/en"), ("application/rss+xml", ""))
    read = said.read_home(home.encode(), {}, HOME)
    assert [candidate.url for candidate in read.candidates] == [HOME] or read.candidates == ()


def test_anchors_that_look_like_feeds():
    body = "".join(f"<a href='{path}'>x</a>" for path in ("/rss/", "/feedback", "/world.rdf", "/a/feed"))
    read = said.read_home(page(body=body).encode(), {}, HOME)
    assert [c.url.removeprefix("https://herald.example") for c in read.candidates] == ["/rss/", "/world.rdf", "/a/feed"]


def hang():
    while True:
        pass


def test_a_reader_that_hangs_is_killed_and_the_next_one_works():
    with Child(seconds=1.0) as child:
        assert child.do(hang) is None
        child.seconds = 60.0
        assert child.do(len, "abc") == 3
        assert child.do(int, "abc") is None
        assert child.do(len, "ab") == 2


class Lanes:
    """Says for how long each address is to be waited for, then lends it."""

    def __init__(self, **waits):
        self.waits = waits
        self.lent: list[str] = []
        self.back = 0

    def borrow(self, url):
        wait = self.waits.pop(url.rpartition("/")[2].partition(".")[0], None)
        if wait is not None:
            return float(wait)
        self.lent.append(url)
        return Lease(1, len(self.lent))

    def give_back(self, _lease, gap):
        assert gap == 2
        self.back += 1


def borrowing(answers, lanes):
    site = Site(answers)
    found = discovery.discover(HOME, site, here, gap=2, pause=site.pause, lanes=lanes)
    return asyncio.run(found), site


def test_each_request_borrows_its_host_and_waits_for_it_if_that_is_short():
    lanes = Lanes(en=5)
    found, site = borrowing({HOME: page(RSS_LINK), LATEST: rss("a")}, lanes)
    assert urls_of(found) == [LATEST]
    assert lanes.lent == site.asked == [ROBOTS, HOME, LATEST]
    assert lanes.back == 3
    assert site.pauses == [2, 5, 2]


def test_what_was_asked_for_just_now_is_not_asked_for_again():
    with pytest.raises(InputError, match="may be again in 599 s"):
        borrowing({HOME: page(RSS_LINK)}, Lanes(robots=599))
    found, site = borrowing({HOME: page(RSS_LINK), LATEST: rss("a")}, Lanes(latest=599))
    assert site.asked[:2] == [ROBOTS, HOME]
    assert LATEST not in site.asked
    assert "may be again in 599 s" in found.passed_over[0]
