"""The standfirst: the sentences under the headline that sum the article up.

Extraction often takes it for page furniture, since it stands in the header of the page, away from the paragraphs. But
pages print it twice: for readers, and as their description for machines. A text that stands in both is the lead.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from worker.core.text import comparable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

_TAGS = ("p", "div", "h2", "h3", "span", "li", "strong")
_ELSEWHERE = ("aside", "nav", "footer", "figcaption")
_SHORTEST = 40  # characters; a shorter description is a slogan
_LONGEST = 700
_MARKS = " .\u2026"  # descriptions that were cut end in these
_MOST_PARTS = 60  # elements within; what holds more is a part of the page, and would be walked again for each around it
_SEARCHED = 4_000  # elements; the lead stands near the top


def find(tree: HtmlElement, descriptions: Iterable[str]) -> str | None:
    """The text of the element that shows one of the page's descriptions to its readers; None when none does.

    A description may have been cut: then a paragraph begins with it.
    """
    keys = [key for text in descriptions if len(key := _key(text)) >= _SHORTEST]
    if not keys:
        return None
    begun = None
    for element in islice(tree.iter(*_TAGS), _SEARCHED):
        text = _short_text(element)
        if text is None or next(element.iterancestors(*_ELSEWHERE), None) is not None:
            continue
        key = _key(text)
        if key in keys:
            return text
        if begun is None and _is_innermost(element) and any(key.startswith(description) for description in keys):
            begun = text
    return begun


def _is_innermost(element: HtmlElement) -> bool:
    return not any(inner.tag in {"p", "div", "ul", "time"} for inner in element.iterdescendants())


def _key(text: str) -> str:
    return comparable(text).casefold().rstrip(_MARKS)


def _short_text(element: HtmlElement) -> str | None:
    """The element's text; None when it is too long, too short or too nested to be a lead, without reading all of it."""
    if sum(1 for _ in islice(element.iter(), _MOST_PARTS + 1)) > _MOST_PARTS:
        return None
    text = " ".join("".join(element.itertext()).split())
    return text if _SHORTEST <= len(text) <= _LONGEST else None
