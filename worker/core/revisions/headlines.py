"""Headline, lead and body repeat one figure: it is one revision, in the body's words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from worker.core.revisions.evidence import FATES, SURE_DISTANCE
from worker.core.revisions.units import Values, rounds, same_value, value_key
from worker.model import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from worker.core.revisions.context import Mention, Sentence
    from worker.core.revisions.evidence import Evidence


TELLINGS = 8  # of one change, looked at for a repetition; no article has more

LONG_WORD = 4  # letters; shorter ones are written small in most title cases


def without_headlines(changed: Iterable[Evidence], body: Values) -> Iterator[Evidence]:
    """Leave out what the body tells too; a headline's own wrong number stays ("Ferry with 70 aboard", text: 90)."""
    for found in changed:
        if covered(found.old, body):
            continue
        if found.equal and Part.TITLE in (found.old.figure.part, found.new.figure.part):
            continue  # headlines drop "at least" for room
        yield found


def covered(mention: Mention, body: Values) -> bool:
    """Whether a figure of the headline stands in the body too; "up 0.3" is short for 0.3 percentage points.

    A headline also rounds: "more than 2,100" stands for the 2,140 of the body.
    """
    if mention.figure.part is not Part.TITLE:
        return False
    short = not mention.unit and (mention.figure.low % 1 or mention.concept not in FATES)
    if short and body.has_amount(mention.figure):
        return True
    return any(
        (same_value(mention.figure, other.figure) or rounds(mention.figure.low, other.figure.low))
        and compatible(mention, other)
        for other in body.near(mention)
    )


def compatible(one: Mention, two: Mention) -> bool:
    """Whether two mentions of one value may be one figure; between headline and body only two fates forbid it.

    A headline has little room: "97 tanks, 230 dead" says of the tanks what the body says of them.
    """
    if one.concept is None or two.concept is None or one.concept == two.concept:
        return True
    if one.figure.part is two.figure.part:
        return False
    title, told = (one, two) if one.figure.part is Part.TITLE else (two, one)
    borrowed = told.concept_distance <= SURE_DISTANCE < title.concept_distance
    return borrowed or not {one.concept, two.concept} <= FATES


def once(changed: Iterable[Evidence]) -> Iterator[Evidence]:
    """One revision for each reported figure, that of the body where there is one."""
    seen: dict[object, list[Evidence]] = defaultdict(list)
    for found in sorted(changed, key=lambda item: (item.old.figure.part is Part.TITLE, -item.score)):
        same = seen[value_key(found.old.figure), value_key(found.new.figure)]
        if not any(told_twice(found, other) for other in same[:TELLINGS]):
            same.append(found)
            yield found


def told_twice(one: Evidence, two: Evidence) -> bool:
    """Whether two pairs of the same values are one figure: headline and body are, two places of the body may be."""
    return one.old.figure.part is not two.old.figure.part or compatible(one.old, two.old)


def tells_names(headline: Sentence) -> bool:
    """Whether a headline's capitals are names: most longer words inside it have none ("Curfew in Kadra lifted")."""
    inside = [token.capital for token in headline.tokens[1:] if len(token.word) >= LONG_WORD]
    return bool(inside) and 2 * sum(inside) < len(inside)
