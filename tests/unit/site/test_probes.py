import asyncio
import threading

import pytest
import structlog

from tests.harness.site import NOW, FakeStore, ask
from worker.errors import SchemaError, Unreachable
from worker.ops import broker
from worker.settings import Settings
from worker.site import probes
from worker.site.app import normal_silence
from worker.site.reading import LazyStore


@pytest.fixture
def redis_answers(monkeypatch):
    monkeypatch.setattr(broker, "ping", lambda _: None)
    monkeypatch.setattr(broker, "queues", lambda _: broker.Queues({"visit": 4, "read": 1}, 2))


def test_alive_without_anything():
    answer = ask(FakeStore(error=Unreachable("gone")), "/livez")
    assert (answer.status_code, answer.text) == (200, "alive\n")


def test_ready_when_all_parts_are(redis_answers):
    answer = ask(FakeStore(), "/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "checks": {"database": "ok", "redis": "ok", "beat": "ok"}}


@pytest.mark.parametrize(
    ("fields", "checks"),
    [
        ({"error": Unreachable("at canary-secret")}, {"database": "unreachable", "redis": "ok", "beat": "unknown"}),
        ({"error": SchemaError("older")}, {"database": "schema", "redis": "ok", "beat": "unknown"}),
        ({"dispatched_at": None}, {"database": "ok", "redis": "ok", "beat": "never"}),
        ({"dispatched_at": NOW - 2 * normal_silence(Settings())}, {"database": "ok", "redis": "ok", "beat": "stale"}),
    ],
)
def test_not_ready_says_which_part_and_nothing_else(redis_answers, fields, checks):
    answer = ask(FakeStore(**fields), "/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "checks": checks}


def test_a_missing_redis_is_told():
    answer = ask(FakeStore(), "/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "ok", "redis": "unreachable", "beat": "ok"}


def test_a_database_that_hangs_holds_up_nobody(redis_answers, monkeypatch):
    monkeypatch.setattr(probes, "READY_SECONDS", 0.01)
    monkeypatch.setattr(probes, "SCRAPE_SECONDS", 0.01)
    release = threading.Event()

    class Hanging(FakeStore):
        def last_dispatch_at(self):
            release.wait()

        census = last_dispatch_at

    answer = ask(Hanging(), "/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "timeout", "redis": "ok", "beat": "unknown"}
    assert 'figurewatch_up{part="database"} 0.0' in ask(Hanging(), "/metrics").text
    assert ask(Hanging(), "/livez").status_code == 200
    release.set()


def test_metrics_without_a_database_still_tell_of_redis(redis_answers):
    answer = ask(FakeStore(error=Unreachable("gone")), "/metrics")
    assert answer.status_code == 200
    assert 'figurewatch_up{part="database"} 0.0' in answer.text
    assert 'figurewatch_queue_messages{queue="visit"} 4.0' in answer.text


def test_metrics_without_redis_still_tell_of_the_database():
    answer = ask(FakeStore(), "/metrics")
    assert 'figurewatch_up{part="redis"} 0.0' in answer.text
    assert 'figurewatch_stored_items{kind="articles"} 1200.0' in answer.text
    assert "figurewatch_queue_messages{" not in answer.text


def test_only_a_change_of_readiness_is_logged(redis_answers):
    store = FakeStore()
    watch = probes.Watch(store, "", lambda: NOW, normal_silence(Settings()))

    async def look():
        await watch.ready()
        await watch.ready()
        store.error = Unreachable("canary-secret")
        await watch.ready()
        await watch.ready()

    with structlog.testing.capture_logs() as logged:
        asyncio.run(look())
    assert [(line["event"], line["ready"], line["log_level"]) for line in logged] == [
        ("health.changed", True, "info"),
        ("health.changed", False, "warning"),
    ]
    assert "canary-secret" not in str(logged)


def test_the_store_is_opened_when_first_asked_for_and_again_after_a_failure():
    opened = []

    def opens():
        opened.append(1)
        if len(opened) == 1:
            raise Unreachable("not yet")
        return FakeStore()

    store = LazyStore(opens)
    assert not opened
    with pytest.raises(Unreachable):
        _ = store.queries
    assert store.queries.census().outlets == 4
    assert store.changes.after(0, 1) == ()
    assert len(opened) == 2


def test_the_site_is_made_without_touching_the_database():
    def opens():
        raise AssertionError

    assert ask(LazyStore(opens), "/livez").status_code == 200
