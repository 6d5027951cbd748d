"""Sentences, offsets and the marks that cannot be seen (robustness H7, H8, H13)."""

import pytest

from tests.unit.figures.brief import brief
from worker.core.figures import read_text
from worker.core.figures.lexicon import load
from worker.core.figures.tokens import SENTENCE_CAP, sentences

ABBREVIATIONS = load("en").words["sentences.abbreviations"]

SPLITS = [
    ("One. Two.", ["One.", " Two."]),
    ("He left at 5 p.m. on Sept. 9. She stayed.", ["He left at 5 p.m. on Sept. 9.", " She stayed."]),
    ("Mr. Poe and J. Doe met. Gen. Roe did not.", ["Mr. Poe and J. Doe met.", " Gen. Roe did not."]),
    ("The U.S. Army moved.", ["The U.S. Army moved."]),
    ("It rose 3.5 percent.", ["It rose 3.5 percent."]),
    ('"Stop!" he said. "Now."', ['"Stop!" he said.', ' "Now."']),
    ("First line\nSecond line", ["First line\n", "Second line"]),
    ("1. The first point.", ["1. The first point."]),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), SPLITS, ids=[c[0][:40] for c in SPLITS])
def test_sentences(text, expected):
    assert [text[a:b] for a, b in sentences(text, ABBREVIATIONS)] == expected


def test_a_sentence_without_end_is_cut_at_a_blank():
    text = "word " * 2000
    spans = list(sentences(text, ABBREVIATIONS))
    assert max(b - a for a, b in spans) <= SENTENCE_CAP
    assert "".join(text[a:b] for a, b in spans) == text


PLAIN = "At least 2,300 soldiers and 45 tanks were lost."
NOISE = {
    "zero-width space in the number": PLAIN.replace("2,300", "2\u200b,3\u200b00"),
    "soft hyphen in a word": PLAIN.replace("soldiers", "sol\u00addiers"),
    "right-to-left marks": PLAIN.replace("45", "\u200f45\u200e"),
    "byte order mark": "\ufeff" + PLAIN,
    "no-break spaces": PLAIN.replace(" ", "\u00a0"),
    "thin space as separator": PLAIN.replace("2,300", "2\u2009300"),
    "full-width digits": PLAIN.replace("45", "45"),
    "Arabic-Indic digits": PLAIN.replace("45", "٤٥"),
}


@pytest.mark.parametrize("text", NOISE.values(), ids=NOISE)
def test_marks_that_cannot_be_seen_change_nothing(text):
    assert brief(text) == brief(PLAIN) == "at_least 2300 soldier; 45 tank"


def test_offsets_count_in_the_text_as_given():
    text = "Gone:\u200b at\u00a0least 2\u200b,300 men. \ufeffThen €5\u00a0m."
    first, second = read_text(text)
    assert text[first.start : first.end] == "at\u00a0least 2\u200b,300"
    assert text[second.start : second.end].startswith("€5")
    assert first.sentence == "Gone:\u200b at\u00a0least 2\u200b,300 men."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was −3°C.", "-3 °C"),
        ("It was -3°C.", "-3 °C"),
        ("Dow (-1.3%), Dax +0.2%.", "-1.3 %; 0.2 %"),
        ("It is 1,2,3,4.", ""),
        ("It is 12,34.", ""),
        ("It is $$$$ and $.", ""),
    ],
)
def test_signs(text, expected):
    assert brief(text) == expected
