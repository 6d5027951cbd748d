"""Tasks that wait for the network and the database."""

from __future__ import annotations

import asyncio
from functools import partial

from worker import gate
from worker.app import READ_TASK, RELATE_TASK, REPLAY_TASK, VISIT, send, settings, task
from worker.model import Lease
from worker.pipeline import dispatching, visiting
from worker.tasks import here
from worker.tasks.delivering import deliver


@task(name="figurewatch.dispatch", queue=VISIT)
def dispatch() -> None:
    """Send what is due."""
    most = settings.batch_hosts * settings.visit_concurrency
    found = dispatching.dispatch(here.world(), settings.batch_hosts, limit=most)
    for leases in found.visits:
        visit.delay([[lease.id, lease.token] for lease in leases])
    for capture_id in found.reads:
        send(READ_TASK, capture_id)
    for version_id in found.relates:
        send(RELATE_TASK, version_id)
    for article_id in found.replays:
        send(REPLAY_TASK, article_id)
    if found.deliveries:
        deliver.delay([[lease.id, lease.token] for lease in found.deliveries])


@task(name="figurewatch.visit", queue=VISIT)
def visit(leases: list[list[int]]) -> None:
    """Walk a batch of leased hosts."""
    asyncio.run(_visit([Lease(id_, token) for id_, token in leases]))


async def _visit(leases: list[Lease]) -> None:
    async with gate.fetcher(settings) as fetcher:
        # No host should wait for its lease to end because this worker was restarted.
        await here.until_stopped(visiting.visit(leases, here.world(), fetcher, partial(send, READ_TASK)))
