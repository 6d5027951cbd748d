"""What commands, pages and metrics are told."""

import pytest

from tests.contract.storage.given import (
    HOUR,
    MINUTE,
    NOON,
    Cast,
    draft,
    feed_intent,
    figure,
    outlet,
    revision,
)
from worker.model import Backlog, Outcome, RevisionKind


@pytest.fixture
def cast(store):
    return Cast(store)


@pytest.fixture
def revised(cast):
    """An article with three revisions, one of them a withdrawal."""
    page = cast.article()
    cast.keep(page, figures=[figure(1)])
    cast.keep(cast.capture_later(), figures=[figure(2)], revisions=[revision(figure(1), figure(2))])
    gone = [revision(figure(2), None, RevisionKind.WITHDRAWN), revision(figure(2), figure(3))]
    cast.keep(cast.capture_later(), figures=[figure(3)], revisions=gone)
    return page


def test_an_empty_database(store):
    queries = store.queries
    assert (
        queries.revisions(10)
        == queries.revisions_after(0, 10)
        == queries.outlets()
        == store.quarantine.newest(10)
        == ()
    )
    assert queries.article(1) is queries.article_id("0" * 64) is queries.next_due_at() is None
    assert (queries.newest_revision_id(), queries.tally("visit", "fresh"), queries.figures(1)) == (0, 0, ())
    assert queries.backlog(NOON) == Backlog(0, 0.0, 0, 0, 0)
    census = queries.census()
    assert (census.outlets, census.articles, census.position, census.tallies) == (0, 0, 0, {})


def test_revisions_newest_first_page_by_page(store, revised):
    newest = store.queries.newest_revision_id()
    (first,) = store.queries.revisions(1)
    second, third = store.queries.revisions(10, before=first.revision_id)
    assert newest == first.revision_id > second.revision_id > third.revision_id
    assert store.queries.revisions(10, before=third.revision_id) == ()


def test_revisions_as_they_come(store, revised):
    assert store.queries.revisions_after(0, 10) == store.queries.revisions(10)[::-1]
    first, *_ = store.queries.revisions_after(0, 1)
    assert len(store.queries.revisions_after(first.revision_id, 10)) == 2


def test_revisions_of_an_outlet_or_of_a_kind(store, revised):
    for ask in (
        lambda **wanted: store.queries.revisions(10, **wanted),
        lambda **wanted: store.queries.revisions_after(0, 10, **wanted),
    ):
        assert len(ask(outlet="anadolu")) == 3
        assert ask(outlet="bbc") == ()
        assert [row.kind for row in ask(kind=RevisionKind.WITHDRAWN)] == [RevisionKind.WITHDRAWN]


def test_an_article_by_its_address(store, revised):
    assert store.queries.article_id(draft("a").url_key) == revised.article_id
    article = store.queries.article(revised.article_id)
    assert article.url == "https://anadolu.example/a"
    assert [version.ordinal for version in article.versions] == [1, 2, 3]
    assert len(article.revisions) == 3


@pytest.mark.parametrize("article_id", [-1, 0, 2, 2**63, 10**30])
def test_no_such_article(store, revised, article_id):
    assert store.queries.article(article_id) is None


def test_an_outlet_that_was_never_visited(store):
    store.frontier.sync([outlet("bbc", "https://one.example/", "https://two.example/")], NOON)
    (bbc,) = store.queries.outlets()
    assert (bbc.slug, bbc.name, bbc.country, bbc.feeds, bbc.articles) == ("bbc", "Bbc", "TR", 2, 0)
    assert (bbc.last_success_at, bbc.last_visited_at, bbc.last_outcome, bbc.failures) == (None, None, None, 0)


def test_how_outlets_are_doing(store, cast):
    store.frontier.sync([outlet("bbc"), outlet("dw"), outlet("left")], NOON)
    store.frontier.sync([outlet("dw"), outlet("bbc")], NOON)
    cast.feed(draft("a", first_visit_at=NOON + HOUR))
    cast.visit(outcome=Outcome.BROKEN, failures=3)
    bbc, dw = store.queries.outlets()
    assert (bbc.articles, bbc.last_success_at, bbc.last_outcome, bbc.failing) == (1, NOON, "fresh", 0)
    assert (dw.articles, dw.last_success_at, dw.last_outcome, dw.failing, dw.failures) == (0, None, "broken", 1, 3)


def test_what_waits(store, cast):
    store.frontier.sync([outlet("bbc"), outlet("dw")], NOON)
    cast.visit(body=b"unread")
    store.frontier.lease_hosts(NOON + HOUR, NOON + 2 * HOUR, 10)
    backlog = store.queries.backlog(NOON + HOUR)
    assert backlog == Backlog(due=1, due_lag_seconds=3600.0, unread=1, quarantined=0, leased_hosts=1)
    assert store.queries.backlog(NOON + 2 * HOUR).leased_hosts == 0


def test_when_the_next_visit_is_due(store, cast):
    store.frontier.sync([outlet()], NOON)
    assert store.queries.next_due_at() == NOON
    cast.visit(next_visit_at=NOON + MINUTE)
    assert store.queries.next_due_at() == NOON + MINUTE
    cast.later()
    _, capture_id = cast.visit(body=b"unread")
    assert store.queries.next_due_at() is None
    store.articles.apply_feed(feed_intent(cast.begin(capture_id), next_visit_at=NOON + 2 * HOUR))
    assert store.queries.next_due_at() == NOON + 2 * HOUR


def test_how_much_there_is(store, revised):
    store.changes.sequence()
    census = store.queries.census()
    assert (census.outlets, census.feeds, census.articles, census.versions) == (1, 1, 1, 3)
    assert (census.figures, census.revisions, census.captures, census.position) == (3, 3, 4, 7)
    assert store.queries.tally("revision", "revised") == census.tallies["revision"]["revised"] == 2
