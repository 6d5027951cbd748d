"""What goes on with a series, what supersedes, and what is left alone."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from worker.core import series
from worker.core.figures import read
from worker.core.revisions.context import read_version
from worker.core.revisions.scope import describe, names_in
from worker.core.revisions.words import lexicon
from worker.model import Observation, Series, Text

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = lexicon("en")


def version(text, title=""):
    document = Text(title, text)
    found = read_version(document, read(document, "en"), WORDS, {})
    describe(found, names_in([found]), WORDS, everything=True)
    return found


class Story:
    """A story told article by article."""

    def __init__(self):
        self.known = {}
        self.articles = 0

    def tell(self, text, *, outlet="post", day=2, hour=12, title="", article=None, ordinal=1):
        if article is None:
            self.articles += 1
            article = self.articles
        at = MONDAY.replace(day=day, hour=hour)
        read_in = version(text, title)
        found = series.follow(
            series.Article(article, outlet, at, ordinal, series.told(read_in)),
            series.reported(read_in, at.date(), WORDS),
            tuple(self.known.values()),
        )
        for each in found:
            key = each.series_id or len(self.known) + 1
            newest = dict(self.known[key].newest) if key in self.known else {}
            newest[outlet] = Observation(article, article, outlet, at, each.figure)
            self.known[key] = Series(key, each.profile, newest)
        return [
            (int(each.superseded.old.figure.low), int(each.figure.low)) for each in found if each.superseded is not None
        ]


def told(*texts, outlets=("post", "post", "post")):
    """What the last of some articles, a day apart, supersedes."""
    story = Story()
    found = []
    for number, (text, outlet) in enumerate(zip(texts, outlets, strict=False)):
        found = story.tell(text, outlet=outlet, day=2 + number)
    return found


def test_a_later_article_supersedes():
    assert told(
        "At least 14 people were killed in Tarsin when an earthquake struck on Monday, the governor said.",
        "The death toll of the earthquake in Tarsin has risen to 19, the governor said.",
    ) == [(14, 19)]


def test_the_own_outlets_figure_goes_before_that_of_another():
    story = Story()
    story.tell("Police said 9 people were killed in a train crash near Holm on Monday.", outlet="post")
    assert story.tell("Police said 11 people were killed in a train crash near Holm.", outlet="wire", hour=14) == [
        (9, 11)
    ]
    assert story.tell("Police said 12 people were killed in the train crash near Holm.", outlet="post", hour=18) == [
        (9, 12)
    ]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (
            "A wildfire in Hollin has burned 9,800 acres, officials said.",
            "The wildfire in Hollin has burned 700 acres.",
        ),
        (
            "Police said 350 people were killed in the earthquake in Tarsin on Monday.",
            "Police said 40 people were killed in the earthquake in Tarsin on Monday.",
        ),
    ],
)
def test_what_has_happened_does_not_shrink_to_a_tenth(earlier, later):
    assert told(earlier, later) == []


def test_a_headline_says_of_its_figure_what_the_text_says_of_it():
    story = Story()
    story.tell("Ardin has destroyed 85 Corvian tanks since the fighting began, its defence ministry said on Friday.")
    text = "Ardin's defence ministry said on Monday that 97 Corvian tanks had been destroyed since the fighting began."
    assert story.tell(text, title="Ardin claims 97 tanks, Corvia 230 dead", day=5) == [(85, 97)]


def test_an_earlier_value_elsewhere_only_lags():
    story = Story()
    story.tell("Police said 9 people were killed in a train crash near Holm on Monday.", outlet="wire")
    story.tell("Police said 11 people were killed in the train crash near Holm.", outlet="wire", hour=14)
    assert story.tell("Police said 9 people were killed in a train crash near Holm.", outlet="post", hour=15) == []


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param(
            "Police said 10,000 people marched through Lennick on Saturday.",
            "The organisers said 60,000 people marched through Lennick on Saturday.",
            id="the other side's count",
        ),
        pytest.param(
            "Karvia's ministry said 230 soldiers had been killed since 27 February.",
            "Sorenia's command said 180 soldiers had been killed since 27 February.",
            id="a rival with a name",
        ),
        pytest.param(
            "The air force said it shot down 22 drones launched at Anstad overnight.",
            "The air force said it shot down 40 drones launched at Anstad overnight.",
            id="another night",
        ),
        pytest.param(
            "Ostra Bank made a net profit of 410 million dollars in the fourth quarter.",
            "Ostra Bank made a net profit of 520 million dollars in the full year.",
            id="a quarter and its year",
        ),
        pytest.param(
            "The floods have killed 19 people in Lower Sarn, officials said.",
            "The floods have killed 31 people in Upper Sarn, officials said.",
            id="another place",
        ),
        pytest.param(
            "The quake killed 31 people, officials said.",
            "Among those killed by the quake were 42 children, officials said.",
            id="a part of them",
        ),
        pytest.param(
            "Auditors expect the Sund bridge to cost 2.7 billion dollars.",
            "Auditors expect the Sund bridge to cost 3.1 billion dollars; the minister spoke of 2.7 billion dollars.",
            id="what is still told",
        ),
        pytest.param(
            "The storm left 210,000 homes without power.",
            "The storm killed four people.",
            id="another thing",
        ),
    ],
)
def test_look_alikes_are_left_alone(earlier, later):
    assert told(earlier, later) == []


def test_a_new_version_supersedes_nothing_of_its_own_article():
    story = Story()
    text = "Police said {} people were killed when a gunman opened fire in Kelm on Tuesday."
    story.tell(text.format(2), article=1)
    assert story.tell(text.format(3), article=1, hour=14, ordinal=2) == []
    assert story.tell(text.format(4), article=2, hour=18) == [(3, 4)]


def test_an_article_that_comes_late_supersedes_nothing():
    story = Story()
    story.tell("Police said 11 people were killed in a train crash near Holm.", hour=14)
    assert story.tell("Police said 9 people were killed in a train crash near Holm.", hour=8) == []


def test_both_sides_stay_apart_through_the_story():
    story = Story()
    text = "The union said {} percent of teachers had joined the strike. The ministry put the share at {} percent."
    story.tell(text.format(80, 35))
    assert sorted(story.tell(text.format(82, 38), day=3)) == [(35, 38), (80, 82)]


def test_confidence_and_reason_say_why():
    story = Story()
    story.tell("Police said 9 people were killed in a train crash near Holm on Monday.")
    read_in = version("Police said 12 people were killed in the train crash near Holm.")
    at = MONDAY.replace(day=3)
    (found,) = series.follow(
        series.Article(2, "post", at), series.reported(read_in, at.date(), WORDS), tuple(story.known.values())
    )
    assert found.superseded is not None
    assert found.superseded.old.figure.low == Decimal(9)
    assert 0.5 < found.superseded.confidence < 1
    assert "2026-03-02" in found.superseded.because
    assert "concept" in found.superseded.because
