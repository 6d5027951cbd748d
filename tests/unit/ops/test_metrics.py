from dataclasses import replace
from datetime import UTC, datetime

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse

from worker.model import Backlog, Census, Outcome
from worker.ops import metrics
from worker.ops.broker import Queues
from worker.ops.metrics import Observed

CENSUS = Census(
    outlets=4, feeds=9, articles=1200, versions=1340, figures=15210, revisions=57, captures=4000, position=2600,
    tallies={"visit": {"fresh": 12, "same": 3}, "visit_ms": {"": 2500}, "wire_bytes": {"": 70_000},
             "revision": {"revised": 5}, "version": {"next": 6}},
)  # fmt: skip
OBSERVED = Observed(
    version="1.2.3",
    census=CENSUS,
    backlog=Backlog(due=3, due_lag_seconds=75.5, unread=2, quarantined=1, leased_hosts=1),
    last_dispatch_at=datetime(2026, 3, 14, 9, 30, tzinfo=UTC),
    queues=Queues({"visit": 5, "read": 0}, 2),
)
NOTHING = Observed("1.2.3", None, None, None, None)


def samples(observed):
    body, _ = metrics.render(observed)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in parse(body.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("sample", "value"),
    [
        (("figurewatch_build_info", "1.2.3"), 1),
        (("figurewatch_up", "database"), 1),
        (("figurewatch_up", "redis"), 1),
        (("figurewatch_visits_total", "fresh"), 12),
        (("figurewatch_visits_total", "gone"), 0),
        (("figurewatch_visit_seconds_total",), 2.5),
        (("figurewatch_wire_bytes_total",), 70_000),
        (("figurewatch_revisions_total", "revised"), 5),
        (("figurewatch_revisions_total", "withdrawn"), 0),
        (("figurewatch_versions_total", "next"), 6),
        (("figurewatch_stored_items", "versions"), 1340),
        (("figurewatch_due_lag_seconds",), 75.5),
        (("figurewatch_quarantined_captures",), 1),
        (("figurewatch_queue_messages", "visit"), 5),
        (("figurewatch_queue_messages", "read"), 0),
        (("figurewatch_unacknowledged_messages",), 2),
        (("figurewatch_change_position",), 2600),
        (("figurewatch_last_dispatch_timestamp_seconds",), 1773480600),
    ],
)
def test_what_was_observed_is_told(sample, value):
    assert samples(OBSERVED)[sample] == value


def test_without_database_and_redis_it_says_so_and_invents_nothing():
    assert samples(NOTHING) == {
        ("figurewatch_build_info", "1.2.3"): 1,
        ("figurewatch_up", "database"): 0,
        ("figurewatch_up", "redis"): 0,
    }


def test_labels_are_a_closed_set_whatever_the_database_says():
    strange = {f"https://news.example/{n}": 2 for n in range(10_000)}
    census = Census(0, 0, 0, 0, 0, 0, 0, 0, {"visit": strange, "unheard_of": {"a": 1}})
    found = samples(Observed("1", census, None, None, None))
    visits = {labels[0]: value for (name, *labels), value in found.items() if name == "figurewatch_visits_total"}
    assert set(visits) == {outcome.value for outcome in Outcome} | {metrics.OTHER}
    assert visits[metrics.OTHER] == 20_000
    quiet = samples(Observed("1", replace(census, tallies={}), None, None, None))
    assert len(found) == len(quiet) + 1  # OTHER, whatever there is


def test_every_metric_is_in_the_exposition_under_its_name_and_type():
    body, content_type = metrics.render(OBSERVED)
    assert content_type.startswith("text/plain")
    lines = body.decode().splitlines()
    for metric in metrics.METRICS:
        kind = "counter" if metric in metrics.COUNTERS else "gauge"
        assert f"# TYPE {metric.name} {kind}" in lines
        assert f"# HELP {metric.name} {metric.help}" in lines


def test_openmetrics_on_request():
    body, content_type = metrics.render(OBSERVED, "application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert len(list(parse_openmetrics(body.decode()))) == len(metrics.METRICS)


def test_names_follow_the_conventions_of_prometheus():
    for metric in metrics.METRICS:
        assert metric.name.startswith("figurewatch_")
        assert metric.name.endswith("_total") == (metric in metrics.COUNTERS)
