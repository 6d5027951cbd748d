"""Measured floors for reading pages, on the shared corpus where it is present."""

import gzip
import json
import re
from pathlib import Path

import pytest

from tests.eval.shingles import score
from worker.core import dates, extraction
from worker.model import Verdict

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "pages"
pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="no shared/corpus beside the project")

# Set (of the corpus): floors a little below what was measured with trafilatura 2.3.1.
#
# Plain trafilatura: F1 0.949, figure recall 0.959, leak 0.105. Two fifths of the leak that is left (51 of 112 figures)
# are lists of one page that its publisher's parser leaves out, and its own articleBody has.
TEXT = {
    "aeb": {"f1": 0.982, "figure_recall": 0.947, "figure_leak": 0.005},
    "fundus": {"f1": 0.970, "figure_recall": 0.993, "figure_leak": 0.077},
    "all": {"f1": 0.975, "figure_recall": 0.970, "figure_leak": 0.040},
}
TITLES, DAYS, MINUTES = 0.90, 0.98, 0.88


@pytest.fixture(scope="module")
def pages():
    """(manifest line, extract) of every page."""
    lines = [json.loads(line) for line in (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    return [(line, read(line)) for line in lines]


def read(line):
    body = gzip.decompress((CORPUS / line["file"]).read_bytes())
    return extraction.extract(body, headers={}, url=line["url"])


def key(title):
    return re.sub(r"\W+", " ", title.lower()).strip()


@pytest.mark.parametrize("group", TEXT)
def test_text(pages, group):
    chosen = [(line["expected"].get("text"), found.text) for line, found in pages if group in {"all", line["set"]}]
    measured = score([pair for pair in chosen if pair[0]])
    print(f"{group:7} {measured}")
    assert measured.f1 >= TEXT[group]["f1"]
    assert measured.figure_recall >= TEXT[group]["figure_recall"]
    assert measured.figure_leak <= TEXT[group]["figure_leak"]


def test_titles(pages):
    pairs = [(key(line["expected"]["title"]), key(found.title)) for line, found in pages if line["expected"]["title"]]
    contained = sum(bool(b) and (a in b or b in a) for a, b in pairs) / len(pairs)
    print(f"titles  {len(pairs)}: contained {contained:.3f}, equal {sum(a == b for a, b in pairs) / len(pairs):.3f}")
    assert contained >= TITLES


def test_dates(pages):
    stated = [
        (dates.read(line["expected"]["published"]), found) for line, found in pages if line["expected"]["published"]
    ]
    apart = [abs((found.published_at - d).total_seconds()) if found.published_at else 1e9 for d, found in stated]
    days, minutes = (sum(seconds <= limit for seconds in apart) / len(apart) for limit in (90_000, 60))
    print(f"dates   {len(apart)}: same day {days:.3f}, same minute {minutes:.3f}")
    assert days >= DAYS
    assert minutes >= MINUTES


def test_every_page_reads_the_same_twice(pages):
    assert [line["id"] for line, found in pages[::8] if read(line) != found] == []


def test_no_page_is_a_notice(pages):
    found = {
        line["id"]: extract.detail or extract.doubt
        for line, extract in pages
        if extract.verdict is not Verdict.ARTICLE or extract.doubt
    }
    assert found == {}
