"""What is due, who may visit it, and what a visit writes."""

import pytest

from tests.contract.storage.given import (
    HOUR,
    MINUTE,
    NOON,
    Cast,
    article_intent,
    begin,
    draft,
    everything,
    next_due,
    outlet,
    record,
    rows,
    sha,
    visit_intent,
)
from worker.errors import StaleLease
from worker.model import Lease, Outcome, ResourceKind, Step, Validators, Verdict

UNTIL = NOON + MINUTE


def lease_all(store, now=NOON, limit=10):
    return store.frontier.lease_hosts(now, now + MINUTE, limit)


def due_urls(store, now=NOON):
    """What each host would visit first."""
    visits = [next_due(store, lease, now) for lease in lease_all(store, now)]
    return {visit.url for visit in visits if visit}


# --- configuration


def test_feeds_are_due_when_first_configured(store):
    store.frontier.sync([outlet("bbc", "https://feeds.bbc.example/a", "https://feeds.bbc.example:8443/b")], NOON)
    visits = {lease.id: next_due(store, lease, NOON) for lease in lease_all(store)}
    assert {(v.host, v.url, v.outlet, v.kind) for v in visits.values()} == {
        ("feeds.bbc.example", "https://feeds.bbc.example/a", "bbc", ResourceKind.FEED),
        ("feeds.bbc.example:8443", "https://feeds.bbc.example:8443/b", "bbc", ResourceKind.FEED),
    }


def test_the_same_configuration_again_changes_nothing(store):
    configured = [outlet("bbc"), outlet("dw", "https://dw.example/1", "https://dw.example/2")]
    store.frontier.sync(configured, NOON)
    before = everything(store)
    store.frontier.sync(configured, NOON + HOUR)
    assert everything(store) == before


def test_a_feed_no_longer_named_is_paused_and_returns_with_its_state(store):
    store.frontier.sync([outlet("dw", "https://dw.example/1")], NOON)
    Cast(store).visit(body=b"feed")
    before = rows(store, "resource")
    store.frontier.sync([outlet("dw", "https://dw.example/2")], NOON)
    assert due_urls(store, NOON + HOUR) == {"https://dw.example/2"}
    store.frontier.sync([outlet("dw", "https://dw.example/1")], NOON)
    assert rows(store, "resource")[:1] == before


def test_without_any_outlet_nothing_is_due(store):
    store.frontier.sync([outlet()], NOON)
    store.frontier.sync([], NOON)
    assert lease_all(store) == ()


def test_articles_follow_their_outlet(store):
    cast = Cast(store)
    store.frontier.sync([outlet()], NOON)
    cast.feed(draft("a", host="pages.example"))
    store.frontier.sync([], NOON)
    assert due_urls(store) == set()
    store.frontier.sync([outlet()], NOON)
    assert due_urls(store) == {"https://pages.example/a"}


def test_an_outlet_may_change_its_name_and_a_feed_its_outlet(store):
    url = "https://shared.example/rss"
    store.frontier.sync([outlet("bbc", url)], NOON)
    store.frontier.sync([outlet("dw", url, language="de")], NOON)
    assert [next_due(store, lease, NOON).outlet for lease in lease_all(store)] == ["dw"]


def test_gone_is_gone_whatever_is_configured(store):
    store.frontier.sync([outlet()], NOON)
    Cast(store).visit(outcome=Outcome.GONE, next_visit_at=None)
    store.frontier.sync([outlet()], NOON + HOUR)
    assert lease_all(store, NOON + HOUR) == ()
    assert rows(store, "resource")[0]["status"] == "gone"


def test_an_address_that_is_none_is_refused_whole(store):
    before = everything(store)
    with pytest.raises(ValueError, match="ftp"):
        store.frontier.sync([outlet("bbc"), outlet("dw", "ftp://dw.example/rss")], NOON)
    assert everything(store) == before


# --- leases


def test_a_host_has_one_lane(store):
    store.frontier.sync([outlet("dw", "https://dw.example/1", "https://dw.example/2"), outlet("bbc")], NOON)
    assert len(lease_all(store)) == 2
    assert lease_all(store) == ()
    assert len(lease_all(store, UNTIL)) == 2


def test_longest_waiting_first(store):
    for age, slug in enumerate(["youngest", "middle", "oldest"]):
        store.frontier.sync([outlet(slug)], NOON - age * HOUR)
    store.frontier.sync([outlet(slug) for slug in ("youngest", "middle", "oldest")], NOON)
    leases = lease_all(store, limit=2)
    assert [next_due(store, lease, NOON).outlet for lease in leases] == ["oldest", "middle"]
    assert [next_due(store, lease, NOON).outlet for lease in lease_all(store)] == ["youngest"]


def test_slow_hosts_are_handed_out_together(store):
    slugs = ("a", "b", "c", "d")
    for age, slug in enumerate(slugs):
        store.frontier.sync([outlet(slug)], NOON - age * HOUR)
    store.frontier.sync([outlet(slug) for slug in slugs], NOON)
    for lease in lease_all(store):
        visit = next_due(store, lease, NOON)
        record(store, visit_intent(lease, visit, NOON, seconds=20.0 if visit.outlet in {"b", "d"} else 0.3))
        store.frontier.release(lease)
    again = lease_all(store, NOON + HOUR)
    assert [next_due(store, lease, NOON + HOUR).outlet for lease in again] in (
        ["a", "c", "b", "d"],
        ["c", "a", "d", "b"],
    )


def test_a_host_is_left_alone_until_it_is_free_again(store):
    store.frontier.sync([outlet("dw", "https://dw.example/1", "https://dw.example/2")], NOON)
    Cast(store).visit(host_free_at=NOON + HOUR)
    assert lease_all(store, NOON + HOUR - MINUTE) == ()
    assert len(lease_all(store, NOON + HOUR)) == 1


def test_tokens_grow_with_every_owner(store):
    store.frontier.sync([outlet()], NOON)
    (first,) = lease_all(store)
    (second,) = lease_all(store, UNTIL)
    assert second.id == first.id
    assert second.token > first.token


def test_begin_renews_the_lease(store):
    store.frontier.sync([outlet()], NOON)
    (lease,) = lease_all(store)
    assert begin(store, lease, NOON + HOUR)
    assert lease_all(store, NOON + HOUR - MINUTE) == ()


def test_a_lease_begins_once(store):
    store.frontier.sync([outlet()], NOON)
    (lease,) = lease_all(store)
    begun = begin(store, lease, NOON + HOUR)
    assert begun.token > lease.token
    assert begin(store, lease, NOON + HOUR) is None
    assert next_due(store, begun, NOON) is not None


def test_a_lease_that_ran_out_unnoticed_is_as_good_as_new(store):
    store.frontier.sync([outlet()], NOON)
    (lease,) = lease_all(store)
    assert begin(store, lease, NOON + 2 * HOUR)
    assert lease_all(store, NOON + HOUR) == ()


def test_a_lease_that_passed_on_gives_nothing(store):
    store.frontier.sync([outlet()], NOON)
    (stale,) = lease_all(store)
    (current,) = lease_all(store, UNTIL)
    before = everything(store)
    assert begin(store, stale, UNTIL + HOUR) is None
    assert next_due(store, stale, UNTIL) is None
    store.frontier.release(stale)
    assert everything(store) == before
    assert next_due(store, current, UNTIL) is not None


def test_a_host_given_back_may_be_leased_at_once_and_not_written_under_the_old_lease(store):
    store.frontier.sync([outlet()], NOON)
    (lease,) = lease_all(store)
    visit = next_due(store, lease, NOON)
    store.frontier.release(lease)
    store.frontier.release(lease)
    with pytest.raises(StaleLease):
        record(store, visit_intent(lease, visit, NOON))
    assert len(lease_all(store)) == 1


def test_a_dispatch_leaves_word_even_when_nothing_was_due(store):
    assert store.queries.last_dispatch_at() is None
    lease_all(store, NOON)
    lease_all(store, NOON - HOUR)  # by a clock that is behind
    assert store.queries.last_dispatch_at() == NOON


# --- what is lent


def test_the_resource_that_waited_longest_is_lent(store):
    store.frontier.sync([outlet("dw", "https://dw.example/1")], NOON - HOUR)
    store.frontier.sync([outlet("dw", "https://dw.example/2", "https://dw.example/1")], NOON)
    (lease,) = lease_all(store)
    first = next_due(store, lease, NOON)
    record(store, visit_intent(lease, first, NOON))
    second = next_due(store, lease, NOON)
    record(store, visit_intent(lease, second, NOON))
    assert [first.url, second.url] == ["https://dw.example/1", "https://dw.example/2"]
    assert next_due(store, lease, NOON + MINUTE) is None


def test_nothing_is_visited_before_its_bytes_are_read(store):
    cast = Cast(store)
    store.frontier.sync([outlet()], NOON)
    _, capture_id = cast.visit(body=b"feed")
    assert lease_all(store, cast.later()) == ()
    for _ in range(3):
        assert cast.begin(capture_id)
    assert lease_all(store, cast.later()) == ()
    assert cast.begin(capture_id) is None  # given up on
    assert len(lease_all(store, cast.later())) == 1


def test_a_visit_lends_what_the_last_one_wrote(store):
    cast = Cast(store)
    store.frontier.sync([outlet()], NOON)
    first, _ = cast.visit(
        outcome=Outcome.SERVER_ERROR, validators=Validators("e", None), body_hash=sha(b"x"), failures=2, unchanged=7
    )
    assert (first.validators, first.body_hash, first.failures, first.unchanged) == (Validators(), None, 0, 0)
    cast.later()
    second, _ = cast.visit()
    assert (second.validators, second.body_hash) == (Validators("e", None), sha(b"x"))
    assert (second.failures, second.unchanged, second.changed_at, second.first_seen_at) == (2, 7, None, NOON)


def test_new_bytes_are_remembered_by_their_time(store):
    cast = Cast(store)
    store.frontier.sync([outlet()], NOON)
    cast.feed(next_visit_at=NOON)
    cast.later()
    visit, _ = cast.visit()
    assert visit.changed_at == NOON


def test_an_article_is_lent_with_its_time_of_publication(store):
    cast = Cast(store)
    store.frontier.sync([outlet()], NOON)
    cast.feed(draft("a", host="pages.example", published_at=NOON - HOUR))
    visit, _ = cast.visit()
    assert (visit.kind, visit.url, visit.published_at) == (
        ResourceKind.ARTICLE,
        "https://pages.example/a",
        NOON - HOUR,
    )


# --- what a visit writes


def test_recording_twice_is_recording_once(store):
    store.frontier.sync([outlet()], NOON)
    (lease,) = lease_all(store)
    intent = visit_intent(lease, next_due(store, lease, NOON), NOON, body=b"feed")
    first = record(store, intent)
    before = everything(store)
    assert record(store, intent) == first
    assert everything(store) == before


def test_a_stale_lane_writes_nothing_and_is_counted(store):
    store.frontier.sync([outlet()], NOON)
    (stale,) = lease_all(store)
    visit = next_due(store, stale, NOON)
    lease_all(store, UNTIL)
    before = everything(store, but={"tally"})
    with pytest.raises(StaleLease):
        record(store, visit_intent(stale, visit, NOON, body=b"late"))
    assert everything(store, but={"tally"}) == before
    assert store.queries.census().tallies == {"stale_lease": {"record": 1}}


def test_a_lease_counts_for_its_own_host_only(store):
    store.frontier.sync([outlet("bbc"), outlet("dw")], NOON)
    bbc, dw = lease_all(store)
    with pytest.raises(StaleLease):
        record(store, visit_intent(dw, next_due(store, bbc, NOON), NOON))
    with pytest.raises(StaleLease):
        record(store, visit_intent(Lease(999, 1), next_due(store, bbc, NOON), NOON))


def test_a_visit_renews_the_lease(store):
    store.frontier.sync([outlet("dw", "https://dw.example/1", "https://dw.example/2")], NOON)
    (lease,) = lease_all(store)
    visit = next_due(store, lease, NOON)
    record(store, visit_intent(lease, visit, NOON, lease_until=NOON + HOUR))
    assert lease_all(store, NOON + HOUR - MINUTE) == ()


def test_every_visit_is_counted_once_by_its_outcome(store):
    cast = Cast(store)
    store.frontier.sync([outlet()], NOON)
    for outcome in (Outcome.BROKEN, Outcome.NOT_MODIFIED, Outcome.NOT_MODIFIED):
        cast.visit(outcome=outcome)
        cast.later()
    tallies = store.queries.census().tallies
    assert tallies["visit"] == {"broken": 1, "not_modified": 2}
    assert tallies["wire_bytes"] == {"": 3_000}
    assert tallies["visit_ms"] == {"": 750}


def test_a_feed_that_is_gone_is_asked_again_when_it_is_taken_out_and_named_again(store):
    cast = Cast(store)
    store.frontier.sync([outlet()], NOON)
    cast.visit(outcome=Outcome.GONE, next_visit_at=None)
    store.frontier.sync([outlet()], NOON + HOUR)
    assert due_urls(store, NOON + HOUR) == set()  # as after any restart
    store.frontier.sync([], NOON + HOUR)
    store.frontier.sync([outlet()], NOON + 2 * HOUR)
    assert due_urls(store, NOON + HOUR) == set()
    assert due_urls(store, NOON + 2 * HOUR) == {"https://anadolu.example/rss"}


def test_when_the_first_of_what_is_due_may_be_asked(store):
    store.frontier.sync([outlet("dw"), outlet("bbc")], NOON)
    assert store.frontier.free_at(NOON - MINUTE) is None
    for lease, wait in zip(lease_all(store), (HOUR, MINUTE), strict=True):
        visit = next_due(store, lease, NOON)
        record(
            store, visit_intent(lease, visit, NOON, host_free_at=NOON + wait, budget_seconds=120.0, next_visit_at=NOON)
        )
    assert store.frontier.free_at(NOON) == NOON + 2 * MINUTE  # the budget of one, which is later than its host
    assert store.feeds_only().free_at(NOON) == NOON + 2 * MINUTE


def test_what_was_planned_before_the_clock_was_set_back_is_moved(store):
    store.frontier.sync([outlet("dw"), outlet("bbc"), outlet("ap")], NOON)
    first = lease_all(store)[0]
    record(store, visit_intent(first, next_due(store, first, NOON), NOON, next_visit_at=NOON + 30 * HOUR))
    day = NOON + 24 * HOUR
    second, third = lease_all(store, day)
    intent = visit_intent(second, next_due(store, second, day), day, next_visit_at=day + HOUR, budget_seconds=60.0)
    record(store, intent)
    assert store.frontier.mind_clock(day - 5 * MINUTE) is None  # as clocks of two machines may differ
    assert store.frontier.mind_clock(NOON + MINUTE) == 24 * HOUR - MINUTE
    assert store.frontier.mind_clock(NOON + MINUTE) is None
    due = {row["id"]: row["next_visit_at"] for row in rows(store, "resource")}
    assert sorted(due.values()) == [NOON, NOON + HOUR + MINUTE, NOON + 30 * HOUR]  # what had been planned before stays
    assert all(row["free_at"] <= NOON + 2 * MINUTE for row in rows(store, "host"))
    assert all((row["lease_until"] or NOON) <= NOON + 30 * MINUTE for row in rows(store, "host"))
    assert max(row["free_at"] for row in rows(store, "budget")) == NOON + 2 * MINUTE
    store.frontier.release(third)


def test_a_host_that_a_redirect_led_to_is_not_asked_before_it_may_be(store):
    store.frontier.sync([outlet("dw"), outlet("bbc")], NOON)
    leases = {next_due(store, lease, NOON).host: lease for lease in lease_all(store)}
    visits = {host: next_due(store, lease, NOON) for host, lease in leases.items()}
    later = ("bbc.example", NOON + HOUR), ("nowhere.example", NOON + HOUR)
    record(store, visit_intent(leases["dw.example"], visits["dw.example"], NOON, elsewhere=later))
    record(store, visit_intent(leases["bbc.example"], visits["bbc.example"], NOON, next_visit_at=NOON))
    for lease in leases.values():
        store.frontier.release(lease)
    assert due_urls(store, NOON + 30 * MINUTE) == {"https://dw.example/rss"}
    assert len(due_urls(store, NOON + HOUR)) == 2


# --- our own outages


def hosts_away(store, *slugs, at=NOON, **changes):
    """Visits that nobody answered, each charged with a failure."""
    leases = {next_due(store, lease, at).outlet: lease for lease in lease_all(store, at)}
    failed = {"outcome": Outcome.UNREACHABLE, "reached": False, "away": True, "failures": 1, **changes}
    for slug in slugs:
        visit = next_due(store, leases[slug], at)
        record(store, visit_intent(leases[slug], visit, at, next_visit_at=at + HOUR, **failed))
    for lease in leases.values():
        store.frontier.release(lease)


def test_the_network_is_up_when_anybody_answered(store):
    cast = Cast(store)
    store.frontier.sync([outlet()], NOON)
    cast.visit(outcome=Outcome.UNREACHABLE, reached=False, away=True)
    assert not store.frontier.network_up(NOON - HOUR, host_id=1)
    cast.later()
    cast.visit()
    assert store.frontier.network_up(NOON + HOUR, host_id=1)
    assert not store.frontier.network_up(NOON + HOUR + MINUTE, host_id=1)  # the only one there is


def test_a_few_hosts_that_are_away_are_their_own_affair(store):
    slugs = [f"outlet-{n}" for n in range(6)]
    store.frontier.sync([outlet(slug) for slug in slugs], NOON)
    hosts_away(store, slugs[0])
    away = rows(store, "resource")[0]["host_id"]
    others = [row["id"] for row in rows(store, "host") if row["id"] != away]
    assert store.frontier.network_up(NOON, host_id=away)  # again
    assert store.frontier.network_up(NOON, host_id=others[0])  # a second one
    hosts_away(store, slugs[1])
    assert not store.frontier.network_up(NOON, host_id=others[-1])  # a third
    assert store.frontier.watch_network(NOON) is None
    hosts_away(store, slugs[2])
    assert store.frontier.watch_network(NOON) is True


def test_what_the_first_hosts_of_an_outage_were_charged_with_is_taken_back(store):
    slugs = [f"outlet-{n}" for n in range(6)]
    store.frontier.sync([outlet(slug) for slug in slugs], NOON)
    hosts_away(store, slugs[0], at=NOON, failures=4)
    hosts_away(store, slugs[5], at=NOON + MINUTE, outcome=Outcome.NOT_MODIFIED, reached=True, away=False, failures=0)
    began = NOON + 2 * MINUTE
    hosts_away(store, *slugs[1:4], at=began, failures=3)
    assert store.frontier.watch_network(began) is True
    assert store.frontier.watch_network(began) is None
    feeds = {row["url"].split("/")[2].partition(".")[0]: row for row in rows(store, "resource")}
    assert [feeds[slug]["failures"] for slug in slugs] == [4, 2, 2, 2, 0, 0]  # not what was away before
    assert feeds[slugs[0]]["next_visit_at"] == NOON + HOUR
    soon = [feeds[slug]["next_visit_at"] - began for slug in slugs[1:4]]
    assert all(MINUTE <= wait <= 2 * MINUTE for wait in soon)
    assert len(set(soon)) == 3  # spread


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(Outcome.GONE, "gone"), (Outcome.MISSING, "settled")],
)
def test_never_again(store, outcome, status):
    cast = Cast(store)
    store.frontier.sync([outlet()], NOON)
    cast.visit(outcome=outcome, next_visit_at=None)
    assert lease_all(store, NOON + 1000 * HOUR) == ()
    assert rows(store, "resource")[0]["status"] == status


# --- a version stays in sight


def test_the_same_bytes_as_a_blocked_page_show_no_version(store):
    cast = Cast(store)
    page = cast.article()
    cast.keep(page)
    blocked = cast.capture_later()
    store.articles.apply_article(article_intent(blocked, verdict=Verdict.BLOCKED))
    cast.later()
    cast.visit(outcome=Outcome.SAME)
    assert store.articles.newest_version(page.article_id).last_seen_at == page.fetched_at


@pytest.mark.parametrize("outcome", [Outcome.NOT_MODIFIED, Outcome.SAME])
def test_an_unchanged_page_still_shows_its_version(store, outcome):
    cast = Cast(store)
    page = cast.article()
    cast.keep(page)
    cast.later()
    cast.visit(outcome=outcome)
    newest = store.articles.newest_version(page.article_id)
    assert (newest.first_seen_at, newest.last_seen_at) == (page.fetched_at, cast.now)
    assert store.queries.article(page.article_id).last_seen_at == cast.now


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.SERVER_ERROR, Outcome.UNREACHABLE])
def test_a_failed_visit_shows_nothing(store, outcome):
    cast = Cast(store)
    page = cast.article()
    cast.keep(page)
    cast.later()
    cast.visit(outcome=outcome)
    assert store.articles.newest_version(page.article_id).last_seen_at == page.fetched_at


def test_bytes_that_could_not_be_read_show_nothing(store):
    cast = Cast(store)
    page = cast.article()
    cast.keep(page)
    unread = cast.capture_later()
    while cast.begin(unread.lease.id):
        pass
    cast.later()
    cast.visit(outcome=Outcome.SAME)
    assert store.articles.newest_version(page.article_id).last_seen_at == page.fetched_at


# --- budgets


def test_the_hosts_of_an_outlet_share_its_budget(store):
    store.frontier.sync([outlet("dw", "https://one.example/", "https://two.example/"), outlet("bbc")], NOON)
    leases = lease_all(store)
    visits = {next_due(store, lease, NOON).host: (lease, next_due(store, lease, NOON)) for lease in leases}
    record(store, visit_intent(*visits["one.example"], NOON, budget_seconds=1800.0, next_visit_at=NOON))
    for lease in leases:
        store.frontier.release(lease)
    assert due_urls(store, NOON + 29 * MINUTE) == {"https://bbc.example/rss"}
    assert len(due_urls(store, NOON + 31 * MINUTE)) == 3
    assert {row["free_at"] for row in rows(store, "budget")} == {NOON, NOON + 30 * MINUTE}


def test_what_lanes_of_one_outlet_spend_at_once_is_paid_for_one_after_the_other(store):
    store.frontier.sync([outlet("dw", "https://one.example/", "https://two.example/")], NOON)
    intents = [
        visit_intent(lease, next_due(store, lease, NOON), NOON, budget_seconds=60.0) for lease in lease_all(store)
    ]
    store.frontier.record([Step(intent, None) for intent in intents])
    assert [row["free_at"] for row in rows(store, "budget")] == [NOON + 2 * MINUTE]


def test_outlets_on_one_host_share_its_lane_and_have_budgets_of_their_own(store):
    url = "https://shared.example/"
    store.frontier.sync([outlet("dw", f"{url}dw", f"{url}dw2"), outlet("bbc", f"{url}bbc")], NOON)
    (lease,) = lease_all(store)
    visit = next_due(store, lease, NOON)
    intent = visit_intent(lease, visit, NOON, budget_seconds=600.0)
    (recorded,) = store.frontier.record([Step(intent, NOON + MINUTE)])
    other = recorded.visit
    assert {visit.outlet, other.outlet} == {"dw", "bbc"}
    (recorded,) = store.frontier.record(
        [Step(visit_intent(lease, other, NOON + MINUTE, budget_seconds=600.0), NOON + MINUTE)]
    )
    assert recorded.visit is None  # one is left, of the outlet that has spent its budget
    assert len(lease_all(store, NOON + 11 * MINUTE)) == 1
