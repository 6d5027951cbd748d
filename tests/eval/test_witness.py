"""What the second witness saves when an extraction breaks: pages of the corpus whose data carry their whole text, with
most of their paragraphs gone from the markup, as after a change of template that renders them by script."""

import gzip
import json
from pathlib import Path

import pytest
from lxml import etree

from tests.eval.shingles import score
from worker.core import charset, extraction, jsonld, markup, witness
from worker.model import Witness

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "pages"
pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="no shared/corpus beside the project")
KEPT = 3  # paragraphs
PARAGRAPH = 60  # characters


def damaged(html):
    tree = markup.document(markup.clean(html))
    assert tree is not None
    paragraphs = [p for p in tree.iter("p") if len(p.text_content()) >= PARAGRAPH]
    for paragraph in paragraphs[KEPT:]:
        paragraph.drop_tree()
    return etree.tostring(tree, encoding="utf-8", method="html")


def bodied():
    """Pages that state a text in their data, as they came."""
    for line in map(json.loads, (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").splitlines()):
        html = charset.decode(gzip.decompress((CORPUS / line["file"]).read_bytes()), {}).text
        if '"articleBody":' in html and line["expected"].get("text") and jsonld.article(markup.document(html)):
            yield line, html


def read(page, url):
    return extraction.extract(page, headers={"content-type": "text/html; charset=utf-8"}, url=url)


def test_recall_of_figures_when_paragraphs_are_gone(monkeypatch):
    pages = [(line, damaged(html)) for line, html in bodied()]
    heard = [read(page, line["url"]) for line, page in pages]
    monkeypatch.setattr(witness, "hear", lambda text, _body: witness.Testimony(Witness.SILENT, text))
    alone = [read(page, line["url"]) for line, page in pages]
    before, after = (
        score([(line["expected"]["text"], found.text) for (line, _), found in zip(pages, extracts, strict=True)])
        for extracts in (alone, heard)
    )
    print(f"{len(pages)} damaged pages, {sum(e.witness is Witness.USED for e in heard)} bodies used")
    print(f"alone {before}\nheard {after}")
    assert after.figure_recall >= before.figure_recall + 0.3
    assert after.figure_leak <= before.figure_leak + 0.02
