"""What a request says, and what it leaves out."""

import asyncio

import pytest

from tests.integration.net.stage import AGENT, HTML, NONE, Names, answer, fetch, fetcher, stage
from worker.model import Fault, Validators
from worker.net.fetch import Fetcher

COOKIES = [f"Set-Cookie: c{n}=v; Path=/" for n in range(60)]


def test_the_headers_of_a_request_are_these_and_no_others():
    _, site = fetch(answer())
    (request,) = site.requests
    assert sorted(request.headers) == [
        ("Accept", HTML),
        ("Accept-Encoding", "gzip"),
        ("Host", f"127.0.0.1:{site.port}"),
        ("User-Agent", AGENT),
    ]


@pytest.mark.parametrize(
    "validators",
    [
        Validators('"33a64df5"', None),
        Validators(None, "Sun, 22 Nov 2026 10:00:00 GMT"),
        Validators('W/"a-gzip"', "Mon, 22 Nov 2026 10:00:00 GMT"),
        Validators("unquoted", "yesterday"),
        Validators('"tab\tand \\"quotes\\"', "Thursday, 01-Jan-70 00:00:00 GMT"),
        Validators('"a", "b"', ""),
        Validators('"ünï"', "0"),
    ],
)
def test_validators_are_sent_byte_for_byte(validators):
    _, site = fetch(answer(status="304 Not Modified", body=b""), validators=validators)
    (request,) = site.requests
    assert request.header("If-None-Match") == validators.etag
    assert request.header("If-Modified-Since") == validators.last_modified


def test_what_the_server_gave_comes_back_as_it_was_sent():
    reply, _ = fetch(
        answer(b"x", 'ETag: W/"Ab-gzip"', "LAST-MODIFIED: Mon, 22 Nov 2026 10:00:00 GMT", "X-Two: 1", "x-two: 2")
    )
    assert reply.headers["etag"] == 'W/"Ab-gzip"'
    assert reply.headers["last-modified"] == "Mon, 22 Nov 2026 10:00:00 GMT"
    assert reply.headers["x-two"] == "1, 2"


def test_header_bytes_that_are_no_text_can_still_be_stored():
    reply, _ = fetch(answer(b"x", "X-Odd: caf\udce9 ü"))
    assert reply.headers["x-odd"] == "caf\ufffd ü"


def test_cookies_are_neither_kept_nor_shown():
    async def play():
        async with stage(answer(b"x", *COOKIES)) as site, fetcher(site) as client:
            replies = [await client.get(site.url(path), NONE, accept=HTML) for path in ("/a", "/b", "/a")]
            return replies, site.requests

    replies, requests = asyncio.run(play())
    assert [r.header("Cookie") for r in requests] == [None, None, None]
    assert all("set-cookie" not in reply.headers for reply in replies)


def test_a_connection_is_kept_for_the_next_request_to_the_same_host():
    async def play():
        async with stage(answer()) as site, fetcher(site) as client:
            for path in ("/a", "/b"):
                await client.get(site.url(path), NONE, accept=HTML)
            return site

    site = asyncio.run(play())
    assert [r.connection for r in site.requests] == [1, 1]


def test_a_connection_is_not_used_for_another_name_at_the_same_address():
    async def play():
        names = Names(a_example=["127.0.0.1"], b_example=["127.0.0.1"])
        async with stage(answer()) as site, fetcher(site, resolver=names) as client:
            for host in ("a.example", "b.example", "a.example"):
                await client.get(site.url(host=host), NONE, accept=HTML)
            return site

    site = asyncio.run(play())
    assert [(r.header("Host").split(":")[0], r.connection) for r in site.requests] == [
        ("a.example", 1),
        ("b.example", 2),
        ("a.example", 1),
    ]


def test_a_server_that_takes_a_request_and_hangs_up_is_not_asked_again_at_once():
    async def hang_up(_request, writer):
        writer.transport.abort()

    async def play():
        async with stage(answer(), hang_up, answer()) as site, fetcher(site) as client:
            return [await client.get(site.url(), NONE, accept=HTML) for _ in range(3)], site.requests

    replies, requests = asyncio.run(play())
    assert [reply.fault for reply in replies] == [None, Fault.PROTOCOL, None]
    assert [request.connection for request in requests] == [1, 1, 2]


def test_what_is_requested_is_what_the_parser_made_of_the_url():
    _, site = fetch(answer(), path="/a/./b/../%7ec%zz/ü d?q=%2f+ä&u=#frag")
    assert site.requests[0].target == "/a/%7ec%zz/%C3%BC%20d?q=%2f+%C3%A4&u="


@pytest.mark.parametrize("user_agent", ["a\r\nX: y", "a\nb", "Figurewätch"])
def test_a_user_agent_that_is_no_header_value_is_told_at_once(user_agent):
    with pytest.raises(ValueError, match="cannot be sent"):
        Fetcher(user_agent=user_agent)


def test_ten_at_once_each_get_their_own_answer():
    async def echo(request, writer):
        writer.write(answer(request.target.encode(), "Connection: close"))
        writer.close()

    async def play():
        async with stage(echo) as site, fetcher(site) as client:
            asked = [client.get(site.url(f"/{n}"), NONE, accept=HTML) for n in range(10)]
            return [reply.body for reply in await asyncio.gather(*asked)]

    assert asyncio.run(play()) == [f"/{n}".encode() for n in range(10)]
