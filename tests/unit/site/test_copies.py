"""Copies of an article, and copies that still print the old figure, on pages and in the API."""

from tests.harness.site import FakeStore, article, ask, copy, ripple
from worker.model import CopyKind, RevisionKind, RippleState

HOSTILE = "<script>x</script>\u202e"


def test_the_page_of_copies_that_still_print_the_old_figure():
    page = ask(FakeStore(behind=[ripple(), ripple(copy_id=9, state=RippleState.FOLLOWED)]), "/copies").text
    assert "at least 130" in page
    assert "142" in page
    assert "/articles/8" in page
    assert "/articles/9" not in page


def test_a_figure_that_was_withdrawn():
    store = FakeStore(behind=[ripple(kind=RevisionKind.WITHDRAWN, new=None)])
    assert "withdrawn it" in ask(store, "/copies").text
    (row,) = ask(store, "/api/v1/ripples").json()["ripples"]
    assert (row["kind"], row["old_bound"], row["new_low"], row["new_bound"]) == ("withdrawn", "at_least", None, None)


def test_that_page_when_there_is_none():
    assert "No copy is known" in ask(FakeStore(), "/copies").text


def test_the_copies_of_an_article_stand_on_its_page():
    kinds = [copy(8), copy(9, kind=CopyKind.PARTIAL, is_part=True), copy(10, kind=CopyKind.EXACT)]
    page = ask(FakeStore(articles={7: article()}, linked={7: kinds}), "/articles/7").text
    assert "<h2>Copies</h2>" in page
    assert all(words in page for words in ("edited", "a part of this", "word for word"))
    assert "<h2>Copies</h2>" not in ask(FakeStore(articles={7: article()}), "/articles/7").text


def test_strangers_words_are_text():
    store = FakeStore(articles={7: article()}, linked={7: [copy(title=HOSTILE, outlet=HOSTILE)]})
    store.behind = [ripple(copy_sentence=HOSTILE, copy_outlet=HOSTILE)]
    for path in ("/articles/7", "/copies"):
        page = ask(store, path).text
        assert "<script>x" not in page
        assert "&lt;script&gt;" in page


def test_the_api():
    store = FakeStore(behind=[ripple(), ripple(copy_id=9, state=RippleState.FOLLOWED)], linked={7: [copy()]})
    (row,) = ask(store, "/api/v1/ripples").json()["ripples"]
    assert (row["copy_outlet"], row["state"], row["old_low"], row["new_low"]) == ("south-post", "old", 130, 142)
    assert len(ask(store, "/api/v1/ripples?every=true").json()["ripples"]) == 2
    found = ask(store, "/api/v1/copies?article_id=7").json()
    assert [one["copy_id"] for one in found["copies"]] == [8]
    assert ask(store, "/api/v1/copies?article_id=0").status_code == 400
    assert ask(store, "/api/v1/copies?article_id=1").json() == {"article_id": 1, "copies": []}
