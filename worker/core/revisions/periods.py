"""When a figure holds: the dates of a sentence, which of them belongs to which figure, and whether two agree.

A date beside a verb of saying dates the statement ("police said on Monday"), one behind "by" or "since" bounds
a running count; neither dates an event.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from worker.core.revisions.context import FIGURE, Mention, Role
from worker.core.revisions.roles import is_reached
from worker.core.revisions.units import kind_of
from worker.core.revisions.words import YEAR, stem, without_possessive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from worker.core.revisions.words import Lexicon, Token

NEAR, BESIDE = 8, 4  # words on each side in which a clause dates a figure, and that can only belong to it
SAYING = 6  # words between a verb of saying and the day of the statement
LONGEST_DATE, DATE_GAP = 4, 4  # parts of a date ("8 a.m. on Sunday, March 2, 2025") and words between two of them
DAY_NUMBER = re.compile(r"([1-9]|[12]\d|3[01])(?:st|nd|rd|th)?$")
# What is counted as it stands when the report is written, whatever day the sentence names.
STATES = frozenset({"seats", "votes", "counted", "turnout", "containment", "outage", "missing", "trapped"})
# A present tense tells the state at the time of writing; "had" only says that somebody else tells it.
PRESENT = frozenset(
    {"has", "have", "is", "are", "stands", "stand", "remains", "remain", "holds", "hold", "accounts", "account"}
)

RECENT = frozenset({FIGURE, "day", "night", "week"})  # behind "the past": a time that ends with the report

# Readings of an instrument: "reached 43 degrees on July 12" is over when the day is.
MEASURED = frozenset({"temperature", "speed", "length", "pressure"})


class Kind:
    """What a date says; only dates of one kind are compared. Plain strings: they are keys in the innermost loop."""

    DAY = "day"  # a weekday
    RELATIVE = "relative"  # to the day of the report: "overnight", "the past 24 hours"
    DATE = "date"  # a month, with or without its day
    YEAR = "year"
    SPAN = "span"  # "last year", "the first quarter"
    AGO = "ago"  # "four years ago", "a year earlier"
    CLOCK = "clock"
    OPEN = "open"  # bounds a running count


SPANS = frozenset({Kind.DATE, Kind.YEAR, Kind.SPAN})  # longer than a day


class Date(NamedTuple):
    """A date in a sentence, at its token."""

    at: int
    kind: str  # one of `Kind`
    key: str


class Times(StrEnum):
    """How what dates two figures agrees."""

    UNKNOWN = "unknown"
    SAME = "same"
    OTHER = "other"
    OTHER_HOUR = "other hour"
    ONE_PAST = "one past"  # only one side belongs to an earlier time


def dates_in(tokens: Sequence[Token], lexicon: Lexicon) -> tuple[list[Date], set[str]]:
    """The dates of a sentence in order, and the weekdays on which its statements were made."""
    dates: list[Date] = []
    told: set[str] = set()
    for date in read_dates(tokens, lexicon):
        if is_of_statement(tokens, date.at, lexicon):
            if date.kind is Kind.DAY:
                told.add(date.key)
        elif date.kind is not Kind.CLOCK and is_open(tokens, date.at, lexicon) and not tells_of(tokens, date.at):
            dates.append(date._replace(kind=Kind.OPEN))
        else:
            dates.append(date)
    return dates, told


def tells_of(tokens: Sequence[Token], at: int) -> bool:
    """Whether what follows is told of that date: "the deadliest since 2003, when 17 people died"."""
    return [token.word for token in tokens[at + 1 : at + 3]] == [",", "when"]


def read_dates(tokens: Sequence[Token], lexicon: Lexicon) -> Iterator[Date]:
    """Every date, whatever it dates."""
    for at, token in enumerate(tokens):
        if not token.temporal:
            continue
        word = without_possessive(token.word)
        ahead = tokens[at + 1].word if at + 1 < len(tokens) else ""
        behind = tokens[at - 1].word if at else ""
        if word in lexicon.weekdays:
            yield Date(at, Kind.DAY, word)
        elif word in lexicon.months and token.capital:
            day = DAY_NUMBER.match(ahead) or DAY_NUMBER.match(behind)
            yield Date(at, Kind.DATE, lexicon.months[word] + (day.group(1) if day else ""))
        elif YEAR.match(word):
            yield Date(at, Kind.YEAR, word)
        elif (found := relative_date(tokens, at, word, lexicon)) and not is_yardstick(found, tokens, at, lexicon):
            yield Date(at, *found)


def is_yardstick(found: tuple[str, str], tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a past time is only what the figure is measured against: "8 percent more than a year earlier"."""
    return found[0] == Kind.AGO and any(token.word in lexicon.yardsticks for token in tokens[max(0, at - 4) : at])


def relative_date(tokens: Sequence[Token], at: int, word: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """What is told by its distance: "overnight", "last year", "the past 24 hours", "a year earlier", "5 p.m."."""
    ahead = tokens[at + 1].word if at + 1 < len(tokens) else ""
    behind = tokens[at - 1].word if at else ""
    if word in lexicon.relative_days or (word in {"past", "last"} and behind in lexicon.articles and ahead in RECENT):
        return Kind.RELATIVE, word
    if word in lexicon.openers and (unit := time_unit(tokens[at + 1 : at + 3], lexicon)):
        return Kind.SPAN, f"{word} {unit}"
    if word in lexicon.ago or (word in lexicon.earlier and stem(behind) in lexicon.time_stems):
        return Kind.AGO, behind
    if word in lexicon.half_days:
        return Kind.CLOCK, f"{behind} {word[0]}"
    return (Kind.CLOCK, word) if word in lexicon.hours else None


def time_unit(ahead: Sequence[Token], lexicon: Lexicon) -> str:
    """The unit in "last year" and "this monsoon season"; empty when there is none."""
    return next((token.word for token in ahead if stem(token.word) in lexicon.time_stems), "")


def is_of_statement(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether a day stands beside a verb of saying."""
    for token in tokens[max(0, at - SAYING) : at][::-1]:
        if token.word is FIGURE or token.word in {"when", "that", "since", ","}:
            break
        if token.word in lexicon.reporting:
            return True
    return any(token.word in lexicon.reporting for token in tokens[at + 1 : at + 3])


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


def date_figure(
    mention: Mention, dates: Sequence[Date], told: str, sides: tuple[Sequence[Token], Sequence[Token]], lexicon: Lexicon
) -> None:
    """Fill in what dates the figure, and whether it is a running total, which no day dates.

    `told` is the day of the report, `sides` are the words before (nearest first) and after the figure.
    """
    left, right = sides
    chosen = dates_of(mention, dates, len(right))
    for date in chosen:
        if date.kind is Kind.AGO and date.at == mention.at + 1:
            continue  # the figure itself is the distance: "95 million years ago"
        key = f"{date.key} {told}" if date.kind is Kind.RELATIVE else date.key
        mention.period.setdefault(date.kind, key)
    bounded = mention.period.pop(Kind.OPEN, None) is not None
    if mention.role is Role.LEVEL and Kind.AGO in mention.period:
        mention.role = Role.BASELINE
    elif mention.role is Role.BASELINE and mention.period.keys() & {Kind.DAY, Kind.RELATIVE}:
        mention.role = Role.SUPERSEDED  # "158, against 104 on Wednesday": an earlier state of a running count
    spoken = mention.sentence.spoken
    near = {token.word for token in (*left[:NEAR], *right[:NEAR])}
    since = Kind.YEAR not in mention.period and not spoken.isdisjoint(lexicon.since) and has(lexicon.since, left, right)
    counted = not near.isdisjoint(lexicon.cumulative) and mention.unit not in MEASURED
    if not (counted or spoken.isdisjoint(PRESENT)):
        counted = is_present(mention, left, right)
    since = since and Kind.RELATIVE not in mention.period  # "410 drones since May 1, 38 of them in the past day"
    mention.counted_since = bounded or since or mention.period.get(Kind.SPAN, "").startswith("this")
    mention.standing = bounded or since or counted or mention.concept in STATES
    reached = is_reached(mention, left, lexicon)
    mention.standing = mention.standing or (reached and not near.isdisjoint(lexicon.estimates))
    mention.running = mention.standing or (reached and kind_of(mention.unit) != "money")


def has(words: AbstractSet[str], left: Sequence[Token], right: Sequence[Token]) -> bool:
    """Whether one of the words stands on either side."""
    return any(token.word in words for token in left) or any(token.word in words for token in right)


def is_present(mention: Mention, left: Sequence[Token], right: Sequence[Token]) -> bool:
    """Whether a verb beside the figure tells a state at the time of writing: "seven of the 14 bakeries are working"."""
    if right[:1] and right[0].word == "of":
        ahead = mention.sentence.tokens[mention.at + 1 : mention.at + NEAR]
        if any(token.word in PRESENT for token in ahead):
            return True
    return has(PRESENT, left[:BESIDE], right[:BESIDE])


def dates_of(mention: Mention, dates: Sequence[Date], reach: int) -> list[Date]:
    """The date after the figure and before the next one, else the last before it, else a day that dates them all."""
    first = bisect_left(dates, mention.at, key=lambda date: date.at)
    end = mention.at + reach
    own = first < len(dates) and dates[first].at <= end
    if not own and first > 0 and reaches(dates[first - 1], mention):
        return [dates[first - 1]]
    chosen = list(dates[first : first + 1])
    if not own and chosen and (chosen[0].kind in {Kind.AGO, Kind.SPAN} or chosen[0].key == "past"):
        return []  # "52 died, against 131 last year", "410 since May, 38 of them in the past day"
    for following in dates[first + 1 : first + LONGEST_DATE]:
        if following.at - chosen[-1].at > DATE_GAP or (own and following.at > end):
            break
        chosen.append(following)
    return chosen


def reaches(date: Date, mention: Mention) -> bool:
    """Whether a date before a figure dates it: a day does, a year only close to it or at the head of the sentence."""
    if date.kind not in {Kind.YEAR, Kind.SPAN, Kind.AGO} or date.at <= BESIDE:
        return True
    between = mention.sentence.tokens[date.at : mention.at]
    if tells_of(mention.sentence.tokens, date.at):
        between = between[2:]
    return len(between) <= NEAR and all(token.word != "," for token in between)


def agreement(old: Mapping[str, str], new: Mapping[str, str]) -> Times:
    """Compare what dates two figures, each kind of date with its own kind."""
    if not old and not new:
        return Times.UNKNOWN
    common = [kind for kind in old if kind in new]
    differing = [kind for kind in common if not alike(old[kind], new[kind])]
    if differing:
        return Times.OTHER_HOUR if differing == [Kind.CLOCK] else Times.OTHER
    if common:
        return Times.SAME
    return Times.ONE_PAST if is_past(old) or is_past(new) else Times.UNKNOWN


def alike(one: str, two: str) -> bool:
    """Whether one date says the other, "oct" of "oct3"."""
    return one.startswith(two) or two.startswith(one)


def is_past(period: Mapping[str, str]) -> bool:
    """Whether a figure belongs to an earlier time than the report."""
    return bool(period.keys() & {Kind.YEAR, Kind.AGO}) or period.get(Kind.SPAN, "").startswith(("last", "previous"))
