"""`outlets check --visit`: every feed is visited when it is due, and what is wrong with it is said."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from worker import clock
from worker.cli.reader import Reader, examine, read
from worker.cli.running import configured, prepare
from worker.core import diagnosis
from worker.core.wording import visible

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from worker.core.diagnosis import Finding
    from worker.model import FeedState, Lease
    from worker.ports import World
    from worker.settings import Settings
    from worker.storage import Store

PAUSE = 0.2  # seconds between two looks at hosts that want a pause
PATIENCE = 60.0  # seconds without a visit: the rest belongs to another worker; or a longer pause that hosts want
ENDED = frozenset({"visit.done", "visit.withheld", "visit.lost", "visit.quarantined"})  # what a visit comes to
CHECKED = "check.db"  # beside the database: remembers visits to the feeds of a file that is not the configured one


@dataclass(frozen=True, slots=True)
class Checked:
    """A feed and what was found."""

    state: FeedState
    findings: tuple[Finding, ...]
    entries: int | None
    visited: bool  # now; else this is what its last visit brought
    waiting: bool  # it is due, but its host wants a longer pause


def check(path: Path | None, *, as_json: bool) -> int:
    """Visit the feeds that are due, tell what is wrong with all; the exit status.

    A feed is never visited before its time, however often this is called: the visits are those of the daemon, with its
    database, its leases and its floors. A file that is not the configured one has a database of its own.
    """
    settings = _settings(path)
    store = prepare(settings)
    reader = Reader(settings)
    try:
        checked = _checked(settings, store, reader)
    finally:
        reader.close()
        store.changes.sequence()
        store.close()
    _print_json(checked) if as_json else _print(checked)
    return 1 if any(feed.findings for feed in checked) else 0


def _settings(path: Path | None) -> Settings:
    settings = configured(path, log_level="error")
    if path is None or path.resolve() == configured(log_level="error").outlets.resolve():
        return settings
    return settings.model_copy(update={"database_url": f"sqlite:///{settings.data_dir.absolute() / CHECKED}"})


def _checked(settings: Settings, store: Store, reader: Reader) -> list[Checked]:
    from worker import outlets

    policies = {outlet.slug: outlet.policy for outlet in outlets.load(settings.outlets)}
    horizon = clock.now()
    seconds = _visit_due(settings, store, reader, horizon)
    now = clock.now()
    checked = []
    for state in store.polls.states():
        facts = reader.do(examine, state.capture_id) if state.capture_id is not None else None
        took = seconds.get(state.url) or seconds.get(state.moved_to or "")
        found = diagnosis.of_feed(state, facts, policy=policies[state.outlet], now=now, seconds=took)
        visited = state.visited_at is not None and state.visited_at >= horizon
        waiting = not visited and state.next_visit_at is not None and state.next_visit_at <= horizon
        checked.append(Checked(state, found, facts.entries if facts else None, visited, waiting))
    return checked


def _visit_due(settings: Settings, store: Store, reader: Reader, horizon: datetime) -> dict[str, float]:
    """Visit and read what is due by then, each feed once; how long each that was asked took to answer, in seconds."""
    from worker import world

    seconds: dict[str, float] = {}
    columns = (TextColumn("visiting feeds"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        total = store.polls.due(horizon)
        bar, idle_since = progress.add_task("", total=total), time.monotonic()

        def log(event: str, **fields: Any) -> None:
            if event == "visit.done":
                seconds[fields["url"]] = fields["seconds"]
            if event in ENDED:
                progress.advance(bar)

        # Not a daemon's tick: nothing but feeds is handed out, and nothing is said of a dispatch.
        frontier = store.feeds_only()
        feeds = replace(world.build(settings, store), frontier=frontier, horizon=horizon, log=log)
        while (due := store.polls.due(horizon)) and time.monotonic() - idle_since < PATIENCE:
            progress.update(bar, completed=total - due)
            now = clock.now()
            leases = feeds.frontier.lease_hosts(now, now + feeds.lease, settings.batch_hosts)
            for capture_id in asyncio.run(_visit(settings, feeds, leases)):
                reader.do(read, capture_id)
            if leases:
                idle_since = time.monotonic()
                continue
            free_at = frontier.free_at(horizon)
            if free_at is not None and (free_at - now).total_seconds() > PATIENCE:
                break
            time.sleep(PAUSE)
    return seconds


async def _visit(settings: Settings, feeds: World, leases: tuple[Lease, ...]) -> list[int]:
    from worker import gate
    from worker.pipeline import visiting

    captured: list[int] = []
    async with gate.fetcher(settings) as fetcher:
        await visiting.visit(leases, feeds, fetcher, captured.append)
    return captured


# --- what is said --------------------------------------------------------------------------------------


def _print_json(checked: list[Checked]) -> None:
    for feed in checked:
        state = feed.state
        facts = {
            "outlet": state.outlet,
            "url": state.url,
            "visited": feed.visited,
            "visited_at": state.visited_at.isoformat() if state.visited_at else None,
            "next_visit_at": state.next_visit_at.isoformat() if state.next_visit_at else None,
            "outcome": state.outcome,
            "entries": feed.entries,
            "findings": [{"what": f.what, "advice": f.advice, "grave": f.grave} for f in feed.findings],
        }
        print(json.dumps(facts, ensure_ascii=False))


def _print(checked: list[Checked]) -> None:
    """What is wrong, feed by feed: a table on a terminal, tab-separated in a pipe; and how many are fine."""
    wrong = [(feed, finding) for feed in checked for finding in feed.findings]
    if sys.stdout.isatty():
        if wrong:
            Console().print(_table(wrong))
    else:
        for feed, finding in wrong:
            print(f"{feed.state.outlet}\t{feed.state.url}\t{finding.what}\t{visible(finding.advice)}")
    fine = sum(not feed.findings for feed in checked)
    visited, waiting = sum(feed.visited for feed in checked), sum(feed.waiting for feed in checked)
    print(
        f"{len(checked)} feeds: {fine} fine, {len(checked) - fine} to look at; {visited} visited now, "
        f"{len(checked) - visited - waiting} not due" + (f", {waiting} waiting for their host" if waiting else ""),
        file=sys.stderr,
    )


def _table(wrong: list[tuple[Checked, Finding]]) -> Table:
    table = Table(box=None)
    for column in ("outlet", "feed", "what", "what to do"):
        table.add_column(column, overflow="fold")
    for feed, finding in wrong:
        what = Text(finding.what, style="red" if finding.grave else "yellow")
        table.add_row(feed.state.outlet, Text(visible(feed.state.url)), what, Text(visible(finding.advice)))
    return table
