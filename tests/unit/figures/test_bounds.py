"""Bounds, and what negation makes of them; ranges, changes, scores."""

import pytest

from tests.unit.figures.brief import brief
from worker.core.figures import read_text

BOUNDS = [
    ("at_least", "At least 300 came"),
    ("at_least", "No fewer than 300 came"),
    ("at_least", "Not less than 300 came"),
    ("at_least", "A minimum of 300 came"),
    ("at_least", "300 or more came"),
    ("at_least", "As few as 300 came"),
    ("at_least", "The count was not below 300"),
    ("at_least", "It will not fall below 300"),
    ("at_least", "300-plus guests came"),
    ("at_least", "300+ guests came"),
    ("at_least", "It never falls below 300"),
    ("more_than", "More than 300 came"),
    ("more_than", "Over 300 came"),
    ("more_than", "Upwards of 300 came"),
    ("more_than", "In excess of 300 came"),
    ("more_than", "Well over 300 came"),
    ("more_than", "The count exceeded 300"),
    ("more_than", "The count topped 300"),
    ("more_than", "The count has surpassed 300"),
    ("more_than", "The count passed 300"),
    ("more_than", "Just over 300 came"),
    ("more_than", "The count could exceed 300"),
    ("more_than", "Losses may top 300"),
    ("at_most", "Up to 300 came"),
    ("at_most", "At most 300 came"),
    ("at_most", "No more than 300 came"),
    ("at_most", "Not more than 300 came"),
    ("at_most", "A maximum of 300 came"),
    ("at_most", "As many as 300 came"),
    ("at_most", "It cannot exceed 300"),
    ("at_most", "It did not exceed 300"),
    ("at_most", "It must not exceed 300"),
    ("at_most", "It won't top 300"),
    ("at_most", "The count has not yet surpassed 300"),
    ("at_most", "It is limited to 300"),
    ("at_most", "300 or fewer came"),
    ("less_than", "Fewer than 300 came"),
    ("less_than", "Less than 300 came"),
    ("less_than", "Under 300 came"),
    ("less_than", "Just under 300 came"),
    ("less_than", "It fell below 300"),
    ("less_than", "Well below 300 came"),
    ("less_than", "Just shy of 300 came"),
    ("about", "About 300 came"),
    ("about", "Around 300 came"),
    ("about", "Some 300 came"),
    ("about", "Roughly 300 came"),
    ("about", "An estimated 300 came"),
    ("about", "Approximately 300 came"),
    ("about", "Perhaps 300 came"),
    ("about", "In the region of 300 came"),
    ("about", "It was ~300"),
    ("about", "300 or so came"),
    ("about", "300-odd guests came"),
    ("about", "It is estimated at 300"),
    ("nearly", "Nearly 300 came"),
    ("nearly", "Almost 300 came"),
    ("nearly", "Close to 300 came"),
    ("nearly", "It is approaching 300"),
    ("exact", "The top 300 came"),
    ("exact", "It inched back up to 300"),
    ("exact", "The wage would go up to 300"),
    ("exact", "Parliament passed 300 bills"),
    ("exact", "It settled around the 300 mark"),
    ("exact", "300 came"),
    ("exact", "Exactly 300 came"),
]


@pytest.mark.parametrize(("bound", "text"), BOUNDS)
def test_bounds(bound, text):
    (figure,) = read_text(f"{text}.")
    assert (figure.bound.value, int(figure.low)) == (bound, 300)


def test_the_hedge_is_kept_as_printed():
    (figure,) = read_text("The ministry said No  fewer than 15 journalists were held.")
    assert figure.hedge == "No  fewer than"


RANGES = [
    ("20-25 people came.", "20..25 person"),
    ("20–25 people came.", "20..25 person"),
    ("20 to 25 people came.", "20..25 person"),
    ("Between 20 and 25 people came.", "20..25 person"),
    ("Somewhere between 20 and 25 people came.", "20..25 person"),
    ("Four to five thousand people came.", "4000..5000 person"),
    ("Three or four people came.", "3..4 person"),
    ("It costs one to two billion dollars.", "1000000000..2000000000 USD"),
    ("Damage was $3-5 billion.", "3000000000..5000000000 USD"),
    ("Damage was $3 billion to $5 billion.", "3000000000..5000000000 USD"),
    ("Damage was between $500,000 and $1 million.", "500000..1000000 USD"),
    ("Growth of 2.5%-3% is seen.", "2.5..3 %"),
    ("Growth of 2.5 to 3 percent is seen.", "2.5..3 %"),
    ("An estimated $1 billion to $2 billion was lost.", "about 1000000000..2000000000 USD"),
    ("It needs from about 14-18 litres.", "about 14..18 L"),
    ("It speeds from 0-to-60-mph.", "0..60 mph"),
    ("It costs 8 or $9.", "8; 9 USD"),
    # two figures beside each other
    ("Oil fell $2.31 to $78.40.", "2.31 USD; 78.4 USD"),
    ("The gap grew by $43.6 billion to $419.2 billion.", "43600000000 USD; 419200000000 USD"),
    ("Shares rose 0.7 percent to 6,327.80.", "0.7 %; 6327.8"),
    ("It rose 18 sen to RM23.50.", "18 sen; 23.5 MYR"),
    ("Profit fell to $1.1 billion from $1.4 billion.", "1100000000 USD; 1400000000 USD"),
]


@pytest.mark.parametrize(("text", "expected"), RANGES, ids=[c[0] for c in RANGES])
def test_ranges(text, expected):
    assert brief(text) == expected


def test_a_change_spans_old_and_new_and_holds_each():
    text = "Deaths fell from 55 to 44 last year."
    (figure,) = read_text(text)
    old, new = figure.change
    assert [int(n) for n in (figure.low, figure.high or 0, old.low, new.low)] == [44, 55, 55, 44]
    assert [text[f.start : f.end] for f in (figure, old, new)] == ["from 55 to 44", "55", "44"]


SCORES = [
    ("United won 3-1.", (3, 1), None),
    ("They have a 9-2 lead.", (9, 2), "lead"),
    ("The match ended 1-1.", (1, 1), None),
    ("The bill passed 217-213.", (217, 213), None),
    ("Lomea lost 2–5 in Halmar.", (2, 5), None),
]


@pytest.mark.parametrize(("text", "score", "noun"), SCORES, ids=[c[0] for c in SCORES])
def test_scores_keep_the_order_of_print(text, score, noun):
    (figure,) = read_text(text)
    assert (figure.low, figure.high, figure.unit, figure.noun) == (*score, "score", noun)


def test_over_belongs_to_the_verb_or_to_the_number_behind_it():
    assert brief("The bank is to take over 84 branches.") == "84 branch"
    assert brief("It lost 487 carriers and over 640 trucks.") == "487 carrier; more_than 640 truck"
