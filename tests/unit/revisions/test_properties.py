"""What holds for any two texts."""

from hypothesis import given, settings
from hypothesis import strategies as st

from worker.core.revisions import compare
from worker.core.revisions.comparison import compare_in_full
from worker.model import Text

WORDS = ("the", "killed", "people", "at least", "12", "31", "5 km", "$3 million", "7.5%", "police", "said", "on Monday",
         ".", ",", "\n\n", "dozens", "of them", "up from", "Correction:", "10:20 —", "withdrew", "(",
         "2019")  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)


@given(st.text(max_size=200) | TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_version_has_no_revisions_against_itself(text):
    assert compare(Text(text[:40], text), Text(text[:40], text)) == ()


@given(TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_revisions_come_from_the_figures_of_both_versions(old, new):
    comparison = compare_in_full(Text("", old), Text("", new))
    olds = {id(mention.figure) for mention in comparison.old.mentions}
    news = {id(mention.figure) for mention in comparison.new.mentions}
    for revision in comparison.revisions:
        assert id(revision.old) in olds
        assert revision.new is None or id(revision.new) in news
        assert 0 <= revision.confidence <= 1
    starts = [revision.old.start for revision in comparison.revisions]
    assert starts == sorted(starts)
    assert compare(Text("", old), Text("", new)) == comparison.revisions


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_figure_has_one_partner_at_most(old, new):
    alignment = compare_in_full(Text("", old), Text("", new)).alignment
    for side in ("old", "new"):
        partners = [id(getattr(found, side)) for found in alignment.chosen]
        assert len(partners) == len(set(partners))
