"""`run-once`: one cycle in the foreground, without Celery and without a broker."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from worker import clock
from worker.cli.running import DataDirOption, OutletsOption, configured, prepare
from worker.cli.view import View
from worker.errors import StaleLease
from worker.ops import logs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

    from worker.model import Lease
    from worker.pipeline import World
    from worker.settings import Settings
    from worker.storage import Store

ROUNDS = ("feeds and known articles", "articles that the feeds named")
PAUSE = 0.1  # seconds between two looks at hosts that want a pause


def run_once(outlets: OutletsOption = None, data_dir: DataDirOption = None) -> None:
    """Fetch and read everything that is due now, in the foreground, without Celery or a broker."""
    settings = configured(outlets, data_dir, log_level="warning")
    store = prepare(settings)
    view = View(store)
    reader = Reader(settings)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        for name in ROUNDS:
            bar = progress.add_task(name, total=None)
            for done, total in _round(settings, store, reader):
                progress.update(bar, completed=done, total=total)
            view.poll()
    reader.close()
    store.changes.sequence()
    view.totals()


def _round(settings: Settings, store: Store, reader: Reader) -> Iterator[tuple[int, int]]:
    """Visit what is due at its start, each resource once, and read what that brought; yields (done, total)."""
    from worker import pipeline, world

    horizon = clock.now()
    here = replace(world.build(settings, store), horizon=horizon)
    total = store.queries.backlog(horizon).due
    while (due := store.queries.backlog(horizon).due) > 0:
        yield total - due, total
        found = pipeline.dispatch(here, settings.batch_hosts, settings.batch_hosts)
        fresh = [capture_id for leases in found.visits for capture_id in asyncio.run(_visit(settings, here, leases))]
        for capture_id in (*found.reads, *fresh):
            reader.read(capture_id)
        for version_id in found.relates:
            reader.relate(version_id)
        if not found.visits and not found.reads:
            time.sleep(PAUSE)
    yield total, total


async def _visit(settings: Settings, here: World, leases: tuple[Lease, ...]) -> list[int]:
    from worker import pipeline, world

    captured: list[int] = []
    async with world.fetcher(settings) as fetcher:
        await pipeline.visit(leases, here, fetcher, captured.append)
    return captured


class Reader:
    """A process that reads captures and can be killed, since strangers' bytes can hang a parser."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._settings, there), daemon=True)
        self._process.start()
        there.close()

    def read(self, capture_id: int) -> None:
        """Read one capture; one that takes too long, or that kills the process, keeps its counted attempt."""
        if not self._done("read", capture_id):
            logs.log("read.killed", capture_id=capture_id, level="warning")

    def relate(self, version_id: int) -> None:
        """Relate one version that a killed process left behind, under the same rules."""
        if not self._done("relate", version_id):
            logs.log("relate.killed", version_id=version_id, level="warning")

    def _done(self, journey: str, id_: int) -> bool:
        self._here.send((journey, id_))
        try:
            if self._here.poll(self._settings.read_seconds):
                self._here.recv()
                return True
        except EOFError:
            pass
        self.close()
        self._start()
        return False

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()


def _serve(settings: Settings, requests: Connection) -> None:
    from worker import pipeline, world

    logs.configure(settings.log_format, settings.log_level)
    here = world.build(settings)
    while True:
        journey, id_ = requests.recv()
        try:
            if journey == "relate":
                pipeline.relate(id_, here)
            else:
                pipeline.read(id_, here)
        except StaleLease:
            logs.log("read.stale", capture_id=id_, level="warning")
        requests.send(None)
