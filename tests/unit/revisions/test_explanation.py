from worker.core.revisions.explanation import Fate, explain
from worker.model import Text


def rows(old, new):
    return [
        (row.old.text if row.old else None, row.new.text if row.new else None)
        for row in explain(Text("", old), Text("", new)).rows
    ]


def fates(old, new):
    explanation = explain(Text("", old), Text("", new))
    return {
        (side, row_side.text[mark.start : mark.end]): mark.fate
        for row in explanation.rows
        for side, row_side in (("old", row.old), ("new", row.new))
        if row_side
        for mark in row_side.marks
    }


def test_each_sentence_stands_once():
    old = "One man died. Two cars burned. The road is shut."
    new = "The road is shut. Three cars burned in the night. Nobody knows why."
    texts = rows(old, new)
    assert sorted(filter(None, (left for left, _ in texts))) == [
        "One man died.",
        "The road is shut.",
        "Two cars burned.",
    ]
    assert [right for _, right in texts if right] == [
        "The road is shut.",
        "Three cars burned in the night.",
        "Nobody knows why.",
    ]
    assert ("The road is shut.", "The road is shut.") in texts


def test_fates():
    found = fates(
        "Police arrested 14 men in Orlin. The army said 60 fighters were killed in the raid. "
        "At least 8 cars burned. A bridge of 40 metres fell.",
        "Police arrested 14 men in Orlin. The army withdrew its figure for fighters killed in the raid. "
        "Eight cars burned. The mayor has 3 dogs.",
    )
    assert found["old", "14"] is Fate.UNCHANGED
    assert found["old", "60"] is Fate.WITHDRAWN
    assert found["old", "At least 8"] is Fate.REQUALIFIED
    assert found["new", "Eight"] is Fate.REQUALIFIED
    assert found["old", "40 metres"] is Fate.CUT
    assert found["new", "3"] is Fate.ADDED


def test_a_notice_is_marked():
    found = fates("The plant will hire 350 workers.", "The plant will hire 530 workers.\n\nCorrection: An earlier "
                  "version of this story misstated the number of workers as 350.")  # fmt: skip
    assert found["new", "350"] is Fate.NOTICE
    assert found["new", "530"] is Fate.REVISED


def test_nothing_to_explain():
    assert explain(Text("", ""), Text("", "")).rows == ()
