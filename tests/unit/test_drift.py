"""A broken extraction is told from newsrooms' edits, makes no revisions, and heals."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.test_pipeline import FEED, Newsdesk, page
from worker.core import drift
from worker.model import Extract, Health, StoredVersion, Symptom, Verdict

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXT = "A sentence of some length with 12 figures in it. " * 10
STORED = StoredVersion(1, 1, "Title", TEXT, "0" * 64, "reader 1", NOW, NOW, figures=True)
HEALTHY = Extract(Verdict.ARTICLE, "Title", TEXT)
FIGURES = ("one",)
PATHS = ("quake", "flood", "strike", "vote")


@pytest.mark.parametrize(
    ("changed", "found", "expected"),
    [
        ({}, FIGURES, None),
        ({"title": "Another title"}, FIGURES, None),
        ({"title": ""}, FIGURES, Symptom.TITLE),
        ({"text": TEXT[: len(TEXT) * 6 // 10]}, FIGURES, None),
        ({"text": TEXT[: len(TEXT) * 4 // 10]}, FIGURES, Symptom.TEXT),
        ({}, (), Symptom.FIGURES),
        ({}, None, None),  # nobody read them
        ({"verdict": Verdict.FAILED, "text": ""}, None, Symptom.TEXT),
        ({"verdict": Verdict.BLOCKED, "text": ""}, None, None),  # not the extraction's doing
    ],
)
def test_symptoms(changed, found, expected):
    assert drift.symptom(STORED, replace(HEALTHY, **changed), found) is expected


def test_what_had_nothing_loses_nothing():
    assert drift.symptom(replace(STORED, figures=False, title=""), replace(HEALTHY, title=""), ()) is None
    assert drift.symptom(None, replace(HEALTHY, title=""), ()) is None


@pytest.mark.parametrize(
    ("suspects", "read", "expected"),
    [(0, 0, False), (1, 1, False), (2, 2, True), (2, 5, True), (2, 6, False), (40, 41, True), (40, 100, False)],
)
def test_many_at_once_are_no_newsrooms_edits(suspects, read, expected):
    assert drift.is_broken(Health(suspects, read), more=1) == expected


@pytest.fixture
def desk(tmp_path):
    newsdesk = Newsdesk(tmp_path)
    items = "".join(
        f"<item><guid>{p}</guid><title>Quake in Sarvan</title><link>https://tamar.example/{p}</link></item>"
        for p in PATHS
    )
    newsdesk.network.answers[FEED] = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
    publish(newsdesk, *(page(12) for _ in PATHS))
    cycles(newsdesk)
    yield newsdesk
    newsdesk.store.close()


def publish(desk, *pages):
    # Each of its own, or they would be one page on many addresses.
    desk.network.answers |= {
        f"https://tamar.example/{path}": body.replace("province", f"province of the {path}")
        for path, body in zip(PATHS, pages, strict=True)
    }


def cycles(desk):
    for _ in range(8):
        desk.cycle()
        desk.clock.advance(minutes=10)


def broken_page():
    """What a new template leaves of a page: no text with figures."""
    return """<html lang="en"><head><title>Quake in Sarvan</title></head><body><article><h1>Quake in Sarvan</h1>
<p>Continue reading this story of the province, of its people and of its government in our application, where all
our reporting can be found from now on, with pictures and films of the province.</p></article></body></html>"""


def test_a_template_that_loses_the_text_makes_no_revisions_and_heals(desk):
    before = desk.census().versions
    assert before == len(PATHS)
    publish(desk, *(broken_page() for _ in PATHS))
    cycles(desk)
    assert desk.store.queries.backlog(desk.clock()).broken_outlets == ("tamar",)
    assert desk.census().revisions == 0
    assert desk.census().versions <= before + drift.ARTICLES - 1  # the first ones were no evidence yet
    publish(desk, *(page(31) for _ in PATHS))
    cycles(desk)
    assert desk.store.queries.backlog(desk.clock()).broken_outlets == ()
    assert {row.new.low for row in desk.store.queries.revisions(10)} == {31}


def test_one_story_cut_to_a_stub_is_its_newsrooms_edit(desk):
    publish(desk, broken_page(), *(page(12) for _ in PATHS[1:]))
    cycles(desk)
    assert desk.store.queries.backlog(desk.clock()).broken_outlets == ()
    assert desk.census().versions == len(PATHS) + 1


def test_a_symptom_is_forgotten_after_the_window(desk):
    publish(desk, *(broken_page() for _ in PATHS))
    cycles(desk)
    later = desk.clock() + drift.WINDOW + timedelta(hours=1)
    assert desk.store.queries.backlog(later).broken_outlets == ()
