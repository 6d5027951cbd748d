"""`outlets import` and `outlets export`: subscription lists of other feed readers."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker import settings as settings_
from worker.cli import saved

if TYPE_CHECKING:
    from collections.abc import Callable

    from worker.additions import Merged
    from worker.core.urls import Address

Into = Annotated[
    Path | None,
    typer.Option("--into", help="The outlets file to add to; default: FIGUREWATCH_OUTLETS.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def import_(
    file: Annotated[str, typer.Argument(metavar="FILE.opml", help='An OPML file; "-" for standard input.')],
    *,
    into: Into = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166-1, for outlets whose address does not say.")] = None,
    language: Annotated[str | None, typer.Option(help="BCP 47, for feeds that do not say.")] = None,
    print_: Annotated[bool, typer.Option("--print", help="Print the file as it would be, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add the feeds of an OPML file to the outlets file, whose comments stay. Nothing is visited.

    Exit status 1 when a feed was left out, with the reason on standard error.
    """
    from worker import additions, outlets
    from worker.core import opml

    settings = settings_.load(os.environ)
    path = into or settings.outlets
    found = opml.read(saved.read(file), _gate(settings.allow_networks))
    existing = outlets.load(path) if path.exists() else ()
    text = path.read_text(encoding="utf-8-sig") if existing else ""
    merged = additions.merge(text, additions.grouped(found.feeds, language=language, country=country), existing)
    if print_:
        print(merged.text, end="")
    elif merged.feeds:
        additions.write(path, merged.text)
    for line in found.left_out:
        print(f"{file}: {line}: left out", file=sys.stderr)
    if not print_:
        _report(merged, path, len(found.left_out), as_json=as_json)
    raise typer.Exit(1 if found.left_out else 0)


def export(
    path: Annotated[
        Path | None, typer.Argument(help="An outlets file; default: FIGUREWATCH_OUTLETS.", show_default=False)
    ] = None,
) -> None:
    """Print the outlets and their feeds as OPML 2.0, for other feed readers and for `outlets import`."""
    from worker import outlets
    from worker.core import opml

    print(opml.render(outlets.load(path or settings_.load(os.environ).outlets)), end="")


def _report(merged: Merged, path: Path, left_out: int, *, as_json: bool) -> None:
    counts = {"feeds": merged.feeds, "outlets": len(merged.outlets), "known": merged.known, "left_out": left_out}
    if as_json:
        print(json.dumps({**counts, "slugs": merged.outlets, "file": str(path)}))
        return
    print(
        f"{path}: {merged.feeds} feeds added, {len(merged.outlets)} outlets are new; "
        f"{merged.known} were there, {left_out} left out"
    )


def _gate(allow_networks: str) -> Callable[[Address], str | None]:
    """What an address alone tells: names are looked at when they are connected to, as every address is."""
    from worker.net.addresses import AllowNetworks, refusal_unresolved

    allow = AllowNetworks.parse(allow_networks)
    return lambda address: refusal_unresolved(address.host, address.port, allow)
