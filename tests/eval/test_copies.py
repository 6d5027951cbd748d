"""Which articles are copies: candidates by their sketches, then the verdict from the texts.

Measured on 695 pairs of our own making (`copies/`), 332 of them copies. Dev and held-out stories both gave precision
1.0 and recall 1.0, which flatters: the same hand wrote pairs and rules, and saw the misses of both.
"""

import gzip
import json
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.eval.copies import blind, desks
from tests.eval.copies.pairs import pairs
from worker.core import copies, extraction
from worker.model import CopyKind

PRECISION, RECALL = 0.98, 0.95
PAGES = Path(__file__).parents[3] / "shared" / "corpus" / "pages"


def linked(a, b, *, same_outlet):
    """What the journey does: nothing is compared that the index does not bring up."""
    one, other = copies.read(a), copies.read(b)
    if not set(copies.bands(one)) & set(copies.bands(other)):
        return None
    return copies.compare(one, other, same_outlet=same_outlet)


def test_there_is_enough_to_measure():
    made = pairs()
    assert len(made) >= 300
    assert sum(pair.copy for pair in made) >= 150
    assert sum(not pair.copy for pair in made) >= 150
    assert all(pair.a != pair.b for pair in made)


@pytest.mark.parametrize("held_out", [False, True], ids=["dev", "held out"])
def test_copies_are_told_from_look_alikes(held_out):
    measured = measure(pair for pair in pairs() if pair.held_out == held_out)
    assert measured.precision >= PRECISION, measured.wrong
    assert measured.recall >= RECALL, measured.missed


def assert_goals(made):
    measured = measure(made)
    print(f"{len(made)} pairs, precision {measured.precision:.3f}, recall {measured.recall:.3f}", measured.missed)
    assert measured.precision >= PRECISION, measured.wrong
    assert measured.recall >= RECALL, measured.missed


def test_pairs_made_in_another_way():
    """First run, before the rules had seen any: precision 0.948, recall 0.885 of 208 copies among 975 pairs.

    Mended by class: furniture that is most of a short text, texts brought up to date on the day after, texts revised
    throughout under the same names, texts of which half stands with all its figures. What is still missed are versions
    whose figures nearly all changed, which nothing tells from a form that was filled in anew, and rewrites.
    """
    made = blind.pairs()
    assert len(made) >= 900
    assert_goals(made)


def test_agency_pieces_and_what_desks_made_of_them():
    """Edited by hand; first run, before any rule was touched: precision 0.984, recall 0.938 of 64 copies in 263 pairs.

    What is missed: a third of a piece in a round-up, and a sketch of three sentences of which all were edited twice.
    """
    made = desks.pairs()
    assert len(made) >= 250
    assert_goals(made)


def test_pieces_that_no_rule_was_written_for():
    """Written when the rules were done; first run: precision 1.0, recall 1.0 of 17 copies in 54 pairs."""
    made = desks.later()
    assert len(made) >= 50
    assert_goals(made)


def test_forms_filled_in_anew_by_another_throw_of_the_dice():
    """By no pair of these was a rule chosen. Of 780 (60 of each form), three were taken for copies.

    They were two before the rules knew texts that were revised throughout.
    """
    made = list(desks.forms_thrown_again(20))
    wrong = [pair.name for pair in made if linked(pair.a, pair.b, same_outlet=False)]
    assert len(made) >= 250
    assert len(wrong) <= 3, wrong


class Measured(NamedTuple):
    right: list[str]
    wrong: list[str]
    missed: list[str]

    @property
    def precision(self):
        return len(self.right) / len(self.right + self.wrong)

    @property
    def recall(self):
        return len(self.right) / len(self.right + self.missed)


def measure(made):
    found = Measured([], [], [])
    for pair in made:
        match linked(pair.a, pair.b, same_outlet=pair.same_outlet) is not None, pair.copy:
            case True, True:
                found.right.append(pair.name)
            case True, False:
                found.wrong.append(pair.name)
            case False, True:
                found.missed.append(pair.name)
    return found


corpus = pytest.mark.skipif(not PAGES.exists(), reason="the corpus is third-party data beside the project")


@pytest.fixture(scope="module")
def pages():
    lines = (PAGES / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return {page["id"]: page for page in map(json.loads, lines)}


def text_of(page):
    packed = (PAGES / page["file"]).read_bytes()
    body = gzip.decompress(packed) if page["file"].endswith(".gz") else packed
    return extraction.extract(body, headers={}, url=page["url"], language=page.get("language")).text


@corpus
def test_the_labelled_pairs_of_the_corpus(pages):
    wanted: dict[str, set[CopyKind | None]] = {
        "same-article-other-url": {CopyKind.EXACT},
        "later-capture": {CopyKind.EXACT, CopyKind.NEAR},
        "reprint": {CopyKind.EXACT, CopyKind.NEAR},
        "partial-reprint": {CopyKind.PARTIAL},
        "boilerplate-lookalike": {None},
        "query-is-identity": {None},
    }
    for line in (PAGES / "pairs.jsonl").read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        a, b = pages[pair["a"]], pages[pair["b"]]
        found = linked(text_of(a), text_of(b), same_outlet=a["outlet"] == b["outlet"])
        assert (found.kind if found else None) in wanted[pair["kind"]], pair


@corpus
def test_of_all_other_pages_none_is_taken_for_a_copy(pages):
    """As the publishers give their texts, so that this costs seconds: 80,000 pairs, of which few share a bucket."""
    known = {frozenset((p["a"], p["b"])) for p in map(json.loads, (PAGES / "pairs.jsonl").read_text().splitlines())}
    texts = {id_: (page["outlet"], copies.read(page["expected"]["text"])) for id_, page in pages.items()
             if page.get("expected", {}).get("text")}  # fmt: skip
    sketches = {id_: set(copies.bands(prose)) for id_, (_, prose) in texts.items()}
    found = [
        (a, b)
        for a, b in combinations(sorted(texts), 2)
        if frozenset((a, b)) not in known
        and sketches[a] & sketches[b]
        and copies.compare(texts[a][1], texts[b][1], same_outlet=texts[a][0] == texts[b][0])
    ]
    assert found == []
