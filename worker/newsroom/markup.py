"""The template environment that pages and feeds share."""

from __future__ import annotations

import html
from email.utils import format_datetime
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from datetime import datetime


def rfc822(moment: datetime) -> str:
    """A date as RSS 2.0 wants it: `Sat, 07 Sep 2002 09:42:31 GMT`."""
    return format_datetime(moment, usegmt=True)


def rfc3339(moment: datetime) -> str:
    """A date as Atom wants it: `2003-12-13T18:30:02Z`."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


MARKUP = Environment(loader=PackageLoader("worker.newsroom"), autoescape=True, undefined=StrictUndefined)
MARKUP.filters |= {"rfc822": rfc822, "rfc3339": rfc3339, "html": html.escape}
