"""The journey of a discovery: a few polite requests to one site, to find out where its feeds are.

The robots.txt of each site that anything is asked of first, then the home page, then what these two announce, and only
if that is nothing the places where feeds mostly are, up to the first that is one. One request at a time, with the gap
in between, each with its host borrowed from the lanes of visits: nobody else asks it meanwhile, and what was asked for
within the floor is not asked for again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from worker.core import discovery, robots, urls
from worker.core import feeds as feeds_
from worker.core import outcome as outcomes
from worker.core.discovery import Home
from worker.errors import InputError
from worker.model import FeedVerdict, Standing, Validators

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from worker.core.discovery import Candidate
    from worker.model import Feed, Lease, Reply
    from worker.ports import Fetcher

    Parse = Callable[..., Any]  # calls a function of a module where it can be killed; None when that was needed

ACCEPT_HOME = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
ACCEPT_ROBOTS = "text/plain, */*;q=0.1"
ACCEPT_FEED = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.8, "
    "application/gzip;q=0.5, */*;q=0.1"
)


LONGEST_DELAY = 60.0  # seconds; somebody waits for the command
PATIENCE = 30.0  # seconds for a host that is being visited


class Lanes(Protocol):
    """Lends hosts, each for one request."""

    def borrow(self, url: str) -> Lease | float:
        """The lease of a URL's host, or after how many seconds it, or the URL, may be asked for again."""

    def give_back(self, lease: Lease, gap: float) -> None:
        """Give the host back, not to be asked for so many seconds."""


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that was asked for and read."""

    url: str
    how: str
    feed: Feed


@dataclass(slots=True)
class Discovery:
    """What there is to say of a site."""

    url: str  # of its home page, after redirects
    home: Home
    feeds: list[Found] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)  # a line for each candidate, with the reason


@dataclass(frozen=True, slots=True)
class _Site:
    """What a site's robots.txt says."""

    address: str
    rules: robots.Rules
    text: str = ""
    closed: str = ""  # why nothing is asked there


@dataclass(slots=True)
class _Asker:
    """Asks one thing after the other, and keeps to each site's robots.txt and to the gap."""

    fetcher: Fetcher
    gap: float  # seconds
    say: Callable[[str], None]
    pause: Callable[[float], Any]
    lanes: Lanes | None
    sites: dict[str, _Site] = field(default_factory=dict)  # by the address of their robots.txt
    asked: int = 0

    async def site(self, url: str) -> _Site:
        """The site of a URL, whose robots.txt is asked for before anything else there."""
        address = robots.url_of(url)
        if address not in self.sites:
            self.sites[address] = await self._read_robots(address)
        return self.sites[address]

    async def _read_robots(self, address: str) -> _Site:
        """One that cannot be had allows nothing (RFC 9309, 2.3.1.4)."""
        reply = await self._get(address, ACCEPT_ROBOTS, first=robots.LARGEST)
        standing = robots.first_standing(reply)
        if standing is Standing.UNREACHABLE:
            closed = f"{address}: {_why(reply)}; without its word nothing else is asked there"
            return _Site(address, robots.read(""), closed=closed)
        text = robots.text_of(reply) if standing is Standing.RULES else ""
        return _Site(address, robots.read(text), text)

    async def admitted(self, url: str) -> None:
        """Raises InputError for what its site does not want to be asked for."""
        site = await self.site(url)
        if site.closed:
            raise InputError(site.closed)
        if not site.rules.allows(url):
            raise InputError("robots.txt does not allow it")

    async def get(self, url: str, accept: str) -> Reply:
        """Ask for what may be asked for. Raises InputError for the rest, and for what was asked for just now."""
        await self.admitted(url)
        return await self._get(url, accept, allowed=self._allows)

    def _allows(self, url: str) -> bool:
        """Of redirects: what no known robots.txt speaks against."""
        site = self.sites.get(robots.url_of(url))
        return site is None or (not site.closed and site.rules.allows(url))

    def _gap(self, url: str) -> float:
        """Seconds between two requests."""
        site = self.sites.get(robots.url_of(url))
        return max(self.gap, min(site.rules.delay, LONGEST_DELAY) if site else 0.0)

    async def _get(self, url: str, accept: str, **how: Any) -> Reply:
        if self.asked:
            await self.pause(self._gap(url))
        self.asked += 1
        self.say(url)
        if self.lanes is None:
            return await self.fetcher.get(url, Validators(), accept=accept, **how)
        lease = await self._borrow(url, self.lanes)
        try:
            return await self.fetcher.get(url, Validators(), accept=accept, **how)
        finally:
            self.lanes.give_back(lease, self._gap(url))

    async def _borrow(self, url: str, lanes: Lanes) -> Lease:
        """The host of a URL, when it is free soon."""
        waited = 0.0
        while isinstance(lease := lanes.borrow(url), float):
            if waited + lease > PATIENCE:
                raise InputError(f"it or its host was asked just now; it may be again in {lease:.0f} s")
            waited += lease
            await self.pause(lease)
        return lease


async def discover(
    url: str,
    fetcher: Fetcher,
    parse: Parse,
    *,
    gap: float,
    say: Callable[[str], None] = lambda _: None,
    pause: Callable[[float], Any] = asyncio.sleep,
    lanes: Lanes | None = None,
) -> Discovery:
    """Find the feeds of the site whose home page, or one feed of which, is `url`, with few requests.

    At most `discovery.MOST` of what is announced and the well-known places, the page and what it sends browsers on to,
    and the robots.txt of each site of these. Raises InputError when the page cannot be had, robots.txt does not want us
    there, or it was asked just now.
    """
    if urls.parse(url) is None:
        raise InputError(f"{url!r} is no http or https address that can be visited{_meant(url)}")
    asker = _Asker(fetcher, gap, say, pause, lanes)
    reply = await _home(asker, url)
    given = parse(_parse_feed, reply.body, dict(reply.headers), reply.url)
    if given is not None and given.verdict is FeedVerdict.FEED:
        return _given(url, given)
    home = _read(parse, reply)
    if home.leads_to and not home.candidates:
        reply = await _home(asker, home.leads_to)
        home = _read(parse, reply)
    site = await asker.site(reply.url)
    found = Discovery(reply.url, home)
    announced = discovery.sitemaps(site.text, reply.url)
    await _ask(asker, parse, [*home.candidates, *announced][: discovery.MOST], found)
    if not found.feeds:
        await _ask(asker, parse, discovery.well_known(reply.url), found, enough=1)
    kept = set(discovery.distinct((f.url, f.feed) for f in found.feeds))
    found.passed_over += [f"{f.url}: lists what a feed before it does" for f in found.feeds if f.url not in kept]
    found.feeds = [f for f in found.feeds if f.url in kept]
    return found


def _meant(url: str) -> str:
    """A host name alone, as people write it."""
    return "" if "://" in url or urls.parse(f"https://{url}") is None else f"; did you mean https://{url}?"


def _given(url: str, feed: Feed) -> Discovery:
    """The address is that of a feed itself."""
    address = urls.parse(url)
    home = f"{address.scheme}://{address.authority}/" if address else url
    name = " ".join((feed.title or "").split())
    return Discovery(home, Home(name, feed.language, ()), [Found(url, "as given", feed)])


async def _home(asker: _Asker, url: str) -> Reply:
    """The page, and the word of the site that it turned out to be on."""
    try:
        reply = await asker.get(url, ACCEPT_HOME)
        await asker.admitted(reply.url)
    except InputError as error:
        raise InputError(f"{url}: {error}") from error
    if reply.fault is not None or reply.status != outcomes.OK or outcomes.challenged(reply):
        raise InputError(f"{url}: {_why(reply)}")
    return reply


def _read(parse: Parse, reply: Reply) -> Home:
    home: Home | None = parse(discovery.read_home, reply.body, dict(reply.headers), reply.url)
    if home is None:
        raise InputError(f"{reply.url}: the page could not be read in time")
    return home


async def _ask(
    asker: _Asker, parse: Parse, candidates: Iterable[Candidate], found: Discovery, enough: int = discovery.MOST
) -> None:
    """Ask for candidates, each once, until enough of them are feeds."""
    known = {f.url for f in found.feeds}
    for candidate in candidates:
        if candidate.url in known:
            continue
        known.add(candidate.url)
        feed = await _feed(asker, parse, candidate)
        if isinstance(feed, str):
            found.passed_over.append(f"{candidate.url}: {feed}")
        else:
            found.feeds.append(Found(candidate.url, candidate.how, feed))
        if len(found.feeds) >= enough:
            return


async def _feed(asker: _Asker, parse: Parse, candidate: Candidate) -> Feed | str:
    """The feed, or why it is none worth having."""
    try:
        reply = await asker.get(candidate.url, ACCEPT_FEED)
    except InputError as error:
        return str(error)
    if reply.fault is not None or reply.status != outcomes.OK:
        return _why(reply)
    feed = parse(_parse_feed, reply.body, dict(reply.headers), reply.url)
    if feed is None:
        return "could not be read in time"
    if feed.verdict is not FeedVerdict.FEED:
        return f"{feed.verdict.value.replace('_', ' ')}: {feed.detail}"
    return feed if discovery.worth_having(feed, candidate.url) else "empty, or of readers' comments"


def _parse_feed(body: bytes, headers: dict[str, str], url: str) -> Feed:
    return feeds_.parse(body, headers=headers, url=url)


def _why(reply: Reply) -> str:
    if reply.fault is not None:
        return f"{reply.fault.value}: {reply.detail}"
    if outcomes.challenged(reply):
        return "a challenge by a protection service"
    return f"HTTP {reply.status}"
