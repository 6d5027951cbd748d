"""What is sure enough to be reported, by what else was found between two versions."""

from dataclasses import replace

import pytest

from worker.core.figures import read_text
from worker.core.revisions.confidence import reported
from worker.model import Revision, RevisionKind

[FIGURE] = read_text("12 people died.")
ONE = Revision(RevisionKind.REVISED, FIGURE, FIGURE, 0.5, "")


def found(*confidences, declared=False):
    return [replace(ONE, confidence=confidence, declared=declared) for confidence in confidences]


@pytest.mark.parametrize(
    ("confidences", "sure"),
    [((), []), ((0.7,), [False]), ((0.9,), [True]), ((0.5, 0.99), [True, True]), ((0.4, 0.99), [False, True])],
)
def test_one_alone_must_be_surer_than_one_among_sure_ones(confidences, sure):
    assert reported(found(*confidences)) == sure


def test_a_declared_correction_needs_no_company():
    assert reported(found(0.5, declared=True)) == [True]
