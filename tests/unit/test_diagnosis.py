"""What is said to be wrong with a feed, and that nothing is said of one that is well."""

from datetime import UTC, datetime, timedelta

import pytest

from worker.core import diagnosis, feeds
from worker.model import FeedState, Outcome, Policy, TextSource

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
URL = "https://herald.example/rss"


def state(outcome=Outcome.FRESH, **changes):
    known = {
        "url": URL, "outlet": "herald", "outcome": outcome.value, "detail": "", "failures": 0, "visited_at": NOW,
        "next_visit_at": NOW, "moved_to": None, "capture_id": 1, "quarantined": False,
    }  # fmt: skip
    return FeedState(**(known | changes))


def rss(*items):
    return f"<rss version='2.0'><channel><title>T</title>{''.join(items)}</channel></rss>"


def item(n=1, when=NOW, text="Words."):
    date = f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if when else ""
    told = f"<description>{text}</description>" if text else ""
    return f"<item><title>Story {n}</title><link>https://herald.example/{n}</link>{date}{told}</item>"


def facts(document):
    return diagnosis.facts(feeds.parse(document.encode(), headers={}, url=URL))


def found(document=None, policy=None, seconds=None, known=None):
    read = facts(document) if document is not None else None
    listed = diagnosis.of_feed(known or state(), read, policy=policy or Policy(), now=NOW, seconds=seconds)
    return [finding.what for finding in listed]


def test_nothing_is_said_of_a_feed_that_is_well():
    assert found(rss(item()), seconds=0.2) == []
    assert found(rss(item()), known=state(Outcome.NOT_MODIFIED)) == []


@pytest.mark.parametrize(
    ("document", "what"),
    [
        ("<html><body>Log in</body></html>", ["web page"]),
        ("", ["web page"]),
        ("<rss><channel><item><title>cut", ["damaged"]),
        (rss(), ["empty"]),
        (rss(item(when=None)), ["no dates"]),
        (rss(item(when=NOW - timedelta(days=8))), ["stale"]),
        (rss(item(1), item(2), item(3))[:-60], ["cut off"]),
    ],
)
def test_what_a_document_gives_away(document, what):
    assert found(document) == what


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.FRESH, Outcome.SAME, Outcome.NOT_MODIFIED}))
def test_every_failure_is_said_with_what_to_do(outcome):
    (finding, *_) = diagnosis.of_feed(state(outcome, detail="HTTP 999"), None, policy=Policy(), now=NOW)
    assert finding.grave
    assert finding.advice.endswith("(HTTP 999)")


def test_moved_slow_unreadable_unvisited():
    assert found(rss(item()), known=state(moved_to="https://herald.example/new")) == ["moved"]
    assert found(rss(item()), seconds=9.0) == ["slow"]
    assert found(known=state(quarantined=True)) == ["unreadable"]
    assert found(known=FeedState(URL, "herald", None, "", 0, None, None, None, None, False)) == ["not visited"]


def test_the_gravest_comes_first():
    assert found(rss(), seconds=9.0) == ["empty", "slow"]


@pytest.mark.parametrize("text", ["Words and …", "Words and ...", "Words [&amp;hellip;]", "Words [...] Read more"])
def test_texts_that_are_cut_matter_where_the_feed_is_to_carry_them(text):
    feed = Policy(text=TextSource.FEED)
    assert found(rss(item(text=text)), feed) == ["truncated"]
    assert found(rss(item(text=text))) == []
    assert found(rss(item(1), item(2, text="")), feed) == ["no text"]
