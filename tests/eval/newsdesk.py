"""Stories and series kept in memory: what the store lends and keeps, so that the core can be scored without one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tests.eval.newsstand import Pair, Seen
from worker.core import series, stories
from worker.core.figures import read
from worker.core.revisions.context import read_version
from worker.core.revisions.scope import describe, names_in
from worker.core.revisions.words import lexicon
from worker.core.series.following import Article
from worker.core.stories.placing import CAP
from worker.model import Followed, Observation, Series, Story, Text

if TYPE_CHECKING:
    from tests.eval.newsstand import Told


@dataclass
class Desk:
    """What has been told so far."""

    stories: dict[int, Story] = field(default_factory=dict)
    series: dict[int, dict[int, Series]] = field(default_factory=lambda: defaultdict(dict))
    placed: dict[str, int] = field(default_factory=dict)
    pairs: dict[Pair, float] = field(default_factory=dict)
    reasons: dict[Pair, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)

    def take(self, told: Told) -> None:
        """Relate one article."""
        words = lexicon("en")
        text = Text(told.title, told.text)
        version = read_version(text, read(text, "en"), words, {})
        describe(version, names_in([version]), words, everything=True)
        story_id = self._place(told, stories.terms(version, words))
        if told.id not in self.ids:
            self.ids.append(told.id)
        article_id = self.ids.index(told.id)
        found = series.follow(
            Article(article_id, told.outlet, told.at, told.version, series.told(version)),
            series.reported(version, told.at.date(), words),
            tuple(self.series[story_id].values()),
        )
        for each in found:
            self._keep(told, article_id, story_id, each)

    def _place(self, told: Told, weights: dict[str, float]) -> int:
        if told.id in self.placed:
            return self.placed[told.id]
        found = {
            term: [each.story_id for each in self.stories.values() if term in each.terms][-CAP:] for term in weights
        }
        candidates = [self.stories[story_id] for story_id in stories.shortlist(weights, found)]
        spread = {term: len(ids) for term, ids in found.items()}
        placement = stories.place(weights, candidates, spread, told.at)
        known = self.stories.get(placement.story_id or 0)
        story_id = known.story_id if known else len(self.stories) + 1
        self.stories[story_id] = Story(story_id, placement.terms, known.articles + 1 if known else 1, told.at)
        self.placed[told.id] = story_id
        return story_id

    def _keep(self, told: Told, article_id: int, story_id: int, found: Followed) -> None:
        kept = self.series[story_id]
        series_id = found.series_id or len(kept) + 1
        before = kept.get(series_id) or Series(series_id, found.profile)
        seen = Observation(article_id, article_id * 10 + told.version, told.outlet, told.at, found.figure)
        kept[series_id] = replace(before, profile=found.profile, newest={**before.newest, told.outlet: seen})
        if found.superseded:
            old = found.superseded.old
            pair = Pair(Seen(self.ids[old.article_id], old.figure.low), Seen(told.id, found.figure.low))
            self.pairs[pair] = found.superseded.confidence
            self.reasons[pair] = found.superseded.because
