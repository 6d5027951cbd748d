"""Lets an event loop write the ledger: all rows that wait are committed together, off the loop."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.newsroom.ledger import Answer, Ledger


class Journal:
    """The queue in front of a ledger. `run` is to run as a task for as long as anything is recorded."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._answers: list[tuple[Answer, asyncio.Future[int]]] = []
        self._completed: list[int] = []
        self._wake = asyncio.Event()
        self._closing = False

    async def record(self, answer: Answer) -> int:
        """Append an answer; returns its number once it is on disk. Rows keep the order of these calls."""
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._answers.append((answer, done))
        self._wake.set()
        return await done

    def complete(self, request_no: int) -> None:
        """Note that the last byte of an answer has left."""
        self._completed.append(request_no)
        self._wake.set()

    def close(self) -> None:
        """Let `run` end when everything is written."""
        self._closing = True
        self._wake.set()

    async def run(self) -> None:
        """Write until closed. An error of the ledger ends it: a newsroom without a ledger must not serve."""
        with ThreadPoolExecutor(1, "ledger") as thread:
            while not self._closing or self._answers or self._completed:
                await self._wake.wait()
                self._wake.clear()
                await self._write(thread)

    async def _write(self, thread: ThreadPoolExecutor) -> None:
        answers, self._answers = self._answers, []
        completed, self._completed = self._completed, []
        rows = [answer for answer, _ in answers]
        numbers = await asyncio.get_running_loop().run_in_executor(thread, self._ledger.write, rows, completed)
        for (_, done), number in zip(answers, numbers, strict=True):
            if not done.cancelled():
                done.set_result(number)
