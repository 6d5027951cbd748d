"""What comparing costs and finds beside what a script of an afternoon does: a diff of words, replaced numbers."""

import difflib
import json
import re
import time
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.eval.scoring import score
from worker.core.figures import read, read_text, read_versions
from worker.core.revisions import compare
from worker.core.revisions.wire import revision_to_json
from worker.core.revisions.words import sentence_spans
from worker.model import Text

GOLD = Path(__file__).parents[2] / "eval" / "gold" / "pairs.jsonl"
SHARED = Path(__file__).parents[4] / "shared" / "revision-pairs" / "pairs.jsonl"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
pytestmark = pytest.mark.bench


def pairs():
    return [
        json.loads(line)
        for path in (GOLD, SHARED)
        if path.exists()
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def ours(pair):
    return [revision_to_json(revision) for revision in compare(Text(**pair["old"]), Text(**pair["new"]))]


def replaced_numbers(pair):
    """Numbers that a diff of the words says took the place of others, one for one."""
    old, new = (re.findall(r"\S+", pair[side]["text"]) for side in ("old", "new"))
    found = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        before, after = (NUMBER.findall(" ".join(words)) for words in (old[a:b], new[c:d]))
        if tag == "replace" and len(before) == len(after):
            found += [
                {"kind": "revised", "old": figure(one), "new": figure(two)}
                for one, two in zip(before, after, strict=True)
                if one != two
            ]
    return found


def figure(number):
    value = float(number.replace(",", ""))
    return {"low": value, "high": value}


def milliseconds(function, items):
    """Of processor time for each item, the best of three runs."""
    runs = []
    for _ in range(3):
        start = time.process_time()
        for item in items:
            function(item)
        runs.append(time.process_time() - start)
    return min(runs) / len(items) * 1000


def test_found_and_spent():
    items = pairs()
    print()
    for name, method in (("ours", ours), ("replaced numbers", replaced_numbers)):
        print(f"{name:18} {milliseconds(method, items):6.2f} ms a pair  {score(items, method)['']}")
    assert score(items, ours)[""].f1("revised") > score(items, replaced_numbers)[""].f1("revised")


def long_versions(words=600):
    """Rewritten versions of about so many words, joined from short ones: as full of figures as no article is."""
    old, new = [], []
    for pair in pairs():
        old.append(pair["old"]["text"])
        new.append(pair["new"]["text"])
        if sum(len(text.split()) for text in old) >= words:
            yield tuple(Text("Today's news", "\n\n".join(texts)) for texts in (old, new))
            old, new = [], []


def updated_versions():
    """The same old versions with one paragraph in six as it was rewritten, as when an outlet updates a long article."""
    for old, new in long_versions():
        before, after = (version.text.split("\n\n") for version in (old, new))
        update = [one if number % 6 else after[number % len(after)] for number, one in enumerate(before)]
        yield old, Text(old.title, "\n\n".join(update))


def article_versions(words=600, figures=10):
    """Articles as they come: a dozen figures or so, most sentences without one, one paragraph rewritten.

    All of it the project's own text: pairs of the gold set, between sentences of others in which nothing is reported.
    """
    gold = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    plain = cycle(sentence for pair in gold for sentence in without_figures(pair["old"]["text"]))
    reported = []
    for pair in gold:
        reported.append(pair)
        if sum(len(read_text(pair["old"]["text"])) for pair in reported) < figures:
            continue
        before = [pair["old"]["text"] for pair in reported]
        after = [reported[0]["new"]["text"], *before[1:]]
        filled = 0
        while len(" ".join(before).split()) < words:
            paragraph = " ".join(islice(plain, 3))
            for texts in (before, after):
                texts.insert(1 + filled % len(texts), paragraph)
            filled += 2
        yield tuple(Text("Today's news", "\n\n".join(texts)) for texts in (before, after))
        reported = []


def without_figures(text):
    """The sentences of a text in which no figure is reported."""
    sentences = (text[span.start : span.end] for span in sentence_spans(text))
    return [sentence for sentence in sentences if not read_text(sentence)]


def unchanged_versions():
    """The same articles as they are fetched again."""
    for old, _ in article_versions():
        yield old, Text(old.title, old.text)


@pytest.mark.parametrize("versions", [article_versions, unchanged_versions, long_versions, updated_versions])
def test_versions_of_600_words(versions):
    """Beside what a diff of their words costs in the same run: the ratio holds on any machine, milliseconds do not."""
    items = [(old, new, (read(old), read(new))) for old, new in versions()]
    fresh = read.__wrapped__  # the last texts read are remembered
    reading = milliseconds(lambda item: (fresh(item[0]), fresh(item[1])), items)
    comparing = milliseconds(lambda item: compare(item[0], item[1], figures=item[2]), items)
    both = milliseconds(lambda item: compare(item[0], item[1], figures=read_versions(item[0], item[1])), items)
    diffing = milliseconds(lambda item: words_differ(item[0].text.split(), item[1].text.split()), items)
    figures = sum(len(item[2][0]) for item in items) / len(items)
    print(
        f"\n{versions.__name__}: {len(items)} of 600 words and {figures:.0f} figures: reading both {reading:.1f} ms, "
        f"comparing them {comparing:.1f} ms, both with what they share read once {both:.1f} ms, "
        f"a diff of their words {diffing:.1f} ms"
    )
    assert comparing < 10 * diffing
    assert versions is not unchanged_versions or both < reading + comparing  # what stays is read once


def words_differ(old, new):
    return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
