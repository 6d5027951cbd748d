"""What a server says about when to come back: Retry-After, and how long its answer stays fresh (RFC 9110, 9111)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = re.compile(r"[0-9]+")  # however many: infinity is clamped like any other
_DIRECTIVE = re.compile(r"""(?:^|,)\s*([a-z-]+)(?:\s*=\s*"?([^",]*)"?)?""", re.IGNORECASE)
_NO_FRESHNESS = frozenset({"no-cache", "no-store"})


def retry_after(headers: Mapping[str, str], received_at: datetime) -> float | None:
    """Seconds to stay away (RFC 9110, 10.2.3); None without a Retry-After that can be read, 0 for one in the past.

    A date is read against the server's own clock where it tells it.
    """
    value = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    moment = http_date(value)
    return None if moment is None else _seconds_from(_server_now(headers, received_at), moment)


def fresh_for(headers: Mapping[str, str], received_at: datetime) -> float | None:
    """Seconds for which asking again is known to be of no use (RFC 9111, 4.2); None when the server does not say.

    max-age before Expires, less the Age the answer had. s-maxage is for shared caches, no-cache and no-store are no
    promise to stay the same.
    """
    directives = {m[1].lower(): m[2] or "" for m in _DIRECTIVE.finditer(headers.get("cache-control", ""))}
    if _NO_FRESHNESS & directives.keys():
        return None
    lifetime = _lifetime(directives, headers, received_at)
    return None if lifetime is None else max(0.0, lifetime - (_number(headers.get("age", "")) or 0.0))


def http_date(value: str) -> datetime | None:
    """A date in any of HTTP's three formats (RFC 9110, 5.6.7), None for anything else."""
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _lifetime(directives: Mapping[str, str], headers: Mapping[str, str], received_at: datetime) -> float | None:
    if "max-age" in directives:
        return _number(directives["max-age"])
    if "expires" not in headers:
        return None
    moment = http_date(headers["expires"])
    return 0.0 if moment is None else _seconds_from(_server_now(headers, received_at), moment)


def _server_now(headers: Mapping[str, str], received_at: datetime) -> datetime:
    return http_date(headers.get("date", "")) or received_at


def _seconds_from(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds())


def _number(text: str) -> float | None:
    text = text.strip()
    return float(text) if _SECONDS.fullmatch(text) else None
