"""`figurewatch outlets`: the configured outlets."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from worker import outlets as outlets_
from worker import settings as settings_
from worker.cli import discovering, opml
from worker.errors import OutletsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worker.model import Outlet

app = typer.Typer(help="The configured outlets.", no_args_is_help=True)

File = Annotated[
    Path | None, typer.Argument(help="An outlets file; without it, the one of FIGUREWATCH_OUTLETS.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]

app.command("discover")(discovering.discover)
app.command("import")(opml.import_)
app.command("export")(opml.export)

COLUMNS = ("slug", "name", "country", "language", "feeds", "poll_seconds", "revisit_seconds", "requests_per_hour")


@app.command()
def check(
    path: File = None,
    *,
    visit: Annotated[
        bool, typer.Option("--visit", help="Also visit each feed that is due, and tell what is wrong.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell every mistake in the outlets file at once; exit status 2 when there are any.

    With --visit each feed is visited, but never before its time, and what is wrong with it is said: exit status 1.
    """
    status = report(path or _configured(), as_json=as_json and not visit, quiet=visit)
    if visit and status == 0:
        from worker.cli import visiting

        status = visiting.check(path, as_json=as_json)
    raise typer.Exit(status)


@app.command("list")
def list_(path: File = None, *, as_json: AsJson = False) -> None:
    """List the outlets with their policy; tab-separated in a pipe."""
    show(outlets_.load(path or _configured()), as_json=as_json)


def report(path: Path, *, as_json: bool, quiet: bool = False) -> int:
    """Print the mistakes in a file to standard error, or one line that all is fine; the exit status."""
    try:
        found = outlets_.load(path)
    except OutletsError as error:
        print("\n".join(error.problems), file=sys.stderr)
        return 2
    feeds, countries = sum(len(outlet.feeds) for outlet in found), len({outlet.country for outlet in found})
    if quiet:
        return 0
    if as_json:
        print(json.dumps({"outlets": len(found), "feeds": feeds, "countries": countries}))
    else:
        print(f"{len(found)} outlets, {feeds} feeds in {countries} countries: fine")
        if sys.stdout.isatty():
            print("That is the file; `outlets check --visit` asks each feed how it is.", file=sys.stderr)
    return 0


def show(outlets: Sequence[Outlet], *, as_json: bool) -> None:
    """Print outlets as a table on a terminal, else as tab-separated lines or JSON lines."""
    if as_json:
        for outlet in outlets:
            print(json.dumps(asdict(outlet), ensure_ascii=False))
    elif sys.stdout.isatty():
        Console().print(_table(outlets))
    else:
        print("\t".join(COLUMNS))
        for outlet in outlets:
            print("\t".join(_cells(outlet)))


def _configured() -> Path:
    return settings_.load(os.environ).outlets


def _table(outlets: Sequence[Outlet]) -> Table:
    table = Table(box=None)
    for column in COLUMNS:
        table.add_column(column.replace("_", " "), justify="right" if column in COLUMNS[4:] else "left")
    for outlet in outlets:
        table.add_row(*map(Text, _cells(outlet)))
    return table


def _cells(outlet: Outlet) -> tuple[str, ...]:
    policy = outlet.policy
    return (
        outlet.slug,
        outlet.name,
        outlet.country,
        outlet.language,
        str(len(outlet.feeds)),
        f"{policy.poll_seconds:g}",
        f"{policy.revisit_seconds:g}",
        str(policy.requests_per_hour),
    )
