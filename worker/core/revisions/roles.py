"""What a figure does in its sentence: it tells a level, a change, a baseline, or a value that was superseded."""

from __future__ import annotations

from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from worker.core.revisions.context import FIGURE, Mention, Role
from worker.model import Bound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from worker.core.revisions.words import Lexicon, Token

STOPS = frozenset({",", ";", "—", "–", "(", "."})  # noqa: RUF001 -- dashes as printed
BESIDE = 4  # words on each side that can only belong to the figure
EXTENSIONS = frozenset({"time", "length"})  # classes of units that "over" may span
SMALL_WORDS = frozenset({"by", "to", "of", "at", "the"})
CLAUSE = 16  # words back in which the verb of a change stands


def role_of(mention: Mention, left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon) -> Role:
    """The role, from the words between the figures on both sides, nearest first."""
    first, spoken = before(mention, left), mention.sentence.spoken
    baseline = is_baseline(mention, first, left, right, lexicon)
    if (
        is_denied(spoken, first, left, right, lexicon)
        or (first[0] == "from" and not spoken.isdisjoint(lexicon.revised))
        or is_told_before(spoken, left, right, lexicon)
        or (not spoken.isdisjoint(lexicon.superseded) and is_outdated(left, right, lexicon, baseline=baseline))
    ):
        return Role.SUPERSEDED
    if baseline:
        return Role.BASELINE
    after = [token.word for token in right[:BESIDE]]
    return Role.CHANGE if is_change(mention, first, after, lexicon) else Role.LEVEL


def is_outdated(left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon, *, baseline: bool) -> bool:
    """As in "an earlier figure of 31", "up from the 31 first reported"."""
    near = {token.word for token in (*left[:BESIDE], *right[:BESIDE])}
    return bool(near & lexicon.superseded) and (baseline or bool(near & lexicon.measure_words))


def before(mention: Mention, left: Sequence[Token]) -> tuple[str, str]:
    """The two words before the figure, the nearest first; "to at least 44" is read as one hedge."""
    words = [token.word for token in left[:2]]
    if (mention.figure.hedge or "").lower().startswith("to "):
        words.insert(0, "to")
    nearest, second = [*words, "", ""][:2]
    return nearest, second


def is_change(mention: Mention, first: tuple[str, str], after: Sequence[str], lexicon: Lexicon) -> bool:
    """As in "rose 3 percent", "an increase of 3 percent", "3 percent higher", "by 6 points to 48"."""
    nearest, second = first
    counted = not mention.unit and mention.noun is not None  # "cutting 3,100 jobs" tells how many jobs
    if (
        (nearest in lexicon.moves and not counted)
        or (nearest == "of" and second in lexicon.change_verbs)
        or is_compared(mention, after, lexicon)
    ):
        return True
    return nearest == "by" and changes(mention, lexicon)


def is_compared(mention: Mention, after: Sequence[str], lexicon: Lexicon) -> bool:
    """As in "8 percent more" and "7,200 fewer than in August"; "12 more people" are just more people."""
    return bool(after) and after[0] in lexicon.change_after and (bool(mention.unit) or after[1:2] == ["than"])


def changes(mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a verb of change stands before the figure in its clause."""
    before = mention.sentence.tokens[max(0, mention.at - CLAUSE) : mention.at][::-1]
    clause = takewhile(lambda token: token.word not in STOPS, before)
    return any(token.word in lexicon.change_verbs for token in clause)


def is_reached(mention: Mention, left: Sequence[Token], lexicon: Lexicon) -> bool:
    """As in "the toll rose to 19 on Tuesday"."""
    return before(mention, left)[0] == "to" and changes(mention, lexicon)


def is_baseline(
    mention: Mention, first: tuple[str, str], left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon
) -> bool:
    """As in "up from 12", "against 12 a year ago", "the price was 865 before", "which was 500, is now 800"."""
    nearest, second = first
    if (second, nearest) in lexicon.baseline_pairs:
        return True
    if nearest in lexicon.baseline_before:  # but "38 percent against 40 percent for the Union" are two levels
        return not (right and right[0].word in lexicon.owner_behind)
    if right and right[0].word in lexicon.baseline_after:
        return True
    if nearest == "from":
        return (len(right) == 1 and right[0].word == "to") or changes(mention, lexicon)
    past = nearest in lexicon.past or (len(left) > 1 and second in lexicon.past)
    return past and any(token.word in lexicon.now for token in right)


def is_told_before(spoken: AbstractSet[str], left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon) -> bool:
    """As in "it had first spoken of 31", "the 16 that it had announced", "4,300 at the beginning".

    "Its rival had put it at 41" is another's figure, and may hold. `spoken` are the words of the sentence.
    """
    if right and right[0].word == "at" and any(token.word in lexicon.beginning for token in right[1:3]):
        return True
    if "had" not in spoken and spoken.isdisjoint(lexicon.known):
        return False
    before = clause_of(left)
    said = set(before[: before.index("had")]) if "had" in before else set()
    if said & lexicon.told and said & (lexicon.superseded | lexicon.beginning):
        return True
    after = clause_of(right)
    pairs = set(pairwise(after))
    if any((pronoun, "had") in pairs for pronoun in lexicon.pronouns) and lexicon.told & set(after):
        return True
    return any(
        auxiliary in {"were", "was"} and word in lexicon.known and then != "to"  # "17 were known to have died"
        for auxiliary, word, then in zip(after, after[1:], [*after[2:], ""], strict=False)
    )


def clause_of(tokens: Sequence[Token]) -> list[str]:
    """The words up to a sign that ends a clause."""
    words: list[str] = []
    for token in tokens[:CLAUSE]:
        if token.word in STOPS:
            break
        words.append(token.word)
    return words


def is_denied(
    spoken: AbstractSet[str], first: tuple[str, str], left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon
) -> bool:
    """As in "not 34 as we wrote", "rather than 34", "the figure of 34 in the handout was wrong"."""
    nearest, second = first
    if nearest in SMALL_WORDS and second == ",":  # "13 and not, as planned on Monday, by 16"
        behind = [token.word for token in left[2:CLAUSE]]
        opens = behind.index(",") + 1 if "," in behind else len(behind)
        if behind[opens : opens + 1] == ["not"]:
            return True
    if "not" in {nearest, second if nearest in lexicon.definite else ""} or (second, nearest) in lexicon.denying_pairs:
        return True
    if spoken.isdisjoint(lexicon.denying):
        return False
    clause = takewhile(lambda token: token.word not in STOPS, right)
    return any(token.word in lexicon.denying for token in clause)


def bound_of(mention: Mention, left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon) -> Bound | None:
    """The bound that a figure is held to; None where the words around it leave it open.

    "more than the 12 of Monday" compares and does not bound; "over three years" and "within 60 km" tell an
    extension as often as a bound, and a "limit of 5" is one whether or not "up to" stands before it.
    """
    figure = mention.figure
    if right and (right[0].word == "ago" or right[0].word in lexicon.baseline_after):
        return None  # "9 percent fewer than five years ago" compares
    hedge = [word for word in figure.hedge.lower().split() if word[0].isalnum()] if figure.hedge else []
    if hedge and (hedge[-1] in lexicon.definite or hedge[0] in lexicon.supposing):
        return Bound.EXACT
    if "estimated" in hedge and "an" not in hedge:
        return None  # "is estimated at" is a verb of saying as much as a hedge
    if mention.unit in EXTENSIONS and (set(hedge) & lexicon.extending or before(mention, left)[0] in lexicon.extending):
        return None
    beside = () if mention.sentence.spoken.isdisjoint(lexicon.limits) else (*left[:BESIDE], *right[:BESIDE])
    limited = any(word in lexicon.limits for word in hedge) or any(token.word in lexicon.limits for token in beside)
    return None if limited else figure.bound


def is_part(left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon) -> bool:
    """As in "33 of them", "including 33"."""
    of = len(right) > 1 and right[0].word == "of"
    if of and (right[1].word in lexicon.part_of or right[1].word in lexicon.definite):
        return True
    return bool(left and left[0].word in lexicon.including)


def is_rate(right: Sequence[Token], lexicon: Lexicon) -> bool:
    """As in "96 cases per 100,000 people", "27 per head"."""
    return any(token.word in lexicon.rates and not token.capital for token in right[:BESIDE])


def is_more(mention: Mention, left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon) -> bool:
    """As in "another 30", "12 others"."""
    if mention.role is Role.CHANGE:
        return False
    return any(token.word in lexicon.more for token in (*left[:2], *right[:2]))


def continued(mention: Mention, previous: Mention | None, left: Sequence[Token]) -> Role:
    """In "exports rose 3 percent and imports 5" the second figure is a change as the first one is."""
    if previous is None or previous.sentence is not mention.sentence or previous.unit != mention.unit:
        return mention.role
    elliptic = mention.unit and mention.role is Role.LEVEL and len(left) <= BESIDE
    tokens = mention.sentence.tokens[previous.at + 1 : mention.at]
    if elliptic and previous.role is Role.CHANGE and all(token.word is not FIGURE for token in tokens):
        return Role.CHANGE
    return mention.role
