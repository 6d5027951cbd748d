"""worker/ops/README.md describes every metric and every log event, and none that is not there."""

import ast
import re
from pathlib import Path

import pytest

import worker
from worker.ops.metrics import COUNTERS, METRICS

ROOT = Path(worker.__file__).parent
README = (ROOT / "ops" / "README.md").read_text()
EVENT = re.compile(r"[a-z]+\.[a-z_]+")
SAYING = {"log", "say"}  # also as a method: world.log, logs.log, self.say


def rows(heading):
    """Cells of the table under a heading, by the name in its first cell."""
    section = README.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {cells[0].strip(" `"): [cell.strip() for cell in cells[1:]] for cells in lines}


def said(path):
    """Constant names of events in calls of `log` and `say`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        event = node.args[0].value
        if name in SAYING and isinstance(event, str) and EVENT.fullmatch(event):
            yield event


def events():
    return {event for path in ROOT.rglob("*.py") for event in said(path)}


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_is_described_as_it_is(metric):
    kind, labels, unit, tells = rows("Metrics")[metric.name]
    assert kind == ("counter" if metric in COUNTERS else "gauge")
    assert labels.partition(":")[0] == (f"`{metric.label}`" if metric.label else "–")
    assert unit
    assert tells


def test_no_metric_is_described_that_is_not_there():
    assert set(rows("Metrics")) == {metric.name for metric in METRICS}


def test_every_log_event_is_described_and_no_other():
    assert set(rows("Log")) == events()


def test_the_search_for_events_finds_them():
    assert {"visit.done", "site.listening", "child.died"} <= events()
