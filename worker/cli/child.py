"""A process that works on strangers' bytes for a command without a database, and that can be killed."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from types import TracebackType

SECONDS = 30.0  # for one document; the slowest of the corpus takes one
MEMORY = 1_500_000_000  # bytes of address space


class Child:
    """One process at a time; it is killed when it takes too long, and another takes its place."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there,), daemon=True)
        self._process.start()
        there.close()

    def do(self, work: Callable[..., Any], *arguments: object) -> Any:
        """What a function of a module returns; None when it raised, took too long or killed the process."""
        try:
            self._here.send((work, arguments))
            if self._here.poll(self.seconds):
                return self._here.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            pass
        self._end()
        self._start()
        return None

    def _end(self) -> None:
        self._process.kill()
        self._process.join()
        self._here.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end()


def _serve(requests: Connection) -> None:
    if sys.platform == "linux":  # elsewhere the limit counts what is only reserved
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while True:
        try:
            work, arguments = requests.recv()
        except EOFError:  # the command has ended
            return
        try:
            requests.send(work(*arguments))
        except Exception:  # noqa: BLE001 - strangers' bytes can make a parser raise anything
            requests.send(None)
