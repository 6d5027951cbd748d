"""What following figures costs the database: the look-ups of one article among many stories, and in one long story.

Stored stories are synthetic: 30 terms each of a vocabulary in which few are common, five series of two observations.
The long story has as many series as are looked at, and ever more observations of them.

    pytest -n 0 -s -m bench tests/bench/storage/test_series.py                # 10^3 to 10^5 series
    FIGUREWATCH_BENCH_SERIES=1000,100000,1000000 pytest -n 0 -s -m bench tests/bench/storage/test_series.py
"""

import os
import random
import time
from datetime import timedelta
from statistics import median

import pytest

from tests.contract.storage.given import NOON, Cast, figure
from tests.harness.filling import pour, settle
from worker.core.series.wire import profile_to_json
from worker.model import Profile
from worker.storage.stories import FOLLOWED
from worker.storage.tables import figures, observations, series, stories, story_terms

pytestmark = pytest.mark.bench

SIZES = [int(size) for size in os.environ.get("FIGUREWATCH_BENCH_SERIES", "1000,10000,100000").split(",")]
PER_STORY, SEEN, TERMS = 5, 2, 30
LONG = (2, 20, 100)  # observations of each series of the long story
MEASURED = 30
FLAT = 5.0  # loose: a shared machine


def word(dice):
    """A few words are in most stories, most are in few: Zipf, roughly."""
    return f"w{int(20_000 ** dice.random())}"


NOTHING: frozenset[str] = frozenset()
PROFILE = Profile(
    unit="", per=None, noun="hous", group=None, concept=None, near=False, contrasts={}, part=False, first=True,
    place=NOTHING, names=NOTHING, setting=NOTHING, owner=None, sources=NOTHING, named=False, side=None, periods=NOTHING,
    day=None, dated=False, running=True, words={},
)  # fmt: skip


class Filler:
    """Rows of stories behind one version of one article."""

    def __init__(self, store):
        cast = Cast(store)
        cast.keep(cast.article(), figures=[figure("9")])
        self.store, self.dice = store, random.Random(1)
        self.counts = {"story": 0, "series": 0}
        with store.database.engine.connect() as connection:
            found = connection.execute(figures.select().limit(1)).mappings().one()
        self.figure = {name: value for name, value in found.items() if name != "id"}
        self.figures = found["id"]
        self.profile = profile_to_json(PROFILE)

    def write(self, table, rows):
        pour(self.store.database, table, rows)

    def tell(self, count):
        """So many stories more; their ids."""
        ids = range(self.counts["story"] + 1, self.counts["story"] + count + 1)
        self.counts["story"] += count
        terms = {id_: sorted({word(self.dice) for _ in range(TERMS)}) for id_ in ids}
        at = {"first_at": NOON, "last_at": NOON}
        told = {"language": "en", "title": "Title", "articles": 2, "token": 1}
        self.write(stories, ({"id": id_, "terms": dict.fromkeys(terms[id_], 1.0), **at, **told} for id_ in ids))
        self.write(story_terms, ({"term": f"en {t}", "story_id": id_} for id_ in ids for t in terms[id_]))
        return ids

    def follow(self, story_ids, per_story, seen):
        """Series of stories, each observed so often."""
        first, made = self.counts["series"] + 1, len(story_ids) * per_story
        self.counts["series"] += made
        owners = [id_ for id_ in story_ids for _ in range(per_story)]
        at = {"first_at": NOON, "last_at": NOON, "observations": seen, "newest_figure_id": self.figures}
        followed = enumerate(owners, first)
        self.write(series, ({"id": n, "story_id": owner, "profile": self.profile, **at} for n, owner in followed))
        for turn in range(seen):
            self.observe(range(first, first + made), NOON + timedelta(minutes=turn), newest=turn == seen - 1)

    def observe(self, series_ids, at, *, newest):
        first = self.figures + 1
        self.figures += len(series_ids)
        self.write(figures, ({"id": first + n, **self.figure} for n in range(len(series_ids))))
        seen = {"version_id": self.figure["version_id"], "article_id": 1, "outlet_id": 1, "at": at, "newest": newest}
        self.write(observations, ({"series_id": s, "figure_id": first + n, **seen} for n, s in enumerate(series_ids)))


def took(work):
    times = []
    for _ in range(MEASURED):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return median(times)


def test_an_article_costs_the_same_among_many_stories(store):
    filler, measured = Filler(store), {}
    for size in SIZES:
        filler.follow(filler.tell((size - filler.counts["series"]) // PER_STORY), PER_STORY, SEEN)
        settle(store.database)

        def look():
            terms = {word(filler.dice): 1.0 for _ in range(TERMS)}
            found = store.stories.candidates("en", terms)
            store.stories.series(found.stories[0].story_id if found.stories else 1)

        measured[size] = took(look)
        print(f"{store.database.engine.dialect.name}: {size:>8,} series: {measured[size] * 1e3:6.2f} ms an article")
    assert measured[SIZES[-1]] < FLAT * measured[SIZES[0]]


def test_a_long_story_costs_the_same_for_as_long_as_it_lasts(store):
    filler = Filler(store)
    measured: dict[int, float] = {}
    (story_id,) = filler.tell(1)
    filler.follow([story_id], FOLLOWED, LONG[0])
    for turns in LONG:
        for turn in range(LONG[0] if measured else turns, turns):
            filler.observe(range(1, FOLLOWED + 1), NOON - timedelta(hours=1 + turn), newest=False)
        settle(store.database)
        measured[turns] = took(lambda: store.stories.series(story_id))
        many = f"{FOLLOWED} series of {turns:>4} observations"
        print(f"{store.database.engine.dialect.name}: {many}: {measured[turns] * 1e3:6.2f} ms an article")
    assert measured[LONG[-1]] < FLAT * measured[LONG[0]]
