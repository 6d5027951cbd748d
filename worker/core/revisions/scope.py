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
from worker.core.revisions.roles import continued, is_more, is_part, role_of
from worker.core.revisions.units import value_key
from worker.core.revisions.words import WORD, stem
from worker.model import Part

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from worker.core.revisions.context import Token
    from worker.core.revisions.words import Lexicon

BREAKS = frozenset({"and", "but", "while", "when", "as", "after", ",", ";", ":", "(", ")", "—", "–"})  # noqa: RUF001
CLAUSE_STARTS = BREAKS - {"and"}
OF_BONUS = 3  # words by which what follows "of" comes nearer
CROSSING = 4  # words that a break counts for
PASSING = 6  # words that another figure counts for
WINDOW = 24  # words looked at on each side
NEAR = 8  # words on each side in which a clause says what a figure does
FAR = 16  # distance up to which a word still describes a figure
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
PRESENT = frozenset({"has", "have", "is", "are", "stands", "stand", "remains", "remain", "holds", "hold"})


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
            around = surroundings(mention)
            read_noun(mention, right, lexicon)
            read_concept(mention, around, lexicon)
            read_source(mention, lexicon)
            read_words(mention, around, names, lexicon)
            mention.owner = owner_of(left, names, lexicon)
            mention.role = role_of(mention, left, right, lexicon)
            mention.part, mention.more = is_part(left, right, lexicon), is_more(left, right, lexicon)
            read_period(mention, dates, left, right, lexicon)
            read_whole(mention, right, lexicon)
            borrow(mention, before, left, right, lexicon)
            mention.role = continued(mention, before, left)
            before = mention
        sentence.superseded = frozenset(
            value_key(mention.figure) for mention in sentence.mentions if mention.role is Role.SUPERSEDED
        )

    version.told_on = frozenset(key for sentence in version.sentences[:OPENING] for key in sentence.told_on)


def segments(mention: Mention) -> tuple[list[Token], list[Token]]:
    """The words from the figure back to the one before it, nearest first, and on to the one after it."""
    tokens, at = mention.sentence.tokens, mention.at
    begin, end = at, at + 1
    while begin > max(0, at - WINDOW) and tokens[begin - 1].word is not FIGURE:
        begin -= 1
    while end < min(len(tokens), at + WINDOW) and tokens[end].word is not FIGURE:
        end += 1
    return tokens[begin:at][::-1], tokens[at + 1 : end]


def surroundings(mention: Mention) -> list[tuple[int, int, Token]]:
    """The words around a figure: distance with breaks and other figures counted, side (0: after it), and the word."""
    tokens, at = mention.sentence.tokens, mention.at
    found: list[tuple[int, int, Token]] = []
    sides = (tokens[at + 1 : at + WINDOW], tokens[max(0, at - WINDOW) : at][::-1])
    for side, words in enumerate(sides):
        distance = 0
        for token in words:
            distance += PASSING if token.word is FIGURE else CROSSING if token.word in BREAKS else 1
            if token.word[0].isalnum():
                found.append((distance, side, token))
    return found


def read_concept(mention: Mention, around: Sequence[tuple[int, int, Token]], lexicon: Lexicon) -> None:
    """The counted noun, or the nearest word that names an event or state; what follows wins over what leads."""
    if mention.noun in lexicon.concepts:
        mention.concept, mention.concept_distance = lexicon.concepts[mention.noun], 0
        return
    following = mention.sentence.tokens[mention.at + 1 : mention.at + 2]
    of = OF_BONUS if following and following[0].word == "of" else 0  # "61 percent of the votes"
    found = [
        (distance - (0 if side else of), side, concept)
        for distance, side, token in around
        if (concept := lexicon.concepts.get(token.stem))
    ]
    if found:
        mention.concept_distance, _, mention.concept = min(found)


def read_noun(mention: Mention, right: Sequence[Token], lexicon: Lexicon) -> None:
    """The counted noun and its group; a plural right behind the figure where the reader named none."""
    noun = mention.figure.noun
    if noun:
        mention.noun = stem(noun.lower().split()[-1])
    elif not mention.unit and right and right[0].word.endswith("s") and right[0].word not in lexicon.stopwords:
        mention.noun = right[0].stem
    mention.group = lexicon.nouns.get(mention.noun) if mention.noun else None


def read_source(mention: Mention, lexicon: Lexicon) -> None:
    """Who says so: the words of the attribution that tell sources apart."""
    said = (match.group().lower() for match in WORD.finditer(mention.figure.attribution or ""))
    mention.sources = frozenset(stem(word) for word in said if word not in lexicon.stopwords)


def owner_of(left: Sequence[Token], names: Container[str], lexicon: Lexicon) -> str | None:
    """The last name before the figure in its clause, unless it only tells who says so."""
    for token in left:
        if token.word in CLAUSE_STARTS or token.word in lexicon.reporting:
            return None
        if token.capital and token.stem in names:
            return token.stem
    return None


def read_words(
    mention: Mention, around: Sequence[tuple[int, int, Token]], names: Container[str], lexicon: Lexicon
) -> None:
    """Topic words, names and contrasts near the figure."""
    topical = sorted((d, side, t) for d, side, t in around if t.word not in lexicon.stopwords)
    for distance, _, token in topical:
        if distance <= FAR and token.word not in lexicon.reporting:
            mention.words.setdefault(token.stem, math.exp((1 - distance) / FADING))
        if distance <= BESIDE and (contrast := lexicon.contrasts.get(token.stem)):
            mention.contrasts.setdefault(*contrast)
    mention.names = frozenset(
        token.stem
        for distance, _, token in topical
        if distance <= FAR and token.stem in names and token.stem not in mention.sources
    )


def dates_of(sentence: Sentence, lexicon: Lexicon) -> tuple[list[tuple[int, str]], frozenset[str]]:
    """What dates the events of a sentence, by token, and the day on which the statement was made.

    The start of a period ("since Monday") and the day of a count ("by Monday") date no event: the key is empty.
    """
    dates: list[tuple[int, str]] = []
    told: set[str] = set()
    for at, key in time_words(sentence.tokens, lexicon):
        if told_there(sentence.tokens, at, lexicon):
            told.add(key)
        elif not key.startswith("clock") and is_open(sentence.tokens, at, lexicon):
            dates.append((at, ""))
        else:
            dates.append((at, key))
    return dates, frozenset(told)


def is_open(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a date opens or closes a count: "by Thursday morning", "since he arrived 16 months ago"."""
    before = [token.word for token in tokens[max(0, at - 2) : at]]
    if any(word in lexicon.as_of for word in before) or before == ["as", "of"]:
        return True
    for token in tokens[max(0, at - NEAR) : at][::-1]:
        if token.word in {",", "when"}:
            return False
        if token.word in lexicon.since:
            return True
    return False


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
    mention.period = frozenset(filter(None, period))
    if mention.role is Role.LEVEL and any(key.startswith("ago") for key in period):
        mention.role = Role.BASELINE
    elif mention.role is Role.BASELINE and any(key.startswith(("day ", "relative ")) for key in period):
        mention.role = Role.SUPERSEDED  # "158, against 104 on Wednesday": an earlier state of a running count
    near = {token.word for token in (*left[:NEAR], *right[:NEAR])}
    beside = {token.word for token in (*left[:BESIDE], *right[:BESIDE])}
    since = any(token.word in lexicon.since for token in (*left, *right))
    mention.running = (
        since or "" in period or mention.concept in STATES or bool(near & lexicon.cumulative or beside & PRESENT)
    )


def date_of(mention: Mention, dates: Sequence[tuple[int, str]], reach: int) -> list[str]:
    """The date after the figure and before the next one, else the last before it, else a day that dates them all."""
    first = bisect_left(dates, (mention.at, ""))
    own = first < len(dates) and dates[first][0] <= mention.at + reach
    if not own and first > 0 and reaches(dates[first - 1], mention.at):
        return [dates[first - 1][1]]
    chosen = list(dates[first : first + 1])
    if not own and chosen and chosen[0][1].startswith(("ago", "span")):
        return []  # "52 died, against 131 last year"
    for following in dates[first + 1 : first + LONGEST_DATE]:
        if following[0] - chosen[-1][0] > DATE_GAP:
            break
        chosen.append(following)
    return [key for _, key in chosen]


def reaches(date: tuple[int, str], at: int) -> bool:
    """Whether a date before a figure dates it: a day does, a year only close to it or at the head of the sentence."""
    return date[1].startswith(("day", "date", "relative", "clock")) or at - date[0] <= NEAR or date[0] <= BESIDE


def borrow(
    mention: Mention, before: Mention | None, left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon
) -> None:
    """An elliptic figure ("33 of them", "The islands reported 21.") counts what the one before it counted."""
    if before is None or mention.unit != before.unit or mention.sentence.index - before.sentence.index > 1:
        return
    same_paragraph = mention.sentence.span.paragraph == before.sentence.span.paragraph
    own = len(left) > 1 and left[0].word == "of" and left[1].word not in lexicon.cumulative  # "its capacity of 75"
    near = mention.sentence is before.sentence or mention.at <= BESIDE or len(right) <= 1 or mention.part
    if mention.unit == "" and mention.noun is None and same_paragraph and near and not own:
        mention.noun, mention.group = before.noun, before.group
        mention.borrowed = True
        if mention.concept is None or mention.concept_distance > NEAR:
            mention.concept, mention.concept_distance = before.concept, NEAR
    if not mention.period and same_paragraph and mention.sentence is not before.sentence:
        mention.period, mention.running = before.period, mention.running or before.running


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
