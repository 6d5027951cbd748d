"""In what of a version its figures stand: headline, lead, body, table or caption."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from worker.model import Location, Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worker.model import Figure

_CELLS = " | "  # `layout` sets them apart so


def located(figures: Iterable[Figure], text: str, captions_at: int | None) -> tuple[Figure, ...]:
    """The figures of a version, each with its location; captions begin at `captions_at` in `text`."""
    lead_end = text.find("\n\n")
    lead_end = len(text) if lead_end < 0 else lead_end
    return tuple(replace(figure, location=_location(figure, text, lead_end, captions_at)) for figure in figures)


def _location(figure: Figure, text: str, lead_end: int, captions_at: int | None) -> Location:
    if figure.part is Part.TITLE:
        return Location.TITLE
    if captions_at is not None and figure.start >= captions_at:
        return Location.CAPTION
    start, end = text.rfind("\n", 0, figure.start) + 1, text.find("\n", figure.start)
    if _CELLS in text[start : end if end >= 0 else len(text)]:
        return Location.TABLE
    return Location.LEAD if figure.start < lead_end else Location.BODY
