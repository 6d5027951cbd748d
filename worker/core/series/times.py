"""When a figure holds, told so that articles of different days can be compared: days as dates, periods as labels.

"On Monday" in an article of Tuesday is another day than "on Monday" in one of the week after.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from worker.core.revisions.periods import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from worker.core.revisions.context import Mention

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DATE = re.compile(r"([a-z]{3})(\d{1,2})?$")
POSSESSIVE = re.compile("['\u2019]s?$")
YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4"}
# "a fourth-quarter profit", "in the first half", "half-year profit", "for the full year", "annual profit"
FISCAL = re.compile(
    r"\b(?:(?P<nth>first|second|third|fourth)[ -](?P<part>quarter|half)|(?P<half>half[ -]year)"
    r"|(?P<year>full[ -]year|annual|yearly)|(?:past|last|previous) (?P<span>day|24 hours|week|month))\b",
    re.IGNORECASE,
)
RUNNING_YEAR = "t"  # before the year that an article of that year calls "this year", or leaves out
FISCAL_REACH = 60  # characters on each side of a figure in which such words are its own


def day_of(period: Mapping[str, str], at: date) -> date | None:
    """The day that a period names, seen from the day of the article; None where it names none."""
    dated = DATE.match(period.get(Kind.DATE, ""))
    if dated and dated[1] in MONTHS and dated[2]:
        return nearest(MONTHS.index(dated[1]) + 1, int(dated[2]), at)
    if (weekday := period.get(Kind.DAY)) in WEEKDAYS:
        return at - timedelta(days=(at.weekday() - WEEKDAYS.index(weekday)) % 7)
    relative = period.get(Kind.RELATIVE, "").partition(" ")[0]
    if relative:
        return at - timedelta(days=relative == "yesterday")
    return None


def nearest(month: int, day: int, at: date) -> date | None:
    """The date of that month and day nearest to a day; None for one that the calendar lacks."""
    found = []
    for year in (at.year - 1, at.year, at.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return min(found, key=lambda each: abs(each - at), default=None)


def periods_of(mention: Mention, at: date, *, dated: bool) -> frozenset[str]:
    """Labels of the years, quarters, months and weeks that a figure belongs to; `dated`: its own clause names one."""
    labels = frozenset([*(_of_dates(mention.period, at) if dated else ()), *_of_words(mention, at)])
    # "36 new cases last week. A total of 548": what counts all lends its neighbour's week and is not of it.
    return frozenset(label for label in labels if label[0] not in "adw") if mention.running else labels


def _of_dates(period: Mapping[str, str], at: date) -> Iterator[str]:
    if year := period.get(Kind.YEAR):
        yield f"y{year}"
    dated = DATE.match(period.get(Kind.DATE, ""))
    if dated and not dated[2]:
        yield f"m{dated[1]}"
    if Kind.AGO in period:
        yield "ago"
    if span := period.get(Kind.SPAN):
        yield _of_span(span, at)


def _of_span(span: str, at: date) -> str:
    opener, _, unit = span.partition(" ")
    unit = POSSESSIVE.sub("", unit).rstrip("s")  # "this year's harvest"
    back = opener in {"last", "past", "previous"}
    if unit == "year":
        if opener in {"next", "coming"}:
            return f"y{at.year + 1}"
        return f"y{at.year - 1}" if back else f"{RUNNING_YEAR}{at.year}"
    if unit == "week":
        year, week, _ = (at - timedelta(days=7 * back)).isocalendar()
        return f"w{year}-{week}"
    if unit == "month":
        return "m" + MONTHS[(at.month - 1 - back) % 12]
    if unit in {"quarter", "half"} and opener in ORDINALS:
        return unit[0] + ORDINALS[opener]
    return span


def _of_words(mention: Mention, at: date) -> Iterator[str]:
    """Fiscal periods beside the figure, and the year of what the reader took for its period."""
    start = mention.figure.start - mention.sentence.span.start
    end = mention.figure.end - mention.sentence.span.start
    others = [other for other in mention.sentence.mentions if other is not mention and other.unit == mention.unit]
    left = max(
        [start - FISCAL_REACH, 0, *(o.figure.end - mention.sentence.span.start for o in others if o.at < mention.at)]
    )
    right = min(
        [end + FISCAL_REACH, *(o.figure.start - mention.sentence.span.start for o in others if o.at > mention.at)]
    )
    for match in FISCAL.finditer(mention.sentence.text, left, max(left, right)):
        if match["span"]:
            yield f"d{at}" if match["span"] in {"day", "24 hours"} else _of_span(f"last {match['span']}", at)
        elif match["nth"]:
            yield match["part"][0].lower() + ORDINALS[match["nth"].lower()]
        else:
            yield "h1" if match["half"] else "year"
    yield from (f"y{match[0]}" for match in YEAR.finditer(mention.figure.period or ""))
    if not mention.period and not YEAR.search(mention.figure.period or ""):
        yield from (f"y{match[0]}" for match in YEAR.finditer(mention.sentence.text, left, start))


def clash(one: frozenset[str], two: frozenset[str]) -> bool:
    """Whether two sets of labels name other periods: two years, a quarter and its year, a past year on one side."""
    if named(one) & named(two):
        return False
    if not one or not two:
        return bool({label[0] for label in one | two} - {"m", RUNNING_YEAR})
    kinds = {label[0] for label in named(one) | named(two)}
    return not (kinds == {"y"} and "year" in one | two)


def named(periods: frozenset[str]) -> frozenset[str]:
    """Labels with "this year" as the year that it is."""
    return frozenset(f"y{label[1:]}" if label[0] == RUNNING_YEAR else label for label in periods)
