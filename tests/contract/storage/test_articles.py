"""What a page said: versions in a row, figures, revisions, and when to look again."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.contract.storage.given import (
    HOUR,
    MINUTE,
    NOON,
    Cast,
    article_intent,
    everything,
    figure,
    revision,
    rows,
    version_draft,
)
from worker.errors import StaleLease
from worker.model import Bound, ChangeKind, Part, RevisionKind, Validators, Verdict


@pytest.fixture
def cast(store):
    return Cast(store)


@pytest.fixture
def page(cast):
    return cast.article()


def test_before_the_first_version_there_is_none(store, page):
    assert store.articles.newest_version(page.article_id) is None
    assert store.articles.newest_version(999) is None


def test_the_first_version(store, cast, page):
    assert cast.keep(page, text="First.", figures=[figure(5)]) == ()
    version = store.articles.newest_version(page.article_id)
    assert (version.ordinal, version.title, version.text, version.extractor) == (1, "Title", "First.", "test 1")
    assert version.first_seen_at == version.last_seen_at == page.fetched_at
    assert store.queries.figures(version.version_id) == (figure(5),)
    article = store.queries.article(page.article_id)
    assert (article.title, article.status, len(article.versions)) == ("Title", "active", 1)
    assert store.captures.begin(page.lease.id, cast.now, 9) is None  # it is read


def test_what_the_page_says_of_itself(store, page):
    store.articles.apply_article(article_intent(page, published_at=NOON - HOUR, language="tr"))
    article = store.queries.article(page.article_id)
    assert (article.published_at, article.language) == (NOON - HOUR, "tr")


def test_the_first_date_of_publication_stays(store, cast, page):
    store.articles.apply_article(article_intent(page, published_at=NOON - HOUR, next_visit_at=cast.now))
    store.articles.apply_article(article_intent(cast.capture_later(), published_at=NOON, language=None))
    article = store.queries.article(page.article_id)
    assert (article.published_at, article.language) == (NOON - HOUR, "en")


def test_a_revision(store, cast, page):
    old, new = figure("2300", 10), figure("2730", 12)
    cast.keep(page, figures=[old])
    (revision_id,) = cast.keep(cast.capture_later(), figures=[new], revisions=[revision(old, new)])
    (row,) = store.queries.revisions(10)
    assert (row.revision_id, row.kind, row.old, row.new) == (revision_id, RevisionKind.REVISED, old, new)
    assert (row.confidence, row.because, row.declared) == (0.75, "same subject", False)
    assert (row.changed_after, row.changed_before) == (page.fetched_at, cast.now)
    assert (row.article_id, row.outlet, row.title) == (page.article_id, "anadolu", "Title")
    assert store.queries.article(page.article_id).revisions == (row,)


def test_a_withdrawal_has_no_new_figure(store, cast, page):
    cast.keep(page, figures=[figure(5)])
    cast.keep(cast.capture_later(), revisions=[revision(figure(5), None, RevisionKind.WITHDRAWN)])
    (row,) = store.queries.revisions(10)
    assert (row.kind, row.new) == (RevisionKind.WITHDRAWN, None)


def test_ids_come_in_the_order_of_the_revisions(store, cast, page):
    old, new = [figure(n, 10 * n) for n in range(1, 40)], [figure(n + 1, 10 * n) for n in range(1, 40)]
    cast.keep(page, figures=old)
    revisions = [revision(*pair) for pair in zip(old, new, strict=True)]
    ids = cast.keep(cast.capture_later(), figures=reversed(new), revisions=revisions)
    stored = {row.revision_id: (row.old, row.new) for row in store.queries.revisions(100)}
    assert [stored[id_] for id_ in ids] == list(zip(old, new, strict=True))


def test_a_figure_that_the_reader_only_sees_now_is_added_to_the_old_version(store, cast, page):
    missed, read_wrongly = figure(7, 50), figure(8, 10)
    cast.keep(page, figures=[replace(read_wrongly, bound=Bound.ABOUT)])
    before = rows(store, "figure")
    changed = [revision(missed, figure(9, 50)), revision(read_wrongly, figure(10, 10))]
    cast.keep(cast.capture_later(), figures=[figure(9, 50), figure(10, 10)], revisions=changed)
    assert [row.old for row in store.queries.revisions_after(0, 9)] == [missed, read_wrongly]
    assert rows(store, "figure")[:1] == before
    assert len(rows(store, "figure")) == 5


def test_one_figure_may_stand_in_two_revisions(store, cast, page):
    shared = figure(5)
    cast.keep(page, figures=[shared])
    twice = [revision(shared, figure(6)), revision(shared, None, RevisionKind.WITHDRAWN)]
    assert len(cast.keep(cast.capture_later(), figures=[figure(6)], revisions=twice)) == 2


def test_a_figure_keeps_all_that_is_known_of_it(store, cast, page):
    rich = replace(
        figure("12.5"),
        high=Decimal("13.75"),
        bound=Bound.AT_LEAST,
        unit="%",
        noun=None,
        part=Part.TITLE,
        hedge="at least",
        attribution="the ministry",
        dimension="ratio",
        per="day",
        place="Odisha",
        period="since Sept. 27",
        conversion=figure("3.1", 40),
        change=(figure(55), replace(figure(44), conversion=figure("0.50"))),
    )
    vague = replace(figure(24, 90), high=None, bound=Bound.VAGUE)
    cast.keep(page, figures=[vague, rich])
    version = store.articles.newest_version(page.article_id)
    assert store.queries.figures(version.version_id) == (rich, vague)  # the title comes first


def test_a_version_still_seen(store, cast, page):
    cast.keep(page)
    version = store.articles.newest_version(page.article_id)
    later = cast.capture_later()
    store.articles.apply_article(article_intent(later, seen=version.version_id))
    assert store.articles.newest_version(page.article_id) == replace(version, last_seen_at=cast.now)
    assert store.queries.article(page.article_id).last_seen_at == cast.now


def test_what_was_seen_is_never_moved_back(store, cast, page):
    cast.keep(page)
    version = store.articles.newest_version(page.article_id)
    stepped_back = article_intent(cast.capture_later(), seen=version.version_id, at=NOON - HOUR)
    store.articles.apply_article(stepped_back)
    assert store.articles.newest_version(page.article_id) == version


def test_a_page_that_is_no_article_shows_no_version(store, cast, page):
    cast.keep(page)
    version = store.articles.newest_version(page.article_id)
    blocked = article_intent(cast.capture_later(), verdict=Verdict.BLOCKED, detail="a challenge")
    assert store.articles.apply_article(blocked) == ()
    assert store.articles.newest_version(page.article_id) == version
    assert rows(store, "capture")[-1]["verdict"] == "blocked"
    assert rows(store, "capture")[-1]["reason"] == "a challenge"


@pytest.mark.parametrize("drop", [True, False])
def test_a_page_that_was_no_article_must_be_sent_whole(store, cast, page, drop):
    blocked = article_intent(page, verdict=Verdict.BLOCKED, drop_validators=drop, next_visit_at=cast.now)
    store.articles.apply_article(blocked)
    cast.later()
    visit, _ = cast.visit()
    assert (visit.validators == Validators(), visit.body_hash is None) == (drop, drop)


def test_the_page_is_visited_again_when_reading_said_so(store, cast, page):
    store.articles.apply_article(article_intent(page, next_visit_at=cast.now + 30 * MINUTE))
    assert store.frontier.lease_hosts(cast.now + 29 * MINUTE, cast.now + HOUR, 10) == ()
    assert len(store.frontier.lease_hosts(cast.now + 30 * MINUTE, cast.now + HOUR, 10)) == 1


@pytest.mark.parametrize(("verdict", "status"), [(Verdict.ARTICLE, "settled"), (Verdict.GONE, "gone")])
def test_a_page_that_is_done_with_is_never_visited_again(store, page, verdict, status):
    store.articles.apply_article(article_intent(page, verdict=verdict, next_visit_at=None))
    assert store.queries.article(page.article_id).status == status
    assert store.queries.next_due_at() == NOON + 24 * HOUR  # the feed


def test_a_paused_page_stays_paused(store, page):
    store.frontier.sync([], NOON)
    store.articles.apply_article(article_intent(page))
    assert store.queries.article(page.article_id).status == "paused"


# --- once


def test_applying_twice_is_applying_once(store, cast, page):
    cast.keep(page, figures=[figure(1)])
    newest = store.articles.newest_version(page.article_id)
    capture = cast.capture_later()
    version = version_draft(newest, cast.now, figures=[figure(2)], revisions=[revision(figure(1), figure(2))])
    intent = article_intent(capture, version=version)
    assert len(store.articles.apply_article(intent)) == 1
    before = everything(store)
    assert store.articles.apply_article(intent) == ()
    assert everything(store) == before


def test_a_version_after_an_outdated_one_is_not_written(store, cast, page):
    cast.keep(page)
    outdated = store.articles.newest_version(page.article_id)
    cast.keep(cast.capture_later())
    late = cast.capture_later()
    before = everything(store, but={"tally"})
    for previous in (outdated, None, replace(outdated, ordinal=2)):
        with pytest.raises(StaleLease, match="is now the newest"):
            store.articles.apply_article(article_intent(late, version=version_draft(previous, cast.now)))
    assert everything(store, but={"tally"}) == before


def test_a_failure_in_the_middle_writes_nothing(store, cast, page):
    too_long = figure("1234567890123456")
    before = everything(store)
    with pytest.raises(Exception, match="at most 15 digits"):
        cast.keep(page, figures=[figure(1), too_long])
    assert everything(store) == before


def test_everything_is_counted_where_it_happens(store, cast, page):
    cast.keep(page, figures=[figure(1), figure(2, 9)])
    cast.keep(cast.capture_later(), figures=[figure(3)], revisions=[revision(figure(1), figure(3))])
    store.articles.apply_article(article_intent(cast.capture_later(), verdict=Verdict.PAYWALL))
    tallies = store.queries.census().tallies
    assert tallies["read_article"] == {"article": 2, "paywall": 1}
    assert tallies["version"] == {"first": 1, "next": 1}
    assert tallies["figure"] == {"": 3}
    assert tallies["revision"] == {"revised": 1}


def test_the_change_feed_tells_what_happened_in_order(store, cast, page):
    cast.keep(page, figures=[figure(1)])
    (revision_id,) = cast.keep(cast.capture_later(), figures=[figure(2)], revisions=[revision(figure(1), figure(2))])
    assert store.changes.sequence() == 4
    told = store.changes.after(0, 10)
    first, second = [version["id"] for version in rows(store, "version")]
    assert [(c.position, c.kind, c.version_id, c.revision_id) for c in told] == [
        (1, ChangeKind.ARTICLE, None, None),
        (2, ChangeKind.VERSION, first, None),
        (3, ChangeKind.VERSION, second, None),
        (4, ChangeKind.REVISION, second, revision_id),
    ]
    assert {c.article_id for c in told} == {page.article_id}
    assert [c.at for c in told] == [NOON, page.fetched_at, cast.now, cast.now]
