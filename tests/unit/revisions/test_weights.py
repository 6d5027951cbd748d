"""The fitted weights: every observation has its two, and what is told of it is an observation."""

import re
from pathlib import Path

from worker.core.revisions import evidence, withdrawals, wording
from worker.core.revisions.comparison import compare_in_full
from worker.model import Text

CODE = "".join(path.read_text() for path in Path(evidence.__file__).parent.glob("*.py"))
ADDED = {*re.findall(r'\.add\(\s*"([^"]+)"', CODE), *re.findall(r'found\.add\("[^"]+" if [^"]+ else "([^"]+)"', CODE)}


def test_observations_and_weights_are_the_same():
    indirect = {"place", "other place", "declared", "old value declared", "old value stays", "old value dated"}
    named = ADDED | {name for name in evidence.CHANGED if f'"{name}"' in CODE}
    assert named >= evidence.CHANGED.keys() - {"prior"}
    assert evidence.CHANGED.keys() >= ADDED | indirect


def test_equal_and_changed_values_have_weights_for_the_same_observations():
    assert evidence.CHANGED.keys() == evidence.EQUAL.keys()


def test_evidence_is_told_of_observations_only():
    assert wording.SAID.keys() <= evidence.CHANGED.keys()


def test_what_speaks_for_a_withdrawal_has_a_weight():
    named = set(re.findall(r'^\s+"([a-z ]+)": (?:1\.0|float\(|share|like)', CODE, re.MULTILINE)) | {
        "outright",
        "in passing",
    }
    assert named <= withdrawals.WEIGHTS.keys()


def test_evidence_names_the_pair_that_is_nearly_as_likely():
    old = Text("", "The fund owns 29 farms.")
    new = Text("", "Of the fund's farms 31 grow rice. In 34 of its farms there are cows.")
    comparison = compare_in_full(old, new)
    [found] = [revision for revision in comparison.revisions + comparison.abstained if revision.old.low == 29]
    assert "nearly as likely: 29 → 34" in found.because


def test_what_both_have_in_common_is_not_held_against_them():
    assert wording.SAID.keys() >= wording.AGREEMENTS
    old = Text("", "At least 2,300 soldiers were killed, the ministry said.")
    new = Text("", "2,730 soldiers were killed, the ministry said.")
    [found] = compare_in_full(old, new).revisions
    assert "killed" in found.because
    assert "against it" not in found.because
