"""An earlier text is back: a stale copy from a cache, one of two that take turns, or the outlet going back to it.

A cache gives itself away by what it sends along (RFC 9111: Age; RFC 9110: Date, Last-Modified). Texts that take turns
show themselves by the newer one coming back while the older one waits to be believed. What stays is a reversion. An
ETag tells nothing here: made from the content, it comes back with the content whatever the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worker.model import HeldText, PastText

# Visits in a row that show the old text, before it is believed. Of two variants served at random the same comes three
# times in a row one time in four; when the page itself says that it was modified since, the second visit is enough.
_VISITS = 3
_VISITS_WHEN_MODIFIED = 2
# For a text that has been seen to take turns: not within a day.
_VISITS_OF_VARIANT = 6
_TIME_OF_VARIANT = timedelta(days=1)
# Between our clock and a server's.
_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What came with the old text this time."""

    seen_at: datetime
    headers: Mapping[str, str]
    modified_at: datetime | None  # as the page says
    visits: int  # in a row that showed it, this one included
    since: datetime  # the first of them


def sighting(
    content_hash: str,
    held: HeldText | None,
    *,
    seen_at: datetime,
    headers: Mapping[str, str],
    modified_at: datetime | None,
) -> Sighting:
    """Count a sighting onto those before, if they were of the same text."""
    same = held is not None and held.content_hash == content_hash
    visits, since = (held.visits + 1, held.first_seen_at) if held is not None and same else (1, seen_at)
    return Sighting(seen_at, headers, modified_at, visits, since)


def stale(found: Sighting, newest: PastText) -> str:
    """What shows that a copy was made before the newest version; empty when nothing does."""
    age = found.headers.get("age", "").strip()
    if age.isdecimal() and len(age) < 10:  # noqa: PLR2004 - RFC 9111, 1.2.2: beyond 2^31 it is as good as endless
        made = found.seen_at - timedelta(seconds=int(age))
        if made < newest.first_seen_at:
            return f"Age: made {made:%Y-%m-%d %H:%M:%S}Z, before the newer text was first seen"
    date = _date(found.headers, "date")
    other = _date(newest.headers, "date") or newest.first_seen_at - _SKEW
    if date is not None and date < other:
        return f"Date: {date:%Y-%m-%d %H:%M:%S}Z, before the newer text was made"
    modified, since = _date(found.headers, "last-modified"), _date(newest.headers, "last-modified")
    if modified is not None and since is not None and modified < since:
        return f"Last-Modified: {modified:%Y-%m-%d %H:%M:%S}Z, before that of the newer text"
    return ""


def takes_turns(text: PastText, newest: PastText, found: Sighting) -> bool:
    """Whether the text is one of two that are known to take turns, and has not stayed since."""
    if not (text.variant or newest.variant):
        return False
    return found.visits < _VISITS_OF_VARIANT or found.seen_at - found.since < _TIME_OF_VARIANT


def is_confirmed(text: PastText, newest: PastText, found: Sighting) -> bool:
    """Whether the outlet went back to the text."""
    if text.variant or newest.variant:
        return not takes_turns(text, newest, found)
    modified = found.modified_at is not None and newest.first_seen_at < found.modified_at <= found.seen_at + _SKEW
    return found.visits >= (_VISITS_WHEN_MODIFIED if modified else _VISITS)


def _date(headers: Mapping[str, str], name: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(headers.get(name, ""))
    except (ValueError, TypeError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
