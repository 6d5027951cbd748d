# ruff: noqa: RUF001 - dashes, minus and multiplication signs as they are printed
"""Text to sentences and tokens, with exact offsets.

Everything here is one pass and linear in the length of the text; a sentence is cut at `SENTENCE_CAP`, so that
whatever later looks around inside a sentence stays linear, too (robustness: a paragraph of a megabyte).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from worker.core import strikes

if TYPE_CHECKING:
    from collections.abc import Iterator

SENTENCE_CAP = 2000  # characters; the longest sentence in 400 news pages has 1,100
DASHES = frozenset("-–—−‒")
PAD = ("",) * 8  # so that looking a few tokens beyond either end needs no check

# A number, ".5", an abbreviation with points, a word, or any other sign.
TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*|(?<![\w.])\.\d+|(?<!\w)[^\W\d_](?:\.[^\W\d_])+\.?(?![^\W\d_])|[^\W\d_]+(?:'[^\W\d_]+)*|\S"
)
# Same length for same length, so offsets stay true: spaces that do not break, quotes, hyphens.
_SAME_LENGTH = {alike: c for c, several in {
    " ": "\u00a0\u202f\u2009\u2007\u2008\u200a\u3000", "'": "\u2019\u2018\u02bc", "-": "\u2010\u2011",
}.items() for alike in several}  # fmt: skip
# Characters that print as nothing: soft hyphen, zero-width and bidirectional marks, byte order mark (robustness H7).
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Marks behind a mark end nothing of their own; what can begin an end comes first, so that the rest is passed over fast.
_END = re.compile(r"[.!?…\n](?:(?<=\n)\n*|(?<![.!?…].)[.!?…]*[\"')\]”»]*(?=\s))")
_LAST_WORD = re.compile(r"([^\W\d_](?:[.]?[^\W\d_])*)$")


class Clean(NamedTuple):
    """A text without what cannot be seen, and where its characters stand in the original."""

    text: str
    origin: list[int] | None  # None: every character stands where it stood


def clean(text: str) -> Clean:
    """Make spaces, quotes and hyphens alike; drop what is invisible or crossed out. Nothing else changes."""
    if strikes.MARK in text:
        return _dropped(_alike(text), strikes.PASSAGE)
    if text.isascii():
        return Clean(text, None)
    same = _alike(text)
    if not _INVISIBLE.search(same):
        return Clean(same, None)
    origin = [i for i, c in enumerate(same) if not _INVISIBLE.match(c)]
    origin.append(len(same))
    return Clean(_INVISIBLE.sub("", same), origin)


def _alike(text: str) -> str:
    """The text with one character for those that mean the same; far faster than `str.translate`, most are absent."""
    for printed, plain in _SAME_LENGTH.items():
        text = text.replace(printed, plain)
    return text


def _dropped(text: str, unsaid: re.Pattern[str]) -> Clean:
    """The text without its invisible characters and the passages that match."""
    gone = {i for match in unsaid.finditer(text) for i in range(*match.span())}
    origin = [i for i, c in enumerate(text) if i not in gone and not _INVISIBLE.match(c)]
    return Clean("".join(text[i] for i in origin), [*origin, len(text)])


def sentences(text: str, abbreviations: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Spans of sentences; a line break always ends one."""
    start = 0
    for match in _END.finditer(text):
        if text[match.start()] != "\n" and not _ends(text, start, match, abbreviations):
            continue
        yield from _capped(text, start, match.end())
        start = match.end()
    yield from _capped(text, start, len(text))


def _ends(text: str, start: int, match: re.Match[str], abbreviations: frozenset[str]) -> bool:
    after = text[match.end() : match.end() + 3].lstrip()
    if after and (after[0].islower() or after[0] in ",;:)"):
        return False
    if match.group() != ".":
        return True
    if text[start : match.start()].strip(" ([").isdecimal():  # "1. The first item"
        return False
    word = _LAST_WORD.search(text, max(start, match.start() - 12), match.start())
    if word is None:
        return True
    last = word.group(1)
    return not (len(last) == 1 and last.isupper()) and "." not in last and last.lower() not in abbreviations


def _capped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > SENTENCE_CAP:
        cut = text.rfind(" ", start + SENTENCE_CAP // 2, start + SENTENCE_CAP)
        cut = cut if cut > 0 else start + SENTENCE_CAP
        yield start, cut
        start = cut
    if start < end:
        yield start, end


class Tokens:
    """The tokens of one sentence as parallel lists, padded behind the end (and so, by index -1, before the start)."""

    __slots__ = ("count", "end", "floor", "low", "raw", "shouting", "start", "text")

    def __init__(self, text: str, raw: list[str], low: list[str]) -> None:
        """Place the words of a sentence, as printed and in small letters, in it: only white space is between them."""
        self.text, self.raw, self.low = text, raw, low
        self.count = len(raw)
        self.start = []
        self.end = []
        at = 0
        for word in raw:
            at = text.index(word, at)
            self.start.append(at)
            at += len(word)
            self.end.append(at)
        self.raw.extend(PAD)
        self.low.extend(PAD)
        self.start.extend((-1,) * len(PAD))
        self.end.extend((-2,) * len(PAD))
        self.shouting: bool | None = None
        self.floor = 0  # what stands before belongs to a figure that was read already

    def glued(self, i: int) -> bool:
        """Tell whether token i touches the one before it."""
        return self.start[i] == self.end[i - 1]

    def capital(self, i: int) -> bool:
        """Tell whether token i starts with a capital letter."""
        return self.raw[i][:1].isupper()

    def title_case(self) -> bool:
        """Tell whether most words are capitalised, as in many headlines; then a capital says nothing."""
        if self.shouting is None:
            words = [w for w in self.raw[: self.count] if len(w) > 3 and w.isalpha()]  # noqa: PLR2004 - longer than a preposition
            self.shouting = len(words) > 2 and sum(w[0].isupper() for w in words) > 0.85 * len(words)  # noqa: PLR2004
        return self.shouting


def split(phrase: str) -> tuple[str, ...]:
    """The tokens of a phrase of a lexicon, cut the way texts are cut."""
    return tuple(TOKEN.findall(phrase))
