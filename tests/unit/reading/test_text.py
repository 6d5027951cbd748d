import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from worker.core import text

WORDS = st.text(alphabet="abc äöß 0123456789.,%$€£-+²½ \n", min_size=1, max_size=60)
NUMBER = st.from_regex(r"[-+]?[$€£]?[0-9]{1,4}([.,][0-9]{1,3})?( ?%| km| kg)?", fullmatch=True)
INVISIBLE = st.sampled_from("\u200b\u200e\u200f\u202a\u2060\ufeff\xad\u2066\u2069\x00\x1b\ufe0f")
BLANKS = st.sampled_from([" ", "\xa0", "\u2009", "\u202f", "\n", "  ", "\t", "\u3000", "\u2028"])


def changed(title, body):
    return text.content_hash(title, body)


@given(WORDS, NUMBER, NUMBER, WORDS)
def test_another_number_is_another_hash(before, one, other, after):
    assume(one != other)
    assert changed("t", f"{before} {one} {after}") != changed("t", f"{before} {other} {after}")


@given(WORDS, st.integers(0, 9), st.integers(0, 9), WORDS)
def test_another_digit_is_another_hash(before, one, other, after):
    assume(one != other)
    assert changed("t", f"{before}{one}{after}") != changed("t", f"{before}{other}{after}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3.5%", "35%"), ("-0.2", "0.2"), ("−0.2", "0.2"), ("+5", "5"), ("$1.25 billion", "$12.5 billion"),
        ("1,200", "12.00"), ("1,200", "1.200"), ("$5", "€5"), ("5 km", "5 m"), ("5%", "5"), ("5 m²", "5 m"), ("½", "2"),
        ("12", "14"), ("10-15", "1015"), ("±3", "3"), ("5°C", "5°F"), ("٩", "٨"), ("<5", ">5"), ("1:2", "12"),
        ("5′", "5"),
    ],
)  # fmt: skip
def test_what_must_never_be_taken_for_the_same(one, other):
    assert changed("t", f"a {one} b") != changed("t", f"a {other} b")
    assert changed(one, "b") != changed(other, "b")


@given(st.lists(st.tuples(st.sampled_from(["At", "least", "1,300", "people", "-5", "3.5%"]), INVISIBLE), min_size=1))
def test_invisible_characters_are_noise(pieces):
    noisy = " ".join(word[:1] + mark + word[1:] + mark for word, mark in pieces)
    assert changed("t", noisy) == changed("t", " ".join(word for word, _ in pieces))


@given(st.lists(st.tuples(st.sampled_from(["At", "least", "1,300", "people", "5"]), BLANKS), min_size=1))
def test_blanks_are_noise(pieces):
    assert changed("t", "".join(word + blank for word, blank in pieces)) == changed("t", " ".join(w for w, _ in pieces))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“quoted” ‘single’", "\"quoted\" 'single'"),
        ("„so“ «ou ainsi»", '"so" "ou ainsi"'),
        ("10–15 — at most", "10-15 - at most"),
        ("−5 °C", "-5 °C"),
        ("1’000 Franken", "1'000 Franken"),
        ("and so on…", "and so on..."),
        ("Cafe\u0301", "Café"),
        ("na\u0308chste", "nächste"),
        ("می\u200cشود", "میشود"),
    ],
)
def test_typography_is_noise(one, other):
    assert changed(one, one) == changed(other, other)


def test_nothing_moves_between_title_and_text_unseen():
    assert changed("a b", "c") != changed("a", "b c")
    assert changed("", "a") != changed("a", "")


def test_the_hash_is_sha_256_in_hex():
    assert re.fullmatch(r"[0-9a-f]{64}", changed("Title", "Text with a lone surrogate \ud800"))


def test_stored_text_keeps_its_typography_and_lines():
    assert text.normal("“A”\u200b – b\xad\n\n1\xa0000\x1b[31m") == "“A” – b\n\n1\xa0000[31m"


def test_stored_text_keeps_the_joiners_that_scripts_need():
    assert text.normal("می\u200cشود") == "می\u200cشود"


def test_separators_part_words():
    assert text.normal("one\x85two\u2028three\x0cfour") == "one two three four"


def test_a_flood_of_marks_is_cut():
    assert len(text.normal("Z" + "\u0301" * 500 + "algo")) < 12


def test_cut():
    assert text.cut("abcdef", 6) == "abcdef"
    assert text.cut("abcdefg", 6) == "abcde…"
