"""Work grows with the text, not with its square: counted in pairs that are weighed."""

import pytest

from worker.core.figures import read
from worker.core.revisions.context import number_forms, read_version
from worker.core.revisions.matching import ALL_PAIRS, RARE, candidates
from worker.core.revisions.scope import describe
from worker.core.revisions.words import lexicon
from worker.model import Text

WORDS = 40  # at most that many words around a figure lead to candidates


def weighed(old, new):
    words = lexicon("en")
    versions = [read_version(text, read(text), words, {}) for text in (Text("", old), Text("", new))]
    number_forms([sentence.wording for version in versions for sentence in version.sentences])
    for version in versions:
        describe(version, frozenset(), words, everything=True)
    return sum(1 for _ in candidates(versions[0].mentions, versions[1].mentions)), len(versions[0].mentions)


@pytest.mark.parametrize(
    "text",
    [
        lambda count: "Police said 12 people were killed. " * count,
        lambda count: "12 people and " * count,
        lambda count: "\n".join(f"Town{number} {number} dead" for number in range(count)),
        lambda count: "".join(f"Town{number % 50} has {number} people. " for number in range(count)),
    ],
    ids=["one sentence again and again", "one sentence", "a table", "few words"],
)
def test_hostile_texts_lead_to_few_pairs(text):
    pairs, figures = weighed(text(1500), text(1500).replace("1", "2"))
    assert figures > 1000
    assert pairs <= ALL_PAIRS + figures * RARE * WORDS


def test_an_article_of_usual_length_is_weighed_in_full():
    pairs, figures = weighed("Police said 12 people died. " * 20, "Police said 13 people died. " * 20)
    assert (pairs, figures) == (400, 20)
