"""What a capture of an article's address turned out to be.

Each rule needs two signs that agree, and long text speaks for an article: a false verdict loses a version, a missed
one is caught when the text is compared with what is stored. Both error rates are in README.md beside this file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

from worker.core import notices
from worker.core.text import comparable
from worker.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.html import HtmlElement

    from worker.core.metadata import Metadata
    from worker.core.notices import Kind

_MAGIC = {
    b"%PDF-": "PDF", b"\x89PNG": "PNG image", b"\xff\xd8\xff": "JPEG image", b"GIF8": "GIF image", b"RIFF": "RIFF",
    b"PK\x03\x04": "ZIP archive", b"\x1f\x8b": "gzip, undeclared", b"\x00\x00\x00": "binary", b"ID3": "MP3 audio",
}  # fmt: skip
_OTHER_TYPES = re.compile(r"(?:image|audio|video|font)/|application/(?:json|pdf|zip|rss|atom|octet-stream)")
_HTML_TAG = re.compile(r"<(?:!doctype|html|head|body|title|div|p|article|main|h1|meta|table|section)\b", re.IGNORECASE)

# Longer text than this is no notice. The longest challenge or consent page collected had 900 characters.
_NOTICE = 1_500
_SHORT_NOTICE = 600
_NOTHING = 60  # characters of text that say nothing
# Characters of a link that reads like a headline, and how many of them a front page has at least.
_FRONT_HEADLINES = 15
_HEADLINE = 25
_TWINS = 2  # for a page with the text of an article
_MOST_HEADINGS = 4
_MOST_PIECES = 2_000  # of text; a notice has some dozens

_CHALLENGE_MARK = re.compile(
    r"cf[-_]chl|challenge-(?:form|platform|running|error)|px-captcha|g-recaptcha|h-captcha|cf-turnstile|"
    r"captcha-container|datadome|ddg-captcha|incapsula|_Incapsula_|distil_r_captcha|aws-waf",
    re.IGNORECASE,
)
_CONSENT_ADDRESS = re.compile(
    r"^(?:consent|cmp|privacy|choices)\.|/(?:consent|cookie-?wall|privacy-?gate)\b", re.IGNORECASE
)
_WALL_MARK = re.compile(
    r"pay-?wall|reg-?wall|subscri(?:be|ption)-|piano-|tp-(?:modal|container)|meter(?:ed|ing)", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LONG_WORD = 5  # characters
_WITHOUT_BLANKS = "\u2e80"  # from here on are the scripts of China, Japan and Korea
_UNREAD = frozenset({"script", "style", "template", "noscript", "head"})


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the sign that decided it."""

    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a page shows as a whole, before its furniture is taken out."""

    names: str  # ids, classes and addresses of its parts, which name the product that guards it
    words: str  # its text, cut: enough to tell a notice from a page
    headings: tuple[str, ...]
    front: bool  # most of it are links, and many of them read like headlines


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rules look at."""

    page: Metadata
    text: str  # extracted
    signs: Signs
    headers: Mapping[str, str]
    url: str  # final
    whole: bool
    ended: bool  # the markup closes its root
    expected: str = ""  # the headline by which the feed announced it
    twins: int = 0  # other addresses of its host that lately showed the very same bytes

    @property
    def says_article(self) -> bool:
        """Tell whether structured data or og:type call the page an article."""
        return self.page.is_article

    @property
    def said(self) -> str:
        """What a notice says to its reader: the extracted text, or that of the page where nothing was extracted."""
        return self.text if len(self.text) >= _NOTHING else self.signs.words

    def headed(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """A match in the title of the window or a heading."""
        found = (pattern.search(heading) for heading in (self.page.title, self.page.window, *self.signs.headings))
        return next((match for match in found if match), None)


def signs(tree: HtmlElement) -> Signs:
    """What the rules need to know of a page as it came."""
    headings = (" ".join(h.text_content().split()) for h in islice(tree.iter("h1", "h2"), _MOST_HEADINGS))
    return Signs(_names(tree), _words(tree), tuple(headings), _looks_like_front(tree))


def not_html(body: bytes, text: str, headers: Mapping[str, str]) -> str | None:
    """Why these bytes are no HTML page, None when they may be one. Bytes overrule the declared type."""
    start = body[:16].lstrip()
    for magic, kind in _MAGIC.items():
        if start.startswith(magic):
            return kind
    if not text.strip() or _HTML_TAG.search(text, 0, 65_536):
        return None
    declared = headers.get("content-type", "").strip().lower()
    return declared.partition(";")[0] if _OTHER_TYPES.match(declared) else "no HTML tag in the first 64 KB"


def judge(evidence: Evidence) -> Judgement:
    """The first rule that finds its signs decides; a page that none knows is an article if it has text."""
    for rule in _RULES:
        judgement = rule(evidence)
        if judgement is not None:
            return judgement
    return Judgement(Verdict.ARTICLE)


def _challenge(evidence: Evidence) -> Judgement | None:
    if evidence.headers.get("cf-mitigated", "").strip().lower() == "challenge":
        return Judgement(Verdict.BLOCKED, "cf-mitigated: challenge")
    mark = _CHALLENGE_MARK.search(evidence.signs.names)
    headed = evidence.headed(notices.BLOCKED.heading)
    if mark is None or evidence.says_article or (evidence.text and not headed) or len(evidence.text) > _SHORT_NOTICE:
        return None
    return Judgement(Verdict.BLOCKED, f"markup: {mark[0]}")


def _everywhere(evidence: Evidence) -> Judgement | None:
    """The same bytes at several addresses of a host: whatever they say, they are none of the articles."""
    if not evidence.twins or evidence.says_article:
        return None
    if evidence.twins < _TWINS and len(evidence.text) > _NOTICE:
        return None
    return Judgement(Verdict.MAINTENANCE, f"the same bytes at {evidence.twins} other addresses of the host")


def _notice(evidence: Evidence) -> Judgement | None:
    """A short page that is headed like a notice, and speaks to its reader like one."""
    if len(evidence.text) > _NOTICE or evidence.says_article:
        return None
    for kind in notices.KINDS:
        judgement = _of_kind(evidence, kind)
        if judgement is not None:
            return judgement
    return None


def _of_kind(evidence: Evidence, kind: Kind) -> Judgement | None:
    heading = evidence.headed(kind.heading) or (_consent_address(evidence) if kind is notices.CONSENT else None)
    if heading is None:
        return None
    if kind.text.search(evidence.said) or len(evidence.said) < _NOTHING:
        return Judgement(kind.verdict, f"headed: {heading[0]}")
    return None


def _consent_address(evidence: Evidence) -> re.Match[str] | None:
    parts = urlsplit(evidence.url)
    return _CONSENT_ADDRESS.search(parts.hostname or "") or _CONSENT_ADDRESS.search(parts.path)


def _wrong_page(evidence: Evidence) -> Judgement | None:
    """The front page: by its address, or because it looks like one and says that it is, or not what was announced."""
    if evidence.says_article:
        return None
    if _is_front(evidence.url):
        return Judgement(Verdict.WRONG_PAGE, "led to the front page")
    if not evidence.signs.front:
        return None
    if _is_front(evidence.page.canonical_url):
        return Judgement(Verdict.WRONG_PAGE, "names the front page as its address")
    if evidence.expected and not _shares_words(evidence.expected, f"{evidence.page.title} {evidence.page.window}"):
        return Judgement(Verdict.WRONG_PAGE, "a list of stories, under another title than was announced")
    return None


def _unannounced(evidence: Evidence) -> Judgement | None:
    """A short page that says nowhere what the feed said it would: a notice in words that nobody has collected."""
    if (
        not evidence.expected
        or evidence.says_article
        or evidence.page.published_at
        or len(evidence.text) > _SHORT_NOTICE
    ):
        return None
    shown = " ".join((evidence.page.title, evidence.page.window, *evidence.signs.headings, evidence.text))
    if _shares_words(evidence.expected, shown):
        return None
    return Judgement(Verdict.WRONG_PAGE, "short, and not a word of the headline that announced it")


def _is_front(url: str | None) -> bool:
    parts = urlsplit(url or "")
    return bool(parts.netloc) and not parts.path.strip("/") and not parts.query


def _shares_words(one: str, other: str) -> bool:
    return not _telling(one).isdisjoint(_telling(other))


def _telling(text: str) -> set[str]:
    """Words that are seldom shared by chance: long ones, and pairs of characters where words are not set apart."""
    words = [
        word for word in _WORD.findall(comparable(text).casefold()) if len(word) >= _LONG_WORD or not word.isascii()
    ]
    pairs = (word[i : i + 2] for word in words for i in range(len(word) - 1) if word[i] >= _WITHOUT_BLANKS)
    return {word for word in words if len(word) >= _LONG_WORD} | set(pairs)


def _incomplete(evidence: Evidence) -> Judgement | None:
    if evidence.whole or evidence.ended:
        return None
    return Judgement(Verdict.INCOMPLETE, "the body ends before its markup does")


def _paywall(evidence: Evidence) -> Judgement | None:
    """A short text that is said not to be all; or one above an offer, on a page built to charge."""
    if evidence.page.body or len(evidence.text) > _NOTICE:
        return None
    paid = evidence.page.free is False
    if paid and len(evidence.text) < _SHORT_NOTICE:
        return Judgement(Verdict.PAYWALL, "not accessible for free, and short")
    offer = notices.OFFER.search(evidence.signs.words)
    wall = len(evidence.text) < _SHORT_NOTICE and _WALL_MARK.search(evidence.signs.names)
    return Judgement(Verdict.PAYWALL, f"offers: {offer[0]}") if offer and (paid or wall) else None


def _empty(evidence: Evidence) -> Judgement | None:
    if evidence.text:
        return None
    if evidence.says_article or len(evidence.signs.words) >= _SHORT_NOTICE:
        return Judgement(Verdict.FAILED, "no text found on a page that looks like an article")
    return Judgement(Verdict.EMPTY, "no text")


_RULES: tuple[Callable[[Evidence], Judgement | None], ...] = (
    _challenge, _incomplete, _notice, _everywhere, _wrong_page, _paywall, _empty, _unannounced,
)  # fmt: skip


def _names(tree: HtmlElement) -> str:
    names = (
        (e.get("id"), e.get("class"), e.get("action"), e.get("src"))
        for e in tree.iter("div", "form", "iframe", "input", "section")
    )
    return " ".join(name for group in names for name in group if name)[:100_000]


def _words(tree: HtmlElement) -> str:
    pieces: list[str] = []
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element.tag in _UNREAD:
            walk.skip_subtree()
        text = element.tail if event == "end" else None if element.tag in _UNREAD else element.text
        if text and not text.isspace():
            pieces.append(text)
        if len(pieces) > _MOST_PIECES:
            break
    return " ".join(" ".join(pieces).split())[: 4 * _NOTICE]


def _looks_like_front(tree: HtmlElement) -> bool:
    links = [len(link.text_content().strip()) for link in tree.iter("a")]
    headlines = sum(length >= _HEADLINE for length in links)
    return headlines >= _FRONT_HEADLINES and 2 * sum(links) >= len(" ".join(tree.text_content().split()))
