"""The pace of an outlet, of which a test names what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.model import Pace

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_HOURS: tuple[int, ...] = (0,) * 24


def of(
    articles: Sequence[int],
    revisions: Sequence[int],
    *,
    unrevised: Sequence[int] | None = None,
    first: Sequence[int] | None = None,
    followed: int = 0,
    hourly: Sequence[int] = NO_HOURS,
    evenly: Sequence[float] = NO_HOURS,
    usual: Pace | None = None,
) -> Pace:
    """Unless said otherwise, each revision was the first of its article, and no hour of the day is known."""
    return Pace(
        articles=tuple(articles),
        revisions=tuple(revisions),
        unrevised=tuple(articles if unrevised is None else unrevised),
        first=tuple(revisions if first is None else first),
        followed=followed,
        hourly=tuple(hourly),
        evenly=tuple(evenly),
        usual=usual,
    )
