"""A raw-socket server that says exactly what a test tells it to, and remembers who asked for what."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace

from aiohttp.abc import AbstractResolver, ResolveResult

from worker.model import Reply, Validators
from worker.net.addresses import AllowNetworks
from worker.net.fetch import Fetcher, Limits

AGENT = "Figurewatch/test (+https://example.org)"
QUICK = Limits(total_seconds=0.5, connect_seconds=0.3, max_wire_bytes=200_000, max_decoded_bytes=500_000)
GENEROUS = Limits(max_wire_bytes=200_000, max_decoded_bytes=500_000)
HTML = "text/html, */*;q=0.1"
NONE = Validators()


@dataclass(frozen=True)
class Request:
    """What was asked, as it came over the wire."""

    target: str
    headers: list[tuple[str, str]]
    connection: int  # number of the connection it came over, from 1
    reader: asyncio.StreamReader = field(repr=False, compare=False)
    content: bytes = b""  # of a POST

    def header(self, name: str) -> str | None:
        values = [v for n, v in self.headers if n.lower() == name.lower()]
        assert len(values) <= 1, values
        return values[0] if values else None


Script = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Stage:
    """A running server."""

    scripts: list[Script | bytes]  # one a request; the last one is repeated
    host: str = "127.0.0.1"
    port: int = 0
    connections: int = 0
    requests: list[Request] = field(default_factory=list)
    _serving: set[asyncio.Task[None] | None] = field(default_factory=set)

    def url(self, path: str = "/", host: str | None = None) -> str:
        return f"http://{host or self.host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving.add(asyncio.current_task())
        self.connections += 1
        number = self.connections
        # The client may hang up at any moment, and the end of the block ends whatever still runs.
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while (head := await self._head(reader)) and not writer.is_closing():
                request = await _request(head, number, reader)
                script = self.scripts[min(len(self.requests), len(self.scripts) - 1)]
                self.requests.append(request)
                await (raw(script, close=False) if isinstance(script, bytes) else script)(request, writer)
        writer.close()

    async def stop(self) -> None:
        for task in filter(None, self._serving):
            task.cancel()
        await asyncio.gather(*filter(None, self._serving), return_exceptions=True)

    @staticmethod
    async def _head(reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""


async def _request(head: bytes, connection: int, reader: asyncio.StreamReader) -> Request:
    first, *lines = head.decode("utf-8", "surrogateescape").strip().split("\r\n")
    method, target, version = first.split(" ")
    assert version == "HTTP/1.1"
    headers = [(n, v.strip()) for n, _, v in (line.partition(":") for line in lines)]
    asked = Request(target, headers, connection, reader)
    if method == "GET":
        return asked
    assert method == "POST"
    return replace(asked, content=await reader.readexactly(int(asked.header("Content-Length") or 0)))


@contextlib.asynccontextmanager
async def stage(*scripts: Script | bytes, host: str = "127.0.0.1", port: int = 0, tls=None) -> AsyncIterator[Stage]:
    """Serve scripts on a loopback address until the end of the block."""
    played = Stage(list(scripts), host)
    server = await asyncio.start_server(played.serve, host, port, ssl=tls)
    played.port = server.sockets[0].getsockname()[1]
    try:
        yield played
    finally:
        server.close()
        await played.stop()


class Names(AbstractResolver):
    """DNS as a test has it: addresses by name."""

    def __init__(self, **names: list[str]) -> None:
        self.names = {name.replace("_", "."): addresses for name, addresses in names.items()}
        self.asked: list[str] = []

    async def resolve(self, host, port=0, family=socket.AF_INET) -> list[ResolveResult]:
        self.asked.append(host)
        if host not in self.names:
            raise OSError(None, "Domain name not found")
        return [_result(host, ip, port) for ip in self.names[host]]

    async def close(self) -> None:
        pass


def _result(name: str, ip: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    return ResolveResult(hostname=name, host=ip, port=port, family=family, proto=0, flags=0)


def fetcher(*played: Stage, limits: Limits = GENEROUS, **options) -> Fetcher:
    """A fetcher that is let through to these servers."""
    allow = AllowNetworks.parse(",".join(f"{s.host}/32:{s.port}" for s in played))
    return Fetcher(user_agent=AGENT, limits=limits, allow=allow, **options)


def fetch(
    *scripts: Script | bytes, path: str = "/", limits: Limits = GENEROUS, validators: Validators = NONE
) -> tuple[Reply, Stage]:
    """What one request to a server with these scripts brings."""

    async def play() -> tuple[Reply, Stage]:
        async with stage(*scripts) as played, fetcher(played, limits=limits) as client:
            return await client.get(played.url(path), validators, accept=HTML), played

    return asyncio.run(play())


BODY = b"<p>12 people</p>"


def answer(body: bytes = BODY, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A plain HTTP/1.1 answer with a length."""
    size = len(body) if length is None else length
    head = [f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {size}", *headers]
    return "\r\n".join(head).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def moved(location: str, status: int = 302) -> bytes:
    """A redirect."""
    return answer(b"", f"Location: {location}", status=f"{status} Moved")


def raw(*parts: bytes, close: bool = True) -> Script:
    """Write parts, then close."""

    async def play(request: Request, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
        if close:
            writer.close()

    return play


def drip(start: bytes, each: bytes, gap: float = 0.05) -> Script:
    """Write a start, then a few bytes again and again until the client has enough of it."""

    async def play(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while not request.reader.at_eof():
            writer.write(each)
            await writer.drain()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(request.reader.read(1), gap)

    return play


async def silence(request: Request, writer: asyncio.StreamWriter) -> None:
    """Accept, and never answer; ends when the client hangs up."""
    await request.reader.read()
