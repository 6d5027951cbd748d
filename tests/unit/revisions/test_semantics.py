from decimal import Decimal

import pytest

from worker.core.revisions.semantics import Direction, Materiality, Relation, change, interval, materiality, relation
from worker.model import Bound, Figure


def figure(low, high=..., bound=Bound.EXACT, unit=None):
    low = Decimal(str(low))
    high = low if high is ... else None if high is None else Decimal(str(high))
    return Figure(low, high, bound, unit, None, "people", "", 0, 0)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (figure(12), figure(12), Relation.SAME),
        (figure(8, unit="km"), figure(5, unit="mi"), Relation.REFORMATTED),
        (figure(90, unit="min"), figure("1.5", unit="h"), Relation.REFORMATTED),
        (figure(12, bound=Bound.AT_LEAST), figure(31), Relation.REFINED),
        (figure(12, bound=Bound.AT_LEAST), figure(11), Relation.CONTRADICTED),
        (figure(15, 20), figure(17), Relation.REFINED),
        (figure(17), figure(15, 20), Relation.WIDENED),
        (figure(15, 20), figure(18, 25), Relation.CONTRADICTED),
        (figure(120, bound=Bound.ABOUT), figure(126), Relation.REFINED),
        (figure(120, bound=Bound.ABOUT), figure(150), Relation.CONTRADICTED),
        (figure(60, bound=Bound.NEARLY, unit="%"), figure("58.7", unit="%"), Relation.REFINED),
        (figure(60, bound=Bound.NEARLY, unit="%"), figure(61, unit="%"), Relation.CONTRADICTED),
        (figure(24, None, Bound.VAGUE), figure(37), Relation.REFINED),
        (figure(40, bound=Bound.AT_MOST), figure(25), Relation.REFINED),
        (figure(40, bound=Bound.LESS_THAN), figure(45), Relation.CONTRADICTED),
        (figure(12), figure(12, bound=Bound.AT_LEAST), Relation.WIDENED),
        (figure(12, bound=Bound.AT_LEAST), figure(12), Relation.REFINED),
    ],
)
def test_relation(old, new, expected):
    assert relation(old, new) is expected


def test_interval_of_at_most_has_no_lower_end():
    assert interval(figure(4, bound=Bound.AT_MOST)) == (Decimal("-Infinity"), Decimal(4))


def test_change_is_in_the_old_unit():
    moved = change(figure(10, unit="km"), figure(5, unit="mi"))
    assert moved.direction is Direction.DOWN
    assert moved.absolute == pytest.approx(Decimal("-1.95328"))


def test_change_from_zero_has_no_relative_size():
    assert change(figure(0), figure(3)).relative is None


def test_a_range_moves_with_its_middle():
    assert change(figure(10, 20), figure(15)).direction is Direction.NONE


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (figure(100), figure(100, bound=Bound.ABOUT), Materiality.NONE),
        (figure(1000), figure(1010), Materiality.SLIGHT),
        (figure(100), figure(110), Materiality.NOTABLE),
        (figure(100), figure(60), Materiality.LARGE),
        (figure(0), figure(1), Materiality.LARGE),
    ],
)
def test_materiality(old, new, expected):
    assert materiality(old, new) is expected
