"""Serves sites, each on its own port, and writes every answer into the ledger before its first byte leaves."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING

from aiohttp import web

from worker.newsroom.conditional import not_modified
from worker.newsroom.journal import Journal
from worker.newsroom.ledger import Answer
from worker.newsroom.resource import Asked

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping, Sequence

    from worker.newsroom.ledger import Ledger
    from worker.newsroom.resource import Resource, Site

# What a client may keep open when we are told to stop; answers are small, so one second ends them all.
SHUTDOWN_SECONDS = 1.0


class Newsroom:
    """Sites behind their ports, one clock, one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._journal = Journal(ledger)
        self._started_at = ledger.started_at
        self._visits = count(1)

    async def serve(
        self,
        sites: Sequence[Site],
        sockets: Mapping[str, socket.socket],
        ready: Callable[[], None],
        stop: asyncio.Event,
    ) -> None:
        """Serve until `stop` is set, then finish what is being sent; `ready` is called once all ports answer.

        Raises sqlite3.Error when the ledger cannot be written.
        """
        runners = [await self._open(site, sockets[site.name]) for site in sites]
        ready()
        writing = asyncio.create_task(self._journal.run())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({writing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        await asyncio.gather(*(runner.cleanup() for runner in runners))
        self._journal.close()
        await writing

    async def _open(self, site: Site, listener: socket.socket) -> web.AppRunner:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._answer(site, request)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        return runner

    async def _answer(self, site: Site, request: web.Request) -> web.StreamResponse:
        """Answer one request; how much of it is real HTTP is decided by `_response`, what it says by the site."""
        now = datetime.now(UTC)
        if self._started_at is None:
            self._started_at = self._ledger.start(now)
        asked = Asked(request.path, request.query_string, now, self._started_at, next(self._visits))
        resource = site.resource(asked)
        response, body = _response(request, resource, now)
        request_no = await self._journal.record(_ledger_row(site, request, resource, response.status, now))
        if await _send(request, response, body):
            self._journal.complete(request_no)
        return response


async def _send(request: web.Request, response: web.StreamResponse, body: bytes) -> bool:
    """Send an answer; True when the operating system took all of it while the client was still there."""
    transport = request.transport
    if transport is None:
        return False
    # Any byte that the system does not take at once makes `write_eof` wait, until it has been taken or the
    # client has gone; of the latter aiohttp says nothing when the connection was closed in order.
    transport.set_write_buffer_limits(high=0)
    await response.prepare(request)
    await response.write_eof(body)
    return not transport.is_closing()


def _response(request: web.Request, resource: Resource, now: datetime) -> tuple[web.StreamResponse, bytes]:
    """Status and headers of an answer, and the bytes to send behind them."""
    if request.method not in ("GET", "HEAD"):
        return web.StreamResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET, HEAD"}), b""
    coded = resource.gzip and "gzip" in request.headers.get("Accept-Encoding", "")
    # Two codings are two representations, and a strong tag names one (RFC 9110, 8.8.3.3).
    etag = f'{resource.etag[:-1]}-gzip"' if resource.etag and coded else resource.etag
    headers = _validators(etag, resource.last_modified) | {"Date": format_datetime(now, usegmt=True)}
    if resource.gzip:
        headers["Vary"] = "Accept-Encoding"
    asked = request.headers
    if not_modified(asked.get("If-None-Match"), asked.get("If-Modified-Since"), etag, resource.last_modified):
        return web.StreamResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers), b""
    body = gzip.compress(resource.body, mtime=0) if coded else resource.body
    headers |= {"Content-Type": resource.content_type, "Content-Length": str(len(body))}
    if coded:
        headers["Content-Encoding"] = "gzip"
    return web.StreamResponse(status=resource.status, headers=headers), b"" if request.method == "HEAD" else body


def _validators(etag: str | None, last_modified: datetime | None) -> dict[str, str]:
    headers = {"ETag": etag} if etag else {}
    if last_modified:
        headers["Last-Modified"] = format_datetime(last_modified, usegmt=True)
    return headers


def _ledger_row(site: Site, request: web.Request, resource: Resource, status: int, now: datetime) -> Answer:
    headers = request.headers
    bodiless = request.method != "GET" or status == HTTPStatus.NOT_MODIFIED
    return Answer(
        at=now,
        outlet=site.name,
        method=request.method,
        url=str(request.url),
        version_no=resource.version_no,
        status=status,
        body_sha256=None if bodiless else hashlib.sha256(resource.body).hexdigest(),
        user_agent=headers.get("User-Agent"),
        if_none_match=headers.get("If-None-Match"),
        if_modified_since=headers.get("If-Modified-Since"),
        client=request.remote or "",
    )
