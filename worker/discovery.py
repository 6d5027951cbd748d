"""The journey of a discovery: a few polite requests to one site, to find out where its feeds are.

robots.txt first, then the home page, then what these two announce, and only if that is nothing the places where feeds
mostly are, up to the first that is one. One request at a time, with the gap in between, each with its host borrowed
from the lanes of visits: nobody else asks it meanwhile, and what was asked for within the floor is not asked for again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from worker.core import discovery, robots, urls
from worker.core import feeds as feeds_
from worker.core import outcome as outcomes
from worker.errors import InputError
from worker.model import FeedVerdict, Validators

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from worker.core.discovery import Candidate, Home
    from worker.model import Feed, Lease, Reply
    from worker.ports import Fetcher

    Parse = Callable[..., Any]  # calls a function of a module where it can be killed; None when that was needed

ACCEPT_HOME = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
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


@dataclass(slots=True)
class _Asker:
    """Asks one thing after the other, and keeps to robots.txt and to the gap."""

    fetcher: Fetcher
    gap: float  # seconds
    say: Callable[[str], None]
    pause: Callable[[float], Any]
    lanes: Lanes | None
    rules: robots.Rules | None = None
    site: str = ""  # whose rules they are
    asked: int = 0

    def allows(self, url: str) -> bool:
        return self.rules is None or robots.url_of(url) != self.site or self.rules.allows(url)

    @property
    def delay(self) -> float:
        """Seconds that the site wants between two requests."""
        return min(self.rules.delay, LONGEST_DELAY) if self.rules else 0.0

    async def get(self, url: str, accept: str) -> Reply:
        if self.asked:
            await self.pause(max(self.gap, self.delay))
        self.asked += 1
        self.say(url)
        if self.lanes is None:
            return await self.fetcher.get(url, Validators(), accept=accept)
        lease = await self._borrow(url, self.lanes)
        try:
            return await self.fetcher.get(url, Validators(), accept=accept)
        finally:
            self.lanes.give_back(lease, max(self.gap, self.delay))

    async def _borrow(self, url: str, lanes: Lanes) -> Lease:
        """The host of a URL, when it is free soon."""
        waited = 0.0
        while isinstance(lease := lanes.borrow(url), float):
            if waited + lease > PATIENCE:
                raise InputError(f"{url}: it or its host was asked just now; it may be again in {lease:.0f} s")
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
    """Find the feeds of the site whose home page is `url`, with at most `discovery.MOST` + 2 requests.

    Raises InputError when the home page cannot be had, robots.txt does not want us there, or it was asked just now.
    """
    if urls.parse(url) is None:
        raise InputError(f"{url!r} is no http or https address that can be visited")
    asker = _Asker(fetcher, gap, say, pause, lanes)
    announced = await _robots(asker, url)
    reply = await _home(asker, url)
    home = parse(discovery.read_home, reply.body, dict(reply.headers), reply.url)
    if home is None:
        raise InputError(f"{reply.url}: the page could not be read in time")
    found = Discovery(reply.url, home)
    await _ask(asker, parse, [*home.candidates, *announced][: discovery.MOST], found)
    if not found.feeds:
        await _ask(asker, parse, discovery.well_known(reply.url), found, enough=1)
    kept = set(discovery.distinct((f.url, f.feed) for f in found.feeds))
    found.passed_over += [f"{f.url}: lists what a feed before it does" for f in found.feeds if f.url not in kept]
    found.feeds = [f for f in found.feeds if f.url in kept]
    return found


async def _robots(asker: _Asker, url: str) -> tuple[Candidate, ...]:
    """What robots.txt announces; its rules hold from here on. One that cannot be had allows nothing (RFC 9309)."""
    address = robots.url_of(url)
    reply = await asker.get(address, "text/plain, */*;q=0.1")
    if reply.fault is not None or (reply.status or 0) >= 500:  # noqa: PLR2004 - server errors
        raise InputError(f"{address}: {_why(reply)}; without its word nothing else is asked there")
    text = reply.body[: robots.LARGEST].decode("utf-8", "replace") if reply.status == outcomes.OK else ""
    asker.rules, asker.site = robots.read(text), address
    return discovery.sitemaps(text, url)


async def _home(asker: _Asker, url: str) -> Reply:
    if not asker.allows(url):
        raise InputError(f"{asker.site} does not allow {url} to be visited")
    reply = await asker.get(url, ACCEPT_HOME)
    if reply.fault is not None or reply.status != outcomes.OK or outcomes.challenged(reply):
        raise InputError(f"{url}: {_why(reply)}")
    return reply


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
    if not asker.allows(candidate.url):
        return "robots.txt does not allow it"
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
