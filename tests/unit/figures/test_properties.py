"""What holds for every text: exact offsets, the same answer each time, no exception, and work in proportion to size."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.core.figures import read, read_text, read_versions
from worker.core.figures.lexicon import LANGUAGES
from worker.core.figures.tokens import SENTENCE_CAP
from worker.model import Text

VOCABULARY = """
at least more than no fewer about nearly up to 12 2,300 3.5 % $ € km million dozen hundreds of people were killed
and between from to - – / . , ( ) one two half a third in 2019 March o'clock aged years old or per point quarter
"""
WORDS = st.sampled_from(VOCABULARY.split())
NEWS = st.lists(WORDS, max_size=40).map(" ".join)
SIGNS = st.text(alphabet="0123456789 ,.-–/:%$€£'\"()[]{}\n\tabcmkgMB½²°№#@+~±×٣１\u200b\u00ad\u00a0é日", max_size=80)
ANYTHING = st.one_of(st.text(max_size=200), SIGNS)


@settings(max_examples=300, deadline=None)
@given(text=st.one_of(NEWS, ANYTHING), language=st.sampled_from(LANGUAGES))
def test_offsets_and_order(text, language):
    figures = read_text(text, language)
    assert figures == read_text(text, language)
    end = 0
    for figure in figures:
        assert end <= figure.start < figure.end <= len(text)
        printed = text[figure.start : figure.end]
        assert printed.strip() == printed
        assert printed in figure.sentence
        assert figure.sentence in text
        assert figure.hedge is None or figure.hedge in figure.sentence
        assert figure.high is not None or figure.bound == "vague"
        end = figure.end


@settings(max_examples=200, deadline=None)
@given(text=NEWS, noise=st.sampled_from(["\u200b", "\u00ad", "\ufeff"]), at=st.integers(0, 200))
def test_what_cannot_be_seen_changes_no_value(text, noise, at):
    noisy = text[:at] + noise + text[at:]
    assert [(f.low, f.high, f.bound, f.unit) for f in read_text(noisy)] == [
        (f.low, f.high, f.bound, f.unit) for f in read_text(text)
    ]


def steps(text):
    """Calls of Python functions that reading takes: work, whatever the speed of the machine."""
    calls = 0

    def count(_frame, event, _arg):
        nonlocal calls
        calls += event in {"call", "c_call"}

    read_text("warm 5 up")
    sys.setprofile(count)
    try:
        read_text(text)
    finally:
        sys.setprofile(None)
    return calls


# Each is repeated to the longest sentence there is: within it a rule may look around, beyond it nothing may.
FLOODS = {
    "digits": "7",
    "digits apart": "7 ",
    "separators": "1,",
    "points": "1.",
    "dashes": "1-",
    "colons": "1:",
    "slashes": "1/",
    "dollars": "$",
    "full stops": ".",
    "quotes": "\"'",
    "brackets": "(5 km ",
    "letters with points": "a.",
    "at signs": "@",
    "number words": "one two hundred thousand and ",
    "and a half": "two and a half and a half ",
    "hedges": "at least about nearly 5 or more ",
    "ranges": "from 5 to 6 to 7 between 8 and ",
    "months": "March 5 and 6 and 7, 2020 ",
    "one paragraph of news": "Officials said at least 12 people were killed and 30 hurt on Monday, up from 9 ",
    "zero-width": "5\u200b",
    "hyphens": "twenty-",
}
TIMES = 3


@pytest.mark.parametrize("piece", FLOODS.values(), ids=FLOODS)
def test_more_text_takes_work_in_proportion(piece):
    text = piece * (SENTENCE_CAP // len(piece))
    assert steps(text * TIMES) <= 1.1 * TIMES * steps(text) + 500


def test_a_megabyte_of_one_paragraph_is_read_to_its_end():
    text = "Nothing happened here today or ever again " * 24_000 + "until 12 people died"
    (figure,) = read_text(text)
    assert text[figure.start : figure.end] == "12"


def test_versions_are_read_as_each_alone_is():
    old = Text(
        "Toll rises to 12", "First, 5 miles (8 km).\n\nProfit fell from $3m to $2m. At least 12 died.\n\n12 people."
    )
    new = Text(
        "Toll rises to 12",
        "A new lead of 7 lines. At least 12 died.\n\nFirst, 5 miles (8 km).\n\nProfit fell from $3m to $2m.",
    )
    assert read_versions(old, new) == (read(old), read(new))
