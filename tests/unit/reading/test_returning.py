"""What reading a page or a feed tells the schedule: its own dates, whether it has figures, how its outlet revises."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.unit import paces
from worker.core import extraction, reading
from worker.core.text import content_hash
from worker.model import Capture, Entry, Lease, Policy, Recent, ResourceKind, StoredVersion

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLICY = Policy(requests_per_hour=36_000)
SENTENCES = (
    "The ministry said on Sunday that the river had gone back into its bed and that the roads were open again.",
    "Rescuers went from house to house in the old town, where the water had stood up to the windows of the shops.",
    "The mayor thanked everybody who had carried sand, and said that the school would open when it was dry.",
)


def page(first, modified=None):
    meta = f'<meta property="article:modified_time" content="{modified.isoformat()}">' if modified else ""
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in (first, *SENTENCES))
    head, body = f"<title>Flood</title>{meta}", f"<article><h1>Flood</h1>{paragraphs}</article>"
    return f"<html><head>{head}</head><body>{body}</body></html>"


def capture(body, **changes):
    made = Capture(
        lease=Lease(1, 1),
        resource_id=1,
        kind=ResourceKind.ARTICLE,
        outlet="a",
        language="en",
        url="https://a.example/flood",
        resource_url="https://a.example/flood",
        headers={"content-type": "text/html; charset=utf-8"},
        body=body.encode(),
        whole=True,
        fetched_at=NOON,
        attempt=1,
        article_id=1,
        first_seen_at=NOON - 6 * HOUR,
    )
    return replace(made, **changes)


def stored(body, seen_from=6.0, seen_to=3.0, **changes):
    """What an earlier visit kept of the page; hours ago."""
    extract = extraction.extract(body.encode(), headers={}, url="https://a.example/flood", language="en", whole=True)
    made = StoredVersion(
        version_id=1,
        ordinal=1,
        title=extract.title,
        text=extract.text,
        content_hash=content_hash(extract.title, extract.text),
        extractor=extract.extractor,
        first_seen_at=NOON - seen_from * HOUR,
        last_seen_at=NOON - seen_to * HOUR,
        figures=True,
    )
    return replace(made, **changes)


def wait(body, before=None, **changes):
    """How long after reading it the page is visited again."""
    read = reading.article_intent(capture(body, **changes), 1, before, Recent(), policy=POLICY, now=NOON, jitter=0.0)
    assert read.next_visit_at is not None
    return read.next_visit_at - NOON


TWELVE, TWENTY = "At least 12 people were killed.", "At least 20 people were killed."


def test_a_revision_is_as_old_as_the_page_says_within_what_was_seen():
    old = stored(page(TWELVE))
    just, long_ago = (wait(page(TWENTY, NOON - ago * HOUR), old) for ago in (0.05, 2.5))
    assert just < long_ago
    assert wait(page(TWENTY), old) == wait(page(TWENTY, NOON + 9 * HOUR), old) <= just
    assert wait(page(TWENTY, NOON - 3 * HOUR), old) == wait(page(TWENTY, NOON - 900 * HOUR), old) >= long_ago


def test_an_unchanged_page_waits_longer_than_one_that_was_revised():
    assert wait(page(TWENTY), stored(page(TWELVE))) < wait(page(TWELVE), stored(page(TWELVE)))


def test_a_page_without_figures_is_visited_less():
    assert wait(page(TWELVE), stored(page(TWELVE))) < wait(page(TWELVE), stored(page(TWELVE), figures=False))


def test_a_page_that_counts_for_the_first_time_reports_figures_now():
    """What the page says now decides, not what the version before said."""
    plain = "Nobody knew how many people were killed."
    assert wait(page(TWELVE), stored(page(plain), figures=False)) <= wait(page(plain), stored(page(TWELVE)))


def test_the_outlets_pace_and_the_date_of_publication_count():
    quiet, busy = (paces.of((1000,) * 8, (shown,) * 8) for shown in (2, 600))
    before = stored(page(TWELVE))
    assert wait(page(TWELVE), before, pace=busy) < wait(page(TWELVE), before) < wait(page(TWELVE), before, pace=quiet)
    early = NOON - 8 * HOUR
    assert wait(page(TWELVE), before) <= wait(page(TWELVE), before, published_at=early)


# --- feeds that stamp their entries with the time of day


def entry(updated):
    return Entry(
        id=None, link="https://a.example/flood", title="Flood", published=None, updated=updated, summary="", text=None
    )


@pytest.mark.parametrize(
    ("minutes", "stamped"),
    [
        ((1, 2, 3, 4), True),
        ((1, 2, 3, 400), True),
        ((1, 2, 300, 400), False),
        ((1, 2, 3), False),  # too few to tell
        ((100, 200, 300, 400), False),
        ((), False),
    ],
)
def test_a_feed_whose_entries_all_changed_just_now_says_nothing(minutes, stamped):
    entries = [entry(NOON - timedelta(minutes=ago)) for ago in minutes] + [entry(None)] * 3
    assert reading.stamped(entries, NOON) is stamped
