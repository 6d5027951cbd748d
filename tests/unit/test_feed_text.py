"""`text = "feed"`: the entries of a feed are the versions, through the same decisions, whole or not at all."""

from dataclasses import replace

import pytest

from tests.unit.test_pipeline import FEED, OUTLET, PAGE, Newsdesk
from worker.core import reading, versions
from worker.errors import StaleLease
from worker.model import Policy, RevisionKind, TextSource
from worker.pipeline.reading import read

SECOND = "https://tamar.example/world/harbour"
WORDS = "Rescuers were digging by hand in villages cut off by rockfalls, the national disaster agency said."


def feed(toll, *more):
    entries = (f"<item><guid>q1</guid><title>Quake in Sarvan</title><link>{PAGE}</link>{told(toll)}</item>", *more)
    start = "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
    return f"{start}<channel><title>Tamar</title>{''.join(entries)}</channel></rss>"


def told(toll):
    return (
        f"<content:encoded><![CDATA[<p>At least {toll} people were killed in Sarvan on Thursday.</p>"
        f"<p>{WORDS}</p>]]></content:encoded>"
    )


class FeedDesk(Newsdesk):
    """A desk whose outlet carries full text in its feed."""

    def __init__(self, folder, source=TextSource.FEED):
        super().__init__(folder)
        self.follow(source)
        self.network.answers = {FEED: feed(12), PAGE: 404, SECOND: 404}

    def follow(self, source):
        policy = replace(OUTLET.policy, text=source)
        self.world = replace(self.world, policies={OUTLET.slug: policy})
        self.store.frontier.sync([replace(OUTLET, policy=policy)], self.clock())

    def polls(self, *bodies):
        for body in bodies:
            self.network.answers[FEED] = body
            self.clock.advance(minutes=5)
            self.cycle()


@pytest.fixture
def desk(tmp_path):
    made = FeedDesk(tmp_path)
    yield made
    made.store.close()


def test_a_revision_in_the_entries_is_found_and_no_page_is_asked(desk):
    desk.polls(feed(12), feed(12, "<!-- same -->"), feed(31), feed(31))
    (row,) = desk.store.queries.revisions(10)
    assert (row.kind, row.old.low, row.new.low) == (RevisionKind.REVISED, 12, 31)
    assert row.old.sentence.startswith("At least 12 people")
    assert set(desk.network.asked) == {FEED}
    assert [change.kind.value for change in desk.store.changes.after(0, 100)] == [
        "article", "version", "version", "revision"
    ]  # fmt: skip
    assert desk.census().tallies["version"] == {"first": 1, "next": 1}


def test_the_interval_of_a_change_is_that_of_the_polls(desk):
    desk.polls(feed(12), feed(12, "<!-- same -->"))
    before = desk.clock.now
    desk.polls(feed(31))
    (row,) = desk.store.queries.revisions(10)
    assert row.changed_after < before < row.changed_before


def test_an_entry_without_text_has_no_version(desk):
    desk.polls(feed(12, f"<item><guid>h</guid><title>Harbour</title><link>{SECOND}</link></item>"))
    assert (desk.census().articles, desk.census().versions) == (2, 1)
    assert desk.network.asked == [FEED]


def test_an_entry_that_vanishes_and_returns_is_the_same_version(desk):
    empty = feed(12).replace("<item>", "<!--").replace("</item>", "-->")
    desk.polls(feed(12), empty, feed(12, "<!-- back -->"))
    assert (desk.census().articles, desk.census().versions) == (1, 1)


def test_a_summary_is_the_text_where_the_feed_has_nothing_longer(desk):
    desk.polls(feed(12).replace("content:encoded", "description"))
    assert desk.census().versions == 1
    assert desk.census().figures >= 1


def test_reading_a_capture_twice_writes_once(desk):
    found = desk.dispatch()
    (capture_id,) = [id_ for leases in found.visits for id_ in desk.visit(leases)]
    policy = desk.world.policies[OUTLET.slug]
    now = desk.clock()
    # Killed after the decision, before the write: nothing of it is there, and the next reader does it all.
    first = desk.store.captures.begin(capture_id, now, 3)
    intent = reading.with_versions(reading.feed_intent(first, policy=policy, now=now, jitter=0), {}, first)
    read(capture_id, desk.world)
    assert desk.census().versions == 1
    with pytest.raises(StaleLease):  # the killed one was only suspended, and goes on
        desk.store.articles.apply_feed(intent)
    assert (desk.census().versions, desk.census().revisions) == (1, 0)


def test_two_feeds_that_race_append_one_version_each_behind_the_other(desk):
    desk.polls(feed(12))
    desk.network.answers[FEED] = feed(31)
    desk.clock.advance(minutes=5)
    (capture_id,) = [id_ for leases in desk.dispatch().visits for id_ in desk.visit(leases)]
    now = desk.clock()
    capture = desk.store.captures.begin(capture_id, now, 3)
    intent = reading.feed_intent(capture, policy=desk.world.policies[OUTLET.slug], now=now, jitter=0)
    outdated = reading.with_versions(intent, {}, capture)  # as if nothing had been known when it was decided
    with pytest.raises(StaleLease):
        desk.store.articles.apply_feed(outdated)
    assert desk.census().versions == 1
    read(capture_id, desk.world)  # a second attempt decides by what is there
    assert (desk.census().versions, desk.census().revisions) == (2, 1)


def test_pages_are_left_when_the_policy_says_feed_and_visited_when_it_no_longer_does(tmp_path):
    desk = FeedDesk(tmp_path, TextSource.PAGE)
    desk.polls(feed(12))
    desk.follow(TextSource.FEED)
    desk.network.asked.clear()
    desk.polls(feed(12), feed(31))
    assert set(desk.network.asked) == {FEED}
    desk.polls(feed(31, f"<item><guid>h</guid><title>Harbour</title><link>{SECOND}</link>{told(3)}</item>"))
    desk.follow(TextSource.PAGE)
    desk.polls(feed(32, f"<item><guid>h</guid><title>Harbour</title><link>{SECOND}</link>{told(3)}</item>"))
    desk.polls(feed(32))
    assert SECOND in desk.network.asked
    desk.store.close()


def test_the_policy_is_a_page_unless_said_otherwise():
    assert Policy().text is TextSource.PAGE


def test_an_earlier_text_that_flaps_is_a_variant_and_no_revision(desk):
    desk.polls(feed(12), feed(31), *[feed(12), feed(31)] * 5)
    assert desk.census().revisions == 1
    assert desk.census().versions == 2
    assert desk.census().tallies["recurrence"] == {"variant": 5}


def test_a_text_that_comes_back_and_stays_is_a_reversion(desk):
    desk.polls(feed(12), feed(31), *[feed(12, f"<!-- {number} -->") for number in range(4)])
    assert desk.census().versions == 3
    assert desk.census().revisions == 2
    assert desk.census().tallies["held"] == {"returned": 2}


def test_a_feed_that_turns_to_summaries_waits_to_be_believed(desk):
    whole, teaser = feed(12).replace(WORDS, f"{WORDS} " * 8), feed(12).replace(f"<p>{WORDS}</p>", "")
    desk.polls(whole, teaser)
    assert desk.census().versions == 1
    assert sum(desk.census().tallies["held"].values()) == 1
    desk.polls(whole)
    assert (desk.census().versions, desk.census().revisions) == (1, 0)


def test_a_feed_that_changes_every_poll_is_limited(desk):
    desk.polls(*[feed(12).replace("villages", f"villages {letter * 3}") for letter in "abcdefghij"])
    assert desk.census().versions == versions.LIVE
    assert desk.census().tallies["held"] == {"live": 10 - versions.LIVE}


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "mailto:desk@tamar.example"])
def test_x15_an_entry_without_a_page_is_kept_and_nothing_is_fetched(tmp_path, link):
    desk = FeedDesk(tmp_path, TextSource.PAGE)
    one = f"<item><guid isPermaLink='false'>n1</guid><title>No page</title><link>{link}</link></item>"
    other = (
        f"<item><title>No id either</title><pubDate>Tue, 03 Mar 2026 10:11:12 GMT</pubDate><link>{link}</link></item>"
    )
    desk.polls(*[feed(12, one, other, f"<!-- {number} -->") for number in range(3)])
    assert desk.census().articles == 3
    assert {url for url in desk.network.asked if "robots" not in url} == {FEED, PAGE}
    kept = [desk.store.queries.article(id_) for id_ in desk.store.queries.article_ids()]
    assert sorted(each.title for each in kept if each and each.url.startswith(f"{FEED}#")) == [
        "No id either",
        "No page",
    ]
    desk.store.close()


def test_x15_the_text_of_an_entry_without_a_page_is_watched(desk):
    desk.polls(*[feed(toll).replace(f"<link>{PAGE}</link>", "") for toll in (12, 31)])
    assert (desk.census().articles, desk.census().versions, desk.census().revisions) == (1, 2, 1)


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("Tue, 03 Mar 2026 10:11:12 GMT", True),
        ("", False),
        ("Wed, 01 Jan 2099 00:00:00 GMT", False),
        ("Thu, 01 Jan 1970 00:00:00 GMT", False),
        ("Sat, 01 Jan 0000 00:00:00 GMT", False),
        ("Mon, 30 Feb 2026 10:00:00 GMT", False),
        ("Tue, 03 Mar 2026 10:11:12 XYZ", True),  # an unknown zone is UTC
    ],
)
def test_x16_a_date_is_kept_when_it_can_be_and_orders_nothing(desk, stated, kept):
    dated = f"<item><guid>h</guid><title>Harbour</title><link>{SECOND}</link><pubDate>{stated}</pubDate></item>"
    desk.polls(feed(12), feed(12, dated))
    first, second = (desk.store.queries.article(id_) for id_ in desk.store.queries.article_ids())
    assert (first.url, second.url) == (PAGE, SECOND)
    assert first.first_seen_at < second.first_seen_at == second.first_seen_at
    assert (second.published_at is not None) is kept


ENGLISH = "At least 12 people were killed in Sarvan on Thursday, the agency said, and the roads are closed. "
FRENCH = "Au moins 15 morts dans le Sarvan jeudi, selon l'agence nationale, et les routes restent fermées ce soir. "


def test_c24_another_language_in_turn_is_no_revision(tmp_path):
    """A page served by where we seem to be: what has nothing in common waits, and goes when the other is back."""
    desk = FeedDesk(tmp_path, TextSource.PAGE)
    pages = [
        f"<html lang='{code}'><head><title>Sarvan</title></head><body><article><p>{text * 6}</p></article></body>"
        for code, text in (("en", ENGLISH), ("fr", FRENCH))
    ]
    for number in range(9):
        desk.network.answers[PAGE] = pages[number % 2]
        desk.clock.advance(hours=3)
        desk.cycle()
    census = desk.census()
    assert (census.versions, census.revisions) == (1, 0)
    assert census.tallies["held"]["unrelated"] >= 3
    desk.store.close()
