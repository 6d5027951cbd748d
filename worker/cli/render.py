"""How figures and revisions look on a terminal, and plainly in a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from worker.core import figures
from worker.core.figures import wire
from worker.model import Bound, RevisionKind

if TYPE_CHECKING:
    from decimal import Decimal

    from worker.model import Figure, Revision, RevisionRow

BOUND_WORDS = {
    Bound.AT_LEAST: "at least ",
    Bound.MORE_THAN: "more than ",
    Bound.AT_MOST: "up to ",
    Bound.LESS_THAN: "less than ",
    Bound.ABOUT: "about ",
    Bound.NEARLY: "nearly ",
    Bound.VAGUE: "some ",
    Bound.EXACT: "",
}
KIND_STYLE = {RevisionKind.REVISED: "bold yellow", RevisionKind.REQUALIFIED: "cyan", RevisionKind.WITHDRAWN: "red"}


def console() -> Console:
    """Standard output: colours on a terminal; in a pipe plain lines that are never wrapped."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def number(value: Decimal) -> str:
    """With thousands separators, without an exponent."""
    return f"{value:,f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:,f}"


def value(figure: Figure) -> str:
    """A figure in few words: "at least 2,300", "20 to 25 %", "1,200,000,000 USD"."""
    size = number(figure.low)
    if figure.high is None:
        size += " or more"
    elif figure.high != figure.low:
        size += f" to {number(figure.high)}"
    return f"{BOUND_WORDS[figure.bound]}{size}{f' {figure.unit}' if figure.unit else ''}"


def change(revision: Revision | RevisionRow) -> Text:
    """Old and new value, in one line."""
    new = value(revision.new) if revision.new else "no longer reported"
    return Text.assemble((value(revision.old), "red"), " → ", (new, "green"))


def sentence(figure: Figure, sign: str, style: str) -> Text:
    """The sentence with the figure marked in it."""
    line = Text(f"{sign} ", style=style)
    span = figures.locate(figure)
    if span is None:
        return line.append(figure.sentence)
    start, end = span
    line.append(figure.sentence[:start])
    line.append(figure.sentence[start:end], style=f"bold {style} underline")
    return line.append(figure.sentence[end:])


def revision_block(row: RevisionRow) -> Text:
    """A caught revision: what, where, both sentences."""
    head = Text.assemble(
        (f"{row.detected_at.astimezone():%H:%M:%S}  ", "dim"),
        (row.outlet, "bold"),
        "  ",
        (row.kind.value, KIND_STYLE[row.kind]),
        "  ",
        change(row),
        f"  {row.old.subject}",
    )
    lines = [head, sentence(row.old, "  -", "red")]
    if row.new is not None:
        lines.append(sentence(row.new, "  +", "green"))
    lines.append(Text(f"    {row.url}", style="dim"))
    return Text("\n").join(lines)


def revision_json(row: RevisionRow) -> dict[str, Any]:
    """A stored revision as JSON: that of `compare`, and where it comes from."""
    return {
        "revision_id": row.revision_id,
        "article_id": row.article_id,
        "outlet": row.outlet,
        "url": row.url,
        "title": row.title,
        "kind": row.kind.value,
        "old": wire.figure_to_json(row.old),
        "new": wire.figure_to_json(row.new) if row.new else None,
        "changed_after": row.changed_after.isoformat(),
        "changed_before": row.changed_before.isoformat(),
        "detected_at": row.detected_at.isoformat(),
        "confidence": row.confidence,
        "because": row.because,
    }
