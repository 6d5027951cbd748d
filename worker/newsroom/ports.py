"""Ports on loopback: one for each site, the same again after a restart on the same ledger."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

from worker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LOOPBACK = "127.0.0.1"


# Free ports are looked for below 32768, where Linux and macOS give none to outgoing connections: a client could
# else sit on a port of ours while we restart.
_FREE_FROM, _FREE_TO = 20_000, 32_000


def bind(names: Sequence[str], kept: Mapping[str, int], base: int) -> dict[str, socket.socket]:
    """Listening addresses for sites: the port each had before, else `base` and upwards, or a free run of ports for 0.

    Raises InputError when a port is taken.
    """
    fresh = [name for name in names if name not in kept]
    if base or not fresh:
        ports = {**kept, **{name: base + offset for offset, name in enumerate(fresh)}}
        try:
            return _listen_all({name: ports[name] for name in names})
        except OSError as error:
            raise InputError(str(error)) from error
    return _bind_free_run(names, kept)


def _bind_free_run(names: Sequence[str], kept: Mapping[str, int]) -> dict[str, socket.socket]:
    """Try runs of neighbouring ports; processes that start together begin to look at different ones."""
    runs = range(_FREE_FROM, _FREE_TO - len(names), len(names))
    for turn in range(len(runs)):
        start = runs[(os.getpid() + turn) % len(runs)]
        ports = {name: start + offset for offset, name in enumerate(names)} | dict(kept)
        with suppress(OSError):
            return _listen_all({name: ports[name] for name in names})
    raise InputError(f"no {len(names)} neighbouring ports are free on {LOOPBACK}")


def _listen_all(ports: Mapping[str, int]) -> dict[str, socket.socket]:
    sockets: dict[str, socket.socket] = {}
    try:
        for name, port in ports.items():
            sockets[name] = _listen(port)
    except OSError:
        for opened in sockets.values():
            opened.close()
        raise
    return sockets


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # A restart takes its ports back at once, although connections of the killed process linger in TIME_WAIT.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError as error:
        listener.close()
        raise OSError(f"port {port} on {LOOPBACK} cannot be used: {error.strerror}") from error
    return listener


def home(port: int) -> str:
    """The address of a site, with a slash at its end."""
    return f"http://{LOOPBACK}:{port}/"


def allow_networks(ports: Iterable[int]) -> str:
    """The value of FIGUREWATCH_ALLOW_NETWORKS that lets exactly these ports on loopback through.

    Neighbouring ports are joined: `127.0.0.1/32:8001-8003,127.0.0.1/32:9000`.
    """
    return ",".join(f"{LOOPBACK}/32:{run}" for run in _runs(sorted(set(ports))))


def _runs(ports: list[int]) -> list[str]:
    breaks = [index for index, (low, high) in enumerate(pairwise(ports), start=1) if high != low + 1]
    parts = [ports[start:end] for start, end in pairwise([0, *breaks, len(ports)])]
    return [str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts if part]
