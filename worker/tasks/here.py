"""What the tasks of one process share."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from celery import signals

from worker import leash
from worker import world as world_
from worker.app import settings, stopping

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from worker.ports import World


WORKER = os.getpid()  # the process that forks those of the pool
STOP_CHECK = 0.2  # seconds between two looks at whether this worker is to stop


@cache
def world() -> World:
    """One a process: the engine's pool is shared by its threads."""
    return world_.build(settings)


@signals.worker_process_init.connect
def _forked(**_: Any) -> None:
    """A forked child must not speak on its parent's database connections, nor outlive it.

    It would: its brothers hold the other ends of the pipes on which it waits for its parent.
    """
    leash.tie(WORKER)
    world.cache_clear()


async def until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Do it, and cancel it when this worker is to stop: its lanes give back what they hold."""
    walk = asyncio.ensure_future(work)
    while not walk.done():
        if stopping.is_set():
            walk.cancel()
        await asyncio.wait({walk}, timeout=STOP_CHECK)
    with suppress(asyncio.CancelledError):
        walk.result()
