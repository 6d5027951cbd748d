"""The bench is no better than its parts: the rules of others, traces from files, what a play counts, the picture."""

import json
import re
from datetime import UTC, datetime
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bench.freshness import report, scenarios, traces
from tests.bench.freshness.__main__ import main
from tests.bench.freshness.anchors import DAY, HOUR, MINUTE, NEVER, Diffengine, EntryFrequency, Newsdiffs, NewsSniffer
from tests.bench.freshness.simulation import Figurewatch, at_budget, play
from tests.bench.freshness.traces import END, POLL, Scenario, Trace

SMALL = Scenario("small", "for tests", seed=11, articles=60, outlets=4)
START = datetime(2026, 3, 1, tzinfo=UTC)


def visits(policy, revised=(), until=END):
    """When a policy visits an article that a feed listed at the start."""
    trace, moments, seen = Trace("a", 0.0, 0.0, tuple(revised)), [0.0], 0
    while True:
        now = moments[-1]
        count = sum(moment <= now for moment in revised)
        moments.append(policy.visited(1, trace, now, revised[count - 1] if count > seen else None, 0.0))
        seen = count
        if moments[-1] >= until:
            return moments[:-1]


def gaps(policy, revised=(), until=END):
    return [b - a for a, b in pairwise(visits(policy, revised, until))]


# --- the rules of others


def test_newsdiffs_climbs_its_ladder_from_the_last_change():
    waits = gaps(Newsdiffs(), until=9 * DAY)
    assert [waits.count(rung * MINUTE) for rung in (15, 60, 180)] == [11, 21, 48]
    assert waits == sorted(waits)
    assert 15 * MINUTE in gaps(Newsdiffs(), [30 * HOUR], until=40 * HOUR)[40:]
    assert visits(Newsdiffs(), until=NEVER)[-1] < 360 * DAY


def test_news_sniffer_waits_half_an_hour_and_then_a_fifth_longer_each_time():
    assert gaps(NewsSniffer())[:5] == [1800, 2160, 2592, 3110, 3732]
    revised = gaps(NewsSniffer(), [5000.0])
    assert revised[:5] == [1800, 2160, 2592, 1800, 2160]
    assert gaps(NewsSniffer(), until=NEVER)[-1] < 40 * DAY


def test_diffengine_comes_back_after_a_quarter_of_the_age_at_the_runs_of_cron():
    moments = visits(Diffengine(repaired=True))
    assert moments[:4] == [0, 15 * MINUTE, 30 * MINUTE, 45 * MINUTE]
    assert all(moment % (15 * MINUTE) == 0 for moment in moments)
    late = [(a, b) for a, b in pairwise(moments) if a > DAY]
    assert late
    assert all(0.2 <= (b - a) / b < 0.21 for a, b in late)


def test_diffengine_as_it_is_forgets_whole_days():
    """A day and a minute is a minute to it, so the article is as good as new."""
    waits = [b - a for a, b in pairwise(visits(Diffengine(repaired=False))) if DAY <= a < DAY + HOUR]
    assert waits
    assert max(waits) == 15 * MINUTE


def test_miniflux_spreads_a_week_over_the_versions_of_the_last_week():
    assert gaps(EntryFrequency(), [1.0], until=20 * DAY) == [DAY] * 19
    for every, number, wait in ((HOUR, 50, 202 * MINUTE), (HOUR, 500, HOUR), (MINUTE, 5000, 5 * MINUTE)):
        policy, article = EntryFrequency(), Trace("a", 0.0, 0.0, ())
        last = (number - 1) * every
        dues = [policy.visited(1, article, n * every, 0.0 if n else None, 0.0) for n in range(number)]
        assert dues[-1] - last == wait


# --- traces


def test_a_file_is_read_as_it_was_written(tmp_path):
    made = traces.make(SMALL)
    traces.dump(made, tmp_path / "t.jsonl", START)
    read = traces.load(tmp_path / "t.jsonl")
    start = made[0].published
    assert [t.outlet for t in read] == [t.outlet for t in made]
    for ours, theirs in zip(made, read, strict=True):
        assert theirs.published == pytest.approx(ours.published - start, abs=1e-3)
        assert theirs.discovered == pytest.approx(ours.discovered - start, abs=1e-3)
        assert theirs.revised == pytest.approx([r - start for r in ours.revised], abs=1e-3)
        assert (theirs.figures, theirs.dated, len(theirs.stated)) == (ours.figures, ours.dated, len(ours.stated))


def test_what_a_file_leaves_out_is_filled_in(tmp_path):
    path = tmp_path / "t.jsonl"
    rows = [
        {
            "outlet": "b",
            "published": "2026-03-01T09:05:00+02:00",
            "revised": ["2026-03-01T08:00Z", "2026-03-01T07:30Z"],
        },
        {"outlet": "a", "published": "2026-03-01T07:00:00Z"},
    ]
    path.write_text("\n\n".join(map(json.dumps, rows)))
    first, second = traces.load(path)
    assert (first.outlet, first.published, first.discovered, first.revised, first.figures) == ("a", 0.0, 0.0, (), True)
    assert (second.published, second.discovered, second.revised) == (5 * MINUTE, POLL, (30 * MINUTE, HOUR))


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"published": "2026-03-01T07:00:00Z"}',
        '{"outlet": "a", "published": "2026-03-01T07:00:00"}',
        '{"outlet": "a", "published": "yesterday"}',
        '{"outlet": "a", "published": "2026-03-01T07:00:00Z", "revised": [7]}',
    ],
)
def test_a_line_that_is_none_is_named(tmp_path, line):
    path = tmp_path / "t.jsonl"
    path.write_text('{"outlet": "a", "published": "2026-03-01T07:00:00Z"}\n' + line)
    with pytest.raises(ValueError, match="line 2"):
        traces.load(path)


def test_scenarios_are_made_alike_every_time_and_differ_by_seed():
    assert traces.make(SMALL) == traces.make(SMALL)
    assert {s.seed for s in scenarios.JUDGING}.isdisjoint(s.seed for s in scenarios.DEVELOPMENT)
    assert len({s.name for s in (*scenarios.JUDGING, *scenarios.DEVELOPMENT)}) == len(
        (*scenarios.JUDGING, *scenarios.DEVELOPMENT)
    )


def test_no_two_revisions_are_closer_than_a_minute():
    assert traces.closest(traces.make(SMALL)) >= traces.CLOSEST


# --- the play and what it prints


class Every(Newsdiffs):
    def visited(self, number, trace, now, revised_at, late):
        return now + MINUTE


def test_who_looks_every_minute_sees_everything_within_the_minute():
    made = [Trace("a", 0.0, 0.0, (90.0, 200.0, 1e5))]
    result = play(made, Every())
    assert (result.caught, result.lags) == (1.0, [20.0, 30.0, 40.0])
    assert result.requests == END / MINUTE


def test_of_two_revisions_between_two_visits_one_is_lost():
    result = play([Trace("a", 0.0, 0.0, (60.0, 120.0))], Newsdiffs())
    assert (result.caught, result.lags) == (0.5, [15 * MINUTE - 120.0])


def test_gaps_hold_visits_back():
    made = [Trace("a", 0.0, 0.0, ()) for _ in range(10)]
    held = play(made, Newsdiffs(), gaps={"a": HOUR}, hours=True)
    assert max(held.busiest.values()) == 1


def test_a_budget_is_spent_and_not_overspent():
    made = traces.make(SMALL)
    _, result = at_budget(made, 4_000, Figurewatch, guess=0.03, within=0.05)
    assert 3_800 <= result.requests <= 4_000


@settings(deadline=None, max_examples=20)
@given(st.floats(0, 6 * DAY), st.integers(0, 1_000))
def test_after_a_downtime_nobody_catches_up_at_full_speed_and_nobody_freezes(downtime, seed):
    """One outlet at 60 requests an hour that we were away from; then all its articles are overdue."""
    made = [t for t in traces.make(Scenario("away", "", seed=seed, articles=40, outlets=1)) if t.discovered < 7 * DAY]
    away = [Trace(t.outlet, t.published, max(t.discovered, downtime), t.revised, t.figures) for t in made]
    result = play(away, Figurewatch(), gaps={"outlet-00": MINUTE}, hours=True)
    assert max(result.busiest.values()) <= 61
    assert result.requests >= len(away)
    assert max(hour for _, hour in result.busiest) >= (END - 4 * DAY) // HOUR


def test_one_command_prints_the_table_of_real_traces_and_draws_it(tmp_path, capsys):
    few = Scenario("few", "", seed=12, articles=20, outlets=2)
    traces.dump(traces.make(few), tmp_path / "real.jsonl", START)
    main(["--traces", str(tmp_path / "real.jsonl"), "--plot", str(tmp_path / "plot.svg")])
    lines = [re.split(" {2,}", line) for line in capsys.readouterr().out.splitlines()]
    assert {cells[1] for cells in lines if cells[0] == "real"} == set(report.COLOURS)
    picture = ET.parse(tmp_path / "plot.svg")  # noqa: S314 - our own
    drawn = {element.get("fill") for element in picture.iter("{http://www.w3.org/2000/svg}circle")}
    assert drawn == set(report.COLOURS.values())
