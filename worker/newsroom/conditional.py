"""Decides a conditional GET, to the letter of RFC 9110, 13.1 and 13.2.2."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def not_modified(
    if_none_match: str | None, if_modified_since: str | None, etag: str | None, last_modified: datetime | None
) -> bool:
    """Tell whether 304 is the right answer to a GET.

    If-None-Match is compared weakly, and where it is present If-Modified-Since is not looked at. A date that
    cannot be read, or that the resource does not offer one to compare with, counts as absent.
    """
    if if_none_match is not None:
        return etag is not None and _names(if_none_match, etag)
    if if_modified_since is None or last_modified is None:
        return False
    since = _date(if_modified_since)
    return since is not None and last_modified <= since


def _names(if_none_match: str, etag: str) -> bool:
    if if_none_match.strip() == "*":
        return True
    return etag.removeprefix("W/") in (tag.removeprefix("W/") for tag in _ENTITY_TAG.findall(if_none_match))


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
