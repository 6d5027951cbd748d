"""Proxies: the one that a setting names, and none that the environment does (S18)."""

import asyncio
import contextlib

import pytest

from tests.integration.net.stage import AGENT, HTML, NONE, Names, answer, fetcher, moved, stage
from worker import gate, settings
from worker.model import Fault
from worker.net.fetch import Fetcher, Limits

PRIVATE = "http://169.254.169.254/latest/meta-data/"


def through_proxy(url, *scripts):
    """What a request through a proxy on loopback brings, and what the proxy was asked for."""

    async def play():
        async with (
            stage(*scripts) as proxy,
            Fetcher(user_agent=AGENT, proxy=f"http://127.0.0.1:{proxy.port}") as client,
        ):
            return await client.get(url, NONE, accept=HTML), proxy.requests

    return asyncio.run(play())


def test_a_request_goes_through_the_proxy_by_name():
    reply, requests = through_proxy("http://news.example/a?b=c", answer(b"hello"))
    assert (reply.status, reply.body, reply.fault) == (200, b"hello", None)
    (request,) = requests
    assert request.target == "http://news.example/a?b=c"
    assert sorted(request.headers) == [
        ("Accept", HTML),
        ("Accept-Encoding", "gzip"),
        ("Host", "news.example"),
        ("User-Agent", AGENT),
    ]


@pytest.mark.parametrize(
    "url",
    [PRIVATE, "http://[::1]/", "http://localhost/", "http://metadata.google.internal/", "http://news.example:6379/"],
)
def test_a_proxy_is_not_asked_for_what_an_address_alone_forbids(url):
    reply, requests = through_proxy(url, answer())
    assert (reply.fault, requests) == (Fault.REFUSED, [])


def test_nor_after_a_redirect():
    reply, requests = through_proxy("http://news.example/", moved(PRIVATE))
    assert reply.fault is Fault.REFUSED
    assert len(requests) == 1


def test_https_is_a_tunnel_that_the_proxy_may_refuse():
    async def play():
        asked = []

        async def connect(reader, writer):
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(connect, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, Fetcher(user_agent=AGENT, proxy=f"http://127.0.0.1:{port}") as client:
            return await client.get("https://news.example/", NONE, accept=HTML), asked

    reply, (head,) = asyncio.run(play())
    assert (reply.fault, reply.status) == (Fault.CONNECT, None)  # nobody of theirs was reached: the fault is ours
    assert "502" in reply.detail
    assert head.startswith(b"CONNECT news.example:443 HTTP/1.1\r\n")


HOSTILE = {
    "nothing": [b""],
    "nonsense": [b"\x16\x03\x01 not a proxy \xff\r\n\r\n"],
    "who are you": [b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=a\r\n\r\n"],
    "elsewhere": [f"HTTP/1.1 302 Found\r\nLocation: {PRIVATE}\r\nContent-Length: 0\r\n\r\n".encode()],
    "a page of its own": [b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ncaptive"],
    "a tunnel to nowhere": [b"HTTP/1.1 200 Connection established\r\n\r\n"],
    "headers without end": [b"HTTP/1.1 200 OK\r\n", *[b"X: " + b"x" * 8000 + b"\r\n"] * 400],
    "a drip": [b"HTTP/1.1 200 OK\r\nX: ", *[None, b"x"] * 100],
}


@pytest.mark.parametrize("chunks", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_proxy_is_a_fault_in_time_and_never_a_page(chunks):
    async def play():
        writers = []

        async def connect(reader, writer):
            writers.append(writer)
            await reader.readuntil(b"\r\n\r\n")
            with contextlib.suppress(ConnectionError):
                for chunk in chunks:
                    writer.write(chunk or b"")
                    await writer.drain()
                    await asyncio.sleep(0.05 if chunk is None else 0)
            writer.close()

        server = await asyncio.start_server(connect, "127.0.0.1", 0)
        port, limits = server.sockets[0].getsockname()[1], Limits(total_seconds=1.0)
        async with server, Fetcher(user_agent=AGENT, proxy=f"http://127.0.0.1:{port}", limits=limits) as client:
            reply = await client.get("https://news.example/", NONE, accept=HTML)
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0.1)  # for the drip to notice
        return reply

    reply = asyncio.run(play())
    assert reply.fault in {Fault.CONNECT, Fault.TIMEOUT, Fault.TLS, Fault.PROTOCOL}, reply
    assert (reply.status, reply.body, reply.hops) == (None, b"", ())
    assert reply.seconds < 5


def test_a_proxy_that_is_down_reaches_nobody():
    async def play():
        async with stage(answer()) as gone:
            port = gone.port
        async with Fetcher(user_agent=AGENT, proxy=f"http://127.0.0.1:{port}") as client:
            return await client.get("http://news.example/", NONE, accept=HTML)

    assert asyncio.run(play()).fault is Fault.CONNECT


def test_proxies_of_the_environment_are_ignored(monkeypatch):
    async def play():
        async with stage(answer(b"direct")) as site, stage(answer(b"proxied")) as proxy:
            for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
            monkeypatch.setenv("no_proxy", "")
            async with fetcher(site, resolver=Names(news_example=["127.0.0.1"])) as client:
                reply = await client.get(site.url(host="news.example"), NONE, accept=HTML)
            return reply, len(proxy.requests)

    reply, proxied = asyncio.run(play())
    assert (reply.body, proxied) == (b"direct", 0)


def test_the_setting_is_what_the_fetcher_uses():
    async def play():
        async with stage(answer(b"proxied")) as proxy:
            chosen = settings.load({"FIGUREWATCH_PROXY": f"http://127.0.0.1:{proxy.port}"})
            async with gate.fetcher(chosen) as client:
                return await client.get("http://news.example/", NONE, accept=HTML)

    assert asyncio.run(play()).body == b"proxied"


def test_our_own_site_is_refused_though_its_network_is_let_through():
    """S20, by a listener that counts."""

    async def play():
        async with stage(answer()) as ours, stage(answer()) as another:
            chosen = settings.load(
                {"FIGUREWATCH_ALLOW_NETWORKS": "127.0.0.0/8:1-65535", "FIGUREWATCH_SITE_PORT": str(ours.port)}
            )
            async with gate.fetcher(chosen) as client:
                replies = [await client.get(site.url(), NONE, accept=HTML) for site in (ours, another)]
            return replies, ours.connections, another.connections

    (refused, through), ours, another = asyncio.run(play())
    assert (refused.fault, ours) == (Fault.REFUSED, 0)
    assert (through.status, another) == (200, 1)
