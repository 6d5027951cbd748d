"""Text as stored, and text as compared: what counts as a change of an article, and what is noise.

Both forms keep every digit, sign, decimal mark, currency and unit. The comparable form is for the hash alone; what
is stored and shown keeps its typography.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST_TEXT = 500_000  # characters; the longest article of the corpus has 32,000
CUT = "\u2026"  # marks text that was too long

# Characters without a width or a meaning for readers: soft hyphen, zero-width space and no-break, word joiner,
# directional marks and embeddings, variation selectors, interlinear and tag characters, and all controls but those
# that separate words. The zero-width joiner and non-joiner stay in stored text: Persian and Indic scripts need them.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
# Separators that some editors leave in text; a blank does the same.
_SEPARATORS = re.compile("[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_JOINERS = re.compile("[\u200c\u200d]")
# More marks on one letter than any script stacks are decoration that hides text.
_MARK_FLOOD = re.compile("([\u0300-\u036f]{4})[\u0300-\u036f]+")
_SPACES = re.compile(r"\s+")

# Typography that editors and content systems change back and forth. Every dash becomes the hyphen, which is what most
# keyboards give for a minus sign; none is dropped, so that "-5" never equals "5".
_QUOTES = dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u00b4`"), "'") | dict.fromkeys(
    map(ord, "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u301d\u301e"), '"'
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_FOLDED = _QUOTES | _DASHES | {ord("\u2026"): "..."}


def cut(text: str, longest: int) -> str:
    """The text, or as much of its beginning as is allowed and a mark."""
    return text if len(text) <= longest else text[: longest - 1] + CUT


def normal(text: str) -> str:
    """Text as stored: NFC, without invisible characters; lines and typography stay."""
    text = unicodedata.normalize("NFC", _SEPARATORS.sub(" ", _INVISIBLE.sub("", text)))
    return _MARK_FLOOD.sub(r"\1", text)


def comparable(text: str) -> str:
    """Text as compared: `normal`, with one kind of blank, quote and dash."""
    return _SPACES.sub(" ", _JOINERS.sub("", normal(text)).translate(_FOLDED)).strip()


def content_hash(title: str, text: str) -> str:
    """SHA-256 in hex of the comparable title and text; the same for what a reader would call the same."""
    # A line feed cannot occur in either, so nothing moves from one to the other unseen.
    return hashlib.sha256(f"{comparable(title)}\n{comparable(text)}".encode("utf-8", "replace")).hexdigest()
