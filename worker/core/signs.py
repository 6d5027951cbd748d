"""What a page shows as a whole, before its furniture is taken out: what tells an article from what stands in its place.

None of it depends on a language. Lengths are in Latin letters: a character of Chinese, Japanese or Korean says as much
as two and a half (measured on translations: 2.2 to 2.9).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DENSE = re.compile("[\u2e80-\uffff]")  # the scripts of China, Japan and Korea
_DENSER = 1.5  # letters that one of their characters says beyond itself
_HEADLINE = 25  # letters of a link that reads like a headline
_MOST_HEADINGS = 4
_MOST_WORDS = 6_000  # characters kept: enough to tell a notice from a page
_MOST_NAMES = 100_000  # characters
_MOST_SCRIPT = 20_000  # characters of scripts: a challenge has little else
_UNREAD = frozenset({"script", "style", "template", "noscript", "head"})
_NAMED = frozenset({"div", "form", "iframe", "input", "section"})
_NAMES = ("id", "class", "action", "src")


@dataclass(frozen=True, slots=True)
class Signs:
    """What the markup of a page shows."""

    names: str = ""  # ids, classes, addresses and scripts of its parts, which name the products that guard it
    words: str = ""  # its text, cut
    headings: tuple[str, ...] = ()
    text: int = 0  # letters that a reader sees
    linked: int = 0  # of them, within links
    cards: int = 0  # links that read like headlines
    passwords: int = 0  # fields that ask for one
    buttons: int = 0
    noindex: bool = False  # search engines are asked to forget it
    refreshes: bool = False  # it asks to be loaded again

    @property
    def links(self) -> float:
        """The share of its text that is links."""
        return self.linked / self.text if self.text else 0.0


def read(tree: HtmlElement) -> Signs:
    """The signs of a page as it came."""
    headings = (" ".join(h.text_content().split()) for h in islice(tree.iter("h1", "h2"), _MOST_HEADINGS))
    walked = _walk(tree)
    return Signs(
        names=" ".join([*walked.names, *_scripts(tree)])[:_MOST_NAMES],
        words=" ".join(" ".join(walked.pieces).split())[:_MOST_WORDS],
        headings=tuple(heading for heading in headings if heading),
        text=int(walked.text),
        linked=int(walked.linked),
        cards=walked.cards,
        passwords=walked.passwords,
        buttons=walked.buttons,
        noindex=_says(tree, "name", "robots", "noindex"),
        refreshes=_says(tree, "http-equiv", "refresh", ""),
    )


def size(text: str) -> float:
    """The length of a text in Latin letters."""
    return len(text) if text.isascii() else len(text) + _DENSER * len(_DENSE.findall(text))


class _Walked:
    """What one walk over the elements collects."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.pieces: list[str] = []
        self.length = 0
        self.text = self.linked = 0.0
        self.cards = self.passwords = self.buttons = 0
        self.link: float | None = None  # letters of the link that is being read

    def read(self, run: str | None) -> None:
        run = run.strip() if run else ""
        if not run:
            return
        if self.length < _MOST_WORDS:
            self.pieces.append(run)
            self.length += len(run)
        letters = size(run)
        self.text += letters
        if self.link is not None:
            self.link += letters
            self.linked += letters

    def end_link(self) -> None:
        if self.link is not None and self.link >= _HEADLINE:
            self.cards += 1
        self.link = None

    def note(self, element: HtmlElement) -> None:
        if element.tag == "button":
            self.buttons += 1
        elif element.tag in _NAMED:
            self.names += [value for name in _NAMES if (value := element.get(name))]
            if element.tag == "input":
                kind = (element.get("type") or "").lower()
                self.passwords += kind == "password"
                self.buttons += kind in {"submit", "button"}


def _walk(tree: HtmlElement) -> _Walked:
    walked = _Walked()
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            walked.note(element)
            if tag == "a":
                walked.link = 0.0
            if tag in _UNREAD:
                walk.skip_subtree()
            else:
                walked.read(element.text)
        else:
            if tag == "a":
                walked.end_link()
            walked.read(element.tail)
    return walked


def _scripts(tree: HtmlElement) -> list[str]:
    """The addresses of scripts, and the beginning of what stands in the page of them, but for data."""
    found, length = [], 0
    for script in tree.iter("script"):
        found.append(script.get("src") or "")
        if length < _MOST_SCRIPT and "json" not in (script.get("type") or ""):
            text = (script.text or "")[: _MOST_SCRIPT - length]
            found.append(text)
            length += len(text)
    return found


def _says(tree: HtmlElement, attribute: str, name: str, word: str) -> bool:
    """Whether a <meta> of that name says so."""
    named = (e for e in tree.iter("meta") if (e.get(attribute) or "").strip().lower() == name)
    return any(word in (e.get("content") or "").lower() for e in named)
