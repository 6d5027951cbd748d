"""What the gate, the caps and the deadline cost: CPU of one request beside a plain aiohttp client, in one run.

A server in a process of its own answers both over kept-open loopback connections; only the CPU of this process counts.
The plain client does what most programs do: `session.get`, `response.read()`, gzip unpacked by aiohttp.
"""

import asyncio
import contextlib
import gzip
import random
import statistics
import subprocess
import sys
import time

import aiohttp
import pytest

from worker.model import Validators
from worker.net.addresses import AllowNetworks
from worker.net.fetch import Fetcher

AT_ONCE = 20
REQUESTS = 1_000
ROUNDS = 5
AGENT = "Figurewatch/bench (+https://example.org)"
GIVEN = Validators('"a"', "Sun, 22 Nov 2026 10:00:00 GMT")

SERVER = r"""
import asyncio, sys

BODIES = {b"/page": open(sys.argv[1], "rb").read()}

class Answer(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.head = transport, b""

    def data_received(self, data):
        self.head += data
        while b"\r\n\r\n" in self.head:
            head, _, self.head = self.head.partition(b"\r\n\r\n")
            self.answer(head)

    def answer(self, head):
        if b"If-None-Match" in head:
            self.transport.write(b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n')
            return
        body = BODIES[head.split(b" ", 2)[1]]
        self.transport.write(
            b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nETag: "a"\r\n'
            b"Content-Length: %d\r\n\r\n" % len(body) + body
        )

async def main():
    server = await asyncio.get_running_loop().create_server(Answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


def page():
    """50 KB of HTML that packs about as well as an article page does."""
    rng = random.Random(7)
    words = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 11))) for _ in range(3_000)]
    html = b"<p>".join(" ".join(rng.choices(words, k=40)).encode() for _ in range(200))[:50_000]
    return html, gzip.compress(html, 6)


@contextlib.contextmanager
def server(path):
    with subprocess.Popen([sys.executable, "-c", SERVER, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def walk(get):
    """Ask REQUESTS times, AT_ONCE at a time; CPU seconds of this process."""
    for _ in range(AT_ONCE):
        await get()
    started = time.process_time()

    async def lane():
        for _ in range(REQUESTS // AT_ONCE):
            await get()

    await asyncio.gather(*(lane() for _ in range(AT_ONCE)))
    return time.process_time() - started


async def plain(url, headers, expected):
    async with aiohttp.ClientSession(headers={"User-Agent": AGENT}) as session:

        async def get():
            async with session.get(url, headers=headers) as response:
                assert len(await response.read()) == expected

        return await walk(get)


async def ours(url, validators, expected, port):
    async with Fetcher(user_agent=AGENT, allow=AllowNetworks.parse(f"127.0.0.1/32:{port}")) as fetcher:

        async def get():
            reply = await fetcher.get(url, validators, accept="text/html")
            assert reply.fault is None
            assert len(reply.body) == expected

        return await walk(get)


@pytest.mark.bench
@pytest.mark.parametrize("conditional", [False, True], ids=["200 with 50 KB", "304"])
def test_cpu_per_request(conditional, tmp_path, capsys):
    html, packed = page()
    (tmp_path / "page.gz").write_bytes(packed)
    headers = {"If-None-Match": '"a"', "If-Modified-Since": GIVEN.last_modified} if conditional else {}
    expected = 0 if conditional else len(html)
    with server(tmp_path / "page.gz") as port:
        url = f"http://127.0.0.1:{port}/page"
        pairs = [
            (
                asyncio.run(plain(url, headers, expected)),
                asyncio.run(ours(url, GIVEN if conditional else Validators(), expected, port)),
            )
            for _ in range(ROUNDS)
        ]
    theirs, mine = (statistics.median(column) / REQUESTS * 1e3 for column in zip(*pairs, strict=True))
    with capsys.disabled():
        what = "304" if conditional else f"200, {len(html):,} bytes from {len(packed):,}"
        print(f"\n{what}: aiohttp {theirs:.3f} ms, Fetcher {mine:.3f} ms of CPU a request, ratio {mine / theirs:.2f}")
    assert mine > 0
