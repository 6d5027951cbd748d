"""The task that tells the endpoints of webhooks what has become known."""

from __future__ import annotations

import asyncio
import threading

from celery.utils.log import get_task_logger

from worker import gate
from worker.app import VISIT, said_plainly, settings, task
from worker.model import Lease
from worker.pipeline import delivering
from worker.tasks import here

logger = get_task_logger(__name__)


@task(name="figurewatch.deliver", queue=VISIT)
def deliver(leases: list[list[int]]) -> None:
    """Walk leased endpoints beside the pool: a receiver that hangs takes no place of a visit.

    The thread keeps the process until it ends, which is at once when the worker is asked to stop.
    """
    threading.Thread(target=_walk, args=([Lease(id_, token) for id_, token in leases],), name="deliver").start()


def _walk(leases: list[Lease]) -> None:
    walk = said_plainly("figurewatch.deliver", lambda: asyncio.run(_deliver(leases)))
    try:
        walk()
    except Exception:
        logger.exception("a fault of ours; what was leased is due again")


async def _deliver(leases: list[Lease]) -> None:
    async with gate.fetcher(settings) as sender:
        await here.until_stopped(delivering.deliver(leases, here.world(), sender, settings.site_address))
