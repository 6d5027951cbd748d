"""Another report of a series: the next day's market, the next match, which reuses the words of the one before.

Its figures stand where those of the older report stood, and are other figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.core.revisions.context import Role
from worker.core.revisions.units import SCORE, same_value
from worker.core.revisions.units import kind_of as kind_of_unit
from worker.model import Part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from worker.core.revisions.context import Mention, Sentence, Version
    from worker.core.revisions.units import Values
    from worker.core.revisions.words import Lexicon

    Result = tuple[Decimal, Decimal]
OPENING = 2  # the headline and the first sentences of the text, which give the result
# What is counted or measured afresh on each day or at each event; changes are, too.
OF_ITS_DAY = frozenset({"attendance", "price", "shares", "wind", "rain", "temperature"})
# What commodities are traded by, in the reader's words.
TRADED = frozenset(
    {"ounce", "barrel", "bushel", "metric ton", "ton", "pound-mass", "kilogram", "gallon", "megawatt hour"}
)
NEW = 0  # the first member of that contrast: what was added, not the total


def is_of_its_day(mention: Mention) -> bool:
    """Whether a figure belongs to the day or event that is reported: a crowd, a closing price, a rise, "new cases"."""
    if mention.contrasts.get("newness") == NEW:
        return True
    if mention.standing or mention.counted_since:
        return False
    return mention.concept in OF_ITS_DAY or mention.role is Role.CHANGE or mention.unit == SCORE or is_quoted(mention)


def is_quoted(mention: Mention) -> bool:
    """Whether a figure is the price of a commodity, which moves from one value to the next: "$2,337 an ounce"."""
    return mention.figure.per in TRADED and kind_of_unit(mention.unit) == "money"


def results(version: Version) -> Iterator[tuple[Sentence, Result]]:
    """The scores that a version names, each with its sentence; sides in order of size."""
    for sentence in version.sentences:
        if not sentence.mentions:
            continue
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


def lead_retold(old: Version, new: Version) -> float:
    """How much of the old opening the new version tells below or as past, with other such figures in its own opening.

    In [0, 1]; a new version of one report replaces what it opened with, the next report tells it as background.
    """
    fresh = {kind_of(mention) for mention in new.mentions if leads(mention) and not stands(mention, old.body)}
    told = [mention for mention in old.mentions if leads(mention) and kind_of(mention) in fresh]
    if new.live or not told:
        return 0.0
    return sum(is_background(mention, new.body) for mention in told) / len(told)


def leads(mention: Mention) -> bool:
    """Whether a figure stands in the first sentences of the text."""
    return mention.figure.part is Part.TEXT and mention.sentence.index <= OPENING


def is_background(mention: Mention, new: Values) -> bool:
    """Whether the new version has the value, but only below its opening, as a baseline or as another time's."""
    equal = [other for other in new.near(mention) if same_value(mention.figure, other.figure)]
    equal = [other for other in equal if kind_of(other) == kind_of(mention) and other.role is not Role.SUPERSEDED]
    return bool(equal) and all(
        other.sentence.index > OPENING
        or other.role is Role.BASELINE
        or (other.period and other.period != mention.period)
        for other in equal
    )


def stands(mention: Mention, others: Values) -> bool:
    """Whether others have a figure of this value and kind."""
    kind = kind_of(mention)
    return any(same_value(mention.figure, other.figure) and kind_of(other) == kind for other in others.near(mention))


def kind_of(mention: Mention) -> str:
    """The counted noun, or unit and dimension: years of age are no years of prison."""
    if mention.unit:
        return f"{mention.figure.unit} {mention.figure.dimension} {mention.figure.per or ''}"
    return mention.group or mention.noun or ""


def opens(sentence: Sentence) -> bool:
    """Whether a sentence opens its version."""
    return sentence.part is Part.TITLE or sentence.index <= OPENING


def is_past(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Whether a sentence tells of an earlier match, and not of an earlier minute of this one."""
    if not sentence.spoken.isdisjoint(lexicon.same_match):
        return False
    dated = any(mention.period for mention in sentence.mentions)
    return dated or not sentence.spoken.isdisjoint(lexicon.earlier_match)
