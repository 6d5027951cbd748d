"""`corrections`, `transparency`: what outlets themselves say that they changed, and what they do not."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from worker.cli import render
from worker.cli.looking import JsonOption, _json, open_here
from worker.core.wording import visible


def corrections(
    outlet: Annotated[str | None, typer.Option(help="Only of this outlet (slug).")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show the notes in which outlets say that they changed an article, newest first."""
    found = open_here().corrections.newest(limit, outlet=outlet)
    if as_json:
        for each in found:
            print(_json(asdict(each)))
        return
    console = render.console()
    for each in found:
        linked = ", ".join(map(str, each.revision_ids))
        says = f"declares revision {linked}" if linked else "declares no change that was seen"
        console.print(
            Text.assemble(
                (f"{each.at:%Y-%m-%d %H:%M}  ", "dim"),
                (each.outlet, "bold"),
                f"  {each.kind}  {visible(each.text)}",
                (f"  (article {each.article_id}, {says})", "dim"),
            )
        )
    if not found:
        console.print("no corrections yet")


def transparency(as_json: JsonOption = False) -> None:
    """Show for each outlet how many of its revised figures it declares, and how many it does not."""
    found = open_here().corrections.transparency()
    if as_json:
        for each in found:
            print(_json(asdict(each)))
        return
    table = Table("outlet", box=None)
    for name in ("revisions", "declared", "undeclared", "corrections", "about what we did not see"):
        table.add_column(name, justify="right")
    for each in found:
        counts = (each.revisions, each.declared, each.undeclared, each.corrections, each.unseen)
        table.add_row(visible(each.name), *(f"{count:,}" for count in counts))
    render.console().print(table)
