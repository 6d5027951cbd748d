"""Whether two texts are copies, as an editor would say on reading both."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from worker.core.copies.prose import is_figure
from worker.model import CopyKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worker.core.copies.prose import Prose, Sentence

_FOUND = 0.5  # share of a sentence's shingles that stand in the other text; three edits in a sentence leave about this
_CONTAINED = 0.6  # share of the shorter text's words in sentences that were found
# Figures are a text's fingerprint: with so many of them there and none another, less of its words will do. Follow-ups
# repeat up to 0.46 of their words from the day before, with up to seven of its figures.
_MARKED, _MARKS = 0.55, 3
_FEWEST_WORDS = 12  # in such sentences; less is a phrase that anybody may write
_STRANGE_NAMES = 0.35  # share of the names in found sentences that were exchanged for others
_LEAD = 2  # sentences at the beginning
_NEARLY_ALL = 0.8  # of the shorter text; furniture that extraction took in may be three quarters of a short one
_SMALL_CHANGE = 2  # figures
_REVISED = 1.5  # changed figures for each that stayed, in one text; of a form filled in anew few agree, by chance
_VERBATIM = 0.97
_UPDATED = 0.93  # of the words of what was brought up to date on the day after: "yesterday", "so far" come and go
_OWN_NAMES = 0.2  # share of exchanged names from which a text may be about others
_WEEKDAYS = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    "lunes", "martes", "mi\u00e9rcoles", "jueves", "viernes", "s\u00e1bado", "domingo",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two texts have in common."""

    kind: CopyKind
    contained: float  # share of the shorter text that stands in the longer, 0 to 1
    covered: float  # share of the longer text that stands in the shorter, 0 to 1
    a_is_shorter: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A sentence of one text and what of the other it was found in."""

    sentence: Sentence
    other: Sentence


def compare(a: Prose, b: Prose, *, same_outlet: bool) -> Likeness | None:
    """How two texts are copies; None when they are not.

    `same_outlet`: the pages of one outlet share boilerplate, and its follow-ups repeat their background, so there the
    shorter text's beginning must be in the longer one, too.
    """
    if not a.sentences or not b.sentences:
        return None
    forward, backward = _found(a, b), _found(b, a)
    a_is_shorter = a.length <= b.length
    share_a, share_b = _share(forward, a), _share(backward, b)
    contained, covered = (share_a, share_b) if a_is_shorter else (share_b, share_a)
    shorter, found = (a, forward) if a_is_shorter else (b, backward)
    if contained < _enough(found) or _words(found) < _FEWEST_WORDS:
        return None
    if _is_template(found) or (same_outlet and not _begins_alike(shorter, found, contained)):
        return None
    return Likeness(_kind(a, b, covered), round(contained, 3), round(covered, 3), a_is_shorter)


def _enough(found: list[_Found]) -> float:
    """Share of the shorter text that must have been found."""
    same, changed = _figures(found)
    return _MARKED if same >= _MARKS and not changed else _CONTAINED


def _kind(a: Prose, b: Prose, covered: float) -> CopyKind:
    if [s.spelt for s in a.sentences] == [s.spelt for s in b.sentences]:
        return CopyKind.EXACT
    return CopyKind.NEAR if covered >= _CONTAINED else CopyKind.PARTIAL


def _found(text: Prose, other: Prose) -> list[_Found]:
    """Each sentence of a text that stands in another, with the sentence there that has most of it."""
    places: dict[tuple[str, ...], set[int]] = {}
    for i, sentence in enumerate(other.sentences):
        for shingle in sentence.shingles():
            places.setdefault(shingle, set()).add(i)
    found = []
    for sentence in text.sentences:
        shingles = sentence.shingles()
        hits = Counter(i for shingle in shingles for i in places.get(shingle, ()))
        # Anywhere in the other text: a sentence that an editor split in two is found, in two.
        if sum(shingle in places for shingle in shingles) >= _FOUND * len(shingles):
            best = max(hits, key=lambda i: (hits[i], -i))
            found.append(_Found(sentence, other.sentences[best]))
    return found


def _words(found: Iterable[_Found]) -> int:
    return sum(len(f.sentence.words) for f in found)


def _share(found: list[_Found], text: Prose) -> float:
    return _words(found) / text.length


def _begins_alike(shorter: Prose, found: list[_Found], contained: float) -> bool:
    """Whether it begins as the longer one; only nearly all of it may make up for a first sentence of its own."""
    lead = shorter.sentences[: _LEAD if contained >= _NEARLY_ALL else 1]
    return any(f.sentence is sentence for f in found for sentence in lead)


# --- the same form filled in anew ----------------------------------------------------------------------


def _is_template(found: list[_Found]) -> bool:
    """Tell market, weather and match reports: the same words, but other figures, names or days.

    A copy changes a figure or two; a form filled in anew changes most of them, or what they are about. What was revised
    throughout keeps every other word, its names and some figures; what was brought up to date on the day after keeps
    most of all three.
    """
    figures = _figures(found)
    if _another_day(found) and not _is_updated(found, *figures):
        return True
    if figures.changed > figures.same and not _is_revised(found, *figures):
        return True
    return _strange_names(found) > _STRANGE_NAMES


def _is_updated(found: list[_Found], same: int, changed: int) -> bool:
    """Whether a text was brought up to date on another day: most of its words, figures and names stayed."""
    if 2 * changed <= same and _kept(found) >= _VERBATIM:
        return True
    return changed <= same and _kept(found) >= _UPDATED and _strange_names(found) <= _OWN_NAMES


def _is_revised(found: list[_Found], same: int, changed: int) -> bool:
    """Whether nothing but figures differs, and few of them, or some stayed and it is about the same names."""
    if _kept(found) < _VERBATIM:
        return False
    return changed <= _SMALL_CHANGE or (changed <= _REVISED * same and _strange_names(found) <= _OWN_NAMES)


def _another_day(found: list[_Found]) -> bool:
    """Each names a weekday in a sentence that the other has with another weekday."""
    mine = [(_days(f.sentence), _days(f.other)) for f in found]
    pairs = [(a, b) for a, b in mine if a and b]
    return bool(pairs) and sum(not a & b for a, b in pairs) * 2 >= len(pairs)


def _days(sentence: Sentence) -> frozenset[str]:
    return _WEEKDAYS.intersection(sentence.words)


class _Figures(NamedTuple):
    same: int
    changed: int


def _figures(found: list[_Found]) -> _Figures:
    """How many of the figures in found sentences are the same in the other text, and how many are not."""
    same = changed = 0
    for f in found:
        mine, other = (_numbers(sentence) for sentence in (f.sentence, f.other))
        common = (mine & other).total()
        same += common
        changed += min(mine.total(), other.total()) - common
    return _Figures(same, changed)


def _numbers(sentence: Sentence) -> Counter[str]:
    """Its figures, less a unit that one house writes behind them ("23m") and another as a word."""
    return Counter(word.rstrip(word.lstrip("0123456789.,:")) for word in sentence.spelt if is_figure(word))


def _kept(found: list[_Found]) -> float:
    """Share of the words, figures aside, that are the same."""
    return sum((Counter(f.sentence.words) & Counter(f.other.words)).total() for f in found) / _words(found)


def _strange_names(found: list[_Found]) -> float:
    """Share of the names that were exchanged: each side of two sentences has some that the other has not.

    One-sided ones are an editor's: a dateline that fell away, a first name that was added.
    """
    names = [(_names(f.sentence), _names(f.other)) for f in found]
    exchanged = sum(min(len(a - b), len(b - a)) for a, b in names)
    return exchanged / max(1, sum(len(a) for a, _ in names))


def _names(sentence: Sentence) -> set[str]:
    return {word for word in sentence.spelt[1:] if word[0].isupper() and word.casefold() not in _WEEKDAYS}
