"""What the clause around a figure says that it counts, where no single word beside it does."""

from datetime import date

import pytest

from tests.unit.series.test_following import WORDS, told, version
from worker.core import series


def profiles(text, title=""):
    return {int(one.figure.low): one.profile for one in series.reported(version(text, title), date(2026, 3, 2), WORDS)}


@pytest.mark.parametrize(
    ("text", "value", "concept"),
    [
        ("The fire has cost the lives of 33 workers, the brigade said.", 33, "killed"),
        ("The floods claimed 35 lives in the delta.", 35, "killed"),
        ("Five people lost their lives in Pirsa.", 5, "killed"),
        ("The vaccine has saved 300 lives, doctors said.", 300, "rescued"),
        ("Floods have killed 21 people and driven 40,000 from their homes.", 40_000, "displaced"),
        ("Tents came for 7,500 people who lost their homes.", 7_500, "displaced"),
        ("More than 110 were hurt and 900 houses have collapsed.", 900, "destroyed"),
        ("Eighteen workers, 14 of them women, were killed in a fire.", 18, "killed"),
        ("The fire killed 33 workers, 27 of them women.", 27, "killed"),
        ("With 70 percent of the votes counted, the Liberals lead.", 70, "counted"),
        ("There were 87 new cases, which took the total since May to 742.", 742, "cases"),
        ("Seventeen people were known to have been killed by Tuesday.", 17, "killed"),
    ],
)
def test_concept(text, value, concept):
    assert profiles(text)[value].concept == concept


def test_the_age_of_a_boy_counts_nobody():
    assert 4 not in profiles("A boy of 4 was among the dead, the navy said.")


def test_who_counts_is_the_source():
    found = profiles("Police said that 14 people died; the doctors' committee counted 31 dead.")
    assert {"committe", "doctor"} <= found[31].sources


def test_a_place_may_open_the_sentence():
    assert profiles("In the district of Sul alone eight people drowned.")[8].place == {"sul"}


def test_this_years_harvest_is_of_no_other_year():
    assert told(
        "Velda expects a wheat harvest of 31.5 million tonnes this year, the farm ministry said.",
        "The farm ministry of Velda cut its forecast for this year's wheat harvest to 29.8 million tonnes.",
    ) == [(31_500_000, 29_800_000)]


def test_rivals_that_an_article_set_against_each_other_stay_apart():
    assert told(
        "At least 12 people died in Kadra on Sunday, police said. The doctors' committee put the number of dead at 19.",
        "Twenty-seven people were shot dead in Kadra on Sunday, the doctors' committee said.",
    ) == [(19, 27)]


def test_a_whole_name_owns():
    assert profiles("Hask Oil made a profit of 820 million dollars.")[820_000_000].owner == "hask oil"
    assert told(
        "Hask Oil made a profit of 820 million dollars in the second quarter.",
        "Telmo Oil made a profit of 515 million dollars in the second quarter.",
    ) == []  # fmt: skip
    assert told(
        "Hask Oil made a profit of 820 million dollars in the second quarter.",
        "Hask made a profit of 760 million dollars in the second quarter.",
    ) == [(820_000_000, 760_000_000)]


def test_next_year_is_not_this_one():
    found = profiles("Velm expects a deficit of 4.2 percent next year and one of 3.9 percent this year.")
    assert found[4].periods == {"y2027"}


@pytest.mark.parametrize(
    "later",
    [
        "Another boat sank in the West Strait. The navy rescued 57 migrants.",
        "A second ferry went down in the West Strait. The navy rescued 57 migrants.",
    ],
)
def test_a_second_event_is_another(later):
    first = "A boat with migrants sank in the West Strait. The navy rescued 42 migrants."
    assert told(first, later) == []
    assert told(first, later.replace("Another", "The").replace("A second", "The")) == [(42, 57)]
