"""Set phrases that say what a figure counts where no single word beside it does: "cost the lives of 33"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.core.revisions.scope import segments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worker.core.revisions.context import Mention, Sentence

NEAR = 5  # words on each side in which a phrase ends
TAKING = frozenset({"cost", "costing", "claim", "claimed", "claims", "claiming", "take", "took", "taken", "lost"})
DRIVING = frozenset({"drive", "drives", "drove", "driven", "driving", "force", "forced", "forces", "forcing"})
HOMES = frozenset({"home", "homes", "house", "houses"})
LIVES = frozenset({"life", "lives"})
FALLING = frozenset({"collapse", "collapsed", "collapsing"})
AGAIN = frozenset({"another", "second", "third", "separate"})
EVENTS = frozenset({
    "attack", "avalanche", "blast", "blaze", "boat", "bomb", "bombing", "collision", "crash", "cyclone", "derailment",
    "earthquake", "eruption", "explosion", "ferry", "fire", "flood", "hurricane", "landslide", "march", "mudslide",
    "outbreak", "quake", "rally", "raid", "ship", "shooting", "storm", "tornado", "tremor", "typhoon", "vessel",
    "wildfire",
})  # fmt: skip
STANDING = frozenset({"house", "building"})  # groups of nouns


def phrase_of(mention: Mention) -> str | None:
    """The concept that a phrase around a figure names; None where none does."""
    left, right = ([token.word for token in side[:NEAR]] for side in segments(mention))
    if mention.unit == "%":
        return "counted" if right[:1] == ["of"] and "counted" in right else None
    if mention.unit:
        return None
    if is_of_lives(left, right):
        return "killed"
    if LIVES & set(right) and "lost" in right:  # "five people lost their lives"
        return "killed"
    if HOMES & set(right) and ("lost" in right or ("from" in right and DRIVING & set(left))):
        return "displaced"
    return "destroyed" if mention.group in STANDING and FALLING & set(right) else None


def is_of_lives(left: Sequence[str], right: Sequence[str]) -> bool:
    """As in "claimed 35 lives", "has cost the lives of 33 workers"; those that were saved are not meant."""
    counted = (right[:1] and right[0] in LIVES) or (left[:1] == ["of"] and left[1:2] and left[1] in LIVES)
    return bool(counted) and not TAKING.isdisjoint(left)


def is_apart(opening: Sequence[Sentence]) -> bool:
    """Whether an article opens with a second event of its kind: "Another boat in distress", "a separate wildfire"."""
    words = [[token.word for token in sentence.tokens] for sentence in opening]
    return any(
        first in AGAIN and EVENTS & {then, after}
        for each in words
        for first, then, after in zip(each, each[1:], [*each[2:], ""], strict=False)
    )
