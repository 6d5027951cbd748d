"""Fencing, as a game: whoever plays in whatever order, only the owner of the newest token ever writes."""

from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.storage.given import (
    NOON,
    Cast,
    begin,
    draft,
    feed_intent,
    next_due,
    outlet,
    record,
    rows,
    visit_intent,
)
from worker.errors import StaleLease

LEASE = timedelta(seconds=30)
ATTEMPTS = 3
GAMES = count()
PLAYERS = st.integers(0, 2)
on_one_store = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)


def allowed(write, *arguments):
    """Whether a write under a lease was let through."""
    try:
        write(*arguments)
    except StaleLease:
        return False
    return True


@on_one_store
@given(
    moves=st.lists(st.tuples(st.sampled_from(["lease", "begin", "record", "release", "wait"]), PLAYERS), max_size=25)
)
def test_lanes_of_one_host(store, moves):
    frontier = store.frontier
    frontier.sync([outlet(f"game-{next(GAMES)}")], NOON)  # and pauses that of the game before
    (lease,) = frontier.lease_hosts(NOON, NOON + LEASE, 1)
    visit = next_due(store, lease, NOON)
    frontier.release(lease)
    held, owner, now, until, before = {}, None, NOON, NOON, store.queries.tally("visit", "not_modified")
    written = 0
    for move, player in moves:
        mine = owner == player
        now += timedelta(seconds=1)
        if move == "wait":
            now += LEASE
        elif move == "lease":
            leases = frontier.lease_hosts(now, now + LEASE, 1)
            assert bool(leases) == (owner is None or until <= now)
            if leases:
                held[player], owner, until = leases[0], player, now + LEASE
        elif player not in held:
            continue
        elif move == "release":
            frontier.release(held[player])
            owner = None if mine else owner
        else:
            due_again = {"next_visit_at": NOON, "host_free_at": NOON, "lease_until": now + LEASE}
            if move == "begin":
                begun = begin(store, held[player], now + LEASE)
                assert (begun is not None) == mine
                held[player] = begun or held[player]
            else:
                assert allowed(record, store, visit_intent(held[player], visit, now, **due_again)) == mine
                written += mine
            until = now + LEASE if mine else until
    assert store.queries.tally("visit", "not_modified") - before == written


@on_one_store
@given(moves=st.lists(st.tuples(st.sampled_from(["begin", "fail", "apply"]), PLAYERS), max_size=15))
def test_readers_of_one_capture(store, moves):
    game = next(GAMES)
    store.frontier.sync([outlet(f"game-{game}")], NOON)
    _, capture_id = Cast(store).visit(body=b"feed")
    held, owner, attempts, state = {}, None, 0, "unread"
    for move, player in moves:
        if move == "begin":
            capture = store.captures.begin(capture_id, NOON + LEASE, ATTEMPTS)
            assert (capture is not None) == (state == "unread" and attempts < ATTEMPTS)
            if capture is not None:
                held[player], owner, attempts = capture, player, attempts + 1
            elif state == "unread":
                state = "quarantined"
        elif player in held:
            mine = owner == player and state == "unread"
            if move == "fail":
                assert allowed(store.captures.fail, held[player].lease, NOON, "bad") == mine
            else:
                once_more = owner == player and state == "read"
                intent = feed_intent(held[player], draft(f"{game}-{player}", first_visit_at=NOON + 99 * LEASE))
                assert allowed(store.articles.apply_feed, intent) == (mine or once_more)
                state = "read" if mine else state
    (row,) = [row for row in rows(store, "capture") if row["id"] == capture_id]
    assert (row["state"], row["attempts"]) == (state, attempts)
    listed = [row["url"] for row in rows(store, "article") if row["url"].startswith(f"https://anadolu.example/{game}-")]
    assert listed == ([f"https://anadolu.example/{game}-{owner}"] if state == "read" else [])
