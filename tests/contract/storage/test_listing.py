"""What a feed lists: which article an entry is, and that a feed may say the same a thousand times."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.contract.storage.given import (
    HOUR,
    MINUTE,
    NOON,
    Cast,
    draft,
    everything,
    feed_intent,
    figure,
    next_due,
    outlet,
    revision,
    rows,
    sha,
    version_draft,
)
from worker.core import urls
from worker.errors import StaleLease
from worker.model import Doubt, FeedVerdict, HeldText, Policy, Recurrence, Return, TextSource, Validators


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
    assert next_due(store, lease, NOON + MINUTE).host == "pages.example"


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


# --- a feed that carries the text of its articles -----------------------------------------------------


def carried(path, version, **changes):
    return draft(path, first_visit_at=None, text="Text.", version=version, **changes)


def newest(store, cast):
    (known,) = store.articles.listed(SimpleNamespace(resource_id=1, fetched_at=cast.now), [draft("a")]).values()
    return known.newest


def test_a_feed_that_carries_the_text_keeps_versions_and_visits_no_page(store, cast):
    drafts = [
        carried(path, version_draft(None, cast.now, text=f"{n} soldiers.", figures=[figure(n)]), guid=path)
        for n, path in enumerate("abc", start=12)
    ]
    assert cast.feed(*drafts) == 3
    assert [row["versions"] for row in rows(store, "article")] == [1, 1, 1]
    assert [row["status"] for row in rows(store, "resource")[1:]] == ["settled"] * 3
    assert {row["capture_id"] for row in rows(store, "version")} == {rows(store, "capture")[0]["id"]}
    assert store.queries.census().tallies["version"] == {"first": 3}
    known = store.articles.listed(SimpleNamespace(resource_id=1, fetched_at=cast.now), [*drafts, draft("d")])
    assert {key: each.newest.text for key, each in known.items()} == {
        urls.key(f"https://anadolu.example/{path}"): f"{n} soldiers." for n, path in enumerate("abc", start=12)
    }


def test_the_next_version_of_an_entry_and_its_revision(store, cast):
    old, new = figure(12), figure(31)
    cast.feed(carried("a", version_draft(None, cast.now, text="12 soldiers.", figures=[old])))
    cast.later(25 * HOUR)
    before = newest(store, cast)
    after = version_draft(before, cast.now, text="31", figures=[new], revisions=[revision(old, new)])
    assert cast.feed(carried("a", after)) == 0
    assert [(row["ordinal"], row["changed_after"]) for row in rows(store, "version")] == [(1, None), (2, NOON)]
    assert store.queries.census().tallies["revision"] == {"revised": 1}


def test_an_entry_that_shows_the_same_version_says_it_is_still_shown(store, cast):
    cast.feed(carried("a", version_draft(None, cast.now)))
    cast.later(25 * HOUR)
    cast.feed(draft("a", first_visit_at=None, text="Text.", seen=rows(store, "version")[0]["id"]))
    (version,) = rows(store, "version")
    assert (version["first_seen_at"], version["last_seen_at"]) == (NOON, NOON + 25 * HOUR)


@pytest.mark.parametrize("outdated", ["version", "seen"])
def test_what_was_decided_on_an_older_state_is_written_not_even_in_part(store, cast, outdated):
    cast.feed(carried("a", version_draft(None, cast.now)))
    first = rows(store, "version")[0]["id"]
    cast.later(25 * HOUR)
    before = newest(store, cast)
    cast.feed(carried("a", version_draft(before, cast.now, text="Second.")))
    cast.later(25 * HOUR)
    capture = cast.capture()
    stale = {"seen": first} if outdated == "seen" else {"version": version_draft(before, cast.now, text="Third.")}
    known = everything(store, but=("tally",))
    with pytest.raises(StaleLease):
        store.articles.apply_feed(
            feed_intent(capture, draft("new"), draft("a", first_visit_at=None, text="Text.", **stale))
        )
    assert everything(store, but=("tally",)) == known


def test_what_waits_in_a_feed_and_what_came_back_is_lent_to_its_next_reading(store, cast):
    cast.feed(carried("a", version_draft(None, cast.now, text="One.")))
    cast.later(25 * HOUR)
    cast.feed(carried("a", version_draft(newest(store, cast), cast.now, text="Two.")))
    first, second = rows(store, "version")
    cast.later(25 * HOUR)
    waiting = HeldText(first["content_hash"], Doubt.RETURNED, cast.now, cast.now, 1)
    seen = {"held": waiting, "recurrence": Recurrence(first["id"], Return.VARIANT, "in turn"), "detail": "returned"}
    cast.feed(draft("a", first_visit_at=None, text="One.", **seen))
    (known,) = store.articles.listed(SimpleNamespace(resource_id=1, fetched_at=cast.now), [draft("a")]).values()
    assert known.recent.held == waiting
    assert [(text.version_id, text.variant) for text in known.recent.texts] == [
        (second["id"], False),
        (first["id"], True),
    ]
    assert (known.recent.today, known.recent.layers) == (0, None)
    tallies = store.queries.census().tallies
    assert (tallies["held"], tallies["recurrence"]) == ({"returned": 1}, {"variant": 1})
    cast.later(25 * HOUR)
    cast.feed(draft("a", first_visit_at=None, text="Two.", seen=second["id"]))
    assert rows(store, "held") == []


def test_pages_left_to_the_feed_are_visited_when_the_policy_changes_back(store, cast):
    cast.feed(carried("a", version_draft(None, cast.now)))
    cast.later(25 * HOUR)
    cast.feed(draft("a", first_visit_at=cast.now))
    assert [(row["status"], row["next_visit_at"]) for row in rows(store, "resource")[1:]] == [("active", cast.now)]


def test_pages_are_left_as_soon_as_the_policy_says_so(store, cast):
    cast.feed(draft("a"))
    store.frontier.sync([replace(outlet(), policy=Policy(text=TextSource.FEED))], cast.now)
    feed, page = rows(store, "resource")
    assert (feed["status"], page["status"], page["next_visit_at"]) == ("active", "settled", None)


# --- sitemaps that an index names ---------------------------------------------------------------------

INDEX = "https://anadolu.example/rss"


def named(*names):
    return tuple(f"https://anadolu.example/{name}.xml" for name in names)


def polled(store):
    return [row["url"].rpartition("/")[2] for row in rows(store, "resource") if row["status"] == "active"]


def test_an_index_makes_feeds_of_its_sitemaps_for_as_long_as_it_names_them(store, listed):
    listed(sitemaps=named("monday", "tuesday"))
    assert polled(store) == ["rss", "monday.xml", "tuesday.xml"]
    _keep_for_later(store)
    listed(sitemaps=named("tuesday", "wednesday"))
    assert polled(store) == ["rss", "tuesday.xml", "wednesday.xml"]
    _keep_for_later(store)
    listed(verdict=FeedVerdict.NOT_A_FEED)  # for once
    assert polled(store) == ["rss", "tuesday.xml", "wednesday.xml"]
    _keep_for_later(store)
    listed(sitemaps=named("monday"))
    assert polled(store) == ["rss", "monday.xml"]


def _keep_for_later(store):
    """The index is due before what it names."""
    later = "UPDATE resource SET next_visit_at = '2030-01-01 00:00:00+00:00' WHERE listed_by IS NOT NULL"
    store.database.write(lambda connection: connection.exec_driver_sql(later))


def test_an_index_within_an_index_is_not_followed(store, cast):
    cast.feed(sitemaps=named("inner"))
    cast.later()
    cast.feed(sitemaps=named("innermost"))
    assert polled(store) == ["rss", "inner.xml"]


def test_what_an_index_names_is_polled_while_the_index_is_configured(store, cast):
    cast.feed(sitemaps=named("monday"))
    store.frontier.sync([outlet("anadolu", INDEX)], cast.later())
    assert polled(store) == ["rss", "monday.xml"]
    store.frontier.sync([outlet("other")], cast.later())
    assert polled(store) == ["rss"]  # of the other outlet
    store.frontier.sync([outlet("anadolu", INDEX)], cast.later())
    cast.later(24 * HOUR)
    cast.feed(sitemaps=named("monday"))
    assert polled(store) == ["rss", "monday.xml"]


def test_a_sitemap_that_is_configured_is_its_own_master(store, cast):
    cast.feed(sitemaps=named("monday"))
    store.frontier.sync([outlet("anadolu", INDEX, *named("monday"))], cast.later())
    cast.later(24 * HOUR)
    _keep_for_later(store)
    assert {row["listed_by"] for row in rows(store, "resource")} == {None}
