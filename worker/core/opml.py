"""OPML 2.0 (opml.org): subscription lists as feed readers exchange them.

No entity is resolved and nothing is loaded or visited. What is no http(s) address is left out, and said.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from worker.core import markup, urls
from worker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from worker.core.urls import Address
    from worker.model import Outlet

SPACE = "https://github.com/figurewatch/opml"  # of the attributes that tell what OPML has no words for
MOST_FEEDS = 10_000  # of one file
MOST_OUTLINES = 200_000  # headings included
DEEPEST = 64  # outlines within outlines


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that an OPML file names; what it does not say is None."""

    url: str
    title: str
    line: int
    homepage: str | None = None
    language: str | None = None
    folder: str | None = None  # the heading it stands under
    slug: str | None = None  # of the outlet, in a file of ours
    outlet: str | None = None  # its name, likewise
    country: str | None = None
    verified: bool = False


@dataclass(slots=True)
class Subscriptions:
    """What an OPML file holds."""

    feeds: list[Subscription] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # a line for each, with the reason


def read(data: bytes, refusal: Callable[[Address], str | None]) -> Subscriptions:
    """The feeds of an OPML file, in its order; the same feed twice counts once.

    `refusal`: why an address is not to be visited, None when it may. Raises InputError for what is no OPML, nested too
    deep or too large.
    """
    found = Subscriptions()
    seen: set[str] = set()
    for feed in _walk(data):
        address = urls.parse(feed.url)
        reason = "no http or https address that can be visited" if address is None else refusal(address)
        if reason:
            found.left_out.append(f"line {feed.line}: {feed.url[:200]!r}: {reason}")
        elif str(address) not in seen:
            seen.add(str(address))
            found.feeds.append(feed)
    return found


def _walk(data: bytes) -> Iterator[Subscription]:
    """Every outline with a feed; element by element, so that a huge file costs its reading and nothing else."""
    above: list[Any] = []
    outlines = feeds = 0
    rooted = False
    for event, element in _events(data):
        if not rooted and etree.QName(element).localname.lower() != "opml":
            raise InputError(f"not OPML: its root is <{element.tag[:100]}>")
        rooted = True
        if element.tag != "outline":
            continue
        if event == "end":
            above.pop()
            element.clear()
            continue
        outlines += 1
        if outlines > MOST_OUTLINES:
            raise InputError(f"more than {MOST_OUTLINES:,} outlines")
        if len(above) >= DEEPEST:
            raise InputError(f"line {element.sourceline}: outlines nested more than {DEEPEST} deep")
        if feed := _subscription(element, above[-1] if above else None):
            feeds += 1
            if feeds > MOST_FEEDS:
                raise InputError(f"more than {MOST_FEEDS:,} feeds")
            yield feed
        above.append(element)
    if not rooted:
        raise InputError("not OPML: empty")


def _events(data: bytes) -> Iterator[tuple[str, Any]]:
    options: dict[str, Any] = {
        "resolve_entities": False, "load_dtd": False, "no_network": True, "huge_tree": False, "remove_comments": True,
        "remove_pis": True,
    }  # fmt: skip
    try:
        yield from etree.iterparse(io.BytesIO(data), events=("start", "end"), **options)
    except etree.XMLSyntaxError as error:
        raise InputError(f"not OPML: {error.msg}") from error


def _subscription(outline: Any, heading: Any) -> Subscription | None:
    url = _said(outline, "xmlUrl", "xmlurl", "xmlURL")
    if url is None:
        return None
    folder = None if heading is None else _said(heading, "text", "title")
    return Subscription(
        url=url,
        title=_said(outline, "title", "text") or "",
        line=int(outline.sourceline),
        homepage=_said(outline, "htmlUrl", "htmlurl", "htmlURL"),
        language=_said(outline, "language"),
        folder=folder,
        slug=_own(outline, heading, "slug"),
        outlet=folder if _own(outline, heading, "slug") else None,
        country=_own(outline, heading, "country"),
        verified=_own(outline, None, "verified") == "true",
    )


def _said(element: Any, *names: str) -> str | None:
    """The first of these attributes that is there and not blank, on one line."""
    values = (" ".join(markup.clean(element.get(name) or "").split()) for name in names)
    return next((value for value in values if value), None)


def _own(outline: Any, heading: Any, name: str) -> str | None:
    """An attribute of ours, of the outline or of the heading above it."""
    ours = f"{{{SPACE}}}{name}"
    return _said(outline, ours) or (None if heading is None else _said(heading, ours))


def render(outlets: Iterable[Outlet], title: str = "Figurewatch") -> str:
    """Outlets as OPML, an outline each with their feeds in it; what OPML has no words for in attributes of our own."""
    body = "".join(_outline(outlet) for outlet in outlets)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<opml version="2.0" xmlns:figurewatch="{SPACE}">\n<head><title>{escape(title)}</title></head>\n'
        f"<body>\n{body}</body>\n</opml>\n"
    )


def _outline(outlet: Outlet) -> str:
    named = {
        "text": outlet.name,
        "htmlUrl": outlet.homepage,
        "language": outlet.language,
        "figurewatch:slug": outlet.slug,
        "figurewatch:country": outlet.country,
    }
    feeds = "".join(
        "  <outline "
        + _attributes(
            {
                "type": "rss",
                "text": outlet.name,
                "xmlUrl": feed.url,
                "htmlUrl": outlet.homepage,
                "language": feed.language or outlet.language,
                "figurewatch:verified": "true" if feed.verified else "false",
            }
        )
        + "/>\n"
        for feed in outlet.feeds
    )
    return f"<outline {_attributes(named)}>\n{feeds}</outline>\n"


def _attributes(values: dict[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())
