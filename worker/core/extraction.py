"""From the bytes of an article page to what it says: trafilatura for the text, structured data for the rest."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import htmldate
import trafilatura
from trafilatura.settings import Document, Extractor

from worker.core import (
    agencies,
    balance,
    captions,
    charset,
    container,
    dates,
    furniture,
    layout,
    leads,
    markup,
    metadata,
    posts,
    repairs,
    signs,
    stamps,
    teasers,
    vendors,
    verdict,
    witness,
)
from worker.core import text as texts
from worker.core.balance import Evidence
from worker.core.verdict import Judgement
from worker.model import Extract, Layers, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from lxml.html import HtmlElement

    from worker.core.metadata import Metadata
    from worker.core.witness import Testimony

# Names code and options in stored extracts; count up the last number with every change of what comes out.
EXTRACTOR = f"trafilatura {trafilatura.__version__}; fast, links, tables, no comments; reading 4"

# Characters. trafilatura goes and collects paragraphs from the whole page when it has found fewer than this. Its own
# 250 turns a flash of two sentences into a page of other stories' teasers; below 100 one page of the corpus is lost.
_FLASH = 100
# Hardly a sentence: let the slower rules try.
_NOTHING = 60
# htmldate wants an end of the time in which to look; whether to believe a date is decided later (`dates.plausible`).
_LAST_DAY = "2100-01-01"
_HEAD = 4  # paragraphs, among which the headline may be repeated
_LONGEST_KICKER = 60  # characters
_TAIL = 2_000
_ENDS = ("</html>", "</body>")


def extract(
    body: bytes,
    *,
    headers: Mapping[str, str],
    url: str,
    language: str | None = None,
    whole: bool = True,
    expected: str = "",
    asked: str = "",
    twins: int = 0,
) -> Extract:
    """Read an article page that came from `url`.

    `headers` have names in lower case; `language` (BCP 47) is what to assume where the page does not say; `whole` is
    False when the transfer could not prove the end of the body; `expected` is the headline by which a feed announced
    it, `asked` the address that was asked for, `twins` the number of other addresses of its host that lately showed the
    same bytes. Dates are as the page states them. The same arguments always give the same extract.
    """
    decoded = charset.decode(body, headers).text
    reason = verdict.not_html(body, decoded, headers)
    if reason is not None:
        return _nothing(Judgement(Verdict.NOT_HTML, reason))
    tree = markup.document(markup.clean(decoded))
    if tree is None:
        return _nothing(Judgement(Verdict.EMPTY, "no elements"))
    page = metadata.read(tree, url)
    seen, shown = signs.read(tree), markup.shown(tree)
    pictured = _cleared(tree)
    found, heard = _text(tree, page)
    evidence = Evidence(
        page=page,
        text=heard.text,
        signs=seen,
        headers=headers,
        url=url,
        whole=whole,
        ended=any(end in decoded[-_TAIL:].lower() for end in _ENDS),
        expected=expected,
        asked=asked,
        twins=twins,
        # A quarter of the time of reading a page, and of no account where there is much text.
        marks=vendors.found(seen.names) if signs.size(heard.text) < balance.SHORT else (),
    )
    article, text = ("\n".join([page.title, words, *pictured]) for words in (found, heard.text))
    layers = Layers(document=_hash(decoded), shown=_hash(shown), article=_hash(article), text=_hash(text))
    told = _told(page, heard, pictured, verdict.judge(evidence))
    searched = page.published_at or _searched_date(tree, url)
    return replace(told, layers=layers, published_at=searched, language=page.language or language)


def _cleared(tree: HtmlElement) -> list[str]:
    """Leave of a page what may be its article, in place; the captions that were taken out."""
    repairs.repair(tree)
    posts.reduce(tree)
    furniture.remove(tree)
    pictured = captions.take(tree)
    container.mark(tree)
    return pictured


def _told(page: Metadata, heard: Testimony, pictured: Sequence[str], judgement: Judgement) -> Extract:
    """What a page says, without what is to be looked for elsewhere."""
    return Extract(
        verdict=judgement.verdict,
        title=texts.normal(page.title),
        text=heard.text,
        captions=tuple(pictured),
        modified_at=page.modified_at,
        authors=page.authors,
        canonical_url=page.canonical_url,
        wire=agencies.credited(heard.text, (*page.authors, *page.credits)),
        extractor=EXTRACTOR,
        detail=judgement.detail,
        doubt=judgement.doubt,
        witness=heard.witness,
        missing=heard.missing,
    )


def warm() -> None:
    """Do what the libraries do once per process (patterns, names of months in 200 languages), before forking."""
    words = "Words of a text that is long enough, with a comma, to be taken for an article and read as one. "
    long = f"<article>{f'<p>{words * 3}</p>' * 5}</article>"
    for body in (long, "<p>A flash.</p>"):  # the second goes through the slower rules
        page = f"<html lang='en'><head><title>Title</title></head><body>{body}<p>Posted 3 March 2024</p></body></html>"
        extract(page.encode(), headers={}, url="https://example.org/title")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _nothing(judgement: Judgement) -> Extract:
    return Extract(judgement.verdict, title="", text="", extractor=EXTRACTOR, detail=judgement.detail)


def _with_lead(paragraphs: list[str], lead: str) -> list[str]:
    """Put the standfirst first, unless the text has it."""
    key = texts.comparable(lead)
    return paragraphs if not key or any(key in texts.comparable(p) for p in paragraphs) else [lead, *paragraphs]


def _text(tree: HtmlElement, page: Metadata) -> tuple[str, Testimony]:
    """The article's text without its headline, as found and as kept; of structured data where the page shows less."""
    lead = texts.normal(leads.find(tree, page.descriptions) or "")
    text = _extracted(tree, thorough=False)
    if len(text) < _NOTHING:
        text = max(text, _extracted(tree, thorough=True), key=len)
    paragraphs = _without_headline(texts.normal(text).split("\n\n"), page.title)
    paragraphs = _with_lead(stamps.without(paragraphs, page.authors), lead)
    return text, witness.hear(texts.cut("\n\n".join(paragraphs), texts.LONGEST_TEXT), page.body)


def _options(*, thorough: bool) -> Extractor:
    """Options of trafilatura, chosen on 140 pages of the corpus.

    F1 of text, recall of figures, share of figures that are not the article's: 0.970, 0.979, 0.065, and 0.977, 0.972,
    0.039 with the page cleared before and after; trafilatura's default 0.949, 0.959, 0.105; favouring precision 0.959,
    0.960, 0.060, which cuts links out of sentences and drops leads. Tables hold figures. Deduplication has a
    process-wide memory: the same page gives nothing the fourth time.
    The format only keeps trafilatura from serialising the tree, which `layout` does in our way, and the missing
    address from resolving links that nobody will follow.
    """
    options = Extractor(output_format="xml", fast=not thorough, links=True, comments=False, tables=True, dedup=False)
    if not thorough:
        options.min_extracted_size = _FLASH
        # Neither of the three it knows: "balanced" would read a short text again, greedily, on a page full of teasers.
        options.focus = "plain"
    return options


def _extracted(tree: HtmlElement, *, thorough: bool) -> str:
    try:
        document = trafilatura.bare_extraction(tree, options=_options(thorough=thorough))
    except RecursionError:  # lists nested by the thousand
        return ""
    if not isinstance(document, Document):
        return ""
    teasers.remove(document.body)
    return layout.text(document.body)


def _without_headline(paragraphs: list[str], title: str) -> list[str]:
    """Drop the headline where the text repeats it, with or without a kicker: its figures would be counted twice."""
    return [p for p in paragraphs[:_HEAD] if not _repeats(p, title)] + paragraphs[_HEAD:]


def _repeats(paragraph: str, title: str) -> bool:
    key, said = texts.comparable(title).casefold(), texts.comparable(paragraph).casefold()
    return said == key or (bool(key) and said.endswith(key) and len(said) <= len(key) + _LONGEST_KICKER)


def _searched_date(tree: HtmlElement, url: str) -> datetime | None:
    """The day that stands in the address or the text of a page without machine-readable date."""
    found = htmldate.find_date(tree, url=url, original_date=True, max_date=_LAST_DAY)
    return dates.from_iso(found) if found else None
