"""Measured floors for revisions: on the project's own pairs, and on the shared ones where they are present."""

import json
from functools import cache
from pathlib import Path

import pytest

from tests.eval.scoring import answers, calibration_error, overstated, reliability, score
from worker.core.revisions import compare
from worker.core.revisions.wire import revision_to_json
from worker.model import Text

OWN = Path(__file__).parent / "gold" / "pairs.jsonl"
BLIND = OWN.with_name("blind-pairs.jsonl")
NEWSROOM = OWN.with_name("newsroom-pairs.jsonl")
DESK = OWN.with_name("desk-pairs.jsonl")
UNSEEN = OWN.with_name("unseen-pairs.jsonl")
SHARED = Path(__file__).parents[3] / "shared" / "revision-pairs" / "pairs.jsonl"
# A little below what was measured; the shared pairs' floors are those the project set itself.
FLOORS = {
    OWN: {"revised": 0.96, "requalified": 0.95, "withdrawn": 0.85, "all": 0.96, "clean": 0.9},
    BLIND: {"revised": 0.85, "requalified": 0.92, "withdrawn": 0.9, "all": 0.86, "clean": 0.93},
    NEWSROOM: {"revised": 0.9, "requalified": 0.95, "withdrawn": 0.95, "all": 0.92, "clean": 0.9},
    DESK: {"revised": 0.89, "requalified": 0.95, "withdrawn": 0.9, "all": 0.9, "clean": 0.92},
    UNSEEN: {"revised": 0.82, "requalified": 0.85, "withdrawn": 0.6, "all": 0.81, "clean": 0.8},
    SHARED: {"revised": 0.93, "requalified": 0.88, "withdrawn": 0.7, "all": 0.9, "clean": 0.95},
}
NAMES = ["own", "blind", "newsroom", "desk", "unseen", "shared"]


# Expected calibration error on the half of the unseen pairs that no curve was fitted to; measured 0.075.
CALIBRATION = 0.09
# How far confidence is above the share that was right; measured 0.04 on that half. Pairs that rules were made for are
# answered better than confidence says, which is meant for news; there this is all that can be asked.
OVERSTATED = 0.06


def load(path):
    if not path.exists():
        pytest.skip(f"no {path.parent.name}/{path.name} here")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def judging(path):
    """The pairs on which confidence is judged: of the unseen ones those that its curves were not fitted to."""
    return load(path)[1::2] if path is UNSEEN else load(path)


def found(pair):
    return revised(json.dumps(pair["old"]), json.dumps(pair["new"]))


@cache  # two tests ask
def revised(old, new):
    revisions = compare(Text(**json.loads(old)), Text(**json.loads(new)))
    return [revision_to_json(revision) for revision in revisions]


@pytest.mark.parametrize("path", FLOORS, ids=NAMES)
def test_floors(path):
    scores = score(load(path), found)
    for group, tally in sorted(scores.items()):
        if path is not UNSEEN or not group:  # whoever develops sees its totals only
            print(f"{group or 'all pairs':12} {tally}")
    whole, floors = scores[""], FLOORS[path]
    measured = {kind: whole.f1(kind) for kind in ("revised", "requalified", "withdrawn", "all")}
    measured["clean"] = whole.clean_share()
    short = {name: (measured[name], floor) for name, floor in floors.items() if measured[name] < floor}
    assert not short


@pytest.mark.parametrize("path", FLOORS, ids=NAMES)
def test_confidence_means_what_it_says(path):
    bands = reliability(list(answers(judging(path), found)))
    for count, confidence, share in bands:
        print(f"{count:4} with confidence {confidence:.2f}: {share:.2f} right")
    assert overstated(bands) <= OVERSTATED
    if path is UNSEEN:
        assert calibration_error(bands) <= CALIBRATION
