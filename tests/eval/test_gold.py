"""The project's own evaluation sets are well formed, and every value they expect stands in its text."""

import json
import math
import re
from collections import Counter
from pathlib import Path

import pytest

GOLD = Path(__file__).parent / "gold"
BOUNDS = {"exact", "at_least", "more_than", "at_most", "less_than", "about", "nearly", "vague"}
KINDS = {"revised", "requalified", "withdrawn"}
UNITS = {
    "%", "pp", "bp", "s", "min", "h", "day", "week", "month", "year", "mm", "cm", "m", "km", "ft", "mi", "kg",
    "t", "lb", "L", "m²", "km²", "ha", "acre", "m³", "MW", "GW", "Wh", "MWh", "TWh", "GB", "mg",
    "nmi", "ly", "m³/s", "km/h", "mph", "kn", "°C", "°F",
}  # fmt: skip


def read(name):
    return [json.loads(line) for line in (GOLD / name).read_text(encoding="utf-8").splitlines()]


SENTENCES = read("sentences.jsonl")
PAIRS = read("pairs.jsonl")


# --- which numbers stand in a text -------------------------------------------------------------------
# Generous on purpose, and no relation of the reader it will judge: it finds many readings of a text, and a
# value that is not among them is a slip in the gold set.

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
WORDS = {word: value for value, word in enumerate(_ONES.split())}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
WORDS |= {word: 10 * n for n, word in enumerate(_TENS.split(), 2)}
WORDS |= {"no": 0}
SCALES = {
    "dozen": 12, "hundred": 1e2, "k": 1e3, "thousand": 1e3, "lakh": 1e5, "m": 1e6, "million": 1e6, "crore": 1e7,
    "bn": 1e9, "billion": 1e9, "tn": 1e12, "trillion": 1e12,
}  # fmt: skip
PARTS = {"half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "tenth": 10}
VAGUE = {"tens": 20, "scores": 40, "dozens": 24} | {f"{word}s": 2 * value for word, value in SCALES.items()}
SKIPPED = {"a", "and", "of"}
TOKEN = re.compile(r"\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?|\d+(?:,\d\d)*,\d{3}|\d+(?:\.\d+)?|[a-zé]+")
READ_AHEAD = 8  # tokens


def numbers(text):
    """All values that some run of words and digits in a text can mean."""
    tokens = TOKEN.findall(text.lower())
    found = set()
    for start in range(len(tokens)):
        found |= set(_readings(tokens[start : start + READ_AHEAD]))
    for a, b, c in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if b == "in" and WORDS.get(a) and WORDS.get(c):  # one in five
            found.add(WORDS[a] / WORDS[c])
        if c in SCALES and _plain(a) and _plain(b):  # 3-5 billion
            found.add(_plain(a) * SCALES[c])
    return found


def _plain(token):
    return float(re.sub("[ ,]", "", token)) if token[0].isdigit() else WORDS.get(token)


def _readings(tokens):
    """Values of the first token, of the first two and so on, as far as they are words of number."""
    whole, part, joined = 0.0, None, False  # of "one million and a half": million, half, an "and" before
    for token in tokens:
        if _plain(token) is not None:
            part = (part or 0) + _plain(token)
        elif token in SCALES and SCALES[token] < SCALES["thousand"]:
            part = (part or 1) * SCALES[token]
        elif token in SCALES:
            whole, part = (whole + (part or 0) or 1) * SCALES[token], None
        elif token in PARTS:
            part = (part or 0) + 1 / PARTS[token] if joined else (part or 1) / PARTS[token]
        elif token in VAGUE:
            part = part * VAGUE[token] / 2 if part else VAGUE[token]
        elif token in {"cent", "cents"}:
            part = (part or 0) / 100
        elif token not in SKIPPED:
            return
        joined = token == "and" or (joined and token == "a")
        yield whole + (part or 0)


def stands_in(value, text):
    return any(math.isclose(abs(value), found, rel_tol=1e-6) for found in numbers(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("one hundred and twelve dancers", 112),
        ("Twenty-three hundred homes", 2300),
        ("Rs 2,50,000", 250_000),
        ("2.75 lakh crore", 2.75e12),
        ("38 000 pickers", 38_000),
        ("$31.4tn", 31.4e12),
        ("half a million", 500_000),
        ("a quarter of a million", 250_000),
        ("one and a half billion", 1.5e9),
        ("four and a half years", 4.5),
        ("two-thirds", 2 / 3),
        ("one in five", 0.2),
        ("hundreds of thousands", 200_000),
        ("millions of dollars", 2_000_000),
        ("half a dozen", 6),
        ("12 cents", 0.12),
        ("-0.6%", -0.6),
        ("no casualties", 0),
    ],
)
def test_the_number_finder_finds(text, value):
    assert stands_in(value, text)


@pytest.mark.parametrize(
    ("text", "value"), [("12 of 31", 13), ("2,300 people", 23), ("1.25 billion", 12.5e9), ("dozens", 12), ("five", 50)]
)
def test_the_number_finder_is_no_yes_man(text, value):
    assert not stands_in(value, text)


# --- figures -----------------------------------------------------------------------------------------


def assert_figure(figure, text):
    low, high, bound, unit = (figure[key] for key in ("low", "high", "bound", "unit"))
    assert bound in BOUNDS
    assert (high is None) == (bound == "vague")
    assert isinstance(low, int | float)
    assert high is None or low <= high
    assert unit is None or unit in UNITS or re.fullmatch("[A-Z]{3}", unit)
    assert stands_in(low, text), f"{low} is not in: {text}"
    assert high is None or stands_in(high, text), f"{high} is not in: {text}"


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["id"])
def test_sentence(case):
    assert set(case) == {"id", "class", "text", "figures"}
    assert case["text"] == case["text"].strip()
    for figure in case["figures"]:
        assert set(figure) == {"low", "high", "bound", "unit", "noun"}
        assert_figure(figure, case["text"])
        assert figure["unit"] is None or figure["noun"] is None
        noun = figure["noun"]
        assert noun in {None, "person", "man"} or noun.split()[-1][:3] in case["text"].lower()


@pytest.mark.parametrize("case", PAIRS, ids=lambda case: case["id"])
def test_pair(case):
    assert set(case) == {"id", "class", "difficulty", "old", "new", "expected", "note"}
    assert case["difficulty"] in {"easy", "medium", "hard"}
    assert case["old"] != case["new"]
    texts = {}
    for side in ("old", "new"):
        assert set(case[side]) == {"title", "text"}
        assert 60 <= len(case[side]["text"].split()) <= 420
        texts[side] = f"{case[side]['title']}\n\n{case[side]['text']}"
    for revision in case["expected"]:
        assert set(revision) == {"kind", "old", "new"}
        assert_revision(revision, texts)
    assert len({json.dumps(revision) for revision in case["expected"]}) == len(case["expected"])


@pytest.mark.parametrize("case", read("blind-pairs.jsonl"), ids=lambda case: case["id"])
def test_blind_pair(case):
    """Written by another hand, shorter and longer than the first ones."""
    texts = {side: f"{case[side]['title']}\n\n{case[side]['text']}" for side in ("old", "new")}
    for revision in case["expected"]:
        assert_revision(revision, texts)
    assert len({json.dumps(revision) for revision in case["expected"]}) == len(case["expected"])


@pytest.mark.parametrize("case", read("blind-sentences.jsonl"), ids=lambda case: case["id"])
def test_blind_sentence(case):
    for figure in case["figures"]:
        assert_figure(figure, case["text"])


def assert_revision(revision, texts):
    kind, old, new = revision["kind"], revision["old"], revision["new"]
    assert kind in KINDS
    assert (new is None) == (kind == "withdrawn")
    for side, figure in (("old", old), ("new", new)):
        if figure is not None:
            assert set(figure) == {"low", "high", "bound", "unit", "subject"}
            assert figure["subject"]
            assert_figure(figure, texts[side])
    if new is not None:
        same = (old["low"], old["high"]) == (new["low"], new["high"])
        assert same == (kind == "requalified")
        assert kind == "revised" or old["bound"] != new["bound"]


# --- the sets as wholes ------------------------------------------------------------------------------


@pytest.mark.parametrize("cases", [SENTENCES, PAIRS], ids=["sentences", "pairs"])
def test_ids_and_texts_are_unique(cases):
    assert len({case["id"] for case in cases}) == len(cases)
    assert len({json.dumps([case.get("text"), case.get("old")]) for case in cases}) == len(cases)


def test_sentences_are_as_many_and_as_varied_as_promised():
    assert len(SENTENCES) >= 260
    assert len({case["class"] for case in SENTENCES}) >= 24
    assert sum(case["class"] == "mixed" or case["class"].startswith("not-") for case in SENTENCES) >= 60
    assert {figure["bound"] for case in SENTENCES for figure in case["figures"]} == BOUNDS
    assert not any(case["figures"] for case in SENTENCES if case["class"].startswith("not-"))


def test_pairs_are_as_many_and_as_varied_as_promised():
    assert len(PAIRS) >= 100
    assert sum(not case["expected"] for case in PAIRS) >= 0.35 * len(PAIRS)
    assert {revision["kind"] for case in PAIRS for revision in case["expected"]} == KINDS
    assert min(Counter(case["difficulty"] for case in PAIRS).values()) >= 25


def test_the_readme_counts_are_those_of_the_files():
    readme = (GOLD / "README.md").read_text(encoding="utf-8")
    for cases in (SENTENCES, PAIRS):
        for name, count in Counter(case["class"] for case in cases).items():
            assert f"{name} {count}" in readme
