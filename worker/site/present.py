"""How values look on a page. All texts come from strangers: see `visible`, `safe_link` and `marked`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markupsafe import Markup

from worker.core import figures
from worker.core.wording import visible

if TYPE_CHECKING:
    from datetime import datetime

    from worker.model import Figure

LONGEST_SENTENCE = 2_000  # characters; finding a figure in 250,000 took 1.4 s, and nobody reads on
MINUTE, HOUR, DAY = 60, 3600, 86400


def safe_link(url: str) -> str | None:
    """The address, if a browser that follows it does nothing but ask a web server; else None."""
    if any(not "!" <= c <= "~" and c.isascii() for c in url) or visible(url) != url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname and not parts.username else None


def marked(figure: Figure) -> Markup:
    """The sentence with the figure in <mark>. Each piece is escaped before any markup is put around it."""
    if len(figure.sentence) > LONGEST_SENTENCE:
        return Markup.escape(visible(figure.sentence[:LONGEST_SENTENCE]) + " […]")
    span = figures.locate(figure)
    if span is None:
        return Markup.escape(visible(figure.sentence))
    before, printed, after = (
        Markup.escape(visible(piece))
        for piece in (figure.sentence[: span[0]], figure.sentence[span[0] : span[1]], figure.sentence[span[1] :])
    )
    return Markup("{}<mark>{}</mark>{}").format(before, printed, after)


def moment(when: datetime) -> str:
    """A time for people, in UTC."""
    return f"{when:%d %b %Y, %H:%M} UTC".lstrip("0")


def interval(after: datetime, before: datetime) -> str:
    """When it happened, as far as is known: after one moment, not later than another."""
    if (before - after).total_seconds() < MINUTE:
        return f"within a minute before {moment(before)}"
    end = moment(before) if after.date() != before.date() else f"{before:%H:%M} UTC"
    return f"between {moment(after)} and {end}"


def span(seconds: float) -> str:
    """A duration for people, in its largest unit."""
    for unit, length in (("d", DAY), ("h", HOUR), ("min", MINUTE)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{max(0, int(seconds))} s"
