"""Which news agency an article credits: by its dateline, its credit line, its byline or its structured data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Agencies by what pages call them, spelt as the agency does; members of MINDS and EANA, and those the corpus credits.
_AGENCIES = {
    "Reuters": ("reuters", "thomson reuters"),
    "AP": ("ap", "associated press", "the associated press", "ap news"),
    "AFP": ("afp", "agence france-presse", "agence france presse"),
    "dpa": ("dpa", "deutsche presse-agentur"),
    "EFE": ("efe", "agencia efe"),
    "ANSA": ("ansa",),
    "APA": ("apa", "austria presse agentur"),
    "PA Media": ("pa", "pa media", "press association", "pa news agency"),
    "Xinhua": ("xinhua", "xinhua news agency", "\u65b0\u534e\u793e"),
    "TASS": ("tass", "\u0442\u0430\u0441\u0441"),
    "Interfax": ("interfax", "\u0438\u043d\u0442\u0435\u0440\u0444\u0430\u043a\u0441"),
    "RIA Novosti": ("ria novosti", "\u0440\u0438\u0430 \u043d\u043e\u0432\u043e\u0441\u0442\u0438"),
    "Anadolu": ("anadolu", "anadolu agency", "anadolu ajans\u0131"),
    "Kyodo": ("kyodo", "kyodo news", "\u5171\u540c\u901a\u4fe1"),
    "Yonhap": ("yonhap", "yonhap news agency", "\uc5f0\ud569\ub274\uc2a4"),
    "PTI": ("pti", "press trust of india"),
    "ANI": ("ani",),
    "AAP": ("aap", "australian associated press"),
    "The Canadian Press": ("canadian press", "the canadian press", "la presse canadienne"),
    "Lusa": ("lusa", "ag\u00eancia lusa"),
    "Belga": ("belga", "agence belga"),
    "ANP": ("anp",),
    "NTB": ("ntb",),
    "TT": ("tt", "tt nyhetsbyr\u00e5n"),
    "Ritzau": ("ritzau",),
    "STT": ("stt",),
    "PAP": ("pap",),
    "\u010cTK": ("\u010dtk", "ctk"),
    "MTI": ("mti",),
    "Europa Press": ("europa press",),
    "Bloomberg": ("bloomberg", "bloomberg news"),
    "IANS": ("ians",),
    "Keystone-SDA": ("keystone-sda", "sda", "ats"),
    "SID": ("sid",),
}
_KNOWN = {name: agency for agency, names in _AGENCIES.items() for name in names}
# A dateline: WASHINGTON (Reuters) -; SARVAN, Nov 3 (AP) -; PARIS, 3 nov 2026 (AFP) -
_DATELINE = re.compile(r"^[^\n()]{0,60}\(([^()\n]{2,40})\)\s*[-\u2013\u2014:]?\s")
# Around the name in a credit line at the end: (dpa), Source: Xinhua, With reporting by AP
_PREFIX = re.compile(
    r"^(?:with (?:files|reporting|information) (?:from|by)|additional reporting by|mit material (?:von|der)|"
    r"(?:con|com) informa\w+ d[ea]|(?:\u00a9|\(c\)|copyright|sources?|fuente|quelle|with|mit|avec|con|by|von|par|por|"
    r"de|from|agencies))(?!\w)[\s:]*",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*[/,;&+|]\s*|\s+(?:and|und|et|y|e|-|\u2013|via)\s+", re.IGNORECASE)
_YEARS = re.compile(r"\b(?:19|20)\d\d\b|all rights reserved.*", re.IGNORECASE)
_LONGEST_CREDIT = 80  # characters; what is longer is a sentence
_LINES = 3  # at the end of the text


def credited(text: str, stated: Iterable[str] = ()) -> str | None:
    """The agency credited, in its own spelling, None for none; of several the first.

    `stated`: bylines, and what structured data name as source. The dateline counts most, then what is stated, then the
    credit line at the end. An agency that is only quoted in a sentence is not credited.
    """
    paragraphs = [line.strip() for line in text.strip().split("\n") if line.strip()]
    dateline = _DATELINE.match(paragraphs[0]) if paragraphs else None
    lines = [dateline[1]] if dateline else []
    lines += [*stated, *(line.strip("()[] .") for line in reversed(paragraphs[-_LINES:]))]
    return next((agency for line in lines if (agency := _named(line)) is not None), None)


def _named(line: str) -> str | None:
    """The agency that a credit consists of; None where other words stand in it."""
    if len(line) > _LONGEST_CREDIT:
        return None
    bare = _YEARS.sub("", _PREFIX.sub("", line.strip()))
    names = (name.strip(" .()[]\u00a9").casefold() for name in _SPLIT.split(bare))
    return next((_KNOWN[name] for name in names if name in _KNOWN), None)
