"""From the bytes of an article page to what it says: trafilatura for the text, structured data for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import htmldate
import trafilatura
from trafilatura.settings import Document, Extractor

from worker.core import charset, dates, layout, markup, metadata, verdict
from worker.core import text as texts
from worker.core.verdict import Evidence, Judgement
from worker.model import Extract, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from lxml.html import HtmlElement

# Measured on 140 pages of the corpus (F1 of text, recall of figures, share of figures that are not the article's):
# precision 0.959, 0.960, 0.060; trafilatura's default 0.949, 0.959, 0.105; fast 0.956, 0.966, 0.073; recall 0.953,
# 0.969, 0.084. Tables hold figures. Deduplication has a process-wide memory: the same page gives nothing the fourth
# time. trafilatura's metadata are not used (see `jsonld`).
#
# Names code and options in stored extracts; count up the last number with every change of what comes out.
EXTRACTOR = f"trafilatura {trafilatura.__version__}; precision, tables, no comments; reading 1"

# Fewer characters than this, and the precise rules may have thrown a short article out with its surroundings.
_SHORT = 250
# htmldate wants an end of the time in which to look; whether to believe a date is decided later (`dates.plausible`).
_LAST_DAY = "2100-01-01"
_TAIL = 2_000
_ENDS = ("</html>", "</body>")


def extract(
    body: bytes, *, headers: Mapping[str, str], url: str, language: str | None = None, whole: bool = True
) -> Extract:
    """Read an article page that came from `url`.

    `headers` have names in lower case; `language` (BCP 47) is what to assume where the page does not say; `whole` is
    False when the transfer could not prove the end of the body. Dates are as the page states them. The same bytes,
    headers and URL always give the same extract.
    """
    decoded = charset.decode(body, headers).text
    reason = verdict.not_html(body, decoded, headers)
    if reason is not None:
        return _nothing(Judgement(Verdict.NOT_HTML, reason))
    tree = trafilatura.load_html(markup.clean(decoded))
    if tree is None:
        return _nothing(Judgement(Verdict.EMPTY, "no elements"))
    page = metadata.read(tree, url)
    _remove_scripts(tree)
    text = texts.normal(_text(tree, url) or page.body)
    judgement = verdict.judge(
        Evidence(
            page=page,
            text=text,
            tree=tree,
            headers=headers,
            url=url,
            whole=whole,
            ended=any(end in decoded[-_TAIL:].lower() for end in _ENDS),
        )
    )
    return Extract(
        verdict=judgement.verdict,
        title=texts.normal(page.title),
        text=text,
        published_at=page.published_at or _searched_date(tree, url),
        modified_at=page.modified_at,
        authors=page.authors,
        language=page.language or language,
        canonical_url=page.canonical_url,
        extractor=EXTRACTOR,
        detail=judgement.detail,
    )


def warm() -> None:
    """Do what trafilatura does once per process (2.5 s), so that children forked afterwards need not."""
    paragraphs = "".join(
        f"<p>Paragraph {n} of a text that is long enough to be taken for an article.</p>" for n in range(9)
    )
    page = f"<html lang='en'><head><title>Title</title></head><body><article>{paragraphs}</article></body></html>"
    extract(page.encode(), headers={}, url="https://example.org/2024/01/02/title")


def _nothing(judgement: Judgement) -> Extract:
    return Extract(judgement.verdict, title="", text="", extractor=EXTRACTOR, detail=judgement.detail)


def _remove_scripts(tree: HtmlElement) -> None:
    """Leave nothing to regular expressions that were not made for hostile scripts."""
    for script in list(tree.iter("script")):
        script.drop_tree()


def _text(tree: HtmlElement, url: str) -> str:
    """The article's text; by the precise rules, or by the balanced ones where those find next to nothing."""
    precise = _extracted(tree, url, precision=True)
    if len(precise) >= _SHORT:
        return precise
    balanced = _extracted(tree, url, precision=False)
    return balanced if len(balanced) > 2 * len(precise) else precise


def _extracted(tree: HtmlElement, url: str, *, precision: bool) -> str:
    # The format decides only whether trafilatura serialises the tree, which `layout` does in our way.
    options = Extractor(output_format="xml", url=url, precision=precision, comments=False, tables=True, dedup=False)
    document = trafilatura.bare_extraction(tree, options=options)
    return layout.text(document.body) if isinstance(document, Document) else ""


def _searched_date(tree: HtmlElement, url: str) -> datetime | None:
    """The day that stands in the address or the text of a page without machine-readable date."""
    found = htmldate.find_date(tree, url=url, original_date=True, max_date=_LAST_DAY)
    return dates.from_iso(found) if found else None
