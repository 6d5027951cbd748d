"""Links to other stories that stand between the paragraphs of one, and whose figures are not its own.

Works on trafilatura's document tree, read with links. Measured on the corpus: the share of figures that do not belong
to the article falls from 0.075 to 0.069, and F1 of the text rises by 0.003; what true figures go stand in lists of
references and of products.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINKED = 0.8  # share of a paragraph's or list's characters within links
_LONGEST_HEADLINE = 160  # characters; a longer paragraph that is all link is prose
_NESTING = ("cell", "item", "quote")
_INNER_BLOCKS = ("p", "list", "table")


def remove(body: etree._Element) -> None:
    """Take teasers out, in place: lists of links, and short paragraphs that are a link."""
    for element in list(body.iter("list", "p")):
        if next(element.iterancestors(*_NESTING), None) is None and _is_teaser(element):
            _cut(element)


def _is_teaser(element: etree._Element) -> bool:
    if element.tag == "p" and any(element.find(f".//{tag}") is not None for tag in _INNER_BLOCKS):
        return False
    length = _length([element])
    if not length or (element.tag == "p" and length > _LONGEST_HEADLINE):
        return False
    return _length(element.iter("ref")) >= _LINKED * length


def _length(elements: Iterable[etree._Element]) -> int:
    texts = (etree.tostring(element, method="text", encoding="unicode", with_tail=False) for element in elements)
    return sum(len(" ".join(text.split())) for text in texts)


def _cut(element: etree._Element) -> None:
    """Remove an element but not the text behind it, which belongs to its parent."""
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and previous is not None:
        previous.tail = (previous.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
