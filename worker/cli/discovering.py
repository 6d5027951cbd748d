"""`outlets discover`: the feeds of a site, as a block for the outlets file."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from worker import clock
from worker import settings as settings_
from worker.model import FeedSource, Lease, Policy

if TYPE_CHECKING:
    from worker.discovery import Discovery, Found
    from worker.model import Outlet
    from worker.settings import Settings
    from worker.storage import Store


def discover(
    url: Annotated[str, typer.Argument(metavar="URL", help="The home page of a publisher.")],
    *,
    gap: Annotated[float, typer.Option(min=0.0, help="Seconds between two requests.")] = 2.0,
    country: Annotated[str | None, typer.Option(help="ISO 3166-1, where neither language nor address says.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Find the feeds of a publisher: announced by its home page or robots.txt, else where they mostly are.

    Prints an [[outlet]] block for the outlets file. Exit status 1 when no feed was found. Nothing is asked for twice
    within ten minutes, nor while a worker visits the site.
    """
    from worker import additions

    found = _found(url, settings_.load(os.environ), gap)
    outlet = additions.described(
        name=found.home.name,
        homepage=found.url,
        language=found.home.language or next((f.feed.language for f in found.feeds if f.feed.language), None),
        country=country,
        feeds=[FeedSource(f.url) for f in found.feeds],
    )
    for line in found.passed_over:
        print(f"passed over {line}", file=sys.stderr)
    if as_json:
        print(json.dumps(_json(outlet, found), ensure_ascii=False))
    elif found.feeds:
        _print_block(outlet, found)
    else:
        print(f"no feed found at {found.url}", file=sys.stderr)
    raise typer.Exit(0 if found.feeds else 1)


def _found(url: str, settings: Settings, gap: float) -> Discovery:
    from worker import discovery, gate
    from worker.cli.child import Child
    from worker.storage import migrate, open_store

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.database)
    store = open_store(settings.database)

    async def run() -> Discovery:
        async with gate.fetcher(settings) as fetcher:
            lanes = _Lanes(store, until=timedelta(seconds=settings.lease_seconds))
            return await discovery.discover(url, fetcher, child.do, gap=gap, say=say, lanes=lanes)

    columns = (SpinnerColumn(), TextColumn("{task.completed} asked"), TextColumn("{task.description}", markup=False))
    with Child() as child, Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("", total=None)

        def say(asked: str) -> None:
            progress.update(bar, advance=1, description=asked)

        return asyncio.run(run())


@dataclass(frozen=True, slots=True)
class _Lanes:
    """The hosts of this installation, by the clock."""

    store: Store
    until: timedelta

    def borrow(self, url: str) -> Lease | float:
        now = clock.now()
        lent = self.store.borrowing.borrow(url, now, now + self.until, timedelta(seconds=Policy().poll_seconds))
        return lent if isinstance(lent, Lease) else (lent - now).total_seconds()

    def give_back(self, lease: Lease, gap: float) -> None:
        self.store.borrowing.give_back(lease, clock.now() + timedelta(seconds=gap))


def _print_block(outlet: Outlet, found: Discovery) -> None:
    from worker import additions

    for feed in found.feeds:
        print(f"# {feed.url}\n#   {_described(feed)}")
    if outlet.country == additions.NOWHERE:
        print(f"# country: neither the language nor the address says which; {additions.NOWHERE} stands for none")
    print(additions.block(outlet), end="")


def _described(found: Found) -> str:
    facts = _facts(found)
    words = [found.how, str(facts["format"]), f"{facts['entries']} entries"]
    if facts["newest"]:
        words.append(f"newest of {facts['newest']}")
    if facts["full_text"]:
        words.append(f"{facts['full_text']} of them with full text")
    if facts["sitemaps"]:
        words.append(f"{facts['sitemaps']} sitemaps")
    return ", ".join(words)


def _facts(found: Found) -> dict[str, Any]:
    feed = found.feed
    dates = [date for entry in feed.entries for date in (entry.published, entry.updated) if date]
    return {
        "url": found.url,
        "how": found.how,
        "format": feed.format.value if feed.format else None,
        "title": feed.title,
        "language": feed.language,
        "entries": len(feed.entries),
        "newest": max(dates).isoformat() if dates else None,
        "full_text": sum(entry.text is not None for entry in feed.entries),
        "sitemaps": len(feed.sitemaps),
    }


def _json(outlet: Outlet, found: Discovery) -> dict[str, Any]:
    facts = {key: getattr(outlet, key) for key in ("slug", "name", "homepage", "country", "language")}
    return {**facts, "feeds": [_facts(feed) for feed in found.feeds], "passed_over": found.passed_over}
