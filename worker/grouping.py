"""One call for what several tasks want at the same time: group commit, as databases have it for their own logs.

On a quiet day nobody waits for company. What is wanted while a call is under way, and for as long again, gathers, and
the next call takes all of it: a transaction of thirty visits costs a fifth of thirty transactions, and milliseconds are
nothing to lanes that pause for seconds.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from worker.errors import OperatorError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")


class Grouped(Generic[T, R]):
    """An asynchronous call for one, of a function for many; within one event loop.

    `work` gets arguments and returns, in their order, a result or an exception for each. It runs in a thread, never
    twice at once.
    """

    def __init__(self, work: Callable[[Sequence[T]], Sequence[R | Exception]]) -> None:
        self._work = work
        self._wanted: list[tuple[T, asyncio.Future[R]]] = []
        self._running: asyncio.Task[None] | None = None

    def __call__(self, argument: T) -> asyncio.Future[R]:
        """The result for one argument, to come: its exception, or what the call that it was part of raised.

        A task that is cancelled while it waits goes on waiting, and is cancelled then.
        """
        future = _Promise[R](loop=asyncio.get_running_loop())
        self._wanted.append((argument, future))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
            self._running.add_done_callback(self._ended)
        return future

    async def _run(self) -> None:
        clock = asyncio.get_running_loop().time
        while self._wanted:
            begun = clock()
            wanted, self._wanted = self._wanted, []
            arguments = [argument for argument, _ in wanted]
            results: Sequence[R | BaseException]
            try:
                results = await asyncio.to_thread(self._results, arguments)
            except BaseException as error:  # noqa: BLE001 - whoever waits must not wait for ever
                results = [error] * len(wanted)
            for (_, future), result in zip(wanted, results, strict=True):
                _settle(future, result)
            await asyncio.sleep(clock() - begun)
        self._running = None

    def _ended(self, running: asyncio.Task[None]) -> None:
        """A loop that is being closed may have ended it before it began; nobody is to wait for ever then."""
        if self._running is running:
            self._running, wanted, self._wanted = None, self._wanted, []
            for _, future in wanted:
                _settle(future, asyncio.CancelledError())

    def _results(self, arguments: Sequence[T]) -> Sequence[R | Exception]:
        """The results of all at once, or of each alone where one among them spoils the call."""
        try:
            return self._work(arguments)
        except OperatorError as error:  # not the fault of any of them
            return [error] * len(arguments)
        except Exception as error:  # noqa: BLE001 - handed to whom it concerns
            return [error] if len(arguments) == 1 else [self._results([one])[0] for one in arguments]


class _Promise(asyncio.Future[R]):
    """What will come whoever waits for it or not: cannot be cancelled."""

    def cancel(self, msg: object | None = None) -> bool:  # noqa: ARG002
        return False


def _settle(future: asyncio.Future[R], result: R | BaseException) -> None:
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)
