"""The table of attacks names tests that exist, and leaves no row out."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TABLE = TESTS / "attacks.md"
ROWS = [f"{letter}{n}" for letter, last in (("S", 23), ("T", 24), ("X", 27)) for n in range(1, last + 1)]
LINE = re.compile(r"^\| ([STX][0-9]+) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def table():
    return dict(LINE.findall(TABLE.read_text(encoding="utf-8")))


@cache
def named_in(path):
    return {node.name for node in ast.parse((TESTS / path).read_text(encoding="utf-8")).body if hasattr(node, "name")}


def test_every_row_is_there_once_and_in_order():
    assert [row for row, _ in LINE.findall(TABLE.read_text(encoding="utf-8"))] == ROWS


@pytest.mark.parametrize("row", ROWS)
def test_every_test_named_exists(row):
    named = NAMED.findall(table()[row])
    assert named
    for path, name in named:
        assert name in named_in(path), f"{path}::{name}"
