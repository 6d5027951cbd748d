"""`run-once`: one cycle in the foreground, without Celery and without a broker."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from worker import clock
from worker.cli.reader import Reader, read, relate, replay
from worker.cli.running import DataDirOption, OutletsOption, configured, prepare
from worker.cli.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.model import Lease
    from worker.ports import World
    from worker.settings import Settings
    from worker.storage import Store

ROUNDS = ("feeds and known articles", "articles that the feeds named")
PAUSE = 0.1  # seconds between two looks at hosts that want a pause
PATIENCE = timedelta(seconds=60)  # for all of them; longer pauses are left to the next run


def run_once(outlets: OutletsOption = None, data_dir: DataDirOption = None) -> None:
    """Fetch and read everything that is due now, in the foreground, without Celery or a broker.

    What hosts want a pause for of more than a minute is left to the next run.
    """
    settings = configured(outlets, data_dir, log_level="warning")
    store = prepare(settings)
    view = View(store)
    reader = Reader(settings)
    begun = clock.now()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        for name in ROUNDS:
            bar = progress.add_task(name, total=None)
            for done, total in _round(settings, store, reader):
                progress.update(bar, completed=done, total=total)
            view.poll()
    reader.close()
    store.changes.sequence()
    asyncio.run(_deliver(settings, store))
    view.totals()
    if left := store.queries.backlog(begun).due:
        view.lines([f"{left} left for later: their hosts or budgets want a longer pause"])


def _round(settings: Settings, store: Store, reader: Reader) -> Iterator[tuple[int, int]]:
    """Visit what is due at its start, each resource once, and read what that brought; yields (done, total)."""
    from worker import world
    from worker.pipeline import dispatching

    horizon = clock.now()
    here = replace(world.build(settings, store), horizon=horizon)
    total = store.queries.backlog(horizon).due
    while (due := store.queries.backlog(horizon).due) > 0:
        yield total - due, total
        found = dispatching.dispatch(here, settings.batch_hosts, settings.batch_hosts)
        fresh = [capture_id for leases in found.visits for capture_id in asyncio.run(_visit(settings, here, leases))]
        for capture_id in (*found.reads, *fresh):
            reader.do(read, capture_id)
        for version_id in found.relates:
            reader.do(relate, version_id)
        for article_id in found.replays:
            reader.do(replay, article_id)
        for lease in found.deliveries:  # when everything is read
            here.webhooks.release(lease)
        if found.visits or found.reads:
            continue
        free_at = store.frontier.free_at(horizon)
        if free_at is not None and free_at - clock.now() > PATIENCE:
            return
        time.sleep(PAUSE)
    yield total, total


async def _visit(settings: Settings, here: World, leases: tuple[Lease, ...]) -> list[int]:
    from worker import gate
    from worker.pipeline import visiting

    captured: list[int] = []
    async with gate.fetcher(settings) as fetcher:
        await visiting.visit(leases, here, fetcher, captured.append)
    return captured


async def _deliver(settings: Settings, store: Store) -> None:
    """Tell the endpoints of webhooks what is new, each until it fails or nothing is left."""
    from worker import gate, world
    from worker.pipeline import delivering

    here = world.build(settings, store)
    async with gate.fetcher(settings) as sender:
        while leases := here.webhooks.lease(clock.now(), clock.now() + here.lease, settings.batch_hosts):
            await delivering.deliver(leases, here, sender, settings.site_address)
