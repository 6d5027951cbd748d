"""Feed entries as kept: plain text of bounded size, absolute links, whatever a publisher put in."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from worker.core import markup, urls
from worker.core.text import CUT, LONGEST_TEXT, cut
from worker.model import Entry

if TYPE_CHECKING:
    from datetime import datetime

# Characters. Far above what real feeds hold, far below what hurts a database row or a page.
LONGEST_ID = 2_000
LONGEST_TITLE = 1_000
LONGEST_SUMMARY = 20_000
_LONGEST_MARKUP = 4 * LONGEST_TEXT


def shape(
    *,
    id: str | None,  # noqa: A002 - the name of the field, here and in every feed format
    link: str | None,
    base: str,
    title: str | None,
    published: datetime | None,
    updated: datetime | None,
    summary: str | None,
    text: str | None,
) -> Entry:
    """An entry from its raw members, all of which may be absent, empty or far too long; markup in, plain text out."""
    readable_summary = readable(summary, LONGEST_SUMMARY)
    readable_text = readable(text, LONGEST_TEXT)
    return Entry(
        id=identifier(id),
        link=absolute(link, base),
        title=headline(title),
        published=published,
        updated=updated,
        # feedparser repeats the content as summary where a feed has only content.
        summary=None if readable_summary == readable_text else readable_summary,
        text=readable_text,
    )


def identifier(stated: str | None) -> str | None:
    """The publisher's id verbatim; a huge one keeps its beginning and, so as to stay unique, its hash."""
    stated = markup.clean(stated).strip() if stated else None
    if stated is None or len(stated) <= LONGEST_ID:
        return stated or None
    digest = hashlib.sha256(stated.encode("utf-8", "replace")).hexdigest()
    return f"{stated[: LONGEST_ID - 80]}{CUT}sha256:{digest}"


def absolute(link: str | None, base: str) -> str | None:
    """The link as stated, resolved where it is relative; None for what is no address of a page (`javascript:`, …)."""
    link = link.strip() if link else None
    if not link or urls.parse(link, base) is None:
        return None
    return link if link[:8].lower().startswith(("http://", "https://")) else urljoin(base, link)


def headline(markup_or_text: str | None) -> str | None:
    """A title on one line."""
    title = readable(markup_or_text, LONGEST_TITLE)
    return None if title is None else " ".join(title.split())


def readable(source: str | None, longest: int) -> str | None:
    """The plain text of a fragment, cut with a mark."""
    text = markup.plain(source[:_LONGEST_MARKUP]) if source else None
    return cut(text, longest) if text else None
