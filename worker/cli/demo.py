"""`demo`: the real main job against a local newsroom whose articles are revised while you watch."""

from __future__ import annotations

import socket
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker import clock
from worker.cli.running import DataDirOption, configured, prepare, supervised
from worker.cli.view import View
from worker.errors import OperatorError

if TYPE_CHECKING:
    from datetime import datetime

    from worker.embedded import Child, Supervisor
    from worker.newsroom.findings import FoundRevision, FoundVersion, Summary
    from worker.newsroom.ready import Ready
    from worker.settings import Settings
    from worker.storage import Store

BOOT = 120.0  # seconds that all processes may take to come up; the play starts with the first request
DRAIN = 90.0  # seconds to read what was fetched last; a second on an idle machine
LANES = 30.0  # seconds after which no lane is left that may have fetched from the newsroom, however slow the machine
SCENARIO = Path(__file__).parents[1] / "newsroom" / "demo.toml"
# Everything as in production but its pace: a play lasts a minute, so a killed worker's hosts may not wait for two.
PACE = {"tick_seconds": "0.5", "lease_seconds": "6", "lane_seconds": "3", "log_level": "error"}


def demo(
    seconds: Annotated[
        int | None, typer.Option(min=1, help="End after so many seconds of the play; default: at Ctrl-C.")
    ] = None,
    scenario: Annotated[Path, typer.Option(help="What the newsroom plays.", show_default=False)] = SCENARIO,
    data_dir: DataDirOption = None,
) -> None:
    """Watch a local newsroom revise its figures, with real workers; exit status 1 when one was missed.

    Without --data-dir nothing is kept. With one, a demo that was killed goes on where it was.
    """
    from worker import embedded
    from worker.newsroom.report import summary_lines

    with ExitStack() as stack:
        folder = data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="figurewatch-")))
        play = Play(scenario, folder)
        stack.enter_context(embedded.locked(folder))
        settings = configured(None, folder, site_port=str(_free_port()), **PACE)
        supervisor = stack.enter_context(supervised(settings))
        supervisor.errors = folder / "demo.log"
        supervisor.add([play.newsroom])
        supervisor.settings = settings = play.settings(settings)
        store = prepare(settings)
        supervisor.say = view = View(store)
        view.greet(settings)
        supervisor.add(embedded.children(settings))
        with view.countdown(seconds) as tick:
            supervisor.run(lambda: view.poll() or tick(play.elapsed()) or play.over(seconds))
        play.drain(supervisor, store)
        view.poll()
        summary = play.audit(store)
    view.lines(summary_lines(summary))
    if not summary.ok:
        raise typer.Exit(1)


def _free_port() -> int:
    """A port for the site of a demo, which may run beside a real one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Play:
    """A newsroom playing a scenario, and its ledger."""

    scenario: Path
    folder: Path
    begun: float = 0.0
    started_at: datetime | None = None

    def __post_init__(self) -> None:
        self.begun = time.monotonic()

    @property
    def ledger(self) -> Path:
        """What was served to whom and when."""
        return self.folder / "newsroom.db"

    @property
    def newsroom(self) -> Child:
        """The process that serves it."""
        from worker.embedded import Child

        options = ["--scenario", self.scenario, "--ledger", self.ledger, "--outlets", self.folder / "outlets.toml"]
        command = [sys.executable, "-m", "worker.newsroom", *map(str, options), "--start", "first-request"]
        return Child("newsroom", command, output=self.folder / "newsroom.out")

    def settings(self, settings: Settings) -> Settings:
        """The settings to follow it with; what is let through besides stays, such as a receiver of webhooks.

        Raises OperatorError when it does not come up.
        """
        ready = self._ready()
        allowed = ",".join(filter(None, (settings.allow_networks, ready.allow_networks)))
        return settings.model_copy(update={"outlets": ready.outlets, "allow_networks": allowed})

    def _ready(self) -> Ready:
        from worker.newsroom.ready import Ready

        while time.monotonic() - self.begun < BOOT:
            lines = (self.folder / "newsroom.out").read_text().splitlines()
            if lines:
                return Ready.parse(lines[-1])
            time.sleep(0.05)
        raise OperatorError("the newsroom does not start")

    def elapsed(self) -> float | None:
        """Seconds since the first request; None before it."""
        from worker.newsroom.ledger import play_started_at

        self.started_at = self.started_at or play_started_at(self.ledger)
        return (clock.now() - self.started_at).total_seconds() if self.started_at else None

    def over(self, seconds: int | None) -> bool:
        """Tell whether the time is up. Raises OperatorError when nobody came for the play to begin."""
        elapsed = self.elapsed()
        if elapsed is None and time.monotonic() - self.begun > BOOT:
            raise OperatorError(f"no worker came up within {BOOT:.0f} s; demo.log in --data-dir says why")
        return seconds is not None and elapsed is not None and elapsed >= seconds

    def drain(self, supervisor: Supervisor, store: Store) -> None:
        """Close the newsroom, and let the workers read what it served last."""
        supervisor.end("newsroom")
        closed = time.monotonic()

        def drained() -> bool:
            backlog, since = store.queries.backlog(clock.now()), time.monotonic() - closed
            all_read = backlog.unread == 0 and (backlog.leased_hosts == 0 or since > LANES)
            return all_read or since > DRAIN

        supervisor.run(drained)

    def audit(self, store: Store) -> Summary:
        """Compare what was found with what was served."""
        from worker.newsroom.audit import audit
        from worker.newsroom.ledger import read_ledger
        from worker.newsroom.scenario_file import load_scenario

        return audit(
            load_scenario(self.scenario),
            read_ledger(self.ledger),
            found_revisions(store),
            found_versions(store),
            now=clock.now(),
        )


def found_revisions(store: Store) -> list[FoundRevision]:
    """All stored revisions, for an audit."""
    from worker.model import RevisionKind
    from worker.newsroom.findings import FoundRevision

    return [
        FoundRevision(
            url=row.url,
            kind=row.kind,
            old_low=row.old.low,
            old_high=row.old.high,
            old_bound=row.old.bound,
            new_low=row.new.low if row.new else None,
            new_high=row.new.high if row.new else None,
            new_bound=row.new.bound if row.new else None,
            unit=row.old.unit,
            detected_at=row.detected_at,
        )
        for row in store.queries.revisions_after(0, limit=1_000_000)
        if row.kind is not RevisionKind.SUPERSEDED  # the script states what changes within an article
    ]


def found_versions(store: Store) -> list[FoundVersion]:
    """All stored versions, for an audit."""
    from worker.newsroom.findings import FoundVersion

    articles = (store.queries.article(article_id) for article_id in store.queries.article_ids())
    return [
        FoundVersion(article.url, version.ordinal, version.title, version.text)
        for article in articles
        if article is not None
        for version in article.versions
    ]
