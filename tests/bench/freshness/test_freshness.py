"""The goals of the schedule, on the scenarios it was not tuned on."""

import pytest

from tests.bench.freshness import compare, report, scenarios, traces
from tests.bench.freshness.anchors import Newsdiffs
from tests.bench.freshness.compare import duel
from tests.bench.freshness.simulation import Figurewatch, play

pytestmark = pytest.mark.bench


@pytest.mark.parametrize("scenario", scenarios.JUDGING, ids=lambda s: s.name)
def test_more_is_caught_and_sooner_than_by_newsdiffs(scenario, capsys):
    found = duel(traces.make(scenario))
    rows = [
        report.row(scenario.name, "newsdiffs", found.newsdiffs),
        report.row(scenario.name, "figurewatch", found.equal, "newsdiffs"),
        report.row(scenario.name, "figurewatch", found.half, "half of newsdiffs"),
    ]
    with capsys.disabled():
        print("\n" + report.table(rows))
    assert found.equal.requests <= found.newsdiffs.requests
    assert found.equal.caught >= found.newsdiffs.caught
    assert found.equal.figures >= found.newsdiffs.figures
    assert found.equal.lag(0.5) <= 0.6 * found.newsdiffs.lag(0.5)
    assert found.equal.median_of_all <= 0.6 * found.newsdiffs.median_of_all
    assert found.half.requests <= found.newsdiffs.requests / 2
    assert found.half.caught >= found.newsdiffs.caught


def test_an_hourly_budget_is_kept_and_spent_better(capsys):
    """Nobody tells the schedule of the cap: visits wait for their turn, and lateness lengthens the intervals."""
    scenario = scenarios.JUDGING[0]
    lives = traces.make(scenario)
    gaps = compare.hourly_gaps(lives)
    newsdiffs, ours = (play(lives, policy, gaps=gaps, hours=True) for policy in (Newsdiffs(), Figurewatch()))
    rows = [
        report.row(scenario.name, n, r, compare.CAPPED) for n, r in (("newsdiffs", newsdiffs), ("figurewatch", ours))
    ]
    with capsys.disabled():
        print("\n" + report.table(rows))
    assert compare.fullest_hour(ours, gaps) <= 1.0
    assert ours.requests <= newsdiffs.requests
    assert ours.caught >= newsdiffs.caught
    assert ours.median_of_all <= 0.6 * newsdiffs.median_of_all
