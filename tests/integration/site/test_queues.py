"""Queue lengths as Redis has them, against messages that Celery itself sent and took."""

from typing import Any

import pytest
import redis
from kombu import Consumer

from tests.harness.valkey import running
from worker.app import app
from worker.ops import broker


@pytest.fixture
def server():
    with running() as started:
        yield started


@pytest.fixture
def connection(server):
    """Celery's own connection, with the options of the application, to this server."""
    with app.connection_for_write(server.url) as opened:
        yield opened


def test_waiting_and_held_messages_are_counted(server, connection):
    assert broker.queues(server.url) == broker.Queues({"visit": 0, "read": 0}, 0)
    for name, queue in (("figurewatch.read", "read"), ("figurewatch.read", "read"), ("figurewatch.visit", "visit")):
        app.send_task(name, args=[1], queue=queue, connection=connection)
    assert broker.queues(server.url) == broker.Queues({"visit": 1, "read": 2}, 0)
    taken: list[Any] = []
    with Consumer(connection, app.amqp.queues["read"], prefetch_count=1, on_message=taken.append, accept=["json"]):
        connection.drain_events(timeout=10)
        assert broker.queues(server.url) == broker.Queues({"visit": 1, "read": 1}, 1)
        taken[0].ack()
        assert broker.queues(server.url).unacknowledged == 0


def test_a_server_that_does_not_answer(server):
    broker.ping(server.url)
    server.process.kill()
    server.process.wait()
    for ask in (broker.ping, broker.queues):
        with pytest.raises(redis.RedisError):
            ask(server.url)
