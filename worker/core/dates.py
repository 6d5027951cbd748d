"""Times as documents state them, made aware and UTC, and whether to believe them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# The web is younger; epoch 0 and year 0 are what software prints for "no date".
_FIRST_YEAR = 1991
# Clocks and zones are wrong by hours; an embargoed story is announced by days.
_AHEAD = timedelta(days=2)

# Zone names that feedparser takes for UTC, hours east. Left out are those with several meanings (IST, BST in Asia).
_ZONES = {
    "BST": 1.0, "WEST": 1.0, "CET": 1.0, "CEST": 2.0, "EET": 2.0, "SAST": 2.0, "CAT": 2.0, "WAT": 1.0, "EEST": 3.0,
    "MSK": 3.0, "EAT": 3.0, "TRT": 3.0, "GST": 4.0, "PKT": 5.0, "WIB": 7.0, "SGT": 8.0, "HKT": 8.0, "AWST": 8.0,
    "JST": 9.0, "KST": 9.0, "AEST": 10.0, "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0,
}  # fmt: skip
_ZONE_NAME = re.compile(r"\d\s+([A-Z]{3,4})$")
# feedparser reads "24:00:00" as 00:00:00 of the same day, a day early.
_HOUR_24 = re.compile(r"[\sT]24:")


def from_feed(stated: str | None, parsed: Sequence[int] | None) -> datetime | None:
    """A feed's date from feedparser's reading of it (UTC, or naive local time taken for UTC); None when it is none."""
    if parsed is None or stated is None or _HOUR_24.search(stated):
        return None
    try:
        year, month, day, hour, minute, second = parsed[:6]
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:  # year 0, second 61
        return None
    zone = _ZONE_NAME.search(stated)
    return moment - timedelta(hours=_ZONES.get(zone[1], 0.0)) if zone else moment


def from_iso(stated: str) -> datetime | None:
    """A date or time in ISO 8601 / RFC 3339; without a zone it is taken for UTC."""
    try:
        moment = datetime.fromisoformat(stated.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # OverflowError: year 1 or 9999 shifted over the edge
        return None


def read(stated: str) -> datetime | None:
    """A date in one of the forms that pages use for machines: ISO 8601, or RFC 5322 as in HTTP headers."""
    moment = from_iso(stated)
    if moment is not None:
        return moment
    try:
        parsed = parsedate_to_datetime(stated)
    except (ValueError, TypeError, IndexError):  # the last two leak from email.utils on garbage
        return None
    return from_iso(parsed.isoformat())


def within(stated: datetime | None, after: datetime | None, seen_at: datetime) -> datetime:
    """When something changed: as stated, within the bounds of what was seen of it; as seen, where either is missing."""
    return seen_at if stated is None or after is None else max(after, min(stated, seen_at))


def plausible(moment: datetime | None, seen_at: datetime) -> datetime | None:
    """The moment if something seen at `seen_at` can have been published then, else None."""
    if moment is None or moment.year < _FIRST_YEAR or moment > seen_at + _AHEAD:
        return None
    return moment
