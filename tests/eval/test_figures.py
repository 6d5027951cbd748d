"""Measured floors for reading figures: on the project's own sentences, and on the shared sets where they are present.

The scorer of the shared sets wants a narrower form than a figure: a value or a pair, one of four bounds, a unit in
words. `quantities_of` makes it, as the README beside those sets says; a vague plural is a plain range there, because
that is how their gold marks it.
"""

import importlib.util
import json
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from worker.core import figures
from worker.core.figures.lexicon import FOLDER, load

if TYPE_CHECKING:
    from worker.model import Figure

GOLD = Path(__file__).parent / "gold" / "sentences.jsonl"
SHARED = Path(__file__).parents[3] / "shared" / "quantities"
LEXICON = load("en")

OWN_FLOORS = {
    GOLD: {"value": 0.98, "bound": 0.97, "unit": 0.97, "noun": 0.96, "clean": 0.97},
    GOLD.with_name("unseen-sentences.jsonl"): {
        "value": 0.975,
        "bound": 0.965,
        "unit": 0.93,
        "noun": 0.91,
        "clean": 0.9,
    },
    GOLD.with_name("blind-sentences.jsonl"): {"value": 0.96, "bound": 0.94, "unit": 0.94, "noun": 0.89, "clean": 0.87},
}
SHARED_FLOORS = {
    "newsquant": {"value": 0.955, "marked bound": 0.92, "value+unit": 0.85},
    "rtext-currency": {"value": 0.96},
    "rtext-dimension": {"value": 0.93},
    "rtext-age": {"value": 0.97},
    "rtext-temperature": {"value": 0.97},
    "probes": {"value+bound": 0.98},
}
WIKIPEDIA = {"edit recall": 98.5, "spurious": 1.0, "date false alarm": 2.5, "text false alarm": 0.5}


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# --- the project's own sentences ---------------------------------------------------------------------


def singles(text):
    """Figures as the set counts them: a change and a score are two, the sides of a result included."""
    for figure in figures.read_text(text):
        if figure.unit == figures.SCORE:
            yield from (("exact", side, side, None, None) for side in (figure.low, figure.high))
            continue
        for one in figure.change or (figure,):
            yield one.bound.value, one.low, one.high, one.unit, one.noun


def head(noun):
    """The last word: whether adjectives belong to a noun is a matter of taste."""
    return noun and noun.split()[-1]


def digits(value):
    return None if value is None else f"{float(value):.6g}"


KEYS = ("value", "bound", "unit", "noun")


def seen(key, figure):
    """What of a figure must agree."""
    bound, low, high, unit, noun = figure
    more = {"value": (), "bound": (bound,), "unit": (unit,), "noun": (unit, head(noun))}
    return (digits(low), digits(high), *more[key])


def agree(key, gold, read):
    """How many of both lists agree; a noun that the set leaves open agrees with any."""
    left = [seen(key, figure) for figure in read]
    right = 0
    for figure in sorted(gold, key=lambda figure: figure[-1] is None):
        wanted = seen(key, figure)
        open_noun = key == "noun" and figure[-1] is None
        match = next((one for one in left if one == wanted or (open_noun and one[:-1] == wanted[:-1])), None)
        if match is not None:
            left.remove(match)
            right += 1
    return right


def f1(tally):
    return 2 * tally["right"] / (tally["gold"] + tally["read"]) if tally["gold"] + tally["read"] else 1.0


@pytest.mark.parametrize("path", OWN_FLOORS, ids=["own", "unseen", "blind"])
def test_own_sentences(path):
    rows = lines(path)
    tallies: defaultdict[str, Counter[str]] = defaultdict(Counter)
    empty, clean = 0, 0
    for row in rows:
        gold = [(f["bound"], f["low"], f["high"], f["unit"], f["noun"]) for f in row["figures"]]
        read = list(singles(row["text"]))
        empty += not gold
        clean += not gold and not read
        for key in KEYS:
            for group in (key, f"{row['class']:20} {key}"):
                tallies[group] += Counter(right=agree(key, gold, read), gold=len(gold), read=len(read))
    for group in sorted(tallies if "unseen" not in path.name else KEYS):  # totals only, as its README.md says
        print(f"{group:28} {f1(tallies[group]):.3f}  {dict(tallies[group])}")
    measured = {key: f1(tallies[key]) for key in KEYS} | {"clean": clean / empty}
    assert {k: v for k, v in measured.items() if v < OWN_FLOORS[path][k]} == {}


# --- the shared sets ---------------------------------------------------------------------------------

BOUNDS = {"at_least": ">", "more_than": ">", "at_most": "<", "less_than": "<", "about": "~", "nearly": "~"}


def money_names():
    currencies = tomllib.loads((FOLDER / "en.toml").read_text(encoding="utf-8"))["currencies"]
    return {code: names.split("|")[0] for code, names in currencies.items() if isinstance(names, str)}


MONEY = money_names()


def unit_in_words(figure):
    if figure.unit is None or figure.unit == figures.SCORE:
        return figure.noun or ""
    name = MONEY.get(figure.unit) or LEXICON.units[figure.unit].name
    age = " of age" if figure.dimension == "age" else ""
    return f"{name}{age}{f' per {figure.per}' if figure.per else ''}"


def quantities_of(text):
    """What `figurewatch figures` lists, in the scorer's form."""
    for figure in figures.read_text(text):
        if figure.unit == figures.SCORE and not figure.noun:
            continue
        one: Figure | None = figure
        while one:
            yield quantity(one)
            one = one.conversion


def quantity(figure):
    value: float | list[float]
    if figure.bound == "vague":
        value = [float(figure.low) / 2, float(figure.low) * 5]
    elif figure.low == figure.high:
        value = float(figure.low)
    else:
        value = [float(figure.low), float(figure.high)]
    return {"value": value, "bound": BOUNDS.get(figure.bound.value, "="), "unit": unit_in_words(figure)}


@pytest.fixture(scope="module")
def scorer():
    path = SHARED / "score.py"
    if not path.exists():
        pytest.skip("no ../shared/quantities here")
    spec = importlib.util.spec_from_file_location("quantity_scorer", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", SHARED_FLOORS)
def test_shared_sentences(name, scorer):
    counts = []
    for row in lines(SHARED / f"{name}.dev.jsonl"):
        gold = [scorer.norm(q) for q in row["quantities"]]
        counts.append(scorer.count_sentence(gold, [scorer.norm(q) for q in quantities_of(row["text"])]))
    measured = {}
    for metric in counts[0]:
        *_, measured[metric] = scorer.prf(*(sum(count[metric][i] for count in counts) for i in range(3)))
    print(name, {metric: round(100 * value, 1) for metric, value in measured.items()})
    assert {m: measured[m] for m, floor in SHARED_FLOORS[name].items() if measured[m] < floor} == {}


@pytest.mark.usefixtures("scorer")
def test_shared_revisions(tmp_path):
    gold, read = SHARED / "wikipedia-revisions.dev.jsonl", tmp_path / "read.jsonl"
    with read.open("w", encoding="utf-8") as file:
        for row in lines(gold):
            for side in "ab":
                answer = {"id": f"{row['id']}/{side}", "quantities": list(quantities_of(row[side]))}
                file.write(json.dumps(answer) + "\n")
    command = [sys.executable, SHARED / "score.py", "revisions", gold, read]
    line = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    print(line)
    measured = {}
    for part in line.split(" | "):
        name, _, rest = part.rpartition(" % of ")[0].rpartition(" ")
        measured[name] = float(rest)
    assert measured["edit recall"] >= WIKIPEDIA["edit recall"]
    assert {n: v for n, v in measured.items() if n in WIKIPEDIA and n != "edit recall" and v > WIKIPEDIA[n]} == {}
