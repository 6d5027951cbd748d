"""Figures of a text, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


class Bound(StrEnum):
    """How the article qualifies a value."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    ABOUT = "about"
    NEARLY = "nearly"
    VAGUE = "vague"


class Part(StrEnum):
    """Where in a version a figure stands; its offsets count from the start of that part."""

    TITLE = "title"
    TEXT = "text"


class Location(StrEnum):
    """In what of a version a figure stands."""

    TITLE = "title"
    LEAD = "lead"  # standfirst or first paragraph
    BODY = "body"
    TABLE = "table"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity that an article reports."""

    low: Decimal
    high: Decimal | None  # equal to low unless a range is reported; None for vague plurals
    bound: Bound
    unit: str | None  # "%", "pp", ISO 4217 code or common symbol; None for a bare count
    noun: str | None  # the counted noun, singular; None with a unit
    subject: str  # what is counted or measured, in the article's words
    sentence: str
    start: int  # characters from the start of `part` to the first character of hedge and number
    end: int
    part: Part = Part.TEXT
    hedge: str | None = None  # the qualifying words as printed ("at least")
    attribution: str | None = None  # who says so, where the clause names it ("the ministry")
    dimension: str | None = None  # of the unit: "money", "length", "ratio"…; "age" apart from "time"; "score"
    per: str | None = None  # the thing per which it is counted ("barrel", "day")
    place: str | None = None  # that scopes it, as printed ("Odisha")
    period: str | None = None  # that scopes it, as printed ("since Sept. 27")
    conversion: Figure | None = None  # the same quantity in another unit, in brackets behind it
    location: Location | None = None  # None where nobody looked
    change: tuple[Figure, ...] = ()  # of "from 55 to 44", old and new as figures of their own; low and high span both


class RevisionKind(StrEnum):
    """What became of a reported figure between two versions, or in a later article."""

    REVISED = "revised"
    REQUALIFIED = "requalified"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"  # a later article reports another value of the same series


@dataclass(frozen=True, slots=True)
class Revision:
    """The same reported figure, reported differently by two versions."""

    kind: RevisionKind
    old: Figure
    new: Figure | None  # None when withdrawn
    confidence: float  # in [0, 1]
    because: str  # the evidence, in words a person can check
    declared: bool = False  # the new version says itself that it corrects this figure


@dataclass(frozen=True, slots=True)
class Text:
    """The readable content of a version or of a file that a command was given."""

    title: str
    text: str  # paragraphs separated by a blank line
