"""The structured data of a page as a second witness of what its article says.

Measured on the 25 pages of the corpus whose data carry an `articleBody`: three are teasers, the others are 0.82 to 1.06
times as long as the text that was extracted; of 13 figures that only the body has none is the article's, so it is no
source of figures where extraction works. It is one where extraction breaks: see README.md beside this file.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from worker.core import markup
from worker.core import text as texts
from worker.core.signs import size
from worker.model import Witness

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGER = 1.5  # times the extracted text: then that is a part
_TEASER = 0.5  # times the extracted text: a body that is shorter is a teaser, and misses what it misses
_OF_IT = 0.8  # share of the numbers of a part that the whole has
_MOST_MISSING = 50  # numbers told
_NUMBER = re.compile(r"\d+(?:[.,\u00a0 ]\d+)*")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


class Testimony(NamedTuple):
    """What to make of an extracted text and of what the structured data have for it."""

    witness: Witness
    text: str  # to be kept
    missing: tuple[str, ...] = ()  # numbers of the structured data's body that the text has not, in their order


def body(stated: Iterable[str]) -> str:
    """What an `articleBody` says: plain text, though some hold markup, entities, or a list of paragraphs."""
    return texts.cut("\n\n".join(said for text in stated if (said := _plain(text))), texts.LONGEST_TEXT)


def hear(text: str, body: str) -> Testimony:
    """Compare an extracted text with the body in the structured data.

    The body takes the place of a text that is a part of it. It never does of a longer one: many are teasers.
    """
    if not body:
        return Testimony(Witness.SILENT, text)
    missing = _missing(body, text)
    if size(body) >= _LONGER * size(text) and _is_of(text, body):
        return Testimony(Witness.USED, body, missing)
    if size(body) < _TEASER * size(text):
        return Testimony(Witness.TEASER, text)
    return Testimony(Witness.DISAGREES if missing else Witness.AGREES, text, missing)


def _plain(text: str) -> str:
    if _TAG.search(text):
        return markup.plain(text)
    lines = (" ".join(line.split()) for line in markup.clean(html.unescape(text)).splitlines())
    return "\n\n".join(line for line in lines if line)


def _missing(whole: str, part: str) -> tuple[str, ...]:
    there = Counter(_NUMBER.findall(part))
    return tuple(dict.fromkeys(number for number in _NUMBER.findall(whole) if not there[number]))[:_MOST_MISSING]


def _is_of(part: str, whole: str) -> bool:
    """Whether a text is a part of another, by its numbers and by how it begins or goes on."""
    numbers = set(_NUMBER.findall(part))
    shared = numbers & set(_NUMBER.findall(whole))
    if len(shared) < _OF_IT * len(numbers):
        return False
    known, paragraphs = texts.comparable(whole), [texts.comparable(p) for p in part.split("\n\n") if p.strip()]
    return not paragraphs or 2 * sum(p in known for p in paragraphs) >= len(paragraphs)
