"""Asks one URL once, or brings it something, under one deadline; whatever goes wrong is a value."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import aiohttp
from yarl import URL

from worker.core import urls
from worker.model import Fault, Hop, Reply, Validators
from worker.net import body, faults
from worker.net.addresses import NOTHING, refusal_unresolved
from worker.net.body import Arrival, Caps
from worker.net.faults import FetchError
from worker.net.gate import PatientResolver, guarded_sockets, sockets_to_proxy

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Coroutine, Mapping
    from contextlib import AbstractAsyncContextManager
    from types import TracebackType

    from aiohappyeyeballs import SocketFactoryType
    from aiohttp.abc import AbstractResolver
    from multidict import CIMultiDictProxy

    from worker.core.urls import Address
    from worker.net.addresses import AllowNetworks

_OK = 200
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# Twice to four times aiohttp's own limits: newsrooms send Content-Security-Policy and Link headers over 8 KB.
_LONGEST_LINE = 16_384
_LONGEST_FIELD = 32_768
_MOST_HEADERS = 200
_NOT_UTF8 = re.compile("[\udc80-\udcff]")  # how aiohttp shows such bytes of a header (PEP 383)
# Seconds that an idle connection is kept: less than servers do (Apache 5, node 5, nginx 75), so that none is used that
# its server is about to close.
_KEPT = 4.0
_DNS_MEMORY = 60  # seconds; safe, since the gate looks at the address of every connect


def _anything(_url: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost. Durations are seconds, sizes bytes."""

    total_seconds: float = 30.0  # redirects, headers and body together, however slowly they drip
    connect_seconds: float = 8.0  # DNS, and each of the addresses of a name, apart
    max_wire_bytes: int = 5_000_000
    max_decoded_bytes: int = 15_000_000
    max_hops: int = 5  # redirects followed


@dataclass(slots=True)
class _Exchange:
    """What is known so far, whether or not the rest arrives."""

    url: str
    caps: Caps
    allowed: Callable[[str], bool]
    hops: list[Hop] = field(default_factory=list)
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    arrival: Arrival = field(default_factory=Arrival)
    body: bytes = b""
    whole: bool = True

    def answered(self, response: aiohttp.ClientResponse) -> None:
        """Keep the head of an answer."""
        self.status = response.status
        self.headers = _plain(response.headers)

    def reply(self, seconds: float, fault: Fault | None = None, detail: str = "") -> Reply:
        """The value that is handed back."""
        return Reply(
            url=self.url,
            status=self.status,
            headers=self.headers,
            body=self.body,
            fault=fault,
            detail=detail,
            whole=self.whole,
            hops=tuple(self.hops),
            wire_bytes=self.arrival.wire_bytes,
            seconds=seconds,
        )


class Fetcher:
    """The one way out, to be entered with `async with`, within one event loop.

    Sends no cookies, no referrer, no credentials, takes no proxy from the environment, and keeps connections open for
    requests to the same host name only.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        limits: Limits | None = None,
        allow: AllowNetworks = NOTHING,
        resolver: AbstractResolver | None = None,  # closed with this; None: the system's, without its thread pool
        tls: ssl.SSLContext | None = None,  # None: the system's authorities
        proxy: str | None = None,  # URL of an HTTP proxy that all requests go through
    ) -> None:
        """Raises ValueError for a User-Agent that is no header value, and for a proxy that is no http URL."""
        if not user_agent.isprintable() or not user_agent.isascii():
            raise ValueError(f"{user_agent!r} cannot be sent as User-Agent")
        self._limits = limits or Limits()
        self._allow = allow
        self._user_agent = user_agent
        self._resolver = resolver
        self._tls = tls
        self._proxy = URL(proxy) if proxy else None
        if self._proxy is not None and (self._proxy.scheme not in {"http", "https"} or not self._proxy.host):
            raise ValueError("the proxy must be an http or https URL with a host")
        self._client: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._resolver = self._resolver or aiohttp.DefaultResolver()
        self._client = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                socket_factory=self._sockets(),
                resolver=PatientResolver(self._resolver, self._limits.connect_seconds),
                ttl_dns_cache=_DNS_MEMORY,
                keepalive_timeout=_KEPT,
                ssl=self._tls or True,
                limit=0,  # lanes bound what runs at once
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._limits.connect_seconds),
            auto_decompress=False,
            trust_env=False,
            max_line_size=_LONGEST_LINE,
            max_field_size=_LONGEST_FIELD,
            max_headers=_MOST_HEADERS,
        )
        # aiohttp asks again at once when a kept connection ends without an answer: a second request that no gap, no
        # budget and no log knows of. It has no other switch for that than the one its own test client uses.
        self._client._retry_connection = False  # noqa: SLF001
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None
        if self._resolver is not None:
            await self._resolver.close()
            self._resolver = None

    def _sockets(self) -> SocketFactoryType:
        if self._proxy is None:
            return guarded_sockets(self._allow)
        return sockets_to_proxy(self._proxy.port or 0)

    async def get(
        self,
        url: str,
        validators: Validators,
        *,
        accept: str,
        allowed: Callable[[str], bool] = _anything,
        first: int | None = None,
    ) -> Reply:
        """Conditional GET, redirects included, under a total deadline and byte caps; raises nothing but cancellation.

        Validators are sent verbatim, and only to `url`, which they belong to. The body is read for status 200 only; of
        a larger one than `first` bytes these alone. A redirect to what is not `allowed` is not followed.
        """
        wire, decoded = self._limits.max_wire_bytes, self._limits.max_decoded_bytes
        caps = Caps(
            wire, decoded if first is None else first, cut=first is not None, files="application/gzip" in accept
        )
        exchange = _Exchange(url, caps, allowed)
        return await self._replied(exchange, self._follow(exchange, validators, accept))

    async def post(self, url: str, content: bytes, headers: Mapping[str, str], *, first: int) -> Reply:
        """POST under the same gate and deadline; raises nothing but cancellation.

        No redirect is followed: it is the answer. The reply's body is read whatever its status and type, undecoded, its
        first bytes alone; one that ends before it is whole is a fault.
        """
        exchange = _Exchange(url, Caps(first, first, cut=True), _anything)
        return await self._replied(exchange, self._send(exchange, content, headers))

    async def _replied(self, exchange: _Exchange, work: Coroutine[Any, Any, None]) -> Reply:
        """What an exchange brings within the deadline; whatever goes wrong is a value."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        fault, detail = None, ""
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                await work
        except FetchError as error:
            fault, detail = error.fault, error.detail
        except aiohttp.ClientError as error:
            fault, detail = faults.of_client(error, status_read=exchange.status is not None)
        except TimeoutError:
            fault, detail = Fault.TIMEOUT, f"not done in {self._limits.total_seconds:g} s"
        return exchange.reply(loop.time() - started, fault, detail)

    async def _follow(self, exchange: _Exchange, validators: Validators, accept: str) -> None:
        """Ask, and ask again where a redirect leads."""
        address: Address | None = _parsed(exchange)
        headers = {"Accept": accept, **_conditional(validators)}
        while address is not None:
            address = await self._ask(address, headers, exchange)
            headers = {"Accept": accept}

    async def _send(self, exchange: _Exchange, content: bytes, headers: Mapping[str, str]) -> None:
        """One request that brings something."""
        async with self._request("POST", _parsed(exchange), headers, content) as response:
            exchange.answered(response)
            exchange.body = await body.beginning(response, exchange.caps.wire, exchange.arrival)

    def _request(
        self, method: str, address: Address, headers: Mapping[str, str], content: bytes | None = None
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """One request through the gate; redirects are for the caller to look at. Raises FetchError."""
        if self._client is None:
            raise RuntimeError("a Fetcher is used inside `async with`")
        # `encoded`: what the strict parser made of the URL is sent as it is.
        target = URL(str(address), encoded=True)
        if self._proxy is not None and (why := refusal_unresolved(address.host, address.port, self._allow)):
            raise FetchError(Fault.REFUSED, why)
        return self._client.request(
            method, target, headers=headers, data=content, allow_redirects=False, proxy=self._proxy
        )

    async def _ask(self, address: Address, headers: Mapping[str, str], exchange: _Exchange) -> Address | None:
        """One request; where to ask next, None when the exchange holds the answer."""
        exchange.status = None
        async with self._request("GET", address, headers) as response:
            exchange.answered(response)
            try:
                if response.status in _REDIRECTS:
                    return self._next(address, response.headers.get("Location", ""), exchange)
                if response.status == _OK:
                    exchange.body, exchange.whole = await body.read(response, exchange.caps, exchange.arrival)
            except FetchError:
                response.close()  # what is still on its way is not wanted
                raise
        return None

    def _next(self, address: Address, location: str, exchange: _Exchange) -> Address:
        """Where a redirect leads, kept as a hop. Raises FetchError when it is not to be followed."""
        if not location:
            raise FetchError(Fault.REDIRECTS, "a redirect without a location")
        target = urls.parse(_NOT_UTF8.sub(_escaped, location), str(address))
        if target is None:
            raise FetchError(Fault.REFUSED, f"a redirect to {location[:200]!a}")
        if (address.scheme, target.scheme) == ("https", "http"):
            raise FetchError(Fault.REFUSED, f"a redirect from https down to {str(target)[:200]}")
        if not exchange.allowed(str(target)):
            raise FetchError(Fault.ROBOTS, f"a redirect to {str(target)[:200]}, which robots.txt disallows")
        if len(exchange.hops) == self._limits.max_hops:
            raise FetchError(Fault.REDIRECTS, f"more than {self._limits.max_hops} redirects")
        exchange.hops.append(Hop(exchange.status or 0, str(address), str(target)))
        if str(target) in {hop.url for hop in exchange.hops}:
            raise FetchError(Fault.REDIRECTS, f"a redirect back to {str(target)[:200]}")
        exchange.url = str(target)
        return target


def _parsed(exchange: _Exchange) -> Address:
    """The URL of an exchange as the strict parser reads it. Raises FetchError."""
    address = urls.parse(exchange.url)
    if address is None:
        raise FetchError(Fault.REFUSED, "not a URL that can be visited")
    exchange.url = str(address)
    return address


def _escaped(byte: re.Match[str]) -> str:
    """A byte of a Location as browsers request it."""
    return f"%{ord(byte[0]) - 0xDC00:02X}"


def _conditional(validators: Validators) -> dict[str, str]:
    """Both validators, byte for byte as they were given (RFC 9110, 13.1)."""
    headers = {}
    if validators.etag is not None:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified is not None:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def _plain(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    """Names in lower case, values of one name joined (RFC 9110, 5.3), bytes that are not UTF-8 replaced; no cookies."""
    plain: dict[str, str] = {}
    for name, value in headers.items():
        lower = name.lower()
        if lower != "set-cookie":
            text = value if value.isascii() else value.encode(errors="surrogateescape").decode(errors="replace")
            plain[lower] = f"{plain[lower]}, {text}" if lower in plain else text
    return plain
