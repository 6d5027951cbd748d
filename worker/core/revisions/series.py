"""Another report of a series: the next day's market, the next match, which reuses the words of the one before.

Its figures stand where those of the older report stood, and are other figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.core.revisions.context import Role
from worker.core.revisions.units import SCORE
from worker.model import Part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from worker.core.revisions.context import Mention, Sentence, Version
    from worker.core.revisions.words import Lexicon

    Result = tuple[Decimal, Decimal]
OPENING = 2  # the headline and the first sentences of the text, which give the result
# What is counted or measured afresh on each day or at each event; changes are, too.
OF_ITS_DAY = frozenset({"attendance", "price", "shares", "wind", "rain", "temperature"})


def is_of_its_day(mention: Mention) -> bool:
    """Whether a figure belongs to the day or event that is reported: a crowd, a closing price, a rise."""
    if mention.standing or mention.counted_since:
        return False
    return mention.concept in OF_ITS_DAY or mention.role is Role.CHANGE or mention.unit == SCORE


def results(version: Version) -> Iterator[tuple[Sentence, Result]]:
    """The scores that a version names, each with its sentence; sides in order of size."""
    for sentence in version.sentences:
        sides = [mention for mention in sentence.mentions if mention.unit == SCORE]
        for one, two in zip(sides[::2], sides[1::2], strict=False):
            low, high = sorted((one.figure.low, two.figure.low))
            yield sentence, (low, high)


def tells_another_match(old: Version, new: Version, lexicon: Lexicon) -> bool:
    """Whether the new version opens with another result and names the old one as that of an earlier match."""
    if new.live:
        return False
    before = next((result for sentence, result in results(old) if opens(sentence)), None)
    now = list(results(new))
    if before is None or not now or not opens(now[0][0]) or now[0][1] == before:
        return False
    return any(result == before and is_past(sentence, lexicon) for sentence, result in now[1:])


def opens(sentence: Sentence) -> bool:
    """Whether a sentence opens its version."""
    return sentence.part is Part.TITLE or sentence.index <= OPENING


def is_past(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Whether a sentence tells of an earlier match, and not of an earlier minute of this one."""
    if not sentence.spoken.isdisjoint(lexicon.same_match):
        return False
    dated = any(mention.period for mention in sentence.mentions)
    return dated or not sentence.spoken.isdisjoint(lexicon.earlier_match)
