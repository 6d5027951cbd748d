"""What a capture of an article's address turned out to be.

Each rule needs two signs that agree, and long text speaks for an article: a false verdict loses a version, a missed
one is caught when the text is compared with what is stored. Every page of the corpus is an article, and judged so.
"""

# ruff: noqa: RUF001 - the notices are in the languages of the outlets

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from worker.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.html import HtmlElement

    from worker.core.metadata import Metadata

_MAGIC = {
    b"%PDF-": "PDF", b"\x89PNG": "PNG image", b"\xff\xd8\xff": "JPEG image", b"GIF8": "GIF image", b"RIFF": "RIFF",
    b"PK\x03\x04": "ZIP archive", b"\x1f\x8b": "gzip, undeclared", b"\x00\x00\x00": "binary", b"ID3": "MP3 audio",
}  # fmt: skip
_OTHER_TYPES = re.compile(r"(?:image|audio|video|font)/|application/(?:json|pdf|zip|rss|atom|octet-stream)")
_HTML_TAG = re.compile(r"<(?:!doctype|html|head|body|title|div|p|article|main|h1|meta|table|section)\b", re.IGNORECASE)

# Longer text than this is no notice. The longest challenge or consent page collected had 900 characters.
_NOTICE = 1_500
_SHORT_NOTICE = 600
# Characters of a link that reads like a headline, and how many of them a front page has at least.
_FRONT_HEADLINES = 15
_HEADLINE = 25

_CHALLENGE_TITLE = re.compile(
    r"just a moment|attention required|access (?:to this page has been )?denied|are you a (?:robot|human)|"
    r"pardon our interruption|verify(?:ing)? (?:that )?you are (?:a )?human|security check|ddos.guard|"
    r"checking your browser|robot or human|human verification|one more step|captcha|nur einen moment|"
    r"un instant|bir dakika|подождите|请稍候|\b403 forbidden",
    re.IGNORECASE,
)
_CHALLENGE_MARK = re.compile(
    r"cf[-_]chl|challenge-(?:form|platform|running|error)|px-captcha|g-recaptcha|h-captcha|cf-turnstile|"
    r"captcha-container|datadome|ddg-captcha|incapsula|_Incapsula_|distil_r_captcha|aws-waf",
    re.IGNORECASE,
)
_CONSENT_TITLE = re.compile(
    r"before you continue|bevor sie (?:fortfahren|zu)|avant de continuer|antes de continuar|prima di continuare|"
    r"voordat je verdergaat|cookie (?:consent|settings|wall|policy)|cookies? zustimm|consent(?: required)?$|"
    r"privacy (?:gate|settings|notice)|ihre (?:privatsphäre|einwilligung)|einwilligung|votre vie privée|"
    r"tu privacidad|la tua privacy|gizlilik ayarları|çerez",
    re.IGNORECASE,
)
_CONSENT_MARK = re.compile(r"\bcookies?\b|çerez|куки|ciasteczk|evästee|informationskapsl|쿠키|クッキー", re.IGNORECASE)
_CONSENT_ADDRESS = re.compile(
    r"^(?:consent|cmp|privacy|choices)\.|/(?:consent|cookie-?wall|privacy-?gate)\b", re.IGNORECASE
)
_GONE_TITLE = re.compile(
    r"^(?:error\s*)?(?:404|410)\b|\b(?:404|410)\s*(?:error|[-–|:]|not found|$)|^not found|^oops|"
    r"(?:page|article|story|content|file) (?:is )?(?:not found|(?:was |could not be )found|"
    r"(?:does|do)(?:n.t| not) exist|no longer (?:exists|available)|unavailable|has been (?:removed|deleted))|"
    r"(?:seite|artikel|beitrag|inhalt) (?:wurde )?nicht (?:gefunden|verfügbar)|"
    r"(?:page|article|contenu) (?:introuvable|non trouvée?|n.existe (?:pas|plus))|"
    r"(?:página|artículo|contenido|artigo) non?\s(?:encontrad[oa]|existe|disponible)|página não encontrada|"
    r"pagina (?:non trovata|niet gevonden)|sayfa bulunamadı|(?:aradığınız )?(?:haber|içerik) bulunamadı|"
    r"страница не найдена|strona nie (?:istnieje|została znaleziona)|sidan (?:finns inte|kunde inte hittas)|"
    r"siden (?:finnes ikke|blev ikke fundet)|الصفحة غير موجودة|ページが見つかりません|找不到页面|页面不存在|"
    r"페이지를 찾을 수 없|पृष्ठ नहीं मिला",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the sign that decided it."""

    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rules look at."""

    page: Metadata
    text: str  # extracted
    tree: HtmlElement
    headers: Mapping[str, str]
    url: str  # final
    whole: bool
    ended: bool  # the markup closes its root

    @property
    def says_article(self) -> bool:
        """Tell whether structured data or og:type call the page an article."""
        return self.page.is_article

    def titled(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """A match in the headline or the title of the window."""
        return pattern.search(self.page.title) or pattern.search(self.page.window)


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


def _blocked(evidence: Evidence) -> Judgement | None:
    if evidence.headers.get("cf-mitigated", "").strip().lower() == "challenge":
        return Judgement(Verdict.BLOCKED, "cf-mitigated: challenge")
    title = evidence.titled(_CHALLENGE_TITLE)
    if len(evidence.text) > _NOTICE or (evidence.says_article and not title):
        return None
    mark = _CHALLENGE_MARK.search(_identifiers(evidence.tree))
    if title and (mark or len(evidence.text) <= _SHORT_NOTICE) and not evidence.says_article:
        return Judgement(Verdict.BLOCKED, f"title: {title[0]}")
    return Judgement(Verdict.BLOCKED, f"markup: {mark[0]}") if mark and not evidence.text else None


def _consent(evidence: Evidence) -> Judgement | None:
    if len(evidence.text) > _NOTICE or evidence.says_article:
        return None
    parts = urlsplit(evidence.url)
    address = _CONSENT_ADDRESS.search(parts.hostname or "") or _CONSENT_ADDRESS.search(parts.path)
    title = evidence.titled(_CONSENT_TITLE)
    asks = _CONSENT_MARK.search(evidence.text) or _CONSENT_MARK.search(_short_text(evidence.tree))
    if (title or address) and asks:
        return Judgement(Verdict.CONSENT, f"asks about {asks[0]}")
    return None


def _gone(evidence: Evidence) -> Judgement | None:
    if len(evidence.text) > _NOTICE or evidence.says_article:
        return None
    sign = evidence.titled(_GONE_TITLE)
    return Judgement(Verdict.GONE, f"title: {sign[0]}") if sign else None


def _wrong_page(evidence: Evidence) -> Judgement | None:
    """The front page: by its address, or because it says itself that it is the front page and looks like one."""
    if evidence.says_article:
        return None
    if _is_front(evidence.url):
        return Judgement(Verdict.WRONG_PAGE, "led to the front page")
    if _is_front(evidence.page.canonical_url) and _looks_like_front(evidence.tree):
        return Judgement(Verdict.WRONG_PAGE, "names the front page as its address")
    return None


def _is_front(url: str | None) -> bool:
    parts = urlsplit(url or "")
    return bool(parts.netloc) and not parts.path.strip("/") and not parts.query


def _incomplete(evidence: Evidence) -> Judgement | None:
    if evidence.whole or evidence.ended:
        return None
    return Judgement(Verdict.INCOMPLETE, "the body ends before its markup does")


def _paywall(evidence: Evidence) -> Judgement | None:
    if evidence.page.free is False and len(evidence.text) < _SHORT_NOTICE and not evidence.page.body:
        return Judgement(Verdict.PAYWALL, "not accessible for free, and short")
    return None


def _empty(evidence: Evidence) -> Judgement | None:
    if evidence.text:
        return None
    if evidence.says_article or len(_short_text(evidence.tree)) >= _SHORT_NOTICE:
        return Judgement(Verdict.FAILED, "no text found on a page that looks like an article")
    return Judgement(Verdict.EMPTY, "no text")


_RULES: tuple[Callable[[Evidence], Judgement | None], ...] = (
    _blocked, _incomplete, _consent, _gone, _wrong_page, _paywall, _empty,
)  # fmt: skip


def _identifiers(tree: HtmlElement) -> str:
    """Ids, classes and addresses of the page's parts, which name the product that guards it."""
    names = (
        (e.get("id"), e.get("class"), e.get("action"), e.get("src"))
        for e in tree.iter("div", "form", "iframe", "input")
    )
    return " ".join(name for group in names for name in group if name)[:100_000]


def _short_text(tree: HtmlElement) -> str:
    """All text of the page, cut; enough to tell a notice from a page."""
    pieces: list[str] = []
    for piece in tree.itertext():
        pieces.append(piece)
        if len(pieces) > 2_000:  # noqa: PLR2004 - a notice has some dozens
            break
    return " ".join(" ".join(pieces).split())[: 4 * _NOTICE]


def _looks_like_front(tree: HtmlElement) -> bool:
    """Tell whether most of the text is links, and many of them read like headlines."""
    links = [len(link.text_content().strip()) for link in tree.iter("a")]
    headlines = sum(length >= _HEADLINE for length in links)
    return headlines >= _FRONT_HEADLINES and 2 * sum(links) >= len(" ".join(tree.text_content().split()))
