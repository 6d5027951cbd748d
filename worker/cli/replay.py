"""`figurewatch replay`: read history again with today's reader."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from worker import clock
from worker.cli.reader import Reader
from worker.cli.reader import replay as read_again
from worker.cli.running import configured

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from worker.ports import World
    from worker.settings import Settings
    from worker.storage import Store

PAUSE = 0.5  # seconds between two looks at how far the workers are
SILENT = 30  # seconds without any progress after which workers may be missing
SAYS = {
    "articles": "articles read again",
    "versions": "versions of them",
    "texts": "versions whose text differs",
    "figures": "versions whose figures alone differ",
    "unreadable": "versions that are no article to today's reader, which stay as they are",
    "added": "revisions that are found and were not",
    "retracted": "revisions that are no longer found",
    "failed": "articles that could not be read again",
}


def replay(
    outlet: Annotated[str | None, typer.Option(help="Only of this outlet (slug).")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what today's extractor has read already.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    here: Annotated[bool, typer.Option("--here", help="In this process's own reader, without workers.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines instead of text for people.")] = False,
) -> None:
    """Read the history of articles again from their raw bytes, in the workers, after the extractor has changed.

    May be ended and started again: it goes on where it was.
    """
    from worker import storage
    from worker.core.extraction import EXTRACTOR

    settings = configured(log_level="warning")
    store = storage.open_store(settings.database)
    if dry_run:
        ids = store.replays.candidates(EXTRACTOR, outlet=outlet, everything=everything)
        _say(_bar("looking", _look(settings, ids), len(ids)), as_json=as_json)
        return
    store.replays.request(EXTRACTOR, outlet=outlet, everything=everything)
    waiting = store.replays.progress().waiting
    work = _read_here(settings, store) if here else _watch(store)
    _bar("reading again", work, waiting)
    _say(_outcome(store), as_json=as_json)


def look(article_id: int, _: World, store: Store) -> dict[str, int]:
    """What reading the history of an article again would change; nothing is written."""
    from worker.core import replaying

    history = store.replays.history(article_id)
    intent = replaying.intent(history, clock.now())
    figures = {past.version_id: store.queries.figures(past.version_id) for past in history.versions}
    return {
        "articles": 1,
        "versions": len(intent.readings),
        "texts": sum(reading.changed for reading in intent.readings),
        "figures": sum(
            not reading.changed and set(reading.figures) != set(figures[reading.version_id])
            for reading in intent.readings
        ),
        "unreadable": intent.unreadable,
        "added": sum(len(pair.added) for pair in intent.comparisons),
        "retracted": len(intent.retracted),
    }


def _look(settings: Settings, article_ids: tuple[int, ...]) -> Iterator[Counter[str]]:
    reader = Reader(settings)
    for article_id in article_ids:
        yield Counter(reader.do(look, article_id) or {"failed": 1})
    reader.close()


def _read_here(settings: Settings, store: Store) -> Iterator[Counter[str]]:
    reader = Reader(settings)
    while article_ids := store.replays.lease(clock.now(), _later(settings), 100):
        for article_id in article_ids:
            reader.do(read_again, article_id)
            yield Counter()
    reader.close()


def _watch(store: Store) -> Iterator[Counter[str]]:
    """One item for each article that a worker has finished."""
    moved, left = time.monotonic(), store.replays.progress().waiting
    warned = False
    while left:
        time.sleep(PAUSE)
        before, left = left, store.replays.progress().waiting
        for _ in range(before - left):
            moved = time.monotonic()
            yield Counter()
        if not warned and time.monotonic() - moved > SILENT:
            typer.echo("Nothing moves: is a read worker running? `--here` works without one.", err=True)
            warned = True


def _later(settings: Settings) -> datetime:
    from datetime import timedelta

    return clock.now() + timedelta(seconds=settings.lease_seconds)


def _outcome(store: Store) -> Counter[str]:
    progress = store.replays.progress()
    return Counter({"articles": progress.done, "failed": progress.failed})


def _bar(name: str, work: Iterator[Counter[str]], total: int) -> Counter[str]:
    counted: Counter[str] = Counter()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task(name, total=total)
        for each in work:
            counted += each
            progress.advance(bar)
    return counted


def _say(counted: Counter[str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({name: counted[name] for name in SAYS}))
        return
    for name, words in SAYS.items():
        if counted[name] or name == "articles":
            print(f"{counted[name]:>8}  {words}")
