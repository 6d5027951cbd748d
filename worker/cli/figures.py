"""`figures`: the reported figures of a text, or of a batch of texts, without a database."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.comparing import lines_of, read_text
from worker.core import figures as reading
from worker.core.figures.wire import figure_to_json
from worker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text as Line

    from worker.model import Figure


def figures(
    file: Annotated[str, typer.Argument(help='A text file, "-" for standard input.')] = "-",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    batch: Annotated[bool, typer.Option("--batch", help='Read JSON lines {"id","text"} from a file or "-".')] = False,
    scores: Annotated[bool, typer.Option("--scores", help="List the results of matches, too.")] = False,
    language: Annotated[str, typer.Option(help="Language of the text, as in BCP 47.")] = "en",
) -> None:
    """Read the figures that a text reports: one figure per line.

    A conversion in brackets ("15 km (9 miles)") is listed behind the figure that it converts.
    """
    if batch:
        raise typer.Exit(read_batch(file, language, scores=scores))
    found = list(listed(read_text(file), language, scores=scores))
    if as_json:
        for figure in found:
            print(json.dumps(figure_to_json(figure), ensure_ascii=False))
        return
    from worker.cli import render

    console = render.console()
    for figure in found:
        console.print(line_of(figure))
    if not found and console.is_terminal:
        console.print("No figure is reported.", style="dim")


def listed(text: str, language: str, *, scores: bool) -> Iterator[Figure]:
    """The figures of a text with their conversions.

    Scores are listed where they qualify something ("a 3-1 lead"), bare results ("won 3-1") only when wanted.
    """
    for figure in reading.read_text(text, language):
        if figure.unit == reading.SCORE and not (scores or figure.noun):
            continue
        one: Figure | None = figure
        while one:
            yield one
            one = one.conversion


def line_of(figure: Figure) -> Line:
    """A figure in one line: value, rate, subject, source."""
    from rich.text import Text as Line

    from worker.core import wording

    return Line.assemble(
        (wording.value(figure), "bold"),
        (f" per {figure.per}" if figure.per else "", "bold"),
        f"  {figure.subject}",
        (f"  ({figure.attribution})" if figure.attribution else "", "dim"),
    )


def read_batch(name: str, language: str, *, scores: bool) -> int:
    """Read every text of a file of JSON lines; 1 when a line could not be used, else 0."""
    status = 0
    for number, line in lines_of(name):
        if not line.strip():
            continue
        try:
            identity, text = text_of(line)
        except InputError as error:
            print(f"figurewatch: line {number}: {error}", file=sys.stderr)
            status = 1
            continue
        found = [figure_to_json(figure) for figure in listed(text, language, scores=scores)]
        print(json.dumps({"id": identity, "figures": found}, ensure_ascii=False))
    return status


def text_of(line: bytes) -> tuple[Any, str]:
    """Id and text of a line; `InputError` says what is wrong with it."""
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}") from error
    if not isinstance(item, dict):
        raise InputError("not a JSON object")
    if not isinstance(item.get("id"), str | int):
        raise InputError("'id' is missing")
    if not isinstance(item.get("text"), str):
        raise InputError("'text' must be a string")
    return item["id"], item["text"]
