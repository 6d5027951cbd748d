"""Nothing leaves for an address that is refused: counted by canaries, not inferred from the error."""

import asyncio
import contextlib

import aiohttp
import pytest

from tests.integration.net.stage import AGENT, HTML, NONE, QUICK, Names, answer, fetcher, moved, raw, stage
from worker.model import Fault
from worker.net import addresses
from worker.net.addresses import AllowNetworks
from worker.net.fetch import Fetcher

CLOSING = raw(answer(b"", "Connection: close"))


@pytest.fixture
def web_port(monkeypatch):
    """Make any port one of the web, so that only the address can be what is refused."""
    return lambda port: monkeypatch.setattr(addresses, "WEB_PORTS", frozenset({80, 443, port}))


@contextlib.asynccontextmanager
async def canary(port=0, host="0.0.0.0"):
    """Listens on every IPv4 address of this machine and counts who connects."""
    async with stage(answer(b"secret"), host=host, port=port) as played:
        yield played


def ask(url_of, web_port, resolver=None):
    """One request that must be refused, beside a canary."""

    async def play():
        async with canary() as bird, Fetcher(user_agent=AGENT, resolver=resolver) as client:
            web_port(bird.port)
            return await client.get(url_of(bird.port), NONE, accept=HTML), bird.connections

    return asyncio.run(play())


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.2", "0.0.0.0", "localhost", "[::ffff:127.0.0.1]", "[::1]", "[::]"]
)
def test_loopback(host, web_port):
    reply, connections = ask(lambda port: f"http://{host}:{port}/", web_port)
    assert (reply.fault, reply.status, connections) == (Fault.REFUSED, None, 0)
    assert "not on the public internet" in reply.detail


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "0", "１２７.0.0.1", "①②⑦.0.0.1", "127。0。0。1",
     "public@127.0.0.1", "127.0.0.1\\@example.org", "[fe80::1%25lo]", "[::1%25lo]"],
)  # fmt: skip
def test_other_spellings_of_loopback(host, web_port):
    reply, connections = ask(lambda port: f"http://{host}:{port}/", web_port)
    assert (reply.fault, connections) == (Fault.REFUSED, 0)


@pytest.mark.parametrize(
    "ip",
    ["169.254.169.254", "fd00:ec2::254", "192.0.0.192", "168.63.129.16", "100.100.100.200", "10.0.0.1", "127.0.0.1",
     "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1"],
)  # fmt: skip
def test_names_of_inner_services(ip, web_port):
    names = Names(metadata_example=[ip])
    reply, connections = ask(lambda port: f"http://metadata.example:{port}/", web_port, names)
    assert (reply.fault, connections) == (Fault.REFUSED, 0)
    assert names.asked == ["metadata.example"]


@pytest.mark.parametrize("port", [22, 25, 5432, 6379, 8080])
def test_ports_that_are_not_of_the_web(port):
    async def play():
        async with Fetcher(user_agent=AGENT, resolver=Names(news_example=["1.1.1.1"])) as client:
            return await client.get(f"http://news.example:{port}/", NONE, accept=HTML)

    reply = asyncio.run(play())
    assert (reply.fault, reply.detail) == (Fault.REFUSED, f"port {port} is not one of the web")


@pytest.mark.parametrize("port", [0, 99999])
def test_ports_that_do_not_exist(port, web_port):
    reply, _ = ask(lambda _: f"http://127.0.0.1:{port}/", web_port)
    assert (reply.fault, reply.detail) == (Fault.REFUSED, "not a URL that can be visited")


def test_a_name_that_turns_private_after_it_was_checked(web_port):
    """DNS rebinding: what counts is the address of each connect, whatever a name meant before."""

    async def play():
        names = Names(news_example=["127.0.0.1"])
        async with stage(CLOSING) as site, canary(site.port, "127.0.0.2") as bird:
            web_port(site.port)
            async with fetcher(site, resolver=names) as client:
                before = await client.get(site.url(host="news.example"), NONE, accept=HTML)
                names.names["news.example"] = ["127.0.0.2"]
                connector = client._client and client._client.connector
                assert isinstance(connector, aiohttp.TCPConnector)
                connector.clear_dns_cache()
                after = await client.get(site.url(host="news.example"), NONE, accept=HTML)
                return before, after, site.connections, bird.connections

    before, after, at_site, at_bird = asyncio.run(play())
    assert (before.status, after.fault) == (200, Fault.REFUSED)
    assert (at_site, at_bird) == (1, 0)


@pytest.mark.parametrize(
    "found", [["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"], ["127.0.0.2", "::1", "127.0.0.1"]]
)
def test_a_name_with_permitted_and_refused_addresses(found, web_port):
    """Only the permitted one is dialled, in any order of answers."""

    async def play():
        async with stage(CLOSING) as site, canary(site.port, "127.0.0.2") as bird:
            web_port(site.port)
            async with fetcher(site, resolver=Names(news_example=found)) as client:
                reply = await client.get(site.url(host="news.example"), NONE, accept=HTML)
                return reply, site.connections, bird.connections

    reply, at_site, at_bird = asyncio.run(play())
    assert (reply.status, at_site, at_bird) == (200, 1, 0)


@pytest.mark.parametrize("found", [["127.0.0.2", "127.0.0.3"], ["10.0.0.1", "::1", "169.254.169.254"]])
def test_a_name_with_several_refused_addresses(found, web_port):
    reply, connections = ask(lambda port: f"http://news.example:{port}/", web_port, Names(news_example=found))
    assert (reply.fault, connections) == (Fault.REFUSED, 0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["http://127.0.0.2:{port}/", "//127.0.0.2:{port}/x", "http://inner.example:{port}/"]
)
def test_redirects_to_refused_addresses(status, location, web_port):
    async def play():
        async with canary(host="127.0.0.2") as bird, stage(moved(location.format(port=bird.port), status)) as site:
            web_port(bird.port)
            async with fetcher(site, resolver=Names(inner_example=["127.0.0.2"])) as client:
                return await client.get(site.url(), NONE, accept=HTML), site, bird

    reply, site, bird = asyncio.run(play())
    assert (reply.fault, len(site.requests), bird.connections) == (Fault.REFUSED, 1, 0)
    assert [hop.status for hop in reply.hops] == [status]


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://example.org/x", "gopher://127.0.0.1:6379/_x", "data:text/html,x",
     "javascript:alert(1)", "http://user:secret@example.org/", "http:///etc/passwd", "http:\\\\example.org/", "http://0x7f.1/",
     "ldap://example.org/"],
)  # fmt: skip
def test_redirects_to_what_we_do_not_speak(location):
    async def play():
        async with stage(moved(location)) as site, fetcher(site) as client:
            return await client.get(site.url(), NONE, accept=HTML), site

    reply, site = asyncio.run(play())
    assert (reply.fault, reply.status, len(site.requests)) == (Fault.REFUSED, 302, 1)


def test_a_page_that_refreshes_itself_elsewhere_is_not_followed():
    body = b'<meta http-equiv="refresh" content="0;url=http://127.0.0.2/">'

    async def play():
        async with stage(answer(body, "Refresh: 0;url=/other")) as site, fetcher(site) as client:
            return await client.get(site.url(), NONE, accept=HTML), site

    reply, site = asyncio.run(play())
    assert (reply.body, reply.hops, len(site.requests)) == (body, (), 1)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_proxies_of_the_environment_are_not_used(variable, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login who password secret\n")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))

    async def play():
        async with canary(host="127.0.0.2") as proxy, stage(answer()) as site, fetcher(site, proxy) as client:
            monkeypatch.setenv(variable, proxy.url())
            return await client.get(site.url(), NONE, accept=HTML), site, proxy

    reply, site, proxy = asyncio.run(play())
    assert (reply.status, len(site.requests), proxy.connections) == (200, 1, 0)
    assert site.requests[0].header("Authorization") is None


# --- names -----------------------------------------------------------------------------------------------------


def test_a_name_that_does_not_exist():
    async def play():
        async with Fetcher(user_agent=AGENT, resolver=Names()) as client:
            return await client.get("http://nowhere.example/", NONE, accept=HTML)

    reply = asyncio.run(play())
    assert (reply.fault, reply.detail, reply.status) == (Fault.DNS, "Domain name not found", None)


class Slow(Names):
    """Never answers."""

    async def resolve(self, *_, **__):
        await asyncio.Event().wait()


def test_slow_dns_is_bounded():
    async def play():
        async with Fetcher(user_agent=AGENT, resolver=Slow(), limits=QUICK) as client:
            return await client.get("http://slow.example/", NONE, accept=HTML)

    reply = asyncio.run(play())
    assert (reply.fault, reply.detail) == (Fault.DNS, "no answer in 0.3 s")


@pytest.mark.parametrize("network", ["127.0.0.1/32", "127.0.0.0/8"])
def test_a_name_with_hundreds_of_addresses(network):
    """Refused, or let through to where nobody listens: either way it ends by the total deadline."""
    many = [f"127.0.{n // 250 + 1}.{n % 250 + 1}" for n in range(500)]

    async def play():
        async with stage(answer()) as gone:
            pass
        allow = AllowNetworks.parse(f"{network}:{gone.port}")
        names = Names(many_example=many)
        async with Fetcher(user_agent=AGENT, resolver=names, limits=QUICK, allow=allow) as client:
            return await client.get(gone.url(host="many.example"), NONE, accept=HTML)

    reply = asyncio.run(play())
    assert reply.status is None
    assert reply.fault in {Fault.TIMEOUT, Fault.REFUSED if network.endswith("32") else Fault.CONNECT}


def test_a_port_where_nobody_listens():
    async def play():
        async with stage(answer()) as gone:
            pass
        async with fetcher(gone) as client:
            return await client.get(gone.url(), NONE, accept=HTML)

    reply = asyncio.run(play())
    assert (reply.fault, reply.status) == (Fault.CONNECT, None)
    assert "refused" in reply.detail.lower() or "connect" in reply.detail.lower()
