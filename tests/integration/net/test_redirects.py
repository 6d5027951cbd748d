"""Redirects are followed by hand, each a hop that is kept."""

import asyncio

import pytest

from tests.integration.net.stage import HTML, NONE, Names, answer, fetch, fetcher, moved, stage
from worker.model import Fault, Validators


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_kept(status):
    reply, site = fetch(moved("/b?x=1#top", status), answer(b"here"), path="/a")
    assert (reply.status, reply.body, reply.fault) == (200, b"here", None)
    assert reply.url == site.url("/b?x=1")
    (hop,) = reply.hops
    assert (hop.status, hop.url, hop.location) == (status, site.url("/a"), site.url("/b?x=1"))
    assert [r.target for r in site.requests] == ["/a", "/b?x=1"]


def test_five_redirects_are_followed():
    reply, site = fetch(*(moved(f"/{n}") for n in range(1, 6)), answer(b"here"))
    assert (reply.status, len(reply.hops), len(site.requests)) == (200, 5, 6)


def test_a_sixth_is_not():
    reply, site = fetch(*(moved(f"/{n}") for n in range(1, 22)))
    assert (reply.fault, reply.detail) == (Fault.REDIRECTS, "more than 5 redirects")
    assert (len(reply.hops), len(site.requests), reply.status) == (5, 6, 302)


@pytest.mark.parametrize("loop", [["/"], ["/a", "/b", "/a"], ["/a", "/"], ["/#x"]])
def test_a_loop_ends_at_once(loop):
    reply, site = fetch(*map(moved, loop), answer())
    assert reply.fault is Fault.REDIRECTS
    assert "back to" in reply.detail
    assert len(site.requests) == len(loop)


@pytest.mark.parametrize("headers", [(), ("Location:",), ("Location:  ",)])
def test_a_redirect_that_leads_nowhere(headers):
    reply, _ = fetch(answer(b"", *headers, status="302 Found"))
    assert (reply.fault, reply.status, reply.hops) == (Fault.REDIRECTS, 302, ())


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/ü", "/%C3%BC"),
        ("/\udce9", "/%E9"),
        ("/a b", "/a%20b"),
        ("c", "/x/c"),
        ("?y", "/x/a?y"),
        ("../c", "/c"),
        ("./c/../d", "/x/d"),
    ],
)
def test_odd_locations_that_every_browser_follows(location, target):
    reply, site = fetch(moved(location), answer(), path="/x/a")
    assert (reply.status, site.requests[1].target) == (200, target)


@pytest.mark.parametrize("location", ["\\x", "/a\tb", "http://exa mple.org/"])
def test_odd_locations_that_mean_different_things_to_different_clients(location):
    reply, site = fetch(moved(location), answer())
    assert reply.fault is Fault.REFUSED
    assert len(site.requests) == 1


def test_a_location_of_60_kb():
    reply, site = fetch(moved("/" + "a" * 60_000))
    assert (reply.fault, len(site.requests)) == (Fault.PROTOCOL, 1)


def test_validators_go_only_to_the_url_they_belong_to():
    given = Validators('"a"', "Sun, 22 Nov 2026 10:00:00 GMT")
    _, site = fetch(moved("/b"), answer(), validators=given)
    first, second = site.requests
    assert (first.header("If-None-Match"), first.header("If-Modified-Since")) == (given.etag, given.last_modified)
    assert (second.header("If-None-Match"), second.header("If-Modified-Since")) == (None, None)


def test_nothing_is_carried_or_gained_across_hosts():
    async def play():
        async with stage(answer()) as other:
            redirect = answer(
                b"", f"Location: {other.url(host='b.example')}", "Set-Cookie: session=1; Domain=example",
                "WWW-Authenticate: Basic realm=x", status="302 Found",
            )  # fmt: skip
            names = Names(a_example=["127.0.0.1"], b_example=["127.0.0.1"])
            async with stage(redirect) as site, fetcher(site, other, resolver=names) as client:
                await client.get(site.url(host="a.example"), NONE, accept=HTML)
                return site.requests[0], other.requests[0]

    first, second = asyncio.run(play())
    for name in ("Cookie", "Authorization", "Referer", "Origin", "Proxy-Authorization"):
        assert (first.header(name), second.header(name)) == (None, None)
    assert second.header("Host").startswith("b.example:")


def test_the_body_of_a_redirect_is_not_taken_for_the_page():
    reply, _ = fetch(answer(b"moved", "Location: /gone", status="301 Moved"), answer(b"", status="404 Not Found"))
    assert (reply.status, reply.body, reply.fault) == (404, b"", None)
