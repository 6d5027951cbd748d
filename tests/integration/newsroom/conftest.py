"""A newsroom as its users run it: its own process, asked over plain HTTP."""

import gzip
import http.client
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from worker.newsroom.ready import Ready

SMALL = Path(__file__).with_name("small.toml")


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]  # names in lower case
    raw: bytes

    @property
    def body(self):
        return gzip.decompress(self.raw) if self.headers.get("content-encoding") == "gzip" else self.raw


@dataclass(frozen=True)
class Process:
    popen: subprocess.Popen[str]
    ready: Ready

    def get(self, site, path, method="GET", **headers):
        """One request on a connection of its own; `if_none_match` sends If-None-Match."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ready.ports[site], timeout=30)
        try:
            connection.request(method, path, headers={n.replace("_", "-"): v for n, v in headers.items()})
            answer = connection.getresponse()
            return Reply(answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def kill(self):
        self.popen.kill()
        self.popen.wait(30)

    def stop(self, number=signal.SIGTERM):
        self.popen.send_signal(number)
        return self.popen.wait(30)


@contextmanager
def running(*arguments):
    command = [sys.executable, "-m", "worker.newsroom", *map(str, arguments)]
    popen = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    assert popen.stdout
    try:
        yield Process(popen, Ready.parse(popen.stdout.readline()))
    finally:
        popen.kill()
        popen.wait(30)
        popen.stdout.close()


@pytest.fixture
def ledger(tmp_path):
    return tmp_path / "ledger.db"


@pytest.fixture
def newsroom(ledger):
    """Start the small play on the ledger."""

    def start(*arguments):
        return running("--scenario", SMALL, "--ledger", ledger, *arguments)

    return start
