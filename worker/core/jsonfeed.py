"""JSON Feed 1.0 and 1.1 (jsonfeed.org): a document whose members may have any type when a publisher errs."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from worker.core import dates
from worker.core.entries import shape

if TYPE_CHECKING:
    from datetime import datetime

    from worker.model import Entry

_VERSION = re.compile(r"https?://jsonfeed\.org/version/1(?:\.\d)?/?")


def load(text: str) -> dict[str, Any] | None:
    """The document if it is a JSON Feed, else None."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):  # RecursionError: arrays nested by the ten thousand
        return None
    if not isinstance(document, dict) or not _VERSION.fullmatch(_string(document.get("version"))):
        return None
    return document


def entries(document: dict[str, Any], base: str, most: int) -> tuple[tuple[Entry, ...], int]:
    """Its items, at most so many, and how many there are; those that are no objects are passed over."""
    items = document.get("items")
    found = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return tuple(_entry(item, base) for item in found[:most]), len(found)


def _entry(item: dict[str, Any], base: str) -> Entry:
    plain_text = _string(item.get("content_text"))
    return shape(
        id=_string(item.get("id")),
        link=_string(item.get("url")) or _string(item.get("external_url")),
        base=base,
        title=html.escape(_string(item.get("title"))),  # plain text by the standard
        published=_moment(item.get("date_published")),
        updated=_moment(item.get("date_modified")),
        summary=html.escape(_string(item.get("summary"))),
        text=_string(item.get("content_html")) or html.escape(plain_text),
    )


def _moment(value: object) -> datetime | None:
    return dates.from_iso(value) if isinstance(value, str) else None


def _string(value: object) -> str:
    """A string or number as text, anything else as none; ids are numbers in the wild (version 1.0 allowed it)."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)
