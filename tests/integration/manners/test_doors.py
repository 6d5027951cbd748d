"""Every door to the network is the same gate: what it refuses is not asked for, whoever named it (S1 to S15, S21).

Counted by a canary that listens where nobody may go, twice and after a restart, and not inferred from an error.
"""

import asyncio
import contextlib
import socket
import threading
from datetime import timedelta

import pytest

from tests.harness.commands import invoke
from tests.integration.manners.desk import Desk
from tests.integration.manners.newsroom import Answer, always, rss, turns
from tests.integration.net.stage import AGENT, Names
from worker import discovery
from worker.core import webhooks
from worker.errors import InputError
from worker.model import ChangeKind, Policy, RobotsPolicy
from worker.net import addresses
from worker.net.addresses import AllowNetworks
from worker.net.fetch import Fetcher
from worker.pipeline import delivering, visiting

BIRD = "127.0.0.2"
NAMES = Names(
    daily_example=["127.0.0.1"], weekly_example=["127.0.0.1"], inner_example=[BIRD], mixed_example=[BIRD, "::1"]
)
# S1, S4, S5, S6, S8, S9, S10, S11, S12, S13: in spellings that can be written where an address is expected.
PARSED = ("http://127.0.0.2:{port}/", "http://[::ffff:127.0.0.2]:{port}/", "http://inner.example:{port}/",
          "http://mixed.example:{port}/", "http://[64:ff9b::7f00:2]:{port}/", "http://[fe80::1]:{port}/")  # fmt: skip
UNREADABLE = ("http://2130706434:{port}/", "http://0x7f.2:{port}/", "http://public@127.0.0.2:{port}/",
              "http://127。0。0。2:{port}/", "http://127.0.0.2:{port}\\@daily.example/", "http:///127.0.0.2:{port}/",
              "file:///etc/passwd", "ftp://127.0.0.2:{port}/", "http://[fe80::1%25lo]:{port}/")  # fmt: skip
SECRET = webhooks.new_secret(bytes(32))
OPEN = Policy(min_gap_seconds=15.0, robots=RobotsPolicy.IGNORE)


class Canary:
    """Counts who connects."""

    def __init__(self):
        self.listener = socket.create_server((BIRD, 0))
        self.port = self.listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        with contextlib.suppress(OSError):
            while True:
                self.listener.accept()[0].close()
                self.connections += 1

    def bad(self, *spellings):
        return [spelling.format(port=self.port) for spelling in spellings]


@pytest.fixture
def bird(monkeypatch):
    """Its port is one of the web, so that only the address can be what is refused."""
    canary = Canary()
    monkeypatch.setattr(addresses, "WEB_PORTS", frozenset({80, 443, canary.port}))
    yield canary
    canary.listener.shutdown(socket.SHUT_RDWR)
    canary.listener.close()


def gate(room):
    return Fetcher(user_agent=AGENT, allow=AllowNetworks.parse(f"127.0.0.1/32:{room.port}"), resolver=NAMES)


class Doors(Desk):
    """A desk whose names may lead inside."""

    async def _visit(self, leases, captured):
        async with gate(self.room) as fetcher:
            await visiting.visit(leases, self.world, fetcher, captured.append)

    def days(self):
        """A day, a restart, and another day."""
        self.run(hours=24)
        self.restart()
        self.run(hours=24)


@pytest.fixture
def desk(room, tmp_path, _sqlite_files):
    opened = []
    with _sqlite_files.fresh(tmp_path) as url:

        def open_desk(*feeds, policy=OPEN):
            opened.append(Doors(url, room, feeds, policy=policy))
            return opened[-1]

        yield open_desk
        for each in opened:
            each.store.close()


def outcomes(desk):
    return set(desk.store.queries.census().tallies["visit"])


def test_the_canary_hears_who_comes(bird):
    socket.create_connection((BIRD, bird.port)).close()
    for _ in range(100):
        if bird.connections:
            break
        threading.Event().wait(0.01)
    assert bird.connections == 1


def test_feeds(bird, room, desk):
    room.pages["/feed"] = always(rss())  # or it would be our own outage, which is charged to nobody
    here = desk(room.url("/feed"), *bird.bad(*PARSED))
    here.days()
    assert (bird.connections, outcomes(here)) == (0, {"fresh", "same", "refused"})
    assert here.store.queries.tally("visit", "refused") >= 2 * len(PARSED)
    assert len(here.store.queries.ailing_feeds()) == len(PARSED)


@pytest.mark.parametrize("url", UNREADABLE)
def test_feeds_that_cannot_be_configured(url, bird, desk):
    with pytest.raises(ValueError, match="not a URL that can be visited"):
        desk(url.format(port=bird.port))
    assert bird.connections == 0


def test_pages(bird, room, desk):
    room.pages["/feed"] = always(rss(*bird.bad(*PARSED, *UNREADABLE)))
    here = desk(room.url("/feed"))
    here.days()
    assert bird.connections == 0
    assert {r.target for r in room.log} == {"/feed"}
    assert here.store.queries.tally("visit", "refused") >= 2 * len(PARSED)


def test_robots_txt(bird, room, desk):
    """Of a bad host it is what would be asked for first."""
    room.pages["/feed"] = always(rss(*bird.bad(*PARSED)))
    here = desk(room.url("/feed"), policy=Policy(min_gap_seconds=15.0))
    here.days()
    assert bird.connections == 0
    assert here.store.queries.tally("robots", "refused") >= len(PARSED)


def led_astray(bird):
    """Redirects of every kind to where nobody may go."""
    places = bird.bad(PARSED[0], PARSED[2], UNREADABLE[2], "//127.0.0.2:{port}/x", "javascript:alert(1)")
    return [Answer(b"", status, (("Location", to),)) for status in (301, 302, 303, 307, 308) for to in places]


def test_redirects_of_feeds_and_pages(bird, room, desk):
    """S14, S15: a refusal at the hop, whatever was asked for."""
    astray = led_astray(bird)
    room.pages |= {f"/{kind}{n}": always(answer) for kind in ("feed", "page") for n, answer in enumerate(astray)}
    room.pages["/feed"] = always(rss(*(room.url(f"/page{n}") for n in range(len(astray)))))
    here = desk(*(room.url(f"/feed{n}") for n in ("", *range(len(astray)))))
    here.run(hours=2)
    here.restart()
    here.run(hours=8)
    assert bird.connections == 0
    assert all(len(room.requests(target)) >= 2 for target in room.pages)
    assert here.store.queries.tally("visit", "refused") >= 4 * len(astray)


def test_redirects_of_robots_txt(bird, room, desk):
    room.pages |= {"/feed": always(rss()), "/robots.txt": turns(*led_astray(bird))}
    desk(room.url("/feed"), policy=Policy(min_gap_seconds=15.0)).run(hours=24 * 7)
    assert bird.connections == 0
    assert len(room.requests("/robots.txt")) >= 3


def test_sitemaps_of_an_index(bird, room, desk):
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in bird.bad(*PARSED))
    room.pages["/index.xml"] = always(Answer(f"<sitemapindex>{entries}</sitemapindex>".encode(), type="text/xml"))
    here = desk(room.url("/index.xml"))
    here.days()
    assert (bird.connections, {r.target for r in room.log}) == (0, {"/index.xml"})


# --- webhooks --------------------------------------------------------------------------------------------------


def told(desk, *urls):
    """A desk with something to tell, and endpoints there: twice, and once more after a restart."""
    for url in urls:
        desk.store.endpoints.add(url, tuple(ChangeKind), SECRET, desk.clock())
    desk.tick()
    desk.store.changes.sequence()
    assert desk.store.changes.after(0, 1)
    for wait in (6, 360, 0):
        asyncio.run(deliver(desk))
        desk.clock.time += timedelta(seconds=wait)
        if wait > 6:
            desk.restart()
    return desk.store.queries.census().tallies["delivery"]


async def deliver(desk):
    leases = desk.store.webhooks.lease(desk.clock(), desk.clock() + desk.world.lease, 50)
    async with gate(desk.room) as sender:
        await delivering.deliver(leases, desk.world, sender, "https://figures.example")


def test_webhooks(bird, room, desk):
    """Whatever got into the database by whichever way: the gate looks at each attempt."""
    room.pages["/feed"] = always(rss(room.url("/page")))
    bad = bird.bad(*PARSED, *UNREADABLE)
    assert told(desk(room.url("/feed")), *bad) == {"refused": 3 * len(bad)}
    assert bird.connections == 0


def test_webhooks_led_astray(bird, room, desk):
    astray = led_astray(bird)[::6]  # each status once, each place once
    room.pages |= {f"/hook{n}": always(answer) for n, answer in enumerate(astray)}
    room.pages["/feed"] = always(rss(room.url("/page")))
    came = told(desk(room.url("/feed")), *(room.url(f"/hook{n}") for n in range(len(astray))))
    assert (bird.connections, came) == (0, {"redirected": 3 * len(astray)})
    assert {len(room.requests(f"/hook{n}")) for n in range(len(astray))} == {3}
    assert {request.method for request in room.log if request.target.startswith("/hook")} == {"POST"}


@pytest.mark.parametrize("url", UNREADABLE)
def test_webhooks_that_cannot_be_added(url, bird, tmp_path, monkeypatch):
    monkeypatch.setenv("FIGUREWATCH_DATA_DIR", str(tmp_path))
    with pytest.raises(InputError, match="not a URL that can be asked"):
        invoke("webhooks", "add", url.format(port=bird.port))
    assert bird.connections == 0


def test_the_test_event_of_a_webhook(bird, room, desk, tmp_path, monkeypatch):
    """S21: the button that tries one is no other way out."""
    here = desk(room.url("/feed"))
    monkeypatch.setenv("FIGUREWATCH_DATABASE_URL", here.url)
    monkeypatch.setenv("FIGUREWATCH_ALLOW_NETWORKS", f"127.0.0.1/32:{room.port}")
    room.pages["/hook"] = always(Answer(b"", 302, (("Location", bird.bad(PARSED[0])[0]),)))
    for url in (*bird.bad(PARSED[0], PARSED[1], UNREADABLE[2]), room.url("/hook", "127.0.0.1")):
        endpoint_id = here.store.endpoints.add(url, tuple(ChangeKind), SECRET, here.clock())
        assert invoke("webhooks", "test", str(endpoint_id)).exit_code == 1
    assert (bird.connections, len(room.requests("/hook"))) == (0, 1)


# --- doors without a database ------------------------------------------------------------------------------


def discover(room, url):
    async def run():
        async def no_pause(_seconds):
            pass

        async with gate(room) as fetcher:
            return await discovery.discover(url, fetcher, lambda work, *given: work(*given), gap=0, pause=no_pause)

    return asyncio.run(run())


@pytest.mark.parametrize("url", [*PARSED, *UNREADABLE])
def test_discovery_of_a_bad_home_page(url, bird, room):
    for _ in range(2):
        with pytest.raises(InputError):
            discover(room, url.format(port=bird.port))
    assert bird.connections == 0


def test_discovery_led_astray(bird, room):
    """By the home page's links, by robots.txt, and by redirects of both and of what they announce."""
    bad = bird.bad(*PARSED, *UNREADABLE)
    links = "".join(f"<link rel='alternate' type='application/rss+xml' href='{url}'>" for url in [*bad, "/hop"])
    room.pages["/"] = always(Answer(f"<html><head><title>Daily</title>{links}</head></html>".encode()))
    room.pages["/robots.txt"] = always(Answer("\n".join(f"Sitemap: {url}" for url in bad).encode(), type="text/plain"))
    room.pages["/hop"] = always(Answer(b"", 302, (("Location", bad[0]),)))
    found = discover(room, room.url("/"))
    assert (bird.connections, found.feeds) == (0, [])
    assert len(room.requests("/hop")) == 1
    for target in ("/", "/robots.txt"):
        room.pages[target] = room.pages["/hop"]
        with pytest.raises(InputError):
            discover(room, room.url("/"))
    assert bird.connections == 0


def test_import_of_opml(bird, tmp_path):
    """Nothing is visited; what an address alone tells is left out, and names are looked at when they are visited."""
    outlines = "".join(f"<outline type='rss' text='x' xmlUrl='{url}'/>" for url in bird.bad(*PARSED, *UNREADABLE))
    listed = tmp_path / "list.opml"
    listed.write_text(f"<opml version='2.0'><body>{outlines}</body></opml>", encoding="utf-8")
    into = tmp_path / "outlets.toml"
    for _ in range(2):
        done = invoke("outlets", "import", str(listed), "--into", str(into))
        assert done.exit_code == 1
        assert done.stderr.count("left out") == len(PARSED) + len(UNREADABLE) - 2
    assert bird.connections == 0
    assert "127.0.0.2" not in into.read_text()
