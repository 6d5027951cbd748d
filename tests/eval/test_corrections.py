"""Measured floors for correction notes: found where there are any, nowhere else, with the value that was wrong."""

import json
from pathlib import Path

from worker.core.corrections import notes
from worker.model import Text

GOLD = [json.loads(line) for line in (Path(__file__).parent / "gold" / "notes.jsonl").read_text("utf-8").splitlines()]
PRECISION, RECALL, KIND, WRONG = 0.95, 0.95, 0.93, 0.85


def read(case):
    found = notes(Text("", f"The first paragraph tells of 5 things.\n\n{case['text']}"), case["language"])
    return found[0] if found else None


def test_floors():
    found = [(case, read(case)) for case in GOLD]
    right = sum(note is not None and case["kind"] is not None for case, note in found)
    told, given = sum(note is not None for _, note in found), sum(case["kind"] is not None for case in GOLD)
    kinds = sum(note is not None and note.kind == case["kind"] for case, note in found if case["kind"])
    claims = [(case, note) for case, note in found if case["wrong"]]
    wrong = sum(
        note is not None and [float(one.figure.low) for one in note.stated if one.wrong] == case["wrong"]
        for case, note in claims
    )
    for case, note in found:
        if (note.kind if note else None) != case["kind"]:
            print("kind", case["text"], note and note.kind)
    for case, note in claims:
        print("wrong", case["wrong"], note and [(float(s.figure.low), s.wrong) for s in note.stated])
    print(f"precision {right / told:.2f}, recall {right / given:.2f}, kind {kinds / given:.2f}")
    print(f"{wrong} of {len(claims)} values said to be wrong")
    assert right / told >= PRECISION
    assert right / given >= RECALL
    assert kinds / given >= KIND
    assert wrong / len(claims) >= WRONG
