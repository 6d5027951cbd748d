"""What the tasks of one process share."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from celery import signals

from worker import leash
from worker import world as world_
from worker.app import settings

if TYPE_CHECKING:
    from worker.ports import World


WORKER = os.getpid()  # the process that forks those of the pool


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
