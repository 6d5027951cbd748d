"""What `up` and `demo` say while they run: what started and died, whether the network is there, each revision."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from worker import outlets, world
from worker.cli import render

if TYPE_CHECKING:
    from worker.model import RevisionRow
    from worker.settings import Settings
    from worker.storage import Store

LOOK = 0.5  # seconds between two looks at the database
SILENCE = timedelta(minutes=5)  # the journeys' own measure of "nobody answers" (`pipeline.NETWORK_MEMORY`)


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
            self._console.print(
                f"{fields['child']} ended with status {fields['status']}; starting it again in {fields['restart_in']} s",
                style="yellow",
            )

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

    def caught(self) -> tuple[RevisionRow, ...]:
        """Revisions stored since the last call, oldest first."""
        rows = self._store.queries.revisions_after(self._last, limit=200)
        if rows:
            self._last = rows[-1].revision_id
        return rows

    def _network(self) -> None:
        tried = self._store.queries.tally("visit", "unreachable")
        offline = tried > 0 and not self._store.frontier.network_up(world.now() - SILENCE)
        if offline and not self._offline:
            self._console.print(
                "Nothing is reachable: is this machine online? No outlet is charged for it; trying again every minute.",
                style="yellow",
            )
        if self._offline and not offline:
            self._console.print("The network is back.", style="green")
        self._offline = offline
