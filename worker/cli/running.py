"""`up`, `demo`, `run-once`, and one command for each role of a production deployment."""

from __future__ import annotations

import os
import signal
import socket
import warnings
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker import settings as settings_
from worker.errors import InputError
from worker.ops import logs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.embedded import Supervisor
    from worker.settings import Settings
    from worker.storage import Store

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
OutletsOption = Annotated[
    Path | None, typer.Option("--outlets", help="The outlets file; default: FIGUREWATCH_OUTLETS.", show_default=False)
]
DataDirOption = Annotated[
    Path | None, typer.Option("--data-dir", help="Where everything is kept; default: FIGUREWATCH_DATA_DIR.")
]


def configured(outlets: Path | None = None, data_dir: Path | None = None, **defaults: str) -> Settings:
    """Settings from options, else the environment, else `defaults`, else what is shipped; the log is set up by them."""
    environ = {f"{settings_.PREFIX}{name.upper()}": value for name, value in defaults.items()} | dict(os.environ)
    if outlets is not None:
        environ[f"{settings_.PREFIX}OUTLETS"] = str(outlets)
    if data_dir is not None:
        environ[f"{settings_.PREFIX}DATA_DIR"] = str(data_dir)
    settings = settings_.load(environ)
    logs.configure(settings.log_format, settings.log_level)
    return settings


def prepare(settings: Settings) -> Store:
    """Bring the database and the configuration together: schema, outlets, feeds."""
    from worker import outlets
    from worker.storage import migrate

    outlets.load(settings.outlets)  # a mistake in it is said before anything is made
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.database)
    return synced(settings)


def synced(settings: Settings) -> Store:
    """Make the database follow the outlets file; its schema must be there (`figurewatch db upgrade`)."""
    from worker import clock, outlets, storage

    configuration = outlets.load(settings.outlets)
    store = storage.open_store(settings.database)
    store.frontier.sync(configuration, clock.now())
    return store


def up(
    outlets: OutletsOption = None,
    data_dir: DataDirOption = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also log what each process does.")] = False,
) -> None:
    """Run everything on this machine: Valkey, database, workers, beat and site. Ctrl-C ends it."""
    from worker import embedded
    from worker.cli.view import View

    settings = configured(outlets, data_dir, log_level="info" if verbose else "warning")
    with embedded.locked(settings.data_dir):
        _port_is_free(settings)
        view = View(prepare(settings))
        view.greet(settings)
        with supervised(settings) as supervisor:
            supervisor.say = view
            supervisor.add(embedded.children(settings))
            supervisor.run(view.poll)


@contextmanager
def supervised(settings: Settings) -> Iterator[Supervisor]:
    """A supervisor that SIGINT, SIGTERM and SIGHUP stop, and that leaves nothing running."""
    from worker.embedded import Supervisor

    supervisor = Supervisor(settings)
    for number in STOPS:
        signal.signal(number, lambda _number, _frame: supervisor.stop())
    try:
        yield supervisor
    finally:
        _ignore_impatience()
        supervisor.end()


def _ignore_impatience() -> None:
    """A second Ctrl-C while everything is being ended must not leave half of it running."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)


def _port_is_free(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.site_host, settings.site_port))
        except OSError as error:
            raise InputError(
                f"the site cannot listen on {settings.site_host}:{settings.site_port} ({error.strerror}); "
                "set FIGUREWATCH_SITE_PORT"
            ) from error


class Queue(StrEnum):
    """What a worker does."""

    VISIT = "visit"
    READ = "read"


def worker(
    queue: Annotated[Queue, typer.Option(help="visit: fetch politely; read: parse and compare.")],
    concurrency: Annotated[int | None, typer.Option(min=1, help="Default: FIGUREWATCH_…_CONCURRENCY.")] = None,
) -> None:
    """Run one Celery worker."""
    from celery.platforms import SecurityWarning

    from worker.app import TASKS, app, settings

    app.conf.include = (TASKS[queue],)
    # It warns root of pickled messages; ours are JSON, and in a container root may be all there is.
    warnings.simplefilter("ignore", SecurityWarning)
    # Visits wait for the network, so threads will do, and a warm shutdown can hand hosts back;
    # reading may hang in C code, so it needs processes that can be killed.
    pool = "threads" if queue is Queue.VISIT else "prefork"
    size = concurrency or (settings.visit_concurrency if queue is Queue.VISIT else settings.read_concurrency)
    options = ["-Q", queue.value, "--pool", pool, "--concurrency", str(size), "-n", f"{queue.value}-{os.getpid()}@%h"]
    app.worker_main(["--quiet", "worker", *options, "--without-gossip", "--without-mingle"])


def beat() -> None:
    """Run the scheduler, after making the database follow the outlets file. Two at once do no harm."""
    from worker.app import app, settings

    synced(settings).close()
    app.conf.include = ()  # it sends names; the tasks behind them, and their 50 MB, are the workers' business
    app.start(["--quiet", "beat", "--pidfile="])


def site() -> None:
    """Serve the pages, the read API, metrics and health."""
    from worker.site.app import serve

    serve(settings_.load(os.environ))
