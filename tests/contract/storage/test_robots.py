"""What is known of robots.txt, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.storage.given import (
    HOUR,
    MINUTE,
    NOON,
    Cast,
    everything,
    next_due,
    outlet,
    record,
    rows,
    sha,
    visit_intent,
)
from worker.errors import StaleLease
from worker.model import Lease, Outcome, Robots, RobotsIntent, Standing, Validators

TEXT = "User-agent: *\nDisallow: /b\n# \u00fc"
RULES = Robots(Standing.RULES, TEXT, Validators('"r"', "date"), sha(TEXT.encode()), NOON + 24 * HOUR, Outcome.FRESH, "")


def intent(lease, at=NOON, *, known=RULES, scheme="https", **changes):
    made = RobotsIntent(
        resource_id=1,
        url=f"{scheme}://anadolu.example/robots.txt",
        lease=lease,
        lease_until=at + MINUTE,
        at=at,
        robots=known,
        changed=False,
        host_free_at=at + timedelta(seconds=2),
        reached=True,
        away=False,
        seconds=0.5,
        wire_bytes=40,
    )
    return replace(made, **changes)


@pytest.fixture
def cast(store):
    store.frontier.sync([outlet("anadolu", "https://anadolu.example/a", "https://anadolu.example/b")], NOON)
    return Cast(store)


def test_before_it_was_asked_for_nothing_is_known(cast):
    assert next_due(cast.store, cast.lease(), NOON).robots is None


def test_what_was_written_is_lent_with_each_visit_of_the_site(cast):
    lease = cast.lease()
    record(cast.store, intent(lease))
    assert next_due(cast.store, lease, NOON).robots == RULES
    later = replace(RULES, text="", standing=Standing.ABSENT, failures=0, outcome=Outcome.MISSING, detail="HTTP 404")
    record(cast.store, intent(lease, NOON + HOUR, known=later))
    assert next_due(cast.store, lease, NOON).robots == later


def test_http_and_https_are_two_sites(cast):
    lease = cast.lease()
    record(cast.store, intent(lease, scheme="http"))
    assert next_due(cast.store, lease, NOON).robots is None


def test_recording_twice_is_recording_once(cast):
    lease = cast.lease()
    record(cast.store, intent(lease))
    once = everything(cast.store)
    record(cast.store, intent(lease))
    assert everything(cast.store) == once
    assert cast.store.queries.tally("robots", "fresh") == 1
    assert cast.store.queries.tally("wire_bytes") == 40


def test_a_stale_lane_writes_nothing_and_is_counted(cast):
    stale = Lease(cast.lease().id, 0)
    with pytest.raises(StaleLease):
        record(cast.store, intent(stale))
    assert rows(cast.store, "robots") == []
    assert cast.store.queries.tally("stale_lease", "record_robots") == 1


@pytest.mark.parametrize("changed", [True, False])
def test_what_was_disallowed_is_due_when_the_rules_change(cast, changed):
    lease = cast.lease()
    for outcome in (Outcome.DISALLOWED, Outcome.NOT_MODIFIED):
        visit = next_due(cast.store, lease, NOON)
        later = visit_intent(lease, visit, NOON, outcome=outcome, next_visit_at=NOON + 20 * HOUR)
        record(cast.store, later)
    assert cast.store.queries.backlog(NOON + HOUR).due == 0
    record(cast.store, intent(lease, NOON + HOUR, changed=changed))
    assert cast.store.queries.backlog(NOON + HOUR).due == int(changed)
    assert cast.store.queries.outlets()[0].disallowed == 1
