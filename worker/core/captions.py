"""What stands under an article's pictures and charts: its figures are the article's, and are revised like any other.

Captions are taken out of the page before its text is read: trafilatura drops those in <figure>, and mixes others into
the paragraphs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from worker.core import stamps
from worker.core.text import comparable, normal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

# "image-caption", "wp-caption-text", "InlineImage-imageEmbedCaption"; not "captioned" or "captions-off".
_NAMED = re.compile(r"(?:^|[\s_-])caption(?:[_-]{1,2}text)?(?:$|[\s_-])|[a-z]Caption(?:$|[\s_-])")
_TAGS = ("figcaption", "div", "p", "span", "dd", "small")
_ELSEWHERE = ("a", "aside", "nav", "footer", "header", "form")
_SHORTEST = 25  # characters; shorter ones name a photographer
_LONGEST = 600
_MOST = 40  # of a gallery, the first
# An element with so many characters of prose is a part of the page; it is the article's if it holds this share of all.
_PART = 200
_SHARE = 0.3
_PROSE = 60


def take(tree: HtmlElement) -> list[str]:
    """Remove the captions from a page, and return those of its article, each once, in order."""
    total = _prose(tree)
    found: dict[str, str] = {}
    for place, element in enumerate(list(_captions(tree))):
        text = normal(" ".join(element.text_content().split()))
        if len(text) > _LONGEST:  # a caption by name only
            continue
        if place < _MOST and len(text) >= _SHORTEST and _is_of_article(element, total):
            found.setdefault(comparable(text), text)
        element.drop_tree()
    return stamps.without(found.values())


def _captions(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The outermost elements that are captions by tag or name."""
    for element in tree.iter(*_TAGS):
        if _is_caption(element) and not any(_is_caption(around) for around in element.iterancestors(*_TAGS)):
            yield element


def _is_caption(element: HtmlElement) -> bool:
    if element.tag == "figcaption" or "caption" in (element.get("itemprop") or "").split():
        return True
    return bool(_NAMED.search(element.get("class") or ""))


def _is_of_article(element: HtmlElement, total: int) -> bool:
    if next(element.iterancestors(*_ELSEWHERE), None) is not None:
        return False
    around = (prose for ancestor in element.iterancestors() if (prose := _prose(ancestor)) >= _PART)
    return next(around, total) >= _SHARE * total


def _prose(element: HtmlElement) -> int:
    return sum(length for p in element.iter("p") if (length := len(p.text_content().strip())) >= _PROSE)
