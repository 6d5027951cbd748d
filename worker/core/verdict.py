"""What a capture of an article's address turned out to be.

First what decides alone: bytes, headers, a vendor's challenge, the words of a notice, the same bytes all over a host.
What is left is weighed (`balance`): a false verdict loses a version, a missed one makes one of a notice, so between the
bounds a page is doubted and must be seen again. Both error rates are in README.md beside this file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from worker.core import balance, notices
from worker.core.balance import Evidence, is_front
from worker.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from worker.core.notices import Kind

_MAGIC = {
    b"%PDF-": "PDF", b"\x89PNG": "PNG image", b"\xff\xd8\xff": "JPEG image", b"GIF8": "GIF image", b"RIFF": "RIFF",
    b"PK\x03\x04": "ZIP archive", b"\x1f\x8b": "gzip, undeclared", b"\x00\x00\x00": "binary", b"ID3": "MP3 audio",
}  # fmt: skip
_OTHER_TYPES = re.compile(r"(?:image|audio|video|font)/|application/(?:json|pdf|zip|rss|atom|octet-stream)")
_HTML_TAG = re.compile(r"<(?:!doctype|html|head|body|title|div|p|article|main|h1|meta|table|section)\b", re.IGNORECASE)

# Longer text than this is no notice. The longest challenge or consent page collected had 900 characters.
_NOTICE = 1_500
_SHORT_NOTICE = balance.SHORT
_NOTHING = 60  # characters of text that say nothing
_FRONT_HEADLINES = 15  # that a front page has at least
_TWINS = 2  # for a page with the text of an article
_ELLIPSIS = ("...", "\u2026")
_CUT_SHORT = 0.5  # of the words that the structured data count

_CONSENT_ADDRESS = re.compile(
    r"^(?:consent|cmp|privacy|choices)\.|/(?:consent|cookie-?wall|privacy-?gate)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the sign that decided it."""

    verdict: Verdict
    detail: str = ""
    doubt: str = ""  # why an article may be none; empty when nothing says so


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
    """The first rule that finds its signs decides; what none knows is weighed."""
    for rule in _RULES:
        judgement = rule(evidence)
        if judgement is not None:
            return judgement
    return _weighed(evidence)


def _challenge(evidence: Evidence) -> Judgement | None:
    if evidence.headers.get("cf-mitigated", "").strip().lower() == "challenge":
        return Judgement(Verdict.BLOCKED, "cf-mitigated: challenge")
    mark = evidence.marked(Verdict.BLOCKED)
    if mark is None or evidence.says_article or not evidence.short:
        return None
    if mark.alone or not evidence.text or _headed(evidence, notices.BLOCKED.heading):
        return Judgement(Verdict.BLOCKED, f"markup: {mark.product}")
    return None


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
    heading = _headed(evidence, kind.heading) or (_consent_address(evidence) if kind is notices.CONSENT else None)
    if heading is None:
        return None
    said = evidence.text if len(evidence.text) >= _NOTHING else evidence.signs.words
    if kind.text.search(said) or len(said) < _NOTHING:
        return Judgement(kind.verdict, f"headed: {heading[0]}")
    return None


def _headed(evidence: Evidence, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """A match in the title of the window or a heading."""
    found = (pattern.search(title) for title in evidence.titles)
    return next((match for match in found if match), None)


def _consent_address(evidence: Evidence) -> re.Match[str] | None:
    parts = urlsplit(evidence.url)
    return _CONSENT_ADDRESS.search(parts.hostname or "") or _CONSENT_ADDRESS.search(parts.path)


def _wrong_page(evidence: Evidence) -> Judgement | None:
    """The front page: by its address, or because it looks like one and says that it is, or not what was announced."""
    if evidence.says_article:
        return None
    if is_front(evidence.url):
        return Judgement(Verdict.WRONG_PAGE, "led to the front page")
    if not _looks_like_front(evidence):
        return None
    if is_front(evidence.page.canonical_url):
        return Judgement(Verdict.WRONG_PAGE, "names the front page as its address")
    found = balance.announced(evidence)
    if found is not None and not found.shown:
        return Judgement(Verdict.WRONG_PAGE, "a list of stories, under another title than was announced")
    return None


def _looks_like_front(evidence: Evidence) -> bool:
    return evidence.signs.cards >= _FRONT_HEADLINES and evidence.signs.links >= 0.5  # noqa: PLR2004 - half


def _incomplete(evidence: Evidence) -> Judgement | None:
    if evidence.whole or evidence.ended:
        return None
    return Judgement(Verdict.INCOMPLETE, "the body ends before its markup does")


def _paywall(evidence: Evidence) -> Judgement | None:
    """A short text that is said not to be all; or one above an offer, on a page built to charge."""
    if len(evidence.text) > _NOTICE:
        return None
    paid = evidence.page.free is False
    offer = notices.OFFER.search(evidence.signs.words)
    if offer and (paid or (evidence.short and evidence.marked(Verdict.PAYWALL))):
        return Judgement(Verdict.PAYWALL, f"offers: {offer[0]}")
    return _teaser(evidence, paid=paid) if evidence.short else None


def _teaser(evidence: Evidence, *, paid: bool) -> Judgement | None:
    """A short text by what shows that it is not all; one such sign is also seen with briefs that are free."""
    signs = [name for name, seen in _WALLS.items() if seen(evidence)]
    flash = evidence.letters < balance.FLASH
    if len(signs) + paid > 1 or (paid and flash):
        return Judgement(Verdict.PAYWALL, ", ".join([*["not accessible for free"] * paid, *signs]))
    if paid or (signs and flash):
        return Judgement(Verdict.ARTICLE, doubt=f"a teaser? {signs[0] if signs else 'not accessible for free'}")
    return None


# What shows that a short text is a teaser.
_WALLS: Mapping[str, Callable[[Evidence], bool]] = {
    "built to charge": lambda e: e.marked(Verdict.PAYWALL) is not None,
    "ends in an ellipsis": lambda e: e.text.rstrip().endswith(_ELLIPSIS),
    "asks for a password": lambda e: e.signs.passwords > 0,
    "shorter than it counts": lambda e: len(e.text.split()) < _CUT_SHORT * (e.page.words or 0),
}


def _empty(evidence: Evidence) -> Judgement | None:
    if evidence.text:
        return None
    if evidence.says_article or len(evidence.signs.words) >= _SHORT_NOTICE:
        return Judgement(Verdict.FAILED, "no text found on a page that looks like an article")
    return Judgement(Verdict.EMPTY, "no text")


def _weighed(evidence: Evidence) -> Judgement:
    """What no rule knows, by everything that it shows."""
    weighed = balance.weigh(evidence)
    because = ", ".join(weighed.because[:3])
    if weighed.is_article:
        astray = balance.led_elsewhere(evidence)
        return Judgement(Verdict.ARTICLE, doubt="led elsewhere, under another headline" if astray else "")
    if not weighed.is_notice:
        return Judgement(Verdict.ARTICLE, doubt=f"an article? {because}" if because else "hardly a sign of an article")
    return Judgement(_kind(evidence), because)


def _kind(evidence: Evidence) -> Verdict:
    """What a page is that is no article: what else it shows, the words of one kind of notice, or just another page."""
    for verdict in (Verdict.BLOCKED, Verdict.CONSENT):
        if evidence.marked(verdict):
            return verdict
    for kind in notices.KINDS:
        if _headed(evidence, kind.heading):
            return kind.verdict
    if evidence.signs.refreshes or "retry-after" in evidence.headers:
        return Verdict.MAINTENANCE
    return Verdict.PAYWALL if evidence.signs.passwords else Verdict.WRONG_PAGE


_RULES: tuple[Callable[[Evidence], Judgement | None], ...] = (
    _challenge, _incomplete, _notice, _everywhere, _wrong_page, _paywall, _empty,
)  # fmt: skip
