"""What a visit costs with everything written: CPU beside a bare aiohttp client that keeps nothing, in one run.

The lanes of `visiting.visit` on a real store, and the client as most programs use it (`session.get`,
`response.read()`), ask the same server in another process for the same addresses: HOSTS names of one loopback address,
EACH addresses a name, one connection a name. Only the CPU of this process counts: the driver's is in it, a PostgreSQL
server's is not. Both are measured over plain HTTP, where a connection costs least, and over TLS, as nearly every outlet
is visited.
"""

import asyncio
import logging
import os
import random
import ssl
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest
import structlog
import trustme
from aiohttp.abc import AbstractResolver
from sqlalchemy import insert, update

from tests.contract.storage.given import NOON, outlet, sha
from worker import clock, ports
from worker.model import Lease, Policy, RobotsPolicy
from worker.net.addresses import AllowNetworks
from worker.net.fetch import Fetcher
from worker.ops import logs
from worker.pipeline import visiting
from worker.storage.tables import hosts, resources

pytestmark = pytest.mark.bench
HOSTS, EACH, BATCH = 100, 5, 50  # a batch: what one message of `visit` carries
ROUNDS = 3
AGENT = "Figurewatch/bench (+https://example.org)"
MODIFIED = "Sun, 22 Nov 2026 10:00:00 GMT"
POLICY = Policy(
    min_gap_seconds=0.001,
    poll_seconds=60,
    revisit_seconds=60,
    requests_per_hour=3_600_000_000,
    robots=RobotsPolicy.IGNORE,
)
SERVER = r"""
import asyncio, gzip, itertools, ssl, sys

page = open(sys.argv[1], "rb").read()
packed = gzip.compress(page, 6)
number = itertools.count()

class Answer(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.head = transport, b""

    def data_received(self, data):
        self.head += data
        while b"\r\n\r\n" in self.head:
            head, _, self.head = self.head.partition(b"\r\n\r\n")
            self.answer(head)

    def answer(self, head):
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/304"):
            assert b"If-None-Match" in head
            self.transport.write(b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n')
            return
        # A gzip member of its own makes the page another one for next to no work here.
        body = packed + gzip.compress(b"%d" % next(number), 1) if path.startswith(b"/changed") else packed
        self.transport.write(
            b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nETag: "a"\r\n'
            b"Content-Length: %d\r\n\r\n" % len(body) + body
        )

async def main():
    tls = None
    if len(sys.argv) > 2:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(sys.argv[2])
    server = await asyncio.get_running_loop().create_server(Answer, "127.0.0.1", 0, ssl=tls, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


class Loopback(AbstractResolver):
    """Every name is this machine."""

    async def resolve(self, host, port=0, family=0):
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    async def close(self):
        pass


@dataclass(frozen=True)
class Site:
    scheme: str
    port: int
    trusted: ssl.SSLContext | None

    def urls(self, host, answer):
        return [f"{self.scheme}://h{host}.bench.example:{self.port}/{answer}/{n}" for n in range(EACH)]


def page():
    """50 KB of HTML that packs about as well as an article page does."""
    rng = random.Random(7)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 11))) for _ in range(3_000)]
    return b"<p>".join(" ".join(rng.choices(words, k=40)).encode() for _ in range(200))[:50_000]


PAGE = page()


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(params=["http", "https"])
def site(request, tmp_path, authority):
    (tmp_path / "page").write_bytes(PAGE)
    command, trusted = [sys.executable, "-c", SERVER, str(tmp_path / "page")], None
    if request.param == "https":
        authority.issue_cert("*.bench.example").private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "pem"))
        command.append(str(tmp_path / "pem"))
        trusted = ssl.create_default_context()
        authority.configure_trust(trusted)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Site(request.param, int(process.stdout.readline()), trusted)
        finally:
            process.terminate()


async def bare(site, answer):
    """The client alone; CPU seconds."""
    headers = {"If-None-Match": '"a"', "If-Modified-Since": MODIFIED} if answer == "304" else {}
    expected = 0 if answer == "304" else len(PAGE)

    async def lane(session, host):
        for url in site.urls(host, answer):
            async with session.get(url, headers=headers) as response:
                assert len(await response.read()) >= expected

    begun = time.process_time()
    for first in range(0, HOSTS, BATCH):
        connector = aiohttp.TCPConnector(resolver=Loopback(), ssl=site.trusted or True, limit=0)
        async with aiohttp.ClientSession(headers={"User-Agent": AGENT}, connector=connector) as session:
            await asyncio.gather(*(lane(session, host) for host in range(first, first + BATCH)))
    return time.process_time() - begun


def fill(store, site, answer):
    """Hosts and articles that were visited before, all due."""
    store.frontier.sync([outlet()], NOON)
    known = sha(PAGE) if answer == "same" else sha(b"before")
    host_rows = [{"authority": f"h{n}.bench.example:{site.port}", "free_at": NOON} for n in range(HOSTS)]
    common = {"outlet_id": 1, "kind": "article", "status": "active", "first_seen_at": clock.now()}
    common |= {"etag": '"a"', "last_modified": MODIFIED, "body_hash": known}

    def write(connection):
        made = connection.execute(insert(hosts).returning(hosts.c.id, sort_by_parameter_order=True), host_rows)
        due = [
            common | {"host_id": id_, "url": url, "url_key": sha(url.encode()), "next_visit_at": NOON}
            for n, (id_,) in enumerate(made.all())
            for url in site.urls(n, answer)
        ]
        connection.execute(insert(resources), due)
        connection.execute(update(resources).where(resources.c.kind == "feed").values(status="paused"))

    store.database.write(write)


def due_again(store):
    again = {"next_visit_at": NOON, "awaits_reading": False, "status": "active"}
    kept = resources.c.kind == "article"

    def write(connection):
        connection.execute(update(resources).where(kept).values(again))
        connection.execute(update(hosts).values(free_at=NOON))

    store.database.write(write)


def world(store):
    none = SimpleNamespace()
    return ports.World(
        frontier=store.frontier,
        captures=store.captures,
        articles=none,
        relations=none,
        stories=none,
        corrections=none,
        changes=store.changes,
        replays=none,
        webhooks=none,
        policies={"anadolu": POLICY},
        clock=clock.now,
        jitter=lambda: 0.5,
        log=logs.log,
        lease=timedelta(minutes=5),
        lane=timedelta(minutes=4),
        read_attempts=3,
    )


def ours(store, site):
    """The lanes of all hosts, a batch at a time, as the task of a message walks them; CPU seconds."""
    now = clock.now()
    leases = store.frontier.lease_hosts(now, now + timedelta(minutes=5), HOSTS)
    assert len(leases) == HOSTS
    here, allow = world(store), AllowNetworks.parse(f"127.0.0.1/32:{site.port}")

    async def walk(batch):
        fetcher = Fetcher(user_agent=AGENT, allow=allow, resolver=Loopback(), tls=site.trusted)
        async with fetcher:
            await visiting.visit(batch, here, fetcher, lambda _: None)

    begun = time.process_time()
    for first in range(0, HOSTS, BATCH):
        asyncio.run(walk(tuple[Lease, ...](leases[first : first + BATCH])))
    return time.process_time() - begun


@pytest.fixture
def quiet_log(monkeypatch):
    """Log lines are made, as a worker makes them, and thrown away."""
    before = structlog.get_config()
    with Path(os.devnull).open("w") as nowhere:
        monkeypatch.setattr(sys, "stderr", nowhere)
        logs.configure("json", "info")
        yield
        logging.root.handlers.clear()
        structlog.configure(**before)
        logs.logger.cache_clear()


@pytest.mark.usefixtures("quiet_log")
@pytest.mark.parametrize("answer", ["304", "same", "changed"])
def test_requests_per_cpu_second(answer, site, store, capsys, request):
    fill(store, site, answer)
    requests, pairs, counted = HOSTS * EACH, [], 0
    for _ in range(ROUNDS):
        pairs.append((asyncio.run(bare(site, answer)), ours(store, site)))
        done = sum(store.queries.census().tallies["visit"].values())
        assert done - counted == requests
        counted = done
        due_again(store)
    outcome = {"304": "not_modified", "same": "same", "changed": "fresh"}[answer]
    assert store.queries.tally("visit", outcome) == ROUNDS * requests
    theirs, mine = (statistics.median(column) / requests for column in zip(*pairs, strict=True))
    with capsys.disabled():
        print(
            f"\n  {request.node.callspec.id:<24} bare {1 / theirs:6.0f}/s ({theirs * 1e3:.2f} ms), "
            f"visits {1 / mine:6.0f}/s ({mine * 1e3:.2f} ms): {theirs / mine:.0%}"
        )
