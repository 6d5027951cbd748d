"""`figurewatch quarantine`: what was given up on, why, and once more."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from worker import clock, outlets, settings
from worker.cli import render
from worker.cli.looking import JsonOption, _json, open_here
from worker.core.wording import visible
from worker.errors import InputError
from worker.model import Policy

if TYPE_CHECKING:
    from datetime import datetime

    from worker.storage import Store
    from worker.storage.quarantine import Document, Quarantined

app = typer.Typer(
    help="What was given up on: documents that could not be read, versions that could not be related, visits that end "
    "whoever makes them.",
    no_args_is_help=True,
)
MOST = 10_000  # given their attempts back at once


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=MOST)] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show what was given up on, newest first, with the reason."""
    found = open_here().quarantine.newest(limit)
    if as_json:
        for each in found:
            print(_json(_told(each)))
        return
    console = render.console()
    for each in found:
        console.print(_line(each))
    if not found:
        console.print("nothing in quarantine")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="capture:NUMBER, version:NUMBER or visit:NUMBER, as `list` says.")],
    save: Annotated[Path | None, typer.Option(help="Write the bytes as they were served to this file.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show one of them: reason, status, headers; exit status 2 when it is not in quarantine."""
    one, document = open_here().quarantine.one(name)
    if save is not None:
        _save(save, name, document)
    if as_json:
        print(_json(_told(one) | (_of_document(document) if document else {})))
        return
    console = render.console()
    console.print(_line(one))
    if document is not None:
        console.print(f"  HTTP {document.status_code}, {len(document.body):,} bytes")
        for header, value in document.headers.items():
            console.print(Text(f"  {visible(header)}: {visible(value)}", style="dim"))


@app.command()
def requeue(
    names: Annotated[
        list[str] | None, typer.Argument(help="capture:NUMBER, version:NUMBER or visit:NUMBER, as `list` says.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that is in quarantine.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Try again, with all attempts; exit status 1 when some may not be tried again, which are named.

    A visit is made when its outlet's floor allows.
    """
    store = open_here()
    if bool(names) == everything:
        raise InputError("name what is to be tried again, or give --all")
    wanted = [each.name for each in store.quarantine.newest(MOST)] if everything else names or []
    refused = 0
    for name in wanted:
        try:
            store.quarantine.requeue(name, _due(store, name))
        except InputError as error:
            refused += 1
            typer.echo(f"{name}: {error}", err=True)
            continue
        print(_json({"requeued": name}) if as_json else f"{name} will be tried again")
    if refused:
        raise typer.Exit(1)


def _due(store: Store, name: str) -> datetime:
    """When it may be tried: a page or a feed is not asked for under the floor of its outlet."""
    now, (one, _) = clock.now(), store.quarantine.one(name)
    if one.kind != "visit":
        return now
    known = {outlet.slug: outlet.policy for outlet in outlets.load(settings.load(os.environ).outlets)}
    policy = known.get(one.outlet, Policy())
    return max(now, one.at + timedelta(seconds=max(policy.poll_seconds, policy.revisit_seconds)))


def _told(one: Quarantined) -> dict[str, Any]:
    return {"name": one.name, **asdict(one), "at": one.at.isoformat()}


def _of_document(document: Document) -> dict[str, Any]:
    return {"status_code": document.status_code, "headers": dict(document.headers), "bytes": len(document.body)}


def _save(path: Path, name: str, document: Document | None) -> None:
    if document is None:
        raise InputError(f"{name} has no bytes of its own")
    try:
        path.write_bytes(document.body)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error


def _line(one: Quarantined) -> Text:
    return Text.assemble(
        (f"{one.at:%Y-%m-%d %H:%M}  ", "dim"),
        (one.name, "bold"),
        f"  {one.outlet}  {visible(one.url)}\n  ",
        (visible(one.reason), "red"),
        (f"  ({one.attempts} attempts)", "dim"),
    )
