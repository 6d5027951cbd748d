"""Copies of an article, and copies that still print the old figure."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from worker import clock
from worker.cli import render
from worker.cli.looking import JsonOption, find, open_here
from worker.core import wording
from worker.core.figures import wire
from worker.core.wording import visible

if TYPE_CHECKING:
    from worker.model import CopyRow, RippleRow

STATE_STYLE = {"old": "bold yellow", "followed": "green", "dropped": "cyan", "moot": "dim"}


def copies(
    id_or_url: Annotated[str | None, typer.Argument(metavar="[ID_OR_URL]")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also those that have followed since.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show copies that still print the old figure; of an article, its copies and how they took its revisions."""
    queries = open_here().queries
    article_id = find(queries, id_or_url).article_id if id_or_url else None
    found = queries.copies(article_id) if article_id is not None else ()
    rippled = queries.ripples(limit, every=every or article_id is not None, article_id=article_id)
    console = render.console()
    if as_json:
        for told in (*map(asdict, found), *map(_rippled, rippled)):
            print(json.dumps(told, ensure_ascii=False, default=str))
        return
    for copy in found:
        console.print(_copy(copy))
    for ripple in rippled:
        console.print(_ripple(ripple))
    if not found and not rippled:
        console.print("no copies" if id_or_url else "no copy is known to print an old figure")


def _rippled(row: RippleRow) -> dict[str, object]:
    return {
        **asdict(row),
        "old": wire.figure_to_json(row.old),
        "new": wire.figure_to_json(row.new) if row.new else None,
    }


def _copy(row: CopyRow) -> Text:
    part = ", a part" if row.kind.value == "partial" and row.is_part else ""
    return Text.assemble(
        (row.outlet, "bold"),
        f"  {row.kind.value}{part}  {row.contained:.0%}  {visible(row.title)}\n",
        (f"    {visible(row.url)}  (article {row.copy_id})", "dim"),
    )


def _ripple(row: RippleRow) -> Text:
    return Text.assemble(
        (row.copy_outlet, "bold"),
        "  ",
        (row.state.value, STATE_STYLE[row.state.value]),
        f"  {wording.value(row.old)} where {row.outlet} has {_newer(row)}  {visible(row.old.subject)}",
        f"  since {row.revised_at:%Y-%m-%d %H:%M} UTC\n",
        f"    {visible(row.copy_sentence)}\n" if row.copy_sentence else "",
        (f"    {visible(row.copy_url)}  (article {row.copy_id})", "dim"),
    )


def _newer(row: RippleRow) -> str:
    return wording.value(row.new) if row.new else "withdrawn it"


def merge(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="Number or address; its page is left.")],
    into: Annotated[str, typer.Argument(metavar="INTO", help="The article that it is.")],
) -> None:
    """Make one article of two that are one; both histories stay, and the change feed tells."""
    store = open_here()
    one, other = find(store.queries, article), find(store.queries, into)
    store.relations.merge(one.article_id, other.article_id, clock.now())
    store.changes.sequence()
    print(f"article {one.article_id} is merged into article {other.article_id}")
