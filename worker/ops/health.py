"""Is the installation ready to work? A decision from observed facts, and the thin probes that observe them.

Answers are words of a closed set, never the text of an error: a driver's message may quote an address or more.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

from worker.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta

T_co = TypeVar("T_co", covariant=True)


class Check(StrEnum):
    """What a look at one part showed."""

    OK = "ok"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"  # it took the question and did not answer in time
    SCHEMA = "schema"  # the database is older or newer than this code
    NEVER = "never"  # nothing was dispatched since the database was made
    STALE = "stale"  # the last dispatch is too long ago
    UNKNOWN = "unknown"  # could not be looked at, because another part failed


@dataclass(frozen=True, slots=True)
class Facts:
    """What the probes saw. An error is the exception that a probe ended with."""

    database_error: Exception | None
    redis_error: Exception | None
    last_dispatch_at: datetime | None  # None also when the database did not answer
    now: datetime
    silence: timedelta  # between two dispatches that is still normal


@dataclass(frozen=True, slots=True)
class Readiness:
    """The verdict, and what it rests on."""

    ready: bool
    checks: Mapping[str, Check]


def readiness(facts: Facts) -> Readiness:
    """Ready when every part is."""
    checks = {
        "database": _answered(facts.database_error),
        "redis": _answered(facts.redis_error),
        "beat": _beat(facts),
    }
    return Readiness(all(check is Check.OK for check in checks.values()), checks)


def _answered(error: Exception | None) -> Check:
    if error is None:
        return Check.OK
    if isinstance(error, SchemaError):
        return Check.SCHEMA
    return Check.TIMEOUT if isinstance(error, TimeoutError) else Check.UNREACHABLE


def _beat(facts: Facts) -> Check:
    if facts.database_error is not None:
        return Check.UNKNOWN
    if facts.last_dispatch_at is None:
        return Check.NEVER
    return Check.OK if facts.now - facts.last_dispatch_at <= facts.silence else Check.STALE


class Probe(Generic[T_co]):
    """A question that may hang, such as one to a database behind a dead route.

    It is asked in a thread of its own, and whoever comes while it is open waits for the same answer: however
    often it is asked, one thread at most hangs. The thread is a daemon, so it does not hold up the end either.
    """

    def __init__(self, question: Callable[[], T_co]) -> None:
        self._question = question
        self._lock = threading.Lock()
        self._open: Future[T_co] | None = None

    async def answer(self, seconds: float) -> T_co:
        """The answer. Raises TimeoutError, or what the question raised."""
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._ask())), seconds)

    def _ask(self) -> Future[T_co]:
        with self._lock:
            if self._open is None or self._open.done():
                self._open = Future()
                threading.Thread(target=self._work, args=(self._open,), daemon=True).start()
            return self._open

    def _work(self, future: Future[T_co]) -> None:
        try:
            future.set_result(self._question())
        except Exception as error:  # noqa: BLE001 - raised again where the answer is waited for
            future.set_exception(error)
