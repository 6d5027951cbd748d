"""Certificates are checked; nothing falls back to less."""

import asyncio
import datetime as dt
import ssl

import pytest
import trustme

from tests.integration.net.stage import HTML, NONE, Names, Stage, answer, fetcher, moved, stage
from worker.model import Fault

YESTERDAY = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


def server_context(authority, *names, **validity):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **validity).configure_cert(context)
    return context


def client_context(authority):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def ask(tls, trusted, *scripts):
    async def play():
        names = Names(news_example=["127.0.0.1"])
        async with (
            stage(*(scripts or [answer()]), tls=tls) as site,
            fetcher(site, resolver=names, tls=trusted) as client,
        ):
            url = site.url(host="news.example").replace("http:", "https:")
            return await client.get(url, NONE, accept=HTML), site

    return asyncio.run(play())


def test_a_good_certificate(authority):
    reply, _ = ask(server_context(authority, "news.example"), client_context(authority))
    assert (reply.status, reply.fault) == (200, None)


@pytest.mark.parametrize(
    ("names", "validity", "words"),
    [
        (["other.example"], {}, "mismatch"),
        (["127.0.0.1"], {}, "mismatch"),
        (["news.example"], {"not_after": YESTERDAY}, "expired"),
        (["news.example"], {"not_before": YESTERDAY + dt.timedelta(days=9)}, "not yet valid"),
    ],
)
def test_a_bad_certificate(authority, names, validity, words):
    reply, site = ask(server_context(authority, *names, **validity), client_context(authority))
    assert (reply.fault, reply.status, site.requests) == (Fault.TLS, None, [])
    assert words in reply.detail


def test_an_authority_nobody_knows(authority):
    reply, site = ask(server_context(trustme.CA(), "news.example"), client_context(authority))
    assert (reply.fault, site.requests) == (Fault.TLS, [])


def test_the_systems_authorities_are_the_default(authority):
    reply, site = ask(server_context(authority, "news.example"), None)
    assert (reply.fault, site.requests) == (Fault.TLS, [])


def test_no_tls_where_tls_is_expected(authority):
    async def plain(reader, writer):
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async def play():
        site = Stage([], port=0)
        async with await asyncio.start_server(plain, site.host, 0) as server:
            site.port = server.sockets[0].getsockname()[1]
            async with fetcher(site, tls=client_context(authority)) as client:
                return await client.get(site.url().replace("http:", "https:"), NONE, accept=HTML)

    assert asyncio.run(play()).fault is Fault.TLS


def test_a_redirect_down_to_http_is_refused(authority):
    tls = server_context(authority, "news.example")
    reply, site = ask(tls, client_context(authority), moved("http://news.example/"), answer())
    assert (reply.fault, len(site.requests)) == (Fault.REFUSED, 1)
    assert "down to http://news.example/" in reply.detail


def test_a_redirect_up_to_https_is_followed(authority):
    async def play():
        names = Names(news_example=["127.0.0.1"])
        async with stage(answer(b"safe"), tls=server_context(authority, "news.example")) as safe:
            up = safe.url(host="news.example").replace("http:", "https:")
            async with (
                stage(moved(up, 301)) as site,
                fetcher(site, safe, resolver=names, tls=client_context(authority)) as client,
            ):
                return await client.get(site.url(host="news.example"), NONE, accept=HTML)

    assert asyncio.run(play()).body == b"safe"
