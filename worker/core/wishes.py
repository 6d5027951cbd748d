"""When a feed does not want to be asked: `skipHours` and `skipDays` of RSS, as a set of bits, stored as it is."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

HOURS = 24  # bits 0 to 23, in UTC; the days follow, from Monday
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Longer than a weekend nobody means: who skips everything has made a mistake, and is asked as if nothing was said.
LONGEST = 3 * HOURS
SPREAD = 600.0  # seconds, by jitter: not all are asked as the hour strikes
_SKIP = re.compile(r"<skip(hours|days)\s*>(.{0,2000}?)</skip\1\s*>", re.IGNORECASE | re.DOTALL)
_ONE = re.compile(r"<(?:hour|day)\s*>\s*([a-z]{1,9}|\d{1,2})\s*</", re.IGNORECASE)


def skips(channel: str) -> int:
    """What the markup of a channel, without its items, says; 0 for nothing, and what cannot be read is nothing."""
    return sum({1 << bit for kind, listed in _SKIP.findall(channel) for bit in _bits(kind.lower(), listed)})


def first_after(at: datetime, skipped: int, jitter: float) -> datetime:
    """The first moment from `at` on that is not skipped; `jitter`, in [0, 1), only ever lengthens."""
    if not skipped or not _is_skipped(at, skipped):
        return at
    hour = at.replace(minute=0, second=0, microsecond=0)
    later = (hour + timedelta(hours=n) for n in range(1, LONGEST + 1))
    free = next((moment for moment in later if not _is_skipped(moment, skipped)), None)
    return at if free is None else free + timedelta(seconds=SPREAD * jitter)


def _is_skipped(at: datetime, skipped: int) -> bool:
    return bool(skipped & (1 << at.hour | 1 << HOURS + at.weekday()))


def _bits(kind: str, listed: str) -> Iterable[int]:
    for one in _ONE.findall(listed):
        if kind == "hours" and one.isdigit() and int(one) <= HOURS:
            yield int(one) % HOURS  # some count from 1
        elif kind == "days" and one.lower() in DAYS:
            yield HOURS + DAYS.index(one.lower())
