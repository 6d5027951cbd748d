"""A worker of the smallest kind, to be killed at any moment: dispatch, lanes and reading in turn, without a broker.

It starts in a second, so that it is killed while it works and not while it starts. `python -m tests.harness.walker`,
with the settings of Figurewatch in its environment.
"""

import asyncio
import os
import time
from contextlib import suppress

from worker import gate, settings, world
from worker.errors import StaleLease
from worker.pipeline import dispatching, reading, visiting
from worker.storage import open_store

PAUSE = 0.2  # seconds between two looks


async def visit(configured, here, leases):
    """Walk a batch of hosts; ids of what was captured."""
    captured: list[int] = []
    async with gate.fetcher(configured) as fetcher:
        await visiting.visit(leases, here, fetcher, captured.append)
    return captured


def main():
    """Until it is killed."""
    configured = settings.load(os.environ)
    here = world.build(configured, open_store(configured.database))
    while True:
        found = dispatching.dispatch(here, configured.batch_hosts, 200)
        captured = [id_ for leases in found.visits for id_ in asyncio.run(visit(configured, here, leases))]
        for id_ in (*found.reads, *captured):
            with suppress(StaleLease):
                reading.read(id_, here)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
