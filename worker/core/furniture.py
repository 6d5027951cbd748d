"""What stands on an article's page besides the article, by what the markup says of it.

Three kinds of signs, none of them of a single site: semantics of HTML and ARIA (hidden, complementary), words that
publishers all over call such blocks by in classes and ids, and repetition (cards: siblings of one make, each with a
link for a headline). Nothing that holds the headline or much of the page's prose is taken out, whatever it is called.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.html import HtmlElement

# Share of the prose of a page that an element may hold and still be taken for furniture.
_MOST_PROSE = 0.25
_PROSE = 40  # characters; a shorter run of text is a label, a headline or a piece of one

_ROLES = frozenset({
    "alert", "alertdialog", "complementary", "contentinfo", "dialog", "menu", "menubar", "navigation", "search",
    "status", "tablist", "toolbar", "tooltip",
})  # fmt: skip
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|"
    r"(?:left|top|text-indent)\s*:\s*-\d{3,}px|opacity\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
# Utility classes by which the usual frameworks hide text from sight (Bootstrap, Tailwind, WordPress, Foundation).
_UNSEEN_CLASSES = frozenset({
    "visually-hidden", "visuallyhidden", "sr-only", "screen-reader-text", "screen-reader-only", "show-for-sr",
    "d-none", "is-hidden", "print-only",
})  # fmt: skip
# Names of blocks, in the words of a class or id taken apart at hyphens, underscores and capitals.
_NAMES = re.compile(
    r"\b(?:"
    r"(?:info|fact|fakta|fakten) ?(?:box|boks|kasten)|"
    r"(?:most|best|top) (?:read|viewed|popular|shared|commented|watched)|mostread|meistgelesen|"
    r"(?:inline|article|story|content|embedded) (?:related|recirc|recommend(?:ed|ation|ations)?|newsletter|cta)|"
    r"recirculation|recirc|recommend(?:ed|ation|ations)|up next|trending|newsletter|sign ?up|subscribe|cta|"
    r"call to action|advert(?:isement|orial)?|sponsored|disclaimer|disclosure|"
    r"(?:author|contributor) (?:bio|box|card|info)|about (?:the )?author|bio box|"
    r"share (?:bar|buttons|links|tools)|social (?:share|links)"
    r")\b"
)
# Names of blocks that announce other pages, and of parts of articles: the former hold links.
_NAMES_WITH_LINKS = re.compile(
    r"\b(?:related|promos?|teasers?|excerpt|pushdown|more (?:from|on|stories|news|like)|inbox|subscription|"
    r"(?:read|see|learn|find) (?:more|next|also|on)|readmore|(?:also|next|must|further) (?:read|reads|reading)|"
    r"(?:latest|recent|other|popular) ?(?:news|stories|posts?|articles|topics|headlines|box))\b"
)
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINTS = re.compile(r"[-_\s/:]+")
_BLOCKS = ("div", "section", "aside", "ul", "ol", "nav", "figure", "table", "article", "blockquote", "details", "form")

# Cards: so many siblings of one make, none longer than this in characters, most of each text within links or under a
# headline that is one.
_FEWEST_CARDS = 3
_LONGEST_CARD = 400
_CARD_TAGS = ("div", "li", "article", "section")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LINKED = 0.3  # share of a named block's text within links


def remove(tree: HtmlElement) -> None:
    """Take the furniture out of a page, in place."""
    holdings = _measure(tree)
    total = holdings[tree].prose

    def spares(element: HtmlElement) -> bool:
        held = holdings[element]
        return not held.headline and held.prose <= _MOST_PROSE * total and element.tag not in {"html", "body", "main"}

    found = [element for element, held in holdings.items() if _is_furniture(element, held)]
    for element in [*found, *_cards(holdings)]:
        if spares(element) and element.getparent() is not None:
            element.drop_tree()


def _is_furniture(element: HtmlElement, held: _Held) -> bool:
    attributes = element.attrib
    if element.tag == "aside" or (attributes and (_is_unseen(attributes) or _is_complementary(attributes))):
        return True
    return (bool(attributes) or "-" in element.tag) and _is_called_so(element, held)


@dataclass(slots=True)
class _Held:
    """What an element holds, in characters."""

    text: int = 0
    linked: int = 0  # of it, within links
    prose: int = 0  # of it, in runs that are long and no link
    headline: bool = False  # an <h1>
    announces: bool = False  # a heading that is a link

    def add(self, other: _Held) -> None:
        self.text += other.text
        self.linked += other.linked
        self.prose += other.prose
        self.headline |= other.headline
        self.announces |= other.announces


def _measure(tree: HtmlElement) -> dict[HtmlElement, _Held]:
    """What each element holds: one walk, since hostile pages nest deeply; ancestors before descendants."""
    held: dict[HtmlElement, _Held] = {}
    links = headings = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        starts = event == "start"
        step = 1 if starts else -1
        links += step * (element.tag == "a")
        headings += step * (element.tag in _HEADINGS)
        if starts:
            announces = links > 0 and headings > 0
            held[element] = _Held(headline=element.tag == "h1", announces=announces)
            _count(held[element], element.text, linked=links > 0)
            continue
        parent = element.getparent() if element is not tree else None
        if parent is not None:
            held[parent].add(held[element])
            _count(held[parent], element.tail, linked=links > 0)
    return held


def _count(held: _Held, run: str | None, *, linked: bool) -> None:
    length = len(run.strip()) if run else 0
    held.text += length
    if linked:
        held.linked += length
    elif length >= _PROSE:
        held.prose += length


def _is_unseen(attributes: Mapping[str, str]) -> bool:
    """Hidden from readers: its figures are nobody's."""
    if attributes.get("hidden", "until-found") != "until-found":
        return True
    style, classes = attributes.get("style"), attributes.get("class")
    if style and _UNSEEN.search(style):
        return True
    return classes is not None and not _UNSEEN_CLASSES.isdisjoint(classes.split())


def _is_complementary(attributes: Mapping[str, str]) -> bool:
    return attributes.get("role", "").strip().lower() in _ROLES


def _is_called_so(element: HtmlElement, held: _Held) -> bool:
    if element.tag not in _BLOCKS and "-" not in element.tag:
        return False
    own_name = element.tag if "-" in element.tag else ""
    called = _called(f"{element.get('class') or ''} {element.get('id') or ''} {own_name}")
    if called is _Called.LINKS:
        return held.announces or held.linked >= _LINKED * held.text
    return called is _Called.FURNITURE


class _Called(Enum):
    """What a name says of a block."""

    FURNITURE = auto()
    LINKS = auto()  # furniture, if it holds links
    NOTHING = auto()


@lru_cache(maxsize=4096)  # a page repeats its names, and so do the pages of an outlet
def _called(name: str) -> _Called:
    words = _JOINTS.sub(" ", _CAPITALS.sub(" ", name)).lower()
    if _NAMES.search(words):
        return _Called.FURNITURE
    return _Called.LINKS if _NAMES_WITH_LINKS.search(words) else _Called.NOTHING


def _cards(holdings: dict[HtmlElement, _Held]) -> Iterator[HtmlElement]:
    """Siblings of one make that each announce another page."""
    makes: defaultdict[tuple[HtmlElement, str, str], list[HtmlElement]] = defaultdict(list)
    for element in holdings:
        if element.tag in _CARD_TAGS and element.getparent() is not None:
            makes[element.getparent(), element.tag, element.get("class") or ""].append(element)
    for children in makes.values():
        cards = [child for child in children if _is_card(holdings[child])]
        if len(cards) >= _FEWEST_CARDS and 2 * len(cards) > len(children):
            yield from cards


def _is_card(held: _Held) -> bool:
    return 0 < held.text <= _LONGEST_CARD and (held.announces or 2 * held.linked > held.text)
