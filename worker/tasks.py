"""Thin tasks: an id in, a few lines each. Every one is safe to lose and safe to run twice."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from celery import signals

from worker import world
from worker.app import READ, VISIT, settings, stopping, task
from worker.core import extraction, feeds, figures
from worker.errors import StaleLease
from worker.model import Lease
from worker.ops.logs import log
from worker.pipeline import dispatching, reading, relating, replaying, visiting

if TYPE_CHECKING:
    from worker.ports import World


STOP_CHECK = 0.2  # seconds between two looks at whether this worker is to stop


@cache
def _world() -> World:
    """One a process: the engine's pool is shared by its threads."""
    return world.build(settings)


@signals.worker_init.connect
def _warm(sender: Any, **_: Any) -> None:
    """First use of the extractor costs 2.5 s of CPU, the lexicon 60 ms: pay them once, before the pool forks."""
    if READ in sender.app.amqp.queues.consume_from:
        extraction.warm()
        feeds.warm()
        figures.read_text("One figure.")
        gc.collect()
        gc.freeze()  # a collection in a child would copy the pages that it shares with its parent


@signals.worker_process_init.connect
def _forked(**_: Any) -> None:
    """A forked child must not speak on its parent's database connections."""
    _world.cache_clear()


@task(name="figurewatch.dispatch", queue=VISIT)
def dispatch() -> None:
    """Send what is due."""
    found = dispatching.dispatch(
        _world(), settings.batch_hosts, limit=settings.batch_hosts * settings.visit_concurrency
    )
    for leases in found.visits:
        visit.delay([[lease.id, lease.token] for lease in leases])
    for capture_id in found.reads:
        read.delay(capture_id)
    for version_id in found.relates:
        relate.delay(version_id)
    for article_id in found.replays:
        replay.delay(article_id)


def _send_read(capture_id: int) -> None:
    read.delay(capture_id)


@task(name="figurewatch.visit", queue=VISIT)
def visit(leases: list[list[int]]) -> None:
    """Walk a batch of leased hosts."""
    asyncio.run(_visit([Lease(id_, token) for id_, token in leases]))


async def _visit(leases: list[Lease]) -> None:
    async with world.fetcher(settings) as fetcher:
        walk = asyncio.ensure_future(visiting.visit(leases, _world(), fetcher, _send_read))
        while not walk.done():
            if stopping.is_set():  # no host should wait for its lease to end because this worker was restarted
                walk.cancel()
            await asyncio.wait({walk}, timeout=STOP_CHECK)
        with suppress(asyncio.CancelledError):
            walk.result()


# A page that hangs a parser is stopped softly, then its process is killed; the attempt is already counted.
@task(name="figurewatch.read", queue=READ, soft_time_limit=settings.read_seconds, time_limit=settings.read_seconds + 10)
def read(capture_id: int) -> None:
    """Read one capture. What goes wrong is recorded at the capture, which is tried again or quarantined."""
    try:
        reading.read(capture_id, _world())
    except StaleLease:
        log("read.stale", capture_id=capture_id, level="warning")


# What a read that was killed, or lost its database, left behind; as a rule `read` relates what it kept.
@task(
    name="figurewatch.relate", queue=READ, soft_time_limit=settings.read_seconds, time_limit=settings.read_seconds + 10
)
def relate(version_id: int) -> None:
    """Relate one version to other articles. What goes wrong is recorded, and it is tried again or given up on."""
    relating.relate(version_id, _world())


@task(
    name="figurewatch.replay", queue=READ, soft_time_limit=settings.read_seconds, time_limit=settings.read_seconds + 10
)
def replay(article_id: int) -> None:
    """Read an article's history again. What goes wrong is recorded at its replay, which is tried again or given up."""
    try:
        replaying.replay(article_id, _world())
    except StaleLease:
        log("replay.stale", article_id=article_id, level="warning")
