"""The alert rules speak of metrics that exist, and ring when they should (the latter where promtool is installed)."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from worker.ops.metrics import COUNTERS, METRICS
from worker.settings import shipped
from worker.storage.endpoints import STATES

RULES = [rule for group in yaml.safe_load(shipped("alerts.yml").read_text())["groups"] for rule in group["rules"]]
CASES = Path(__file__).parent / "alert_cases.yml"
BY_NAME = {metric.name: metric for metric in METRICS}
CLOSED = {counter.name: {counter.label: counter.words} for counter in COUNTERS}
CLOSED["figurewatch_up"] = {"part": ("database", "redis")}
CLOSED["figurewatch_webhook_endpoints"] = {"state": STATES}
SELECTOR = re.compile(r"(figurewatch_\w+)(?:\{(.*?)\})?")
MATCHER = re.compile(r'(\w+)(?:=~|!=|=)"([^"]*)"')


def named(rule):
    return rule["alert"]


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_rules_ask_for_metrics_and_labels_that_exist(rule):
    found = SELECTOR.findall(rule["expr"])
    assert found
    for name, matchers in found:
        assert name in BY_NAME
        for label, words in MATCHER.findall(matchers):
            assert set(words.split("|")) <= set(CLOSED[name][label]), f"{name}{{{label}}}"


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_rules_say_what_is_wrong_and_what_to_do(rule):
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    assert len(rule["annotations"]["description"]) > 100


def test_names_of_rules_are_unique():
    assert len({rule["alert"] for rule in RULES}) == len(RULES)


def test_each_rule_has_a_case_that_rings_and_one_that_does_not():
    cases = yaml.safe_load(CASES.read_text())["tests"]
    quiet = {case["alertname"] for test in cases for case in test.get("alert_rule_test", [])}
    rings = set(re.findall(r"Figurewatch\w+", str([test.get("promql_expr_test") for test in cases])))
    assert quiet == rings == {rule["alert"] for rule in RULES}


def test_rules_ring_when_they_should_and_only_then(tmp_path):
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool, which comes with Prometheus, is not installed")
    shutil.copy(shipped("alerts.yml"), tmp_path)
    shutil.copy(CASES, tmp_path)
    played = subprocess.run(
        [promtool, "test", "rules", str(tmp_path / CASES.name)], capture_output=True, text=True, check=False
    )
    assert played.returncode == 0, played.stdout + played.stderr
