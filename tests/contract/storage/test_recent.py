"""What reading a page needs to know of its article's latest history, and what it leaves for the next visit."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.contract.storage.given import (
    Cast,
    article_intent,
    draft,
    everything,
    figure,
    outlet,
    revision,
    rows,
    version_draft,
)
from worker.errors import StaleLease
from worker.model import (
    UNWRITTEN,
    Confirmed,
    Doubt,
    HeldText,
    Layers,
    Location,
    Noise,
    Recurrence,
    Return,
    Verdict,
)

LAYERS = Layers("a" * 64, "b" * 64, "c" * 64, "d" * 64)


@pytest.fixture
def cast(store):
    return Cast(store)


def waiting(at, visits=1, doubt=Doubt.SHORTER):
    return HeldText("e" * 64, doubt, at, at, visits)


def apply(store, capture, **changes):
    return store.articles.apply_article(article_intent(capture, next_visit_at=capture.fetched_at, **changes))


def ask(store, sql):
    return store.database.read(lambda connection: [tuple(row) for row in connection.execute(text(sql))])


def test_nothing_is_known_of_a_new_article(store, cast):
    recent = store.articles.recent(cast.article())
    assert (recent.texts, recent.today, recent.held, recent.layers) == ((), 0, None, None)


def test_texts_are_lent_newest_first_with_what_they_came_with(store, cast):
    cast.keep(cast.article(), text="One.")
    cast.keep(cast.capture_later(), text="Two.")
    recent = store.articles.recent(cast.capture_later())
    newest = store.articles.newest_version(recent_article(store))
    assert [t.version_id for t in recent.texts] == [newest.version_id, newest.version_id - 1]
    assert recent.texts[0].content_hash == newest.content_hash
    assert recent.texts[0].headers == {"content-type": "text/xml"}
    assert recent.today == 2


def recent_article(store):
    return rows(store, "article")[0]["id"]


def test_versions_of_other_days_are_not_counted(store, cast):
    cast.keep(cast.article(), text="One.")
    cast.later(timedelta(days=2))
    assert store.articles.recent(cast.capture_later()).today == 0


def test_a_doubt_is_remembered_until_the_article_shows_a_text_that_is_believed(store, cast):
    page = cast.article()
    held = waiting(page.fetched_at)
    apply(store, page, held=held, detail="shorter: 30%", drop_validators=True)
    page = cast.capture_later()
    assert store.articles.recent(page).held == held
    more = replace(held, visits=2, last_seen_at=page.fetched_at)
    apply(store, page, held=more, detail="shorter: 30%", drop_validators=True)
    page = cast.capture_later()
    assert store.articles.recent(page).held == more
    apply(store, page, verdict=Verdict.BLOCKED, drop_validators=True)
    page = cast.capture_later()
    assert store.articles.recent(page).held == more
    cast.keep(page)
    assert store.articles.recent(cast.capture_later()).held is None
    assert ask(store, "SELECT count FROM tally WHERE name = 'held' AND label = 'shorter'") == [(2,)]


def test_unlikely_texts_that_wait_at_other_articles_of_the_host_are_lent(store, cast):
    cast.store.frontier.sync([outlet()], cast.now)
    cast.feed(draft("a", first_visit_at=cast.now), draft("b", first_visit_at=cast.now))
    pages = [cast.capture_later(), cast.capture_later()]
    apply(store, pages[0], held=waiting(pages[0].fetched_at, doubt=Doubt.UNLIKELY), detail="unlikely: no date")
    assert store.articles.recent(pages[0]).elsewhere == frozenset()
    assert store.articles.recent(pages[1]).elsewhere == {"e" * 64}


def test_so_are_the_sketches_of_theirs_and_the_bytes_of_its_own(store, cast):
    cast.store.frontier.sync([outlet()], cast.now)
    cast.feed(draft("a", first_visit_at=cast.now), draft("b", first_visit_at=cast.now))
    pages = [cast.capture_later(), cast.capture_later()]
    held = replace(waiting(pages[0].fetched_at, doubt=Doubt.UNLIKELY), sketch=(-(2**63), 7, 2**63 - 1))
    apply(store, pages[0], held=held, detail="unlikely: no date")
    own, other = map(store.articles.recent, pages)
    assert own.held == held
    assert (own.page.capture_id, own.page.page.body) == (pages[0].lease.id, pages[0].body)
    assert (own.sketches, other.sketches) == (frozenset(), {-(2**63), 7, 2**63 - 1})
    assert other.page is None


def test_a_held_page_that_is_confirmed_goes_before_the_version_that_confirms_it(store, cast):
    first = cast.article()
    apply(store, first, held=waiting(first.fetched_at, doubt=Doubt.UNLIKELY), detail="unlikely: no date")
    second = cast.capture_later()
    old, new = figure("12"), figure("19")
    before = version_draft(None, first.fetched_at, text="Some 12.", figures=[old])
    after = version_draft(None, second.fetched_at, text="Some 19.", figures=[new], revisions=[revision(old, new)])
    after = replace(after, previous_version_id=UNWRITTEN, ordinal=2, changed_after=first.fetched_at)
    ids = apply(store, second, confirmed=Confirmed(before, first.lease.id), version=after)
    assert len(ids) == 1
    one, two = rows(store, "version")
    assert (one["ordinal"], one["capture_id"], one["first_seen_at"]) == (1, first.lease.id, first.fetched_at)
    assert (two["ordinal"], two["previous_version_id"], two["capture_id"]) == (2, one["id"], second.lease.id)
    (revised,) = rows(store, "revision")
    assert (revised["old_version_id"], revised["new_version_id"]) == (one["id"], two["id"])
    assert ask(store, "SELECT versions FROM article") == [(2,)]
    assert ask(store, "SELECT COUNT(*) FROM held") == [(0,)]
    assert ask(store, "SELECT kind FROM change ORDER BY id") == [
        ("article",),
        ("version",),
        ("version",),
        ("revision",),
    ]
    assert apply(store, second, confirmed=Confirmed(before, first.lease.id), version=after) == ()  # run twice


def test_what_was_confirmed_too_late_writes_nothing(store, cast):
    first = cast.article()
    cast.keep(first)
    second = cast.capture_later()
    before = version_draft(None, first.fetched_at)
    with pytest.raises(StaleLease):
        apply(store, second, confirmed=Confirmed(before, first.lease.id))
    assert len(rows(store, "version")) == 1


def test_what_waits_is_in_the_view(store, cast):
    page = cast.article()
    apply(store, page, held=waiting(page.fetched_at), detail="shorter: 30%", drop_validators=True)
    (row,) = ask(store, "SELECT article_id, url, doubt, reason, visits, capture_id FROM v1_held")
    assert row == (page.article_id, page.resource_url, "shorter", "shorter: 30%", 1, page.lease.id)


def test_recurrences_add_up(store, cast):
    cast.keep(cast.article(), text="One.")
    cast.keep(cast.capture_later(), text="Two.", figures=[figure("9")])
    page = cast.capture_later()
    old = store.articles.recent(page).texts[1]
    apply(store, page, recurrence=Recurrence(old.version_id, Return.STALE_COPY, "Age"))
    page = cast.capture_later()
    assert not store.articles.recent(page).texts[1].variant
    apply(store, page, recurrence=Recurrence(old.version_id, Return.VARIANT, "in turn", times=3))
    page = cast.capture_later()
    apply(store, page, recurrence=Recurrence(old.version_id, Return.VARIANT, "in turn"))
    assert [t.variant for t in store.articles.recent(page).texts] == [False, True]
    found = ask(store, "SELECT kind, times, because FROM v1_recurrences ORDER BY kind")
    assert found == [("stale_copy", 1, "Age"), ("variant", 4, "in turn")]
    assert ask(store, "SELECT ordinal, recurs FROM v1_versions ORDER BY ordinal") == [(1, "variant"), (2, None)]


def test_a_revision_between_variants_is_marked(store, cast):
    cast.keep(cast.article(), text="One.", figures=[figure("9")])
    cast.keep(
        cast.capture_later(), text="Two.", figures=[figure("12")], revisions=[revision(figure("9"), figure("12"))]
    )
    assert ask(store, "SELECT variant FROM v1_revisions") in ([(False,)], [(0,)])
    page = cast.capture_later()
    old = store.articles.recent(page).texts[1]
    apply(store, page, recurrence=Recurrence(old.version_id, Return.VARIANT, "in turn"))
    assert ask(store, "SELECT variant FROM v1_revisions") in ([(True,)], [(1,)])


def test_a_reversion_names_the_version_it_goes_back_to(store, cast):
    page = cast.article()
    cast.keep(page, text="One.")
    cast.keep(cast.capture_later(), text="Two.")
    page = cast.capture_later()
    newest, old = store.articles.newest_version(page.article_id), store.articles.recent(page).texts[1]
    draft = replace(
        version_draft(newest, page.fetched_at, text="One."),
        reverts=Recurrence(old.version_id, Return.REVERTED, "stayed"),
        captions_at=2,
    )
    apply(store, page, version=draft)
    found = ask(store, "SELECT reverts_version_id, captions_at FROM v1_versions ORDER BY ordinal")
    assert found == [(None, None), (None, None), (old.version_id, 2)]
    assert store.articles.newest_version(page.article_id).captions_at == 2


def test_layers_and_noise(store, cast):
    page = cast.article()
    apply(store, page, layers=LAYERS)
    page = cast.capture_later()
    assert store.articles.recent(page).layers == LAYERS
    apply(store, page, layers=LAYERS, noise=Noise.FURNITURE)
    assert ask(store, "SELECT label, count FROM tally WHERE name = 'noise'") == [("furniture", 1)]


def test_where_a_figure_stands(store, cast):
    old, new = figure("9", location=Location.TABLE), figure("12", location=Location.CAPTION)
    cast.keep(cast.article(), text="One.", figures=[old])
    cast.keep(cast.capture_later(), text="Two.", figures=[new], revisions=[revision(old, new)])
    assert ask(store, "SELECT location FROM v1_figures ORDER BY version_id") == [("table",), ("caption",)]
    assert ask(store, "SELECT old_location, new_location FROM v1_revisions") == [("table", "caption")]


def test_a_repeat_writes_nothing(store, cast):
    page = cast.article()
    held = waiting(page.fetched_at)
    apply(store, page, held=held, detail="why")
    before = everything(store)
    apply(store, page, held=replace(held, visits=2), detail="why")
    assert everything(store) == before
