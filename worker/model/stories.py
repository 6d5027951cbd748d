"""Stories across outlets, and figures followed through them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from worker.model.figures import Figure


@dataclass(frozen=True, slots=True)
class Story:
    """A story that articles may belong to, as far as deciding needs it."""

    story_id: int
    terms: Mapping[str, float]  # what its articles are about: stem → mean weight
    articles: int
    last_at: datetime  # of its newest article
    token: int = 0  # grows with everything that is written to it


@dataclass(frozen=True, slots=True)
class Placement:
    """To which story an article belongs, and why."""

    story_id: int | None  # None: to a new one
    score: float  # cosine with the story's terms; 0 for a new one
    because: str
    terms: Mapping[str, float]  # of the story from now on


@dataclass(frozen=True, slots=True)
class Candidates:
    """Stories that an article may belong to."""

    stories: tuple[Story, ...]
    spread: Mapping[str, int]  # term of the article → newest stories that have it, counted up to a cap
    newest_id: int  # the greatest id of a story at that moment; 0 before the first


@dataclass(frozen=True, slots=True)
class Profile:
    """What a figure counts, where, when and on whose word: all that decides whether two are the same."""

    unit: str  # unit class, "" for counts
    per: str | None
    noun: str | None  # stem
    group: str | None  # of the noun
    concept: str | None  # killed, missing, …
    near: bool  # whether the word for the concept stands beside the figure
    contrasts: Mapping[str, int]
    part: bool  # of a whole that the article names too
    first: bool  # the first of its concept and unit in the text
    place: frozenset[str]  # stems of the name that scopes it
    names: frozenset[str]  # stems of the names around it
    setting: frozenset[str]  # stems of the names in headline and lead of its article
    owner: str | None  # stem of the name that the clause is about
    sources: frozenset[str]  # stems of who says so, without words that any source bears
    named: bool  # the source has a name of its own ("Karvia's ministry", not "the ministry")
    side: int | None  # of a dispute that its source is on
    periods: frozenset[str]  # labels of years, quarters, months: "y2025", "q4"
    day: date | None  # of the event, where the figure is that of a day
    dated: bool  # the day stands beside the figure; else it is the one that its article opens with
    running: bool  # a total at the time of writing
    words: Mapping[str, float]  # topic stems beside it → nearness
    apart: bool = False  # of a second event of its kind: "another boat"


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure of a series, as one version of an article reports it."""

    article_id: int
    version_id: int
    outlet: str  # slug
    at: datetime  # when the outlet published it, as far as known
    figure: Figure
    figure_id: int | None = None  # None before it is stored


@dataclass(frozen=True, slots=True)
class Series:
    """A figure followed through a story, as far as deciding needs it."""

    series_id: int
    profile: Profile
    newest: Mapping[str, Observation] = field(default_factory=dict)  # by outlet


@dataclass(frozen=True, slots=True)
class Superseding:
    """A figure of an earlier article, and the one of a later article that takes its place."""

    old: Observation
    new: Figure
    confidence: float  # in [0, 1]
    because: str


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of one figure of an article."""

    series_id: int | None  # None: it opens a series
    profile: Profile  # of the series from now on
    figure: Figure
    superseded: Superseding | None = None


@dataclass(frozen=True, slots=True)
class StoryIntent:
    """What relating a version writes about its story; refused when the story, or the list of stories, has changed."""

    placement: Placement
    token: int  # of the story as it was lent
    newest_id: int | None  # of the stories as they were lent; None when the article is in its story already
    language: str  # BCP 47
    title: str
    at: datetime  # when the version was published, as far as known
    followed: tuple[Followed, ...]


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story in a list."""

    story_id: int
    title: str  # of its first article
    language: str  # BCP 47
    articles: int
    series: int  # with more than one observation
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article in its story."""

    article_id: int
    outlet: str  # slug
    url: str
    title: str
    at: datetime  # when it was published, as far as known
    score: float
    because: str


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A figure followed through a story."""

    series_id: int
    story_id: int
    story: str  # its title
    observations: tuple[Observation, ...]  # oldest first; the newest few hundred


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story with all that is in it."""

    line: StoryLine
    articles: tuple[StoryArticle, ...]  # oldest first; the newest few hundred
    series: tuple[SeriesLine, ...]  # those with more than one observation, newest news first
