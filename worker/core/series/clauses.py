"""What the words of a figure's own clause say: what it heads, whether a day or a place is its own."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from worker.core.revisions.context import FIGURE
from worker.core.revisions.evidence import FATES, SURE_DISTANCE
from worker.core.revisions.scope import segments
from worker.core.revisions.words import WORD, stem
from worker.core.series.phrases import phrase_of
from worker.core.series.times import WEEKDAYS, YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from worker.core.revisions.context import Mention
    from worker.core.revisions.words import Lexicon, Token

AGED = frozenset({"boy", "girl", "baby", "infant"})
STOPS = frozenset({",", ";", ".", ":", FIGURE})
CLAUSES = frozenset({"after", "that", "when", "who", "which", "whose", "over", "because", "as"})
HEADS = frozenset({"toll", "number", "count", "tally", "total"})
PARTITIVE = (["of", "the"], ["of", "them"], ["of", "these"], ["of", "those"])
COUNTING = frozenset({"counted", "counts", "tallied", "registered", "recorded", "documented", "confirmed"})
REACHED = frozenset({"to", "at", "reached", "stands"})
PART_REACH = 6  # words between a figure, a part of it and their verb
LOCATIVE = frozenset({"in", "at", "near", "off", "along", "through", "across", "outside"})
PLACE_REACH = 4  # words between a preposition and the name: "in the district of Hale"


def concept_of(mention: Mention, lexicon: Lexicon) -> str | None:
    """The concept; of "the number of people killed in the slide rose to 18, with nine missing" that of its head."""
    if is_whole(mention):
        return None
    if told := told_concept(mention, lexicon):
        return told
    if mention.concept_distance > SURE_DISTANCE and not mention.borrowed and is_neighbours(mention):
        return None
    return mention.concept


def told_concept(mention: Mention, lexicon: Lexicon) -> str | None:
    """The concept that the figure's own clause leaves no doubt of, however far the word for it stands."""
    return phrase_of(mention) or head_of(mention, lexicon) or shared_with_part(mention) or shared_with_whole(mention)


def shared_with_part(mention: Mention) -> str | None:
    """The concept of the part between a figure and its verb: "18 workers, 14 of them women, were killed"."""
    part = following(mention)
    if part is None or mention.concept_distance <= SURE_DISTANCE or not part.part or part.unit != mention.unit:
        return None
    between = [token.word for token in mention.sentence.tokens[mention.at + 1 : part.at]]
    behind = part.concept_distance <= PART_REACH and [token.word for token in segments(part)[1]]
    return part.concept if between[-1:] == [","] and len(between) <= PART_REACH and behind and "," in behind else None


def shared_with_whole(mention: Mention) -> str | None:
    """The concept of the whole before a part without a word of its own: "killed 33 workers, 27 of them women"."""
    if mention.concept or not mention.part or mention.slot == 0:
        return None
    whole = mention.sentence.mentions[mention.slot - 1]
    return phrase_of(whole) or (whole.concept if whole.concept_distance <= SURE_DISTANCE else None)


def following(mention: Mention) -> Mention | None:
    """The next figure of the sentence."""
    return next(iter(mention.sentence.mentions[mention.slot + 1 : mention.slot + 2]), None)


def is_neighbours(mention: Mention) -> bool:
    """Whether the word for the concept belongs to another figure: "brought three out and six are still trapped"."""
    return any(
        mention.concept in {other.concept, phrase_of(other)} and other.concept_distance <= SURE_DISTANCE
        for other in mention.sentence.mentions
        if other is not mention
    )


def head_of(mention: Mention, lexicon: Lexicon) -> str | None:
    """What "bringing the number of people killed in the slide to 18" counts; None where the figure heads no count."""
    left, _ = segments(mention)
    if not left or left[0].word not in REACHED:
        return None
    words = left[::-1]
    start = max((at for at, token in enumerate(words) if token.word in HEADS), default=len(words))
    own = next((found for token in words[start:] if (found := lexicon.concepts.get(token.stem)) in FATES), None)
    if own or start == len(words) or mention.slot == 0:
        return own
    before = mention.sentence.mentions[mention.slot - 1]  # "87 new cases, which took the total to 742"
    return before.concept if before.concept == mention.concept and before.concept_distance <= SURE_DISTANCE else None


def is_partitive(mention: Mention) -> bool:
    """As in "21 of the prisoners", "15 of the 37"."""
    _, right = segments(mention)
    return not mention.unit and [token.word for token in right[:2]] in PARTITIVE


def is_age(mention: Mention, lexicon: Lexicon) -> bool:
    """As in "a girl of 15 died"."""
    left, _ = segments(mention)
    if len(left) < 2 or left[0].word != "of":  # noqa: PLR2004 -- "girl of"
        return False
    return left[1].word in AGED or lexicon.nouns.get(left[1].stem) in {"person", "child"}


def is_whole(mention: Mention) -> bool:
    """As in "55 are missing of the 142 who were aboard": the verb is not said of the whole."""
    left, _ = segments(mention)
    return [token.word for token in left[:2]] == ["the", "of"]


def stands_by(mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a day stands in the figure's own clause: in "on Monday, after a crash that killed 12" it does not."""
    left, right = segments(mention)
    clause = takewhile(lambda token: token.word not in CLAUSES, left)
    return any(
        token.word.removesuffix("'s") in lexicon.weekdays
        or token.word in lexicon.relative_days
        or token.word in lexicon.months
        or token.stem in lexicon.time_stems
        or YEAR.fullmatch(token.word)
        for token in (*clause, *right)
    )


def owner_of(mention: Mention) -> str | None:
    """The stems of the whole name of whose figure it is: "hask oil", which is not "telmo oil"."""
    tokens = mention.sentence.tokens[: mention.at][::-1]
    last = next((at for at, token in enumerate(tokens) if token.capital and token.stem == mention.owner), None)
    if last is None:
        return mention.owner
    return " ".join(token.stem for token in reversed([*takewhile(lambda token: token.capital, tokens[last:])]))


def sources_of(mention: Mention, lexicon: Lexicon) -> frozenset[str]:
    """Stems of who says so; also of who counts: "the doctors' committee counted 31 dead"."""
    left, _ = segments(mention)
    if mention.sources or not left or left[0].word not in COUNTING:
        return mention.sources
    who = takewhile(lambda token: token.word not in STOPS and token.word not in CLAUSES, left[1 : 1 + PLACE_REACH])
    return frozenset(token.stem for token in who if token.word not in lexicon.stopwords and token.word[0].isalpha())


def place_of(mention: Mention) -> frozenset[str]:
    """Stems of the name that scopes a figure: the first behind a preposition that follows it, else the reader's."""
    _, right = segments(mention)
    named = frozenset(token.stem for token in named_place(right))
    if named:
        return named
    if fronted := frozenset(token.stem for token in fronted_place(mention)):
        return fronted
    sentence, end = mention.sentence, mention.figure.end - mention.sentence.span.start
    place = mention.figure.place or ""
    if place in sentence.text[max(0, end) :].partition(",")[2]:
        return frozenset()  # "killed 41 people, most of them in Lower Sarn"
    printed = (match.group() for match in WORD.finditer(place))
    return frozenset(stem(word.lower()) for word in printed if word[0].isupper())


def fronted_place(mention: Mention) -> Iterator[Token]:
    """The place that opens a sentence whose first figure this is: "In the district of Sul alone eight drowned"."""
    before = mention.sentence.tokens[: mention.at]
    if mention.slot == 0 and before and before[0].word in LOCATIVE:
        yield from named_place(before[: 2 + PLACE_REACH])


def named_place(right: Sequence[Token]) -> Iterator[Token]:
    """The capitalised words of the places behind a figure, up to a comma: "at the Clarion arena in Mostan"."""
    clause = list(takewhile(lambda token: token.word not in STOPS, right))
    reach = -1
    for at, token in enumerate(clause):
        if reach >= 0 and at > reach + PLACE_REACH:
            return
        if token.word in LOCATIVE:
            ahead = clause[at + 1 : at + 2 + PLACE_REACH]
            first = next((number for number, word in enumerate(ahead) if word.capital), None)
            if first is None or ahead[first].stem in WEEKDAYS:
                continue
            named = list(takewhile(lambda word: word.capital, clause[at + 1 + first :]))
            reach = at + 1 + first + len(named)
            yield from named
