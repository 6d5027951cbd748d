from decimal import Decimal

import pytest

from worker.cli import render
from worker.model import Bound, Figure


def figure(low, high=None, bound=Bound.EXACT, unit=None, *, vague=False):
    top = None if vague else Decimal(high if high is not None else low)
    return Figure(Decimal(low), top, bound, unit, None, "", "", 0, 0)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (figure("2300", bound=Bound.AT_LEAST), "at least 2,300"),
        (figure("20", "25", unit="%"), "20 to 25 %"),
        (figure("3.50", unit="%"), "3.5 %"),
        (figure("1E+9", unit="USD"), "1,000,000,000 USD"),
        (figure("0"), "0"),
        (figure("200", bound=Bound.VAGUE, vague=True), "some 200 or more"),
        (figure("-0.2", unit="pp"), "-0.2 pp"),
        (figure("100"), "100"),
    ],
)
def test_a_figure_in_few_words(given, shown):
    assert render.value(given) == shown
