"""What a feed lists: which article an entry is, and that a feed may say the same a thousand times."""

import pytest

from tests.contract.storage.given import (
    HOUR,
    MINUTE,
    NOON,
    Cast,
    draft,
    everything,
    feed_intent,
    outlet,
    rows,
    sha,
)
from worker.model import FeedVerdict, Validators


@pytest.fixture
def cast(store):
    store.frontier.sync([outlet()], NOON)
    return Cast(store)


@pytest.fixture
def listed(store, cast):
    """Let the feed list drafts, time after time; how many were new."""

    def feed(*drafts, **changes):
        cast.later(24 * HOUR)
        _park(store)
        return cast.feed(*drafts, **changes)

    return feed


def _park(store):
    """Keep articles from being visited, so that only the feed is."""
    store.database.write(
        lambda connection: connection.exec_driver_sql("UPDATE resource SET status = 'settled' WHERE kind = 'article'")
    )


def urls_of(store):
    return [article["url"] for article in rows(store, "article")]


def test_an_entry_becomes_an_article_that_is_due(store, cast):
    assert cast.feed(draft("a", host="pages.example", first_visit_at=NOON + MINUTE)) == 1
    (article,) = rows(store, "article")
    assert (article["title"], article["language"], article["first_seen_at"]) == ("Title of a", "en", NOON)
    assert store.queries.next_due_at() == NOON + MINUTE
    (lease,) = store.frontier.lease_hosts(NOON + MINUTE, NOON + HOUR, 10)
    assert store.frontier.next_due(lease, NOON + MINUTE).host == "pages.example"


def test_the_same_entries_again(store, listed):
    drafts = [draft("a", guid="1"), draft("b", guid="2")]
    assert listed(*drafts) == 2
    assert listed(*drafts) == 0
    first, second = rows(store, "sighting")
    assert (first["first_seen_at"], first["last_seen_at"]) == (NOON + 24 * HOUR, NOON + 48 * HOUR)
    assert (second["guid"], second["title"]) == ("2", "Title of b")
    assert len(rows(store, "alias")) == 4


def test_an_entry_that_moved_is_the_same_article(store, listed):
    listed(draft("breaking", title="Quake", guid="1"))
    assert listed(draft("breaking-12-dead", title="Quake", guid="1")) == 0
    assert listed(draft("breaking-12-dead", title="Quake kills 12", guid="1")) == 0
    assert listed(draft("breaking", title="Quake", guid="other")) == 0
    assert len(rows(store, "article")) == 1


def test_an_entry_with_a_new_headline_is_the_same_article(store, listed):
    listed(draft("a", title="Quake", guid="1"))
    assert listed(draft("a", title="Quake kills 12", guid="1")) == 0
    assert listed(draft("b", title="Quake kills 12", guid="1")) == 0
    assert len(rows(store, "article")) == 1


def test_a_guid_used_for_something_else_is_another_article(store, listed):
    listed(draft("a", title="Monday", guid="top"))
    assert listed(draft("b", title="Tuesday", guid="top")) == 1
    assert listed(draft("c", title="Tuesday", guid="top")) == 0  # b, which has the guid now
    assert [row["article_id"] for row in rows(store, "alias") if row["key"] == draft("c").url_key] == [
        row["id"] for row in rows(store, "article") if row["url"].endswith("/b")
    ]


def test_a_guid_means_something_in_its_outlet_only(store, cast):
    store.frontier.sync([outlet("bbc"), outlet("dw")], NOON)
    for host in ("one.example", "two.example"):
        capture = cast.capture()
        intent = feed_intent(capture, draft("a", title="Same", guid="1", host=host, first_visit_at=NOON + HOUR))
        assert store.articles.apply_feed(intent) == 1


def test_a_page_named_by_two_outlets_is_one_article_of_the_first(store, cast):
    store.frontier.sync([outlet("bbc"), outlet("dw")], NOON)
    for expected in (1, 0):
        capture = cast.capture()
        intent = feed_intent(capture, draft("wire", host="agency.example", first_visit_at=NOON + HOUR))
        assert store.articles.apply_feed(intent) == expected
    assert len(rows(store, "sighting")) == 2


def test_entries_named_twice_in_one_feed(store, listed):
    assert listed(draft("a", guid="1"), draft("a", guid="2"), draft("x", title="Title of a", guid="1")) == 1
    assert urls_of(store) == ["https://anadolu.example/a"]
    assert store.queries.census().tallies["entry"] == {"new": 1, "repeated": 2}
    assert listed(draft("y", title="Title of a", guid="2")) == 0


def test_each_entry_is_counted_once(store, listed):
    listed(draft("a"), draft("b"))
    listed(draft("a"), draft("c"), draft("c"), dropped=5)
    tallies = store.queries.census().tallies
    assert tallies["entry"] == {"new": 3, "known": 1, "repeated": 1, "dropped": 5}
    assert tallies["read_feed"] == {"feed": 2}


def test_a_feed_that_could_not_be_read_must_be_sent_whole(store, cast):
    cast.visit(validators=Validators("tag", "date"), body_hash=sha(b"old"))
    cast.later()
    cast.feed(verdict=FeedVerdict.NOT_A_FEED, detail="a home page", drop_validators=True, next_visit_at=cast.now)
    cast.later()
    visit, _ = cast.visit()
    assert (visit.validators, visit.body_hash) == (Validators(), None)
    (capture,) = rows(store, "capture")
    assert (capture["state"], capture["verdict"], capture["reason"]) == ("read", "not_a_feed", "a home page")


def test_a_feed_that_was_read_keeps_its_validators(store, cast):
    cast.feed(next_visit_at=NOON + HOUR)
    cast.later()
    visit, _ = cast.visit()
    assert visit.validators == Validators('"tag"', "Sun, 22 Nov 2026 12:00:00 GMT")


def test_the_feed_is_polled_again_when_reading_said_so(store, cast):
    cast.feed(next_visit_at=NOON + 3 * HOUR)
    assert store.frontier.lease_hosts(NOON + 3 * HOUR - MINUTE, NOON + 4 * HOUR, 10) == ()
    assert len(store.frontier.lease_hosts(NOON + 3 * HOUR, NOON + 4 * HOUR, 10)) == 1


def test_applying_twice_is_applying_once(store, cast):
    intent = feed_intent(cast.capture(), draft("a", guid="1"), draft("b"), dropped=1)
    assert store.articles.apply_feed(intent) == 2
    before = everything(store)
    assert store.articles.apply_feed(intent) == 0
    assert everything(store) == before


def test_a_sighting_is_never_moved_back(store, cast, listed):
    listed(draft("a"))
    seen = rows(store, "sighting")
    listed(draft("a"), at=NOON)
    assert rows(store, "sighting") == seen


def test_thousands_of_entries(store, listed):
    drafts = [draft(f"story-{n}", guid=f"guid-{n}", host=f"host-{n % 7}.example") for n in range(2_500)]
    assert listed(*drafts) == 2_500
    assert listed(*drafts) == 0
    census = store.queries.census()
    assert (census.articles, census.tallies["entry"]) == (2_500, {"new": 2_500, "known": 2_500})


def test_characters_that_no_database_stores(store, cast):
    assert cast.feed(draft("a", title="NUL \0 and half a \ud83d face", guid="g\0")) == 1
    assert rows(store, "article")[0]["title"] == "NUL \ufffd and half a \ufffd face"
