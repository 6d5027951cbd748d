"""Endpoints and deliveries: in order, without a gap, at least once and always under the same id, on both databases."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.storage.given import HOUR, MINUTE, NOON, Cast, figure, revision, rows
from worker.core import webhooks as core
from worker.errors import InputError, StaleLease
from worker.model import ChangeKind, DeliveryIntent, DeliveryOutcome, Lease
from worker.storage import open_store

URL = "https://consumer.example/hooks"
SECRET = core.new_secret(bytes(32))
SECOND = timedelta(seconds=1)
EVERY = tuple(ChangeKind)


def version(cast, value, before=None, text=None):
    """One more version of the one article; with a figure revised when there is one before."""
    capture = cast.article() if before is None else cast.capture_later()
    found = [revision(figure(before), figure(value))] if before is not None else []
    cast.keep(capture, text=text or f"{value} soldiers.", figures=[figure(value)], revisions=found)
    cast.store.changes.sequence()


@pytest.fixture
def cast(store):
    """An article of two versions: article, version, version, revision in the change feed."""
    cast = Cast(store)
    version(cast, 12)
    version(cast, 31, before=12)
    assert [change.kind.value for change in store.changes.after(0, 9)] == ["article", "version", "version", "revision"]
    return cast


def add(store, kinds=EVERY, *, after=0, url=URL):
    endpoint_id = store.endpoints.add(url, kinds, SECRET, NOON)
    store.endpoints.retry(endpoint_id, NOON, after)
    return endpoint_id


def lease(store, now=NOON, most=10):
    return store.webhooks.lease(now, now + MINUTE, most)


def begin(store, now=NOON):
    (leased,) = lease(store, now)
    return store.webhooks.begin(leased, now, now + MINUTE)


def came(attempt, outcome=DeliveryOutcome.DELIVERED, *, at=NOON, **changes):
    delivered = outcome is DeliveryOutcome.DELIVERED
    common = {"lease": attempt.lease, "position": attempt.event.change.position, "at": at, "outcome": outcome}
    told = {"detail": "" if delivered else "HTTP 500", "status": 200 if delivered else 500, "seconds": 0.25}
    failed = {"failures": 0 if delivered else attempt.number, "next_attempt_at": at if delivered else at + SECOND}
    return DeliveryIntent(**common | told | failed | changes)


def deliver_all(store, now=NOON):
    """Everything that waits, as (position, id)."""
    taken, leases = [], lease(store, now)
    for leased in leases:
        attempt = store.webhooks.begin(leased, now, now + MINUTE)
        while attempt is not None:
            taken.append((attempt.event.change.position, attempt.event_id))
            attempt = store.webhooks.record(came(attempt, at=now), now + MINUTE)
    return taken


def shown(store):
    (endpoint,) = store.endpoints.all()
    return endpoint


# --- who is told what ---------------------------------------------------------------------------------------


def test_an_endpoint_is_told_of_what_comes_after_it_was_added(store, cast):
    store.endpoints.add(URL, EVERY, SECRET, NOON)
    assert lease(store) == ()
    version(cast, 40, before=31)
    assert [position for position, _ in deliver_all(store, cast.now)] == [5, 6]
    assert deliver_all(store, cast.now) == []


def test_all_of_its_kinds_in_order_and_nothing_else(store, cast):
    add(store, (ChangeKind.REVISION, ChangeKind.ARTICLE))
    attempt = begin(store)
    assert (attempt.url, attempt.secrets, attempt.number) == (URL, (SECRET,), 1)
    assert attempt.event.outlet == "anadolu"
    assert [position for position, _ in deliver_all(store, NOON + HOUR)] == [1, 4]
    assert shown(store).position == 4
    assert shown(store).waiting == 0


def test_kinds_that_nobody_wants_are_stepped_over(store, cast):
    add(store, (ChangeKind.MERGE,))
    assert begin(store) is None
    assert shown(store).position == 4
    assert lease(store) == ()


def test_what_is_not_placed_yet_is_not_stepped_over(store, cast):
    add(store, (ChangeKind.REVISION,), after=4)
    cast.keep(cast.capture_later(), text="x", figures=[figure(50)], revisions=[revision(figure(31), figure(50))])
    assert lease(store) == ()
    store.changes.sequence()
    assert [position for position, _ in deliver_all(store)] == [6]


def test_the_revision_comes_with_the_event(store, cast):
    add(store, (ChangeKind.REVISION,))
    told = begin(store).event.revision
    assert (int(told.old.low), int(told.new.low), told.because) == (12, 31, "same subject")


# --- leases -------------------------------------------------------------------------------------------------


def test_an_endpoint_is_leased_once_and_again_when_the_lease_ends(store, cast):
    add(store)
    (first,) = lease(store)
    assert lease(store) == ()
    (second,) = lease(store, NOON + MINUTE)
    with pytest.raises(StaleLease):
        store.webhooks.begin(first, NOON, NOON + MINUTE)
    assert store.webhooks.begin(second, NOON, NOON + MINUTE) is not None
    with pytest.raises(StaleLease):  # a message that comes twice starts one lane
        store.webhooks.begin(second, NOON, NOON + MINUTE)
    assert store.queries.tally("stale_lease", "begin_delivery") == 2


def test_a_late_record_writes_nothing(store, cast):
    add(store)
    late = begin(store)
    taken = begin(store, NOON + HOUR)
    with pytest.raises(StaleLease):
        store.webhooks.record(came(late), None)
    assert shown(store).position == 0
    store.webhooks.record(came(taken), None)
    assert shown(store).position == 1


@pytest.mark.parametrize("change", ["retry", "remove"])
def test_what_an_operator_does_wins_over_a_delivery_under_way(store, cast, change):
    endpoint_id = add(store)
    attempt = begin(store)
    getattr(store.endpoints, change)(endpoint_id, *([NOON, 3] if change == "retry" else []))
    with pytest.raises(StaleLease):
        store.webhooks.record(came(attempt), None)
    assert [endpoint.position for endpoint in store.endpoints.all()] == ([3] if change == "retry" else [])
    assert store.queries.tally("delivery", "lost") == (change == "retry")


def test_those_that_waited_longest_come_first(store, cast):
    ids = [add(store, url=f"{URL}/{n}") for n in range(3)]
    assert [one.id for one in lease(store, most=2)] == ids[:2]
    assert [one.id for one in lease(store)] == ids[2:]


# --- what came of it -------------------------------------------------------------------------------------------


def test_a_failure_stops_what_is_behind_it_until_it_is_taken(store, cast):
    add(store)
    attempt = begin(store)
    assert store.webhooks.record(came(attempt, DeliveryOutcome.SERVER_ERROR), NOON + MINUTE) is None
    assert lease(store) == ()
    failing = shown(store)
    assert (failing.position, failing.failures, failing.failing_since) == (0, 1, NOON)
    again = begin(store, NOON + SECOND)
    assert (again.event_id, again.number, again.lost) == (attempt.event_id, 2, False)
    store.webhooks.record(came(again, at=NOON + SECOND), None)
    healthy = shown(store)
    assert (healthy.failures, healthy.failing_since, healthy.last_delivered_at) == (0, None, NOON + SECOND)
    (row, *_) = rows(store, "delivery")
    assert (row["attempts"], row["outcome"], row["event_id"]) == (2, "delivered", attempt.event_id)
    assert store.queries.census().tallies["delivery"] == {"server_error": 1, "delivered": 1}


def test_a_process_that_ended_before_it_wrote_is_counted_and_the_id_stays(store, cast):
    add(store)
    lost = begin(store)
    assert shown(store).failures == 1  # before anybody was asked
    again = begin(store, NOON + HOUR)
    assert (again.event_id, again.number, again.lost) == (lost.event_id, 2, True)
    assert store.queries.tally("delivery", "lost") == 1
    store.webhooks.record(came(again), None)
    assert store.queries.census().tallies["delivery"] == {"lost": 1, "delivered": 1}


def test_a_receiver_that_ends_whoever_asks_it_is_asked_by_the_schedule_and_then_no_more(store, cast):
    add(store)
    now, times = NOON, []
    while leases := lease(store, now):
        if store.webhooks.begin(leases[0], now, now + MINUTE) is None:
            break
        times.append(now)
        now = max(now + MINUTE, now + core.wait(len(times), 0.0))
    assert len(times) == core.MOST_ATTEMPTS
    assert times[-1] - times[0] > timedelta(days=3)
    assert "10 attempts" in shown(store).disabled
    assert store.queries.tally("delivery", "lost") == core.MOST_ATTEMPTS
    assert lease(store, now + 1000 * HOUR) == ()


def test_a_lane_that_gives_its_endpoint_back_does_not_keep_it(store, cast):
    add(store)
    attempt = begin(store)
    store.webhooks.release(Lease(attempt.lease.id, attempt.lease.token - 1))
    assert lease(store, NOON + 6 * SECOND) == ()
    store.webhooks.release(attempt.lease)
    assert begin(store, NOON + 6 * SECOND).lost


def test_a_disabled_endpoint_is_left_alone_until_it_is_tried_by_hand(store, cast):
    endpoint_id = add(store)
    store.webhooks.record(came(begin(store), DeliveryOutcome.GONE, disabled="gone"), NOON + MINUTE)
    assert shown(store).disabled == "gone"
    assert lease(store, NOON + 9 * HOUR) == ()
    assert store.queries.backlog(NOON).endpoints == {"active": 0, "failing": 0, "disabled": 1}
    store.endpoints.retry(endpoint_id, NOON)
    assert store.queries.backlog(NOON).endpoints == {"active": 1, "failing": 0, "disabled": 0}
    assert [position for position, _ in deliver_all(store)] == [1, 2, 3, 4]


# --- ids --------------------------------------------------------------------------------------------------------


def test_ids_are_of_their_own_and_those_sent_again_the_same(store, cast):
    for n, value in enumerate((12, 31, 12)):  # to and fro: the third revision says what the first did
        version(cast, value, before=[31, 12, 31][n], text=f"{value} soldiers.")
    endpoint_id, other = add(store), add(store, url=f"{URL}/other")
    first = deliver_all(store)
    mine, theirs = first[:10], first[10:]
    assert [position for position, _ in mine] == list(range(1, 11))
    assert len(dict(mine)) == len({event_id for _, event_id in mine}) == 10
    assert mine == theirs  # one event has one id, whoever is told
    store.endpoints.retry(endpoint_id, NOON, 0)
    assert deliver_all(store) == mine
    store.endpoints.remove(other)
    assert pruned(store, NOON + HOUR, dry_run=False) == 10
    store.endpoints.retry(endpoint_id, NOON, 2)
    assert deliver_all(store) == mine[2:]


def test_f36_what_is_seen_again_after_a_backup_was_restored_has_the_id_it_had(tmp_path, request):
    """Yesterday's backup is behind what consumers were told; other changes come first, so that all numbers differ."""
    with request.getfixturevalue("_sqlite_files").fresh(tmp_path) as url:
        live, backup = tmp_path / "figurewatch.db", tmp_path / "backup.db"
        store = open_store(url)
        cast = Cast(store)
        version(cast, 12)
        add(store)
        deliver_all(store)
        with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(backup)) as copy:
            source.backup(copy)
        backed_up = cast.now
        version(cast, 31, before=12)
        told = deliver_all(store, cast.now)
        store.close()
        restored = open_store(f"sqlite:///{backup}")
        replayed = Cast(restored, now=backed_up, _bodies=count(50))
        version(replayed, 20, before=12)  # what the outlet never showed before
        restored.endpoints.retry(1, NOON, 4)
        version(replayed, 12, before=20)
        version(replayed, 31, before=12)
        again = deliver_all(restored, replayed.now)
        restored.close()
    assert len(told) == 2
    assert {event_id for _, event_id in told} < {event_id for _, event_id in again}
    assert not {position for position, _ in told} & {position for position, _ in again[-2:]}


# --- operators -----------------------------------------------------------------------------------------------------


def test_one_endpoint_for_an_address(store):
    add(store)
    with pytest.raises(InputError, match="already"):
        store.endpoints.add(URL, EVERY, SECRET, NOON)


def test_both_secrets_sign_until_the_old_one_is_over(store, cast):
    endpoint_id, newer = add(store), core.new_secret(bytes([1]) * 32)
    store.endpoints.rotate(endpoint_id, newer, NOON + HOUR)
    attempt = begin(store)
    assert attempt.secrets == (newer, SECRET)
    assert store.webhooks.record(came(attempt, at=NOON + HOUR), NOON + 2 * HOUR).secrets == (newer,)
    assert store.endpoints.secret(endpoint_id) == (URL, newer)


def test_an_endpoint_that_is_not_there(store):
    for work in (
        lambda: store.endpoints.remove(7),
        lambda: store.endpoints.secret(7),
        lambda: store.endpoints.retry(7, NOON),
        lambda: store.endpoints.rotate(7, SECRET, NOON),
        lambda: store.endpoints.deliveries(7, 10),
    ):
        with pytest.raises(InputError, match="no endpoint 7"):
            work()


def test_only_positions_that_exist(store, cast):
    with pytest.raises(InputError, match="0 to 4"):
        store.endpoints.retry(add(store), NOON, 5)


def test_deliveries_are_shown_and_those_not_taken_apart(store, cast):
    endpoint_id = add(store)
    attempt = store.webhooks.record(came(begin(store)), NOON + MINUTE)
    store.webhooks.record(came(attempt, DeliveryOutcome.SERVER_ERROR), None)
    newest, oldest = store.endpoints.deliveries(endpoint_id, 10)
    assert (newest.position, newest.kind, newest.outcome, newest.detail) == (2, "version", "server_error", "HTTP 500")
    assert (oldest.outcome, oldest.status, oldest.seconds) == ("delivered", 200, 0.25)
    assert store.endpoints.deliveries(endpoint_id, 10, failed=True) == (newest,)
    assert len(store.endpoints.deliveries(endpoint_id, 1)) == 1


def pruned(store, before, *, dry_run):
    return sum(each.deliveries for each in store.pruning.deliveries(before, dry_run=dry_run))


def test_what_was_taken_long_ago_is_pruned_and_what_was_not_is_kept(store, cast):
    endpoint_id = add(store)
    attempt = store.webhooks.record(came(begin(store)), NOON + MINUTE)
    store.webhooks.record(came(attempt, DeliveryOutcome.SERVER_ERROR), None)
    assert pruned(store, NOON, dry_run=False) == 0
    assert pruned(store, NOON + SECOND, dry_run=True) == 1
    assert [pruned(store, NOON + SECOND, dry_run=False) for _ in range(2)] == [1, 0]
    assert [each.position for each in store.endpoints.deliveries(endpoint_id, 10)] == [2]


def test_an_outage_of_ours_is_told_with_the_attempt(store, cast):
    add(store)
    attempt = begin(store)
    assert not attempt.outage
    with store.database.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO heartbeat (name, at) VALUES ('outage', '2026-11-22 12:00:00')")
    assert begin(store, NOON + HOUR).outage


def test_a_clock_that_is_set_back_freezes_no_endpoint(store, cast):
    add(store)
    ahead = NOON + 24 * HOUR
    store.frontier.lease_hosts(ahead, ahead + MINUTE, 1)  # the last word of a dispatch
    store.webhooks.record(came(begin(store, ahead), DeliveryOutcome.BROKEN, at=ahead), None)
    assert lease(store, NOON + HOUR) == ()
    assert store.frontier.mind_clock(NOON) is not None
    assert len(lease(store, NOON + MINUTE)) == 1


# --- as a game ------------------------------------------------------------------------------------------------------

GAMES = count()
MOVES = st.tuples(st.sampled_from(["lease", "begin", "deliver", "fail", "release", "wait"]), st.integers(0, 2))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None)
@given(moves=st.lists(MOVES, max_size=25))
def test_whoever_plays_in_whatever_order_nothing_is_left_out_and_the_order_is_kept(store, moves):
    """What a receiver took, with repeats left out, is always the beginning of the change feed."""
    if not store.changes.after(0, 1):
        cast = Cast(store)
        version(cast, 12)
        version(cast, 31, before=12)
    endpoint_id = add(store, url=f"{URL}/{next(GAMES)}")
    leases: dict[int, Any] = {}
    attempts: dict[int, Any] = {}
    seen, now = [], NOON
    for move, player in moves:
        now += SECOND
        if move == "wait":
            now += HOUR
        elif move == "lease":
            leases.update((player, one) for one in lease(store, now) if one.id == endpoint_id)
        elif move == "begin" and player in leases:
            attempts[player] = began(store, leases.pop(player), now)
        elif move == "release" and attempts.get(player):
            store.webhooks.release(attempts.pop(player).lease)
        elif move in {"deliver", "fail"} and attempts.get(player):
            attempt = attempts.pop(player)
            if move == "deliver":
                seen.append(attempt.event.change.position)  # also when what came of it is not written
            outcome = DeliveryOutcome.DELIVERED if move == "deliver" else DeliveryOutcome.BROKEN
            attempts[player] = recorded(store, came(attempt, outcome, at=now), now)
    positions = list(dict.fromkeys(seen))
    assert positions == list(range(1, len(positions) + 1))
    (endpoint,) = [one for one in store.endpoints.all() if one.endpoint_id == endpoint_id]
    assert endpoint.position <= len(positions)
    store.endpoints.remove(endpoint_id)


def began(store, leased, now):
    try:
        return store.webhooks.begin(leased, now, now + MINUTE)
    except StaleLease:
        return None


def recorded(store, intent, now):
    try:
        return store.webhooks.record(intent, now + MINUTE)
    except StaleLease:
        return None
