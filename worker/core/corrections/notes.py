"""Finds the notes in which an outlet says that it corrected an article, and the figures that they name.

A note is a paragraph that opens as one ("Correction:") or says so ("An earlier version of this article…"), or in which
a figure is crossed out. The words of each language are data, in `notes.toml`; English ones are looked for in every
language, because outlets borrow them.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from worker.core import figures, strikes
from worker.model import Note, NoteKind, StatedFigure, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.model import Figure

LONGEST = 2_000  # characters of a note; the rest is no longer about the correction
MOST = 20  # notes of one version
AROUND = 60  # characters beside a figure in which "not", "instead of" deny it
REPLACED = 20  # characters between what is crossed out and what stands for it
DEAREST_OFFER = 100_000  # of any currency
OPENING = r"^[\W_]*"


@lru_cache(maxsize=16)
def _patterns(language: str) -> tuple[tuple[tuple[NoteKind, re.Pattern[str]], ...], re.Pattern[str], re.Pattern[str]]:
    """Openers by kind, phrases, and the words that deny a figure."""
    data = tomllib.loads((files(__package__) / "notes.toml").read_text(encoding="utf-8"))
    told = [data[code] for code in dict.fromkeys([language, "en"]) if code in data]
    openers = tuple(
        (kind, _any([opener for words in told for opener in words.get(kind.value, ())], OPENING)) for kind in NoteKind
    )
    phrases, instead = (_any([each for words in told for each in words[name]]) for name in ("phrases", "instead"))
    return openers, phrases, instead


@lru_cache(maxsize=16)
def _denies_behind(language: str) -> bool:
    data = tomllib.loads((files(__package__) / "notes.toml").read_text(encoding="utf-8"))
    return bool(data.get(language, {}).get("behind"))


def _any(patterns: list[str], before: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{'|'.join(patterns)})", re.IGNORECASE)


def notes(text: Text, language: str) -> tuple[Note, ...]:
    """The notes of a version in their order; a line of the text is a paragraph."""
    code = language.partition("-")[0].lower()
    paragraphs = (each.strip() for each in text.text.split("\n"))
    found = (_note(paragraph[:LONGEST], code) for paragraph in paragraphs if paragraph)
    return tuple(note for note in found if note is not None)[:MOST]


def _note(paragraph: str, language: str) -> Note | None:
    openers, phrases, _ = _patterns(language)
    kind = next((kind for kind, opener in openers if opener.match(paragraph)), None)
    if kind in {None, NoteKind.UPDATE, NoteKind.EDITORS_NOTE} and phrases.search(paragraph):
        kind = NoteKind.CORRECTION
    struck = tuple(_struck(paragraph, language))
    if kind is None and struck:
        kind = NoteKind.CORRECTION
    return Note(kind, paragraph, (*struck, *_stated(paragraph, language))) if kind else None


def _struck(paragraph: str, language: str) -> Iterator[StatedFigure]:
    """The figures that are crossed out, each read in the place of the one that follows it: "~~12~~ 14 people"."""
    if strikes.MARK not in paragraph:
        return
    kept = figures.read(Text("", paragraph), language)
    for passage in strikes.PASSAGE.finditer(paragraph):
        instead = next((figure for figure in kept if 0 <= figure.start - passage.end() <= REPLACED), None)
        rest = strikes.masked(paragraph[instead.end if instead else passage.end() :])
        for figure in figures.read(Text("", passage[1] + rest), language):
            if figure.start < len(passage[1]) and not _is_offer(figure, instead):
                yield StatedFigure(figure, wrong=True)


def _is_offer(old: Figure, new: Figure | None) -> bool:
    """A shop's price beside its old one is no correction."""
    currency = old.unit is not None and old.unit.isalpha() and old.unit.isupper()
    return currency and old.low < DEAREST_OFFER and (new is None or (new.unit == old.unit and new.low < old.low))


def _stated(paragraph: str, language: str) -> Iterator[StatedFigure]:
    """The figures that a note names, and which of them it says to have been wrong."""
    _, _, instead = _patterns(language)
    read = figures.read(Text("", paragraph), language)
    for number, figure in enumerate(read):
        if _denies_behind(language):
            following = read[number + 1].start if number + 1 < len(read) else len(paragraph)
            around = paragraph[figure.end : min(following, figure.end + AROUND)]
        else:
            end = read[number - 1].end if number else 0
            around = paragraph[max(end, figure.start - AROUND) : figure.start] + f"{figure.low:f}"  # "no 34"
        yield StatedFigure(figure, wrong=instead.search(around) is not None)
