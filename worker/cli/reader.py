"""A process that reads strangers' bytes for a command, and that can be killed."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, Any, TypeAlias

from worker.errors import StaleLease
from worker.ops import logs

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from worker.model import FeedFacts
    from worker.ports import World
    from worker.settings import Settings
    from worker.storage import Store

    Work: TypeAlias = Callable[[int, World, Store], object]


class Reader:
    """One child at a time; it is killed when it takes too long, and another takes its place."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(self._settings, there), daemon=True)
        self._process.start()
        there.close()

    def do(self, work: Work, id_: int) -> Any:
        """What `work`, a function of a module, says of an id; None when it took too long or killed the process.

        An attempt that it counted stays counted.
        """
        self._here.send((work, id_))
        try:
            if self._here.poll(self._settings.read_seconds):
                return self._here.recv()
        except EOFError:
            pass
        logs.log("read.killed", id=id_, level="warning")
        self.close()
        self._start()
        return None

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()


def read(capture_id: int, here: World, _: Store) -> None:
    """Read a capture."""
    from worker.pipeline import reading

    try:
        reading.read(capture_id, here)
    except StaleLease:
        logs.log("read.stale", capture_id=capture_id, level="warning")


def relate(version_id: int, here: World, _: Store) -> None:
    """Relate a version that a killed process left behind."""
    from worker.pipeline import relating

    relating.relate(version_id, here)


def replay(article_id: int, here: World, _: Store) -> None:
    """Read the history of an article again."""
    from worker.pipeline import replaying

    try:
        replaying.replay(article_id, here)
    except StaleLease:
        logs.log("replay.stale", article_id=article_id, level="warning")


def examine(capture_id: int, _: World, store: Store) -> FeedFacts | None:
    """What a captured feed holds."""
    from worker.core import diagnosis, feeds

    body, headers, url = store.polls.document(capture_id)
    try:
        return diagnosis.facts(feeds.parse(body, headers=headers, url=url))
    except Exception:  # noqa: BLE001 - strangers' bytes can make a parser raise anything; reading it has said so
        return None


def _serve(settings: Settings, requests: Connection) -> None:
    from worker import storage, world

    logs.configure(settings.log_format, settings.log_level)
    store = storage.open_store(settings.database)
    here = world.build(settings, store)
    while True:
        work, id_ = requests.recv()
        requests.send(work(id_, here, store))
