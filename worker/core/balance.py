"""What speaks for and against a page being the article that was announced, weighed.

Words of notices do not carry over to sites and languages that nobody has collected; how a page is made does. Each sign
below has a weight and a reason. Two are never enough alone: between the bounds a page is doubted, and held until
another visit shows the same. How well that does is in README.md beside this file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from worker.core.signs import Signs, size
from worker.core.text import comparable
from worker.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worker.core.metadata import Metadata
    from worker.core.vendors import Mark

# Bounds of the sum: from the first on an article, up to the second a notice, a doubt between.
_ARTICLE = 1
_NOTICE = -4
# Letters of text (`signs.size`). A notice of more than SHORT has not been met; a brief of less has.
_LONG, _MIDDLING, SHORT, FLASH, _NOTHING = 1_500, 700, 600, 300, 60
_FRONT_CARDS = 6
_FOOT = 300  # characters at the end of a page, where sites name themselves
_MOSTLY = 0.5  # share of a page's text within links
_SHOWN = 0.3  # share of the telling words of an announced headline
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONG_WORD = 5  # characters
_NUMBER = re.compile(r"\d{2,}")
_TWO = 2
_WITHOUT_BLANKS = "\u2e80"  # from here on are the scripts of China, Japan and Korea
_SEPARATED = re.compile(r"\s+[|\u2013\u2014\u00b7\u2022\u00bb-]\s+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that is looked at."""

    page: Metadata
    text: str  # extracted
    signs: Signs
    headers: Mapping[str, str]
    url: str  # final
    whole: bool = True
    ended: bool = True  # the markup closes its root
    expected: str = ""  # the headline by which the feed announced it
    asked: str = ""  # the address that was asked for; empty: the final one
    twins: int = 0  # other addresses of its host that lately showed the very same bytes
    marks: tuple[Mark, ...] = field(default=(), kw_only=True)

    @property
    def says_article(self) -> bool:
        """Tell whether structured data or og:type call the page an article."""
        return self.page.is_article

    @property
    def letters(self) -> float:
        """The length of the text."""
        return size(self.text)

    @property
    def short(self) -> bool:
        """Tell whether the text is as short as that of a notice."""
        return self.letters < SHORT

    @property
    def titles(self) -> tuple[str, ...]:
        """What the page is headed by."""
        return self.page.title, self.page.window, *self.signs.headings

    def marked(self, verdict: Verdict) -> Mark | None:
        """A product of that kind."""
        return next((mark for mark in self.marks if mark.verdict is verdict), None)


class Sign(NamedTuple):
    """One thing to look for, and what it weighs: more than nothing speaks for an article."""

    weight: int
    says: str
    seen: Callable[[Evidence], bool]


class Weighed(NamedTuple):
    """The sum, and what made it."""

    score: int
    because: tuple[str, ...]  # strongest first

    @property
    def is_article(self) -> bool:
        """Tell whether nothing is to be doubted."""
        return self.score >= _ARTICLE

    @property
    def is_notice(self) -> bool:
        """Tell whether there is nothing left to be believed."""
        return self.score <= _NOTICE


def weigh(evidence: Evidence) -> Weighed:
    """Add up what speaks for an article and against it."""
    seen = sorted((sign for sign in _SIGNS if sign.seen(evidence)), key=lambda sign: sign.weight)
    total = sum(sign.weight for sign in seen)
    return Weighed(total, tuple(sign.says for sign in seen if sign.weight < 0))


class Announced(NamedTuple):
    """How much of the headline that announced the page is there."""

    words: int  # telling ones
    share: float  # of those that the headline has

    @property
    def shown(self) -> bool:
        """Tell whether it is more than chance, or the name of the outlet, that they have in common."""
        return self.share >= _SHOWN and (self.words >= _TWO or self.share >= _MOSTLY)


def announced(evidence: Evidence, *, anywhere: bool = False) -> Announced | None:
    """What heads the page, or is anywhere on it, of the headline that the feed announced; None: nothing is known."""
    expected = telling(evidence.expected)
    if not expected:
        return None
    shown = telling(" ".join((*evidence.titles, *((evidence.text,) if anywhere else ()))))
    found = len(expected & shown)
    return Announced(found, found / len(expected))


def telling(text: str) -> set[str]:
    """What is seldom shared by chance: long words, numbers, and pairs of characters where words are not set apart."""
    words = [
        word for word in _WORD.findall(comparable(text).casefold()) if len(word) >= _LONG_WORD or not word.isascii()
    ]
    pairs = (word[i : i + 2] for word in words for i in range(len(word) - 1) if word[i] >= _WITHOUT_BLANKS)
    return {word for word in words if len(word) >= _LONG_WORD} | set(pairs) | set(_NUMBER.findall(text))


def led_elsewhere(evidence: Evidence) -> bool:
    """Tell whether a redirect ended at what is headed by none of what was announced, and hardly tells of it."""
    if not evidence.asked or urlsplit(evidence.asked).path == urlsplit(evidence.url).path:
        return False
    headed, told = announced(evidence), announced(evidence, anywhere=True)
    return headed is not None and told is not None and not headed.shown and told.share < _MOSTLY


def is_front(url: str | None) -> bool:
    """Tell whether an address is that of a front page."""
    parts = urlsplit(url or "")
    return bool(parts.netloc) and not parts.path.strip("/") and not parts.query


def _heads(evidence: Evidence) -> bool:
    """Whether a heading is the title of the window, or stands in it: so are headlines, seldom notices."""
    window = comparable(evidence.page.window).casefold()
    return any(key in window for heading in evidence.signs.headings if len(key := comparable(heading).casefold()) > 1)


def _named_as_site(evidence: Evidence) -> bool:
    """Whether the window names the site and nothing else."""
    window, site = comparable(evidence.page.window).casefold(), comparable(evidence.page.site).casefold()
    host = (urlsplit(evidence.url).hostname or "").removeprefix("www.")
    if not window or window in {site, host}:
        return True
    foot, text = (comparable(part).casefold() for part in (evidence.signs.words[-_FOOT:], evidence.text))
    return not _SEPARATED.search(evidence.page.window) and window in foot and window not in text


def _unannounced(evidence: Evidence) -> bool:
    found = announced(evidence, anywhere=True)
    return found is not None and not found.shown and found.words < _TWO


def _guarded(evidence: Evidence) -> bool:
    if evidence.marked(Verdict.CONSENT) is not None:
        return evidence.short
    return evidence.letters < FLASH and evidence.marked(Verdict.BLOCKED) is not None


def _own_address(evidence: Evidence) -> bool:
    stated = evidence.page.canonical_url
    return stated is not None and not is_front(stated) and urlsplit(stated).path == urlsplit(evidence.url).path


_SIGNS = (
    # How much it says.
    Sign(6, "a long text", lambda e: e.letters >= _LONG),
    Sign(3, "a text of some length", lambda e: _MIDDLING <= e.letters < _LONG),
    Sign(1, "a few sentences", lambda e: FLASH <= e.letters < _MIDDLING),
    Sign(-2, "hardly a sentence", lambda e: e.letters < _NOTHING),
    # What it says that it is.
    Sign(3, "calls itself an article", lambda e: e.says_article),
    Sign(2, "has a date", lambda e: e.page.published_at is not None),
    Sign(1, "names this as its address", _own_address),
    Sign(-1, "calls itself a website", lambda e: e.page.kind == "website"),
    Sign(-2, "is not to be indexed", lambda e: e.signs.noindex),
    Sign(-3, "names the front page as its address", lambda e: is_front(e.page.canonical_url)),
    Sign(-2, "asks to be loaded again", lambda e: e.signs.refreshes or "retry-after" in e.headers),
    # How it is headed.
    Sign(2, "headed as its window", _heads),
    Sign(-1, "not headed as its window", lambda e: not _heads(e)),
    Sign(-2, "named as its site", _named_as_site),
    Sign(4, "headed as announced", lambda e: (found := announced(e)) is not None and found.shown),
    Sign(-4, "nothing of what was announced", _unannounced),
    Sign(-4, "led elsewhere", lambda e: _unannounced(e) and led_elsewhere(e)),
    # What else is there, where there is little text.
    Sign(-2, "mostly links", lambda e: e.short and e.signs.cards >= _FRONT_CARDS and e.signs.links >= _MOSTLY),
    Sign(-3, "asks for a password", lambda e: e.short and e.signs.passwords > 0),
    Sign(-1, "has buttons", lambda e: e.short and e.signs.buttons > 1),
    Sign(-3, "guarded by a product that asks or tests", _guarded),
)
