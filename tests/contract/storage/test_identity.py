"""Guid rules, moved outlets, and two articles that prove to be one, on both databases."""

import pytest
from sqlalchemy import text

from tests.contract.storage.given import HOUR, NOON, Cast, article_intent, draft, feed_intent, figure, outlet, rows
from worker.core import urls
from worker.errors import InputError
from worker.model import ChangeKind, Claim, ClaimKind


@pytest.fixture
def cast(store):
    store.frontier.sync([outlet()], NOON)
    return Cast(store)


@pytest.fixture
def listed(store, cast):
    """Let the feed list drafts, time after time; how many were new."""

    def feed(*drafts):
        cast.later(24 * HOUR)
        with_pages_parked(store)
        return cast.feed(*drafts)

    return feed


def with_pages_parked(store):
    sql = "UPDATE resource SET status = 'settled' WHERE kind = 'article' AND status = 'active'"
    store.database.write(lambda connection: connection.exec_driver_sql(sql))


def claim(path, kind=ClaimKind.REDIRECT, host="anadolu.example"):
    url = f"https://{host}/{path}"
    return Claim(kind, url, urls.key(url))


# --- robustness 2.3 -----------------------------------------------------------------------------------


def test_x14_entries_without_id_are_told_by_their_links_in_any_order(listed):
    drafts = [draft(str(i), title="Same") for i in range(4)]
    assert listed(*drafts) == 4
    assert listed(*reversed(drafts)) == 0


def test_x17_one_guid_at_two_links_with_two_headlines_is_two_articles_and_stays_so(store, listed):
    drafts = [draft("a", guid="1"), draft("b", guid="1")]
    assert listed(*drafts) == 2
    assert listed(*drafts) == 0
    assert [row for row in rows(store, "alias") if row["kind"] == "guid"] == []
    assert {row["guid"] for row in rows(store, "sighting")} == {"1"}


def test_x18_a_guid_that_is_used_again_leaves_the_old_article_alone(store, listed):
    listed(draft("a", guid="1"))
    before = rows(store, "article")
    assert listed(draft("b", guid="1", title="Another story")) == 1
    assert rows(store, "article")[0] == before[0]


def migrated(number, *, title=None, host="new.example"):
    return draft(f"cms/{number}", guid=f"tag:{number}", host=host, title=title or f"Headline {number}")


def test_x19_when_all_guids_change_nothing_is_new(listed):
    assert listed(*(draft(str(i), guid=f"old-{i}") for i in range(500))) == 500
    assert listed(*(draft(str(i), guid=f"new-{i}") for i in range(500))) == 0


def test_x19_when_all_links_and_guids_change_nothing_is_new_and_the_pages_are_visited_where_they_are(store, listed):
    assert listed(*(draft(str(i), guid=f"old-{i}", title=f"Headline {i}") for i in range(500))) == 500
    assert listed(*(migrated(i) for i in range(500))) == 0
    assert store.queries.tally("feed_moved") == 1
    assert store.queries.tally("article_moved") == 500
    assert {row["url"].partition("/cms")[0] for row in rows(store, "resource") if row["kind"] == "article"} == {
        "https://new.example"
    }
    assert listed(*(migrated(i) for i in range(500))) == 0
    assert store.queries.tally("feed_moved") == 1
    assert store.queries.article_id(urls.key("https://anadolu.example/7")) is not None


def test_x19_new_entries_among_the_moved_are_new(listed):
    listed(*(draft(str(i), title=f"Headline {i}") for i in range(20)))
    moved = [migrated(i) for i in range(18)]
    assert listed(*moved, migrated(900, title="Fresh"), migrated(901, title="Fresher")) == 2


def test_x19_a_feed_of_new_entries_is_no_migration(listed):
    listed(*(draft(str(i), title=f"Headline {i}") for i in range(20)))
    assert listed(*(migrated(i + 100) for i in range(20))) == 20


def test_x19_a_few_entries_with_old_headlines_are_new_articles(listed):
    """A rubric ("The day in pictures") repeats its headline every day."""
    listed(draft("1", title="The day in pictures"), draft("2", title="Weather"))
    assert listed(draft("3", title="The day in pictures"), draft("4", title="Weather")) == 2


def test_x20_a_guid_that_contains_the_headline_changes_with_it(listed):
    assert listed(draft("a", guid="ferry-sinks", title="Ferry sinks")) == 1
    assert listed(draft("a", guid="ferry-sinks-31-dead", title="Ferry sinks, 31 dead")) == 0


def test_x24_an_article_in_two_feeds_is_one_with_two_sightings(store):
    feeds = ("https://anadolu.example/a.xml", "https://anadolu.example/b.xml")
    store.frontier.sync([outlet("anadolu", *feeds)], NOON)
    cast = Cast(store)
    assert cast.feed(draft("a", first_visit_at=NOON + 240 * HOUR)) == 1
    cast.later()
    assert cast.feed(draft("a")) == 0
    assert len(rows(store, "sighting")) == 2


# --- redirects, claims, merging ---------------------------------------------------------------------------


def two(store, cast):
    """Two articles with a version each."""
    cast.feed(draft("old", first_visit_at=cast.now), draft("new", first_visit_at=cast.now))
    for _ in range(2):
        cast.keep(cast.capture_later(), text="One text.", figures=[figure(3)])
    return [store.queries.article_id(urls.key(f"https://anadolu.example/{path}")) for path in ("old", "new")]


def say(cast, article_id, *claims):
    """The next time the page of this article is read, it makes these claims."""
    while (capture := cast.capture_later()).article_id != article_id:
        seen = cast.store.articles.newest_version(capture.article_id).version_id
        cast.store.articles.apply_article(article_intent(capture, seen=seen))
    seen = cast.store.articles.newest_version(article_id).version_id
    cast.store.articles.apply_article(article_intent(capture, seen=seen, claims=claims))


def test_where_a_redirect_leads_is_a_name_of_the_article(store, cast, listed):
    one, _ = two(store, cast)
    say(cast, one, claim("moved"), claim("elsewhere", ClaimKind.CANONICAL))
    assert store.queries.article_id(claim("moved").url_key) == one
    assert store.queries.article_id(claim("elsewhere").url_key) is None  # evidence, not truth
    assert listed(draft("moved", guid="9", title="New headline")) == 0


def test_a_redirect_to_another_article_takes_no_name_away(store, cast):
    one, other = two(store, cast)
    say(cast, one, claim("new"))
    assert store.queries.article_id(claim("new").url_key) == other
    assert store.relations.claimed(one) == (other,)
    assert store.relations.claimed(other) == (one,)


def test_claims_across_outlets_are_those_of_syndication(store):
    store.frontier.sync([outlet("herald"), outlet("agency")], NOON)
    cast = Cast(store)
    for _ in range(2):
        capture = cast.capture()
        store.articles.apply_feed(
            feed_intent(
                capture,
                draft("x", host=f"{capture.outlet}.example", first_visit_at=cast.now),
                next_visit_at=cast.now + 24 * HOUR,
            )
        )
    ids = {}
    for _ in range(2):
        capture = cast.capture_later()
        cast.keep(capture)
        ids[capture.outlet] = capture.article_id
    say(cast, ids["herald"], claim("x", ClaimKind.CANONICAL, "agency.example"))
    assert store.relations.claimed(ids["herald"]) == ()


def test_merging_keeps_both_histories_and_tells_consumers(store, cast, listed):
    one, other = two(store, cast)
    before = rows(store, "version"), rows(store, "figure")
    store.relations.merge(other, one, cast.now)
    assert (rows(store, "version"), rows(store, "figure")) == before
    store.changes.sequence()
    *_, last = store.changes.after(0, 100)
    assert (last.kind, last.article_id) == (ChangeKind.MERGE, other)
    (view,) = [row for row in view_of(store) if row["article_id"] == other]
    assert (view["status"], view["merged_into"]) == ("merged", one)
    assert store.queries.article_id(urls.key("https://anadolu.example/new")) == one
    assert listed(draft("new"), draft("old")) == 0
    (row,) = [row for row in rows(store, "resource") if row["article_id"] == other]
    assert (row["status"], row["next_visit_at"]) == ("merged", None)
    assert store.relations.kin((one, other))[0].article_id == one
    assert len(store.relations.kin((one, other))) == 1


def view_of(store):
    return store.database.read(lambda c: [dict(r) for r in c.execute(text("SELECT * FROM v1_articles")).mappings()])


def test_a_page_in_the_reader_when_its_article_is_merged_does_not_bring_it_back(store, cast):
    one, other = two(store, cast)
    while (capture := cast.capture_later()).article_id != other:
        seen = store.articles.newest_version(capture.article_id).version_id
        store.articles.apply_article(article_intent(capture, seen=seen))
    store.relations.merge(other, one, cast.now)
    cast.keep(capture, text="Late.")
    (row,) = [row for row in rows(store, "resource") if row["article_id"] == other]
    assert row["status"] == "merged"
    store.frontier.sync([outlet()], cast.now)
    (row,) = [row for row in rows(store, "resource") if row["article_id"] == other]
    assert row["status"] == "merged"


@pytest.mark.parametrize(("article", "into"), [(1, 1), (1, 99), (99, 1)])
def test_what_cannot_be_merged(store, cast, article, into):
    two(store, cast)
    with pytest.raises(InputError):
        store.relations.merge(article, into, cast.now)


def test_merging_twice_is_refused_and_chains_are_followed(store, cast):
    cast.feed(*(draft(name, first_visit_at=None) for name in "abc"))
    a, b, c = (store.queries.article_id(urls.key(f"https://anadolu.example/{name}")) for name in "abc")
    store.relations.merge(c, b, cast.now)
    with pytest.raises(InputError):
        store.relations.merge(c, a, cast.now)
    store.relations.merge(b, a, cast.now)
    assert {row["merged_into"] for row in view_of(store)} == {None, a}
    assert store.queries.article_id(urls.key("https://anadolu.example/c")) == a
