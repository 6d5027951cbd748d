"""`explain`: two versions of an article beside each other, and what became of each figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.comparing import Language, line_of, read_version
from worker.core.wording import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, RenderableType
    from rich.text import Text as Line

    from worker.core.revisions.explanation import Explanation, Side
    from worker.model import Revision

STYLES = {
    "unchanged": "green",
    "revised": "bold yellow",
    "requalified": "bold cyan",
    "withdrawn": "bold white on red",
    "cut": "red",
    "added": "blue",
    "notice": "magenta",
}
# Columns from which two texts fit beside each other: with less, a line has no room for five words.
WIDE = 64


def explain(
    old: Annotated[str, typer.Argument(help="The old version: a title, a blank line, the text.")],
    new: Annotated[str, typer.Argument(help="The new version.")],
    language: Language = "en",
) -> None:
    """Show two versions side by side, their figures coloured by what became of them, and why.

    In a pipe, a line for each sentence: "=" in both, "-" old, "+" new, what became of a figure in brackets.
    """
    from rich.text import Text as Line

    from worker.cli import render
    from worker.core.revisions.explanation import explain as explained

    explanation = explained(read_version(old), read_version(new), language=language)
    console = render.console()
    if console.is_terminal and console.width >= WIDE:
        console.print(table_of(explanation, console))
    else:
        for line in lines_of(explanation, console):
            console.print(line)
    if has_colours(console):
        console.print(Line("\n") + legend(explanation))
    print_reasons(explanation, console)


def has_colours(console: Console) -> bool:
    """Whether fates can be told by colour: not in a pipe, under NO_COLOR or on a dumb terminal."""
    return console.is_terminal and console.color_system is not None and not console.no_color


def table_of(explanation: Explanation, console: Console) -> RenderableType:
    """Old on the left, new on the right, a row for each pair of sentences."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, expand=True, show_lines=False, padding=(0, 1, 1, 1))
    for heading in ("Old", "New"):
        table.add_column(heading, ratio=1, overflow="fold")
    for row in explanation.rows:
        table.add_row(*(shown(one, console) if one else "" for one in (row.old, row.new)))
    return table


def lines_of(explanation: Explanation, console: Console) -> Iterator[RenderableType]:
    """One line for each sentence: "=" in both, "-" old, "+" new."""
    from rich.text import Text as Line

    for row in explanation.rows:
        if row.old and row.new and row.old.text == row.new.text:
            yield Line("= ") + shown(row.new, console)
            continue
        for sign, one in (("-", row.old), ("+", row.new)):
            if one:
                yield Line(f"{sign} ") + shown(one, console)


def shown(one: Side, console: Console) -> Line:
    """A sentence with its figures in colour; where there are none, the changed ones in brackets with their fate."""
    from rich.text import Text as Line

    colours = has_colours(console)
    line, at = Line(), 0
    for mark in sorted(one.marks, key=lambda mark: mark.start):
        printed = visible(one.text[max(at, mark.start) : mark.end])
        line.append(visible(one.text[at : mark.start]))
        if colours:
            line.append(printed, style=f"{STYLES[mark.fate]} underline")
        else:
            line.append(printed if mark.fate == "unchanged" else f"[{printed}: {mark.fate}]")
        at = max(at, mark.end)
    return line.append(visible(one.text[at:]))


def legend(explanation: Explanation) -> Line:
    """Which colour is what, of those that were shown."""
    from rich.text import Text as Line

    fates = {mark.fate for row in explanation.rows for one in (row.old, row.new) if one for mark in one.marks}
    return Line("  ").join(Line(fate, style=style) for fate, style in STYLES.items() if fate in fates)


def print_reasons(explanation: Explanation, console: Console) -> None:
    """Each revision with its evidence, then what was too uncertain to report."""
    for revision in explanation.revisions:
        console.print()
        print_reason(revision, console)
    for number, revision in enumerate(explanation.abstained):
        console.print()
        if not number:
            console.print("Not reported, too little speaks for it:", style="dim")
        print_reason(revision, console)


def print_reason(revision: Revision, console: Console) -> None:
    """A revision and what speaks for it, indented."""
    from rich.padding import Padding
    from rich.text import Text as Line

    console.print(line_of(revision))
    because = Line(visible(revision.because), style="dim")
    console.print(Padding(because, (0, 0, 0, 2)) if console.is_terminal else Line("  ") + because)
