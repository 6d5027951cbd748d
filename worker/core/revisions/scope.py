"""What each figure counts, when, and in which role: read from the words around it.

The figures of a sentence share its words: those between two figures are weighed by their distance, and
crossing "and" or a comma makes a word farther away ("killed 47 and injured 12" gives each its own verb).
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from worker.core.revisions.context import FIGURE, Mention, Role, Sentence, Version
from worker.core.revisions.units import value_key
from worker.core.revisions.words import WORD, stem
from worker.model import Part

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from worker.core.revisions.context import Token
    from worker.core.revisions.words import Lexicon

BREAKS = frozenset({"and", "but", "while", "when", "as", "after", ",", ";", ":", "(", ")", "—", "–"})  # noqa: RUF001
CROSSING = 4  # words that a break counts for
NEAR = 8  # words on each side that describe a figure; news clauses are seldom longer
FADING = 5.0  # words after which one counts for a third
BESIDE = 4  # words on each side that can only belong to it
REPORTING_REACH = 6
# What is counted as it stands when the report is written, whatever day the sentence names.
STATES = frozenset({"seats", "votes", "counted", "turnout", "containment", "outage", "missing", "trapped"})
OPENING = 4  # sentences, headline included, in which a report says what day it was made
LONGEST_OF = 3  # words of "of all the" between a part and its whole
LONGEST_DATE, DATE_GAP = 4, 4  # parts of a date ("8 a.m. on Sunday, March 2, 2025") and words between two of them
YEAR = re.compile(r"(?:1[89]|20)\d\d$")
DAY_NUMBER = re.compile(r"([1-9]|[12]\d|3[01])(?:st|nd|rd|th)?$")
SPAN_OPENERS = frozenset(
    ["last", "past", "previous", "this", "next", "same", "following", "coming", "first", "second", "third", "fourth"],
)
# A present tense tells the state at the time of writing; "had" only says that somebody else tells it.
PRESENT = frozenset(
    [
        "has",
        "have",
        "is",
        "are",
        "accounts",
        "account",
        "stands",
        "stand",
        "remains",
        "remain",
        "holds",
        "hold",
        "totals",
        "numbers",
    ]
)


def names_in(versions: Iterable[Version], lexicon: Lexicon) -> frozenset[str]:
    """Stems that are capitalised inside a sentence of the text; headlines may capitalise anything."""
    return frozenset(
        token.stem
        for version in versions
        for sentence in version.sentences
        if sentence.part is Part.TEXT
        for token in sentence.tokens[1:]
        if token.capital and token.word not in lexicon.weekdays and token.word not in lexicon.months
    )


def describe(version: Version, names: Container[str], lexicon: Lexicon) -> None:
    """Fill in what the words around each figure say of it; `names` are the stems that are names."""
    before: Mention | None = None
    for sentence in version.sentences:
        dates, sentence.told_on = dates_of(sentence, lexicon)
        for mention in sentence.mentions:
            left, right = segments(mention)
            read_concept(mention, left, right, lexicon)
            read_noun(mention, lexicon)
            read_source(mention, lexicon)
            read_words(mention, left, right, names, lexicon)
            read_role(mention, left, right, lexicon)
            read_period(mention, dates, left, right, lexicon)
            read_whole(mention, right, lexicon)
            borrow(mention, before)
            continue_change(mention, before, left)
            before = mention
        sentence.superseded = frozenset(
            value_key(mention.figure) for mention in sentence.mentions if mention.role is Role.SUPERSEDED
        )

    version.told_on = frozenset(key for sentence in version.sentences[:OPENING] for key in sentence.told_on)


def segments(mention: Mention) -> tuple[list[Token], list[Token]]:
    """The words from the figure back to the one before it, nearest first, and on to the one after it."""
    tokens = mention.sentence.tokens
    begin, end = mention.at, mention.at + 1
    while begin > 0 and tokens[begin - 1].word is not FIGURE:
        begin -= 1
    while end < len(tokens) and tokens[end].word is not FIGURE:
        end += 1
    return tokens[begin : mention.at][::-1], tokens[mention.at + 1 : end]


def distances(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Each word with its distance from the figure, breaks counted."""
    distance = 0
    for token in tokens:
        distance += CROSSING if token.word in BREAKS else 1
        yield distance, token


def read_concept(mention: Mention, left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon) -> None:
    """The nearest word that names an event or state; the word after a figure wins over one as near before it."""
    found = [
        (distance, side, concept)
        for side, tokens in enumerate((right, left))
        for distance, token in distances(tokens)
        if (concept := lexicon.concepts.get(token.stem))
    ]
    if found:
        mention.concept_distance, _, mention.concept = min(found)


def read_noun(mention: Mention, lexicon: Lexicon) -> None:
    """The counted noun and its group."""
    noun = mention.figure.noun
    if noun:
        mention.noun = stem(noun.lower().split()[-1])
        mention.group = lexicon.nouns.get(mention.noun)


def read_source(mention: Mention, lexicon: Lexicon) -> None:
    """Who says so: the words of the attribution that tell sources apart."""
    said = (match.group().lower() for match in WORD.finditer(mention.figure.attribution or ""))
    mention.sources = frozenset(stem(word) for word in said if word not in lexicon.stopwords)


def read_words(
    mention: Mention, left: Sequence[Token], right: Sequence[Token], names: Container[str], lexicon: Lexicon
) -> None:
    """Topic words, names and contrasts near the figure."""
    near = [(distance, token) for tokens in (right, left) for distance, token in distances(tokens)]
    topical = [(d, t) for d, t in near if t.word[0].isalnum() and t.word not in lexicon.stopwords]
    for distance, token in topical:
        if distance <= NEAR and token.word not in lexicon.reporting:
            nearness = math.exp((1 - distance) / FADING)
            mention.words[token.stem] = max(nearness, mention.words.get(token.stem, 0.0))
    mention.names = frozenset(t.stem for d, t in topical if t.stem in names)
    for distance, token in sorted(topical, key=lambda pair: -pair[0]):
        if distance <= BESIDE and (contrast := lexicon.contrasts.get(token.stem)):
            mention.contrasts[contrast[0]] = contrast[1]


def read_role(mention: Mention, left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon) -> None:
    """Level, change, baseline or a value that was superseded."""
    hedge = (mention.figure.hedge or "").lower()
    one = "to" if hedge.startswith("to ") else left[0].word if left else ""
    two = left[1].word if len(left) > 1 else ""
    after = [token.word for token in right[:BESIDE]]
    mention.part = len(after) > 1 and after[0] == "of" and after[1] in lexicon.part_of
    mention.part |= one in lexicon.including
    mention.more = one in {"another", "further", "additional"} or two in {"another", "further"} or "others" in after[:2]
    near = {token.word for token in left[:BESIDE]} | set(after)
    if (
        one in lexicon.change_verbs
        or (after and after[0] in lexicon.change_after)
        or (one == "by" and any(token.word in lexicon.change_verbs for token in left[:NEAR]))
    ):
        mention.role = Role.CHANGE
    elif (
        (two, one) in lexicon.baseline_pairs
        or one in {"against", "versus", "vs"}
        or is_start(mention, left, right, lexicon)
    ):
        mention.role = Role.BASELINE
    denied = (
        one == "not"
        or (two, one) in {("rather", "than"), ("instead", "of")}
        or bool(set(after) & {"incomplete", "wrong", "incorrect", "erroneous", "mistaken"})
    )
    if denied or (near & lexicon.superseded and (mention.role is Role.BASELINE or near & lexicon.measure_words)):
        mention.role = Role.SUPERSEDED


def is_start(mention: Mention, left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether the figure is where a change began: "from 55 to 44", "rose to 19 on Tuesday from 12"."""
    if not left or left[0].word != "from":
        return False
    if len(right) == 1 and right[0].word == "to":
        return True
    before = mention.sentence.tokens[max(0, mention.at - 2 * NEAR) : mention.at]
    return any(token.word in lexicon.change_verbs for token in before)


def dates_of(sentence: Sentence, lexicon: Lexicon) -> tuple[list[tuple[int, str]], frozenset[str]]:
    """What dates the events of a sentence, by token, and the day on which the statement was made."""
    dates: list[tuple[int, str]] = []
    told: set[str] = set()
    for at, key in time_words(sentence.tokens, lexicon):
        if told_there(sentence.tokens, at, lexicon):
            told.add(key)
        else:
            dates.append((at, key))
    return dates, frozenset(told)


def time_words(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[tuple[int, str]]:
    """Days, dates, years and spans by token, each as its kind and a key that is equal when the time is."""
    for at, token in enumerate(tokens):
        key = time_word(tokens, at, token.word.replace("\u2019", "'").removesuffix("'s"), lexicon)
        if key:
            yield at, key


def time_word(tokens: Sequence[Token], at: int, word: str, lexicon: Lexicon) -> str | None:  # noqa: PLR0911 -- one for each way
    """The time that begins or ends with this token."""
    ahead = tokens[at + 1].word if at + 1 < len(tokens) else ""
    behind = tokens[at - 1].word if at else ""
    if word in lexicon.weekdays:
        return f"day {word}"
    if word in lexicon.relative_days:
        return f"relative {word}"
    if word in lexicon.months and tokens[at].capital:
        day = DAY_NUMBER.match(ahead) or DAY_NUMBER.match(behind)
        return f"date {lexicon.months[word]}{day.group(1) if day else ''}"
    if YEAR.match(word):
        return f"year {word}"
    if word in SPAN_OPENERS and (unit := time_unit(tokens[at + 1 : at + 3], lexicon)):
        return f"span {word} {unit}"
    if word in {"past", "last"} and ahead == FIGURE:
        return "past span"
    if word == "ago" or (word in {"earlier", "before"} and stem(behind) in lexicon.time_stems):
        return f"ago {behind}"
    if word in {"noon", "midnight"}:
        return f"clock {word}"
    return f"clock {behind} {word[0]}" if word in {"p.m", "a.m", "pm", "am", "gmt"} else None


def time_unit(ahead: Sequence[Token], lexicon: Lexicon) -> str:
    """The unit in "last year" and "this monsoon season"; empty when there is none."""
    return next((token.word for token in ahead if stem(token.word) in lexicon.time_stems), "")


def told_there(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a day stands beside a verb of saying and so dates the statement."""
    for token in tokens[max(0, at - REPORTING_REACH) : at][::-1]:
        if token.word is FIGURE or token.word in {"when", "that", "since", ","}:
            break
        if token.word in lexicon.reporting:
            return True
    return any(token.word in lexicon.reporting for token in tokens[at + 1 : at + 3])


def read_period(
    mention: Mention,
    dates: Sequence[tuple[int, str]],
    left: Sequence[Token],
    right: Sequence[Token],
    lexicon: Lexicon,
) -> None:
    """What dates the figure, and whether it is a running total, which no day dates."""
    period = date_of(mention, dates, len(right))
    mention.period = frozenset(period)
    if mention.role is Role.BASELINE and any(key.startswith(("day ", "relative ")) for key in period):
        mention.role = Role.SUPERSEDED  # "158, against 104 on Wednesday": an earlier state of a running count
    near = {token.word for token in (*left[:NEAR], *right[:NEAR])}
    beside = {token.word for token in (*left[:BESIDE], *right[:BESIDE])}
    since = any(token.word in lexicon.since for token in (*left, *right))
    mention.running = since or mention.concept in STATES or bool(near & lexicon.cumulative or beside & PRESENT)


def date_of(mention: Mention, dates: Sequence[tuple[int, str]], reach: int) -> list[str]:
    """The date after the figure and before the next one, else the last before it, else a day that dates them all."""
    first = bisect_left(dates, (mention.at, ""))
    own = first < len(dates) and dates[first][0] <= mention.at + reach
    if not own and first > 0:
        return [dates[first - 1][1]]
    chosen = list(dates[first : first + 1])
    if not own and chosen and chosen[0][1].startswith(("ago", "span")):
        return []  # "52 died, against 131 last year"
    for following in dates[first + 1 : first + LONGEST_DATE]:
        if following[0] - chosen[-1][0] > DATE_GAP:
            break
        chosen.append(following)
    return [key for _, key in chosen]


def borrow(mention: Mention, before: Mention | None) -> None:
    """An elliptic figure ("33 of them", "The islands reported 21.") counts what the one before it counted."""
    if before is None or mention.unit != before.unit or mention.sentence.index - before.sentence.index > 1:
        return
    same_paragraph = mention.sentence.span.paragraph == before.sentence.span.paragraph
    if mention.unit == "" and mention.noun is None and same_paragraph:
        mention.noun, mention.group = before.noun, before.group
        mention.borrowed = True
        if mention.concept is None or mention.concept_distance > NEAR:
            mention.concept, mention.concept_distance = before.concept, NEAR
    if not mention.period and same_paragraph and mention.sentence is not before.sentence:
        mention.period, mention.running = before.period, mention.running or before.running


def continue_change(mention: Mention, before: Mention | None, left: Sequence[Token]) -> None:
    """In "exports rose 3 percent and imports 5" the second figure is a change as the first one is."""
    if before is None or before.sentence is not mention.sentence or before.unit != mention.unit:
        return
    if before.role is Role.CHANGE and mention.role is Role.LEVEL and mention.unit and len(left) <= BESIDE:
        mention.role = Role.CHANGE


def read_whole(mention: Mention, right: Sequence[Token], lexicon: Lexicon) -> None:
    """In "68 of the 150 seats" both figures count seats."""
    mentions = mention.sentence.mentions
    if mention.noun or mention.unit or not right or right[0].word != "of" or len(right) > LONGEST_OF:
        return
    whole = mentions[mention.slot + 1] if mention.slot + 1 < len(mentions) else None
    if whole and not whole.unit and whole.figure.noun:
        mention.noun = stem(whole.figure.noun.lower().split()[-1])
        mention.group = lexicon.nouns.get(mention.noun)
        mention.part = True
