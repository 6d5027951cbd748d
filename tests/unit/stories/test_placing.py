"""To which story an article belongs."""

from datetime import UTC, datetime, timedelta

from worker.core import stories
from worker.core.revisions.context import read_version
from worker.core.revisions.words import lexicon
from worker.core.stories.placing import MOST
from worker.model import Story, Text

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = lexicon("en")
QUAKE = (
    "An earthquake struck the mountain province of Tarsin on Monday, officials in Belvar said. Masonry fell on houses."
)
LATER = "Rescuers searched houses in Belvar after the earthquake that struck the province of Tarsin, officials said."
FIRE = "A wildfire in the Dorrin hills has burned forest near Corvane, the fire service said."


def terms(text, title=""):
    return stories.terms(read_version(Text(title, text), (), WORDS, {}), WORDS)


def story(text, *, number=1, at=NOON, articles=1):
    return Story(number, terms(text), articles, at)


def test_the_same_event_comes_together():
    placed = stories.place(terms(LATER), [story(FIRE, number=1), story(QUAKE, number=2)], {}, NOON)
    assert placed.story_id == 2
    assert placed.score > 0.4
    assert "tarsin" in placed.because


def test_another_event_opens_a_story():
    placed = stories.place(terms(FIRE), [story(QUAKE)], {}, NOON)
    assert placed.story_id is None
    assert placed.terms == terms(FIRE)


def test_a_story_closes():
    old = story(QUAKE, at=NOON - timedelta(days=46))
    assert stories.place(terms(LATER), [old], {}, NOON).story_id is None


def test_what_every_story_says_counts_for_nothing():
    everywhere = dict.fromkeys(terms(QUAKE), 50)
    assert stories.place(terms(LATER), [story(QUAKE)], everywhere, NOON).story_id is None


def test_without_terms_nothing_is_alike():
    assert stories.place({}, [story(QUAKE), Story(2, {}, 1, NOON)], {}, NOON).story_id is None


def test_a_story_keeps_its_heaviest_terms_only():
    many = Story(1, {f"word{number}": 1.0 for number in range(MOST)} | terms(QUAKE), 3, NOON)
    placed = stories.place(terms(QUAKE), [many], {}, NOON)
    assert len(placed.terms) <= MOST


def test_names_bear_a_mark_and_weekdays_are_no_terms():
    found = terms(QUAKE)
    assert "^tarsin" in found
    assert "earthquak" in found
    assert not {"monday", "^monday"} & found.keys()


def test_the_shortlist_takes_those_that_share_most():
    weights = {"^tarsin": 2.0, "quake": 1.0, "dead": 0.6}
    found = {"^tarsin": [2], "quake": [1, 2], "dead": range(40)}
    assert stories.shortlist(weights, found)[:2] == (2, 1)
    assert len(stories.shortlist(weights, found)) == 30
