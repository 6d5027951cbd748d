"""What `up` and `demo` say while they run: what started and died, whether the network is there, each revision."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn

from worker import outlets
from worker.cli import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from worker.model import RevisionRow
    from worker.settings import Settings
    from worker.storage import Store

LOOK = 0.5  # seconds between two looks at the database


class View:
    """Follows one database and tells a person about it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._console = render.console()
        self._last = store.queries.newest_revision_id()
        self._next_look = 0.0
        self._offline = False

    def __call__(self, event: str, **fields: object) -> None:
        """Say what became of a child process; the supervisor's voice."""
        if event == "child.died":
            told = f"{fields['child']} ended with status {fields['status']}"
            self._console.print(f"{told}; starting it again in {fields['restart_in']} s", style="yellow")

    def greet(self, settings: Settings) -> None:
        """Say what is being run, and where to look."""
        configured = outlets.load(settings.outlets)
        feeds = sum(len(outlet.feeds) for outlet in configured)
        self._console.print(f"Figurewatch follows {feeds} feeds of {len(configured)} outlets ({settings.outlets})")
        self._console.print(f"Pages, metrics, health: http://{settings.site_host}:{settings.site_port}/")
        self._console.print(f"Kept in {settings.database_url or settings.data_dir.absolute()}; Ctrl-C ends it.")

    def poll(self) -> bool:
        """Tell what is new; never over by itself."""
        if time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + LOOK
            self._network()
            for row in self.caught():
                self._console.print(render.revision_block(row))
        return False

    def lines(self, lines: Iterable[str]) -> None:
        """Say plain lines."""
        for line in lines:
            self._console.print(line, markup=False)

    def totals(self) -> None:
        """Say how much is held."""
        census = self._store.queries.census()
        self._console.print(
            f"{census.articles} articles, {census.versions} versions, {census.figures} figures, "
            f"{census.revisions} revisions"
        )

    @contextmanager
    def countdown(self, seconds: int | None) -> Iterator[Callable[[float | None], None]]:
        """A bar under the revisions, on a terminal; the function yielded moves it."""
        if seconds is None or not self._console.is_terminal:
            yield lambda _elapsed: None
            return
        with Progress(TextColumn("{task.description}"), BarColumn(), console=self._console, transient=True) as progress:
            bar = progress.add_task("the newsroom is about to publish", total=seconds)

            def tick(elapsed: float | None) -> None:
                if elapsed is not None:
                    left = max(0.0, seconds - elapsed)
                    progress.update(bar, completed=elapsed, description=f"{left:.0f} s left")

            yield tick

    def caught(self) -> tuple[RevisionRow, ...]:
        """Revisions stored since the last call, oldest first."""
        rows = self._store.queries.revisions_after(self._last, limit=200)
        if rows:
            self._last = rows[-1].revision_id
        return rows

    def _network(self) -> None:
        offline = self._store.queries.outage_since() is not None
        if offline and not self._offline:
            self._console.print(
                "Nothing is reachable: is this machine online? No outlet is charged for it; trying again every minute.",
                style="yellow",
            )
        if self._offline and not offline:
            self._console.print("The network is back.", style="green")
        self._offline = offline
