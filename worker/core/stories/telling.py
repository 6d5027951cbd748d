"""What a version adds to its story: from the version and what the store lends to everything that is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.core import figures, series
from worker.core.revisions.context import read_version
from worker.core.revisions.scope import describe, names_in
from worker.core.revisions.units import same_value
from worker.core.revisions.words import has_lexicon, lexicon
from worker.core.stories.placing import place
from worker.core.stories.terms import terms
from worker.model import Placement, StoryIntent, Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from worker.core.revisions.context import Version
    from worker.model import Candidates, Followed, Series, Story, Subject


@dataclass(frozen=True, slots=True)
class Reading:
    """A version as read for its story."""

    subject: Subject
    at: datetime  # when it was published, as far as known
    version: Version
    terms: Mapping[str, float]  # what it is about


def read(subject: Subject) -> Reading:
    """Read a version; a first one is dated by its outlet, where that is not later than it was seen."""
    text = Text(subject.title, subject.text)
    words = lexicon(subject.language)
    version = read_version(text, figures.read(text, subject.language), words, {})
    describe(version, names_in([version]), words, everything=True)
    said = subject.published_at if subject.ordinal == 1 else None
    at = min(said, subject.seen_at) if said else subject.seen_at
    return Reading(subject, at, version, terms(version, words))


def choose(reading: Reading, candidates: Candidates) -> Placement:
    """The story of an article that is in none."""
    return place(reading.terms, candidates.stories, candidates.spread, reading.at)


def join(reading: Reading, placement: Placement, lent: Candidates, known: Collection[Series]) -> StoryIntent:
    """What a first version writes; `known` are the series of the story chosen among those `lent`."""
    token = next((story.token for story in lent.stories if story.story_id == placement.story_id), 0)
    return intent(reading, placement, known, token=token, newest_id=lent.newest_id)


def go_on(reading: Reading, story: Story, known: Collection[Series]) -> StoryIntent:
    """What a version writes whose article is in a story: it stays there, and adds no terms."""
    placement = Placement(story.story_id, 1.0, "already in it", story.terms)
    return intent(reading, placement, known, token=story.token, newest_id=None)


def intent(
    reading: Reading, placement: Placement, known: Collection[Series], *, token: int, newest_id: int | None
) -> StoryIntent:
    """Everything to write."""
    return StoryIntent(
        placement=placement,
        token=token,
        newest_id=newest_id,
        language=reading.subject.language,
        title=reading.subject.title,
        at=reading.at,
        followed=follow(reading, known),
    )


def follow(reading: Reading, known: Collection[Series]) -> tuple[Followed, ...]:
    """The figures that are news; none in a language whose words nobody has told us."""
    subject = reading.subject
    if not has_lexicon(subject.language):
        return ()
    article = series.Article(
        subject.article_id, subject.outlet, reading.at, subject.ordinal, series.told(reading.version)
    )
    reported = series.reported(reading.version, reading.at.date(), lexicon(subject.language))
    by_id = {each.series_id: each for each in known}
    followed = series.follow(article, reported, known)
    return tuple(each for each in followed if is_news(each, article, by_id.get(each.series_id or 0)))


def is_news(followed: Followed, article: series.Article, known: Series | None) -> bool:
    """Whether a figure is not just what an earlier version of the same article said."""
    before = known.newest.get(article.outlet) if known else None
    return before is None or before.article_id != article.article_id or not same_value(before.figure, followed.figure)
