"""The JSON form."""

import json
from decimal import Decimal

import pytest

from worker.core.figures import read_text
from worker.core.figures.wire import figure_to_json, number_to_json


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2300", "2300"),
        ("2300.00", "2300"),
        ("1.2E+9", "1200000000"),
        ("3.5", "3.5"),
        ("0.1", "0.1"),
        ("-31.4", "-31.4"),
        ("0", "0"),
        (None, "null"),
    ],
)
def test_numbers_are_plain(value, expected):
    assert json.dumps(number_to_json(None if value is None else Decimal(value))) == expected


def test_the_promised_fields_come_first_and_all_are_there():
    (figure,) = read_text("The ministry said at least 2,300 soldiers died in Odisha on Monday.")
    wire = figure_to_json(figure)
    assert list(wire)[:9] == ["low", "high", "bound", "unit", "noun", "subject", "sentence", "start", "end"]
    assert wire == {
        "low": 2300,
        "high": 2300,
        "bound": "at_least",
        "unit": None,
        "noun": "soldier",
        "subject": "soldiers died in Odisha on Monday",
        "sentence": "The ministry said at least 2,300 soldiers died in Odisha on Monday.",
        "start": 18,
        "end": 32,
        "part": "text",
        "hedge": "at least",
        "attribution": "The ministry",
        "dimension": None,
        "per": None,
        "place": "Odisha",
        "period": "on Monday",
        "conversion": None,
        "change": [],
    }


def test_a_conversion_and_a_change_are_figures_within():
    moved, fell = read_text("Troops moved 15 km (9 miles). Deaths fell from 55 to 44.")
    conversion = figure_to_json(moved)["conversion"]
    assert (conversion["low"], conversion["unit"]) == (9, "mi")
    assert [part["low"] for part in figure_to_json(fell)["change"]] == [55, 44]


def test_a_vague_plural_has_no_upper_end():
    (figure,) = read_text("Dozens were hurt.")
    assert (figure_to_json(figure)["low"], figure_to_json(figure)["high"]) == (24, None)
