"""Addresses that have moved for good, on both databases."""

import pytest

from tests.contract.storage.given import HOUR, NOON, Cast, draft, next_due, outlet, record, rows, visit_intent
from worker.model import Move, Outcome

OLD, NEW = "https://anadolu.example/rss", "https://new.example/feed"


@pytest.fixture
def cast(store):
    store.frontier.sync([outlet()], NOON)
    return Cast(store)


def resource(cast, id_=1):
    return next(row for row in rows(cast.store, "resource") if row["id"] == id_)


def host_of(cast, id_=1):
    hosts = {row["id"]: row["authority"] for row in rows(cast.store, "host")}
    return hosts[resource(cast, id_)["host_id"]]


def test_what_was_seen_is_lent_with_the_next_visit(cast):
    cast.visit(move=Move(NEW, 3))
    cast.later()
    assert next_due(cast.store, cast.lease(), cast.now).move == Move(NEW, 3)


def test_an_adopted_address_is_asked_in_the_lane_of_its_host(cast):
    cast.visit(move=Move(to=NEW))
    assert (resource(cast)["url"], host_of(cast)) == (OLD, "new.example")
    cast.later()
    visit = next_due(cast.store, cast.lease(), cast.now)
    assert (visit.url, visit.host, visit.move) == (NEW, "new.example", Move(to=NEW))


def test_it_outlives_another_sync(cast):
    cast.visit(move=Move(to=NEW))
    cast.store.frontier.sync([outlet()], NOON + HOUR)
    assert (resource(cast)["moved_to"], host_of(cast)) == (NEW, "new.example")


def test_it_is_given_up(cast):
    cast.visit(move=Move(to=NEW))
    cast.later()
    cast.visit(move=Move(), outcome=Outcome.MISSING)
    assert (resource(cast)["moved_to"], resource(cast)["moved_key"]) == (None, None)
    assert host_of(cast) == "anadolu.example"


@pytest.mark.parametrize("taken", ["configured", "moved there"])
def test_another_feed_is_not_moved_onto(store, taken):
    other = NEW if taken == "configured" else "https://zeta.example/rss"
    store.frontier.sync([outlet("anadolu", OLD, other)], NOON)
    cast = Cast(store)
    ids = {row["url"]: row["id"] for row in rows(store, "resource")}
    for _ in range(2):
        lease = cast.lease()
        visit = next_due(store, lease, cast.now)
        move = Move(to=NEW) if visit.url == OLD or taken == "moved there" else Move()
        record(store, visit_intent(lease, visit, cast.now, move=move))
        cast.store.frontier.release(lease)
    moved = [resource(cast, id_)["moved_to"] for id_ in ids.values()]
    assert moved.count(NEW) == (0 if taken == "configured" else 1)


def test_a_feed_that_the_configuration_comes_to_name_by_its_new_address_goes_on(cast):
    cast.visit(move=Move(to=NEW))
    cast.store.frontier.sync([outlet("anadolu", NEW)], NOON + HOUR)
    (only,) = rows(cast.store, "resource")
    assert (only["url"], only["moved_to"], only["status"], only["etag"]) == (NEW, None, "active", '"tag"')


def test_an_article_is_known_by_its_new_address_too(cast):
    cast.feed(draft("a", first_visit_at=NOON))
    cast.later()
    cast.visit(move=Move(to="https://anadolu.example/moved/a"), next_visit_at=NOON + 100 * HOUR)
    assert resource(cast, 2)["moved_to"] == "https://anadolu.example/moved/a"
    cast.later(24 * HOUR)
    assert cast.feed(draft("moved/a")) == 0


def test_an_article_is_not_moved_onto_another(cast):
    cast.feed(draft("a", first_visit_at=NOON), draft("b", first_visit_at=NOON + HOUR))
    cast.later()
    cast.visit(move=Move(to="https://anadolu.example/b"))
    assert resource(cast, 2)["moved_to"] is None
