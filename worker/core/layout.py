"""From trafilatura's document tree to text: one paragraph per block, blank lines between, tables line by line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from worker.core import strikes

if TYPE_CHECKING:
    from collections.abc import Iterator

# Elements of the tree (a subset of TEI). Inline ones (hi, ref, code) add nothing; del is what is crossed out.
_BLOCKS = frozenset({"body", "div", "main", "p", "head", "quote", "list", "table", "fw"})
_LINES = frozenset({"item", "row", "lb"})
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_SPACE = re.compile(r" *\n *")
_MANY_BLANKS = re.compile(r" {2,}")
_SPACE = re.compile(r"\s+")


def text(body: etree._Element) -> str:
    """The text of a tree: list items and table rows are lines of their own, cells are separated by a bar."""
    raw = _MANY_BLANKS.sub(" ", "".join(_pieces(body)))
    return _BLANK_LINES.sub("\n\n", _LINE_SPACE.sub("\n", raw)).strip()


def _pieces(body: etree._Element) -> Iterator[str]:
    """Text and breaks in document order; a loop, since hostile pages nest deeper than Python recurses."""
    cells = struck = 0  # tables within cells stay on the line of their row
    for event, element in etree.iterwalk(body, events=("start", "end")):
        starts = event == "start"
        if element.tag == "cell":
            cells += 1 if starts else -1
        elif element.tag == "del":
            struck += 1 if starts else -1
        yield _break(element, starts=starts, in_cell=cells > 0)
        piece = element.text if starts else element.tail if element is not body else None
        if piece:
            run = strikes.unmarked(_SPACE.sub(" ", piece))
            yield strikes.marked(run) if struck else run


def _break(element: etree._Element, *, starts: bool, in_cell: bool) -> str:
    if element.tag == "cell":
        return " | " if starts and element.getprevious() is not None else ""
    if in_cell:
        return " " if element.tag in _BLOCKS or element.tag in _LINES else ""
    if element.tag in _BLOCKS:
        return "\n\n"
    return "\n" if starts and element.tag in _LINES else ""
