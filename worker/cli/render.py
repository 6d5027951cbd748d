"""How figures and revisions look on a terminal, and plainly in a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from worker.core import figures, wording
from worker.core.figures import wire
from worker.core.wording import visible
from worker.model import RevisionKind

if TYPE_CHECKING:
    from datetime import datetime

    from worker.model import Figure, Revision, RevisionRow

KIND_STYLE = {
    RevisionKind.REVISED: "bold yellow",
    RevisionKind.REQUALIFIED: "cyan",
    RevisionKind.WITHDRAWN: "red",
    RevisionKind.SUPERSEDED: "magenta",
}


def console() -> Console:
    """Standard output: colours on a terminal; in a pipe plain lines that are never wrapped."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def change(revision: Revision | RevisionRow) -> Text:
    """Old and new value, in one line."""
    new = wording.value(revision.new) if revision.new else "no longer reported"
    return Text.assemble((wording.value(revision.old), "red"), " → ", (new, "green"))


def sentence(figure: Figure, sign: str, style: str) -> Text:
    """The sentence with the figure marked in it."""
    line = Text(f"{sign} ", style=style)
    span = figures.locate(figure)
    if span is None:
        return line.append(visible(figure.sentence))
    start, end = span
    line.append(visible(figure.sentence[:start]))
    line.append(visible(figure.sentence[start:end]), style=f"bold {style} underline")
    return line.append(visible(figure.sentence[end:]))


def revision_block(row: RevisionRow) -> Text:
    """A caught revision: what, where, both sentences."""
    head = Text.assemble(
        (f"{row.detected_at.astimezone():%H:%M:%S}  ", "dim"),
        (row.outlet, "bold"),
        "  ",
        (row.kind.value, KIND_STYLE[row.kind]),
        "  ",
        change(row),
        f"  {visible(row.old.subject)}",
    )
    lines = [head, sentence(row.old, "  -", "red")]
    if row.new is not None:
        lines.append(sentence(row.new, "  +", "green"))
    lines.append(Text(f"    changed {interval(row.changed_after, row.changed_before)}", style="dim"))
    lines.append(Text(f"    {visible(row.url)}", style="dim"))
    if row.kind is RevisionKind.SUPERSEDED:
        lines.append(Text(f"    before: {row.old_outlet}, article {row.old_article_id}", style="dim"))
    return Text("\n").join(lines)


def interval(after: datetime, before: datetime) -> str:
    """When a text changed, as far as is known: after the last visit that saw the old one, not after the next."""
    end = f"{before:%H:%M:%S}" if after.date() == before.date() else f"{before:%Y-%m-%d %H:%M:%S}"
    return f"between {after:%Y-%m-%d %H:%M:%S} and {end} UTC"


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
        "declared": row.declared,
        "old_article_id": row.old_article_id,
        "old_outlet": row.old_outlet,
        "series_id": row.series_id,
    }
