"""Runs a newsroom in the foreground: `python -m worker.newsroom --scenario FILE --ledger FILE`.

Once it serves, it prints one line of JSON: `{"ready", "ports", "outlets", "allow_networks", "started_at"}`.
SIGTERM and SIGINT end it cleanly; a second start on the same ledger goes on where it was, on the same ports.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from worker.errors import OperatorError
from worker.newsroom.corpus import load_corpus
from worker.newsroom.ledger import Ledger
from worker.newsroom.outlets_file import outlets_toml, write_whole
from worker.newsroom.played import PlayedSite, played_outlets
from worker.newsroom.ports import allow_networks, bind, home
from worker.newsroom.ready import Ready
from worker.newsroom.scenario_file import load_scenario
from worker.newsroom.server import Newsroom

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from worker.model import Outlet
    from worker.newsroom.resource import Site


@dataclass(frozen=True, slots=True)
class Programme:
    """What is to be served, before the ports are known."""

    names: tuple[str, ...]  # of its sites
    digest: str
    sites: Callable[[Mapping[str, str]], Sequence[Site]]  # from homes by name
    outlets: Callable[[Mapping[str, str]], Sequence[Outlet]]


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until told to stop; exit status 2 with a message when that is not possible."""
    options = _options().parse_args(argv)
    try:
        programme = _corpus(options.corpus) if options.corpus else _scenario(options.scenario)
        asyncio.run(_run(programme, options))
    except OperatorError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the message to the operator
        return 2
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worker.newsroom", description="A local newsroom with a ledger.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--scenario", type=Path, metavar="FILE", help="play the outlets and articles of a scenario")
    what.add_argument("--corpus", type=Path, metavar="DIR", help="serve the stored pages and feeds of a corpus")
    parser.add_argument("--ledger", type=Path, metavar="FILE", required=True, help="made, or continued")
    parser.add_argument("--outlets", type=Path, metavar="FILE", help="write an outlets file for the ports here")
    parser.add_argument(
        "--port-base", type=int, default=0, metavar="N", help="first port of the first start (default 0: free ports)"
    )
    parser.add_argument(
        "--start",
        choices=("now", "first-request"),
        default="now",
        help="when the clock of the play starts, unless the ledger says that it did (default: now)",
    )
    return parser


def _scenario(path: Path) -> Programme:
    scenario = load_scenario(path)

    def sites(homes: Mapping[str, str]) -> list[Site]:
        return [PlayedSite(o, scenario.articles_of(o.slug), homes[o.slug]) for o in scenario.outlets]

    names = tuple(outlet.slug for outlet in scenario.outlets)
    return Programme(names, scenario.digest, sites, lambda homes: played_outlets(scenario, homes))


def _corpus(folder: Path) -> Programme:
    corpus = load_corpus(folder)
    return Programme(corpus.names, corpus.digest, corpus.sites, corpus.outlets)


async def _run(programme: Programme, options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with Ledger(options.ledger, programme.digest) as ledger:
        sockets = bind(programme.names, ledger.ports(), options.port_base)
        ports = {name: listener.getsockname()[1] for name, listener in sockets.items()}
        ledger.keep_ports(ports)
        if options.start == "now":
            ledger.start(datetime.now(UTC))
        homes = {name: home(port) for name, port in ports.items()}
        if options.outlets:
            write_whole(options.outlets, outlets_toml(programme.outlets(homes)))
        outlets_file = options.outlets and options.outlets.absolute()
        line = Ready(ports, outlets_file, allow_networks(ports.values()), ledger.started_at).line()
        await Newsroom(ledger).serve(programme.sites(homes), sockets, lambda: print(line, flush=True), stop)  # noqa: T201 - told to the parent


if __name__ == "__main__":
    sys.exit(main())
