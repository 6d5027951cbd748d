import pytest

from worker.app import app
from worker.ops import broker


def test_names_are_those_of_the_celery_application():
    assert {queue.name for queue in app.conf.task_queues} == set(broker.QUEUES)
    assert app.conf.broker_transport_options["global_keyprefix"] == broker.PREFIX


@pytest.mark.parametrize(
    ("url", "address", "database"),
    [
        ("redis+socket:///var/lib/fw/valkey.sock?virtual_host=3", "/var/lib/fw/valkey.sock", 3),
        ("redis+socket:///var/lib/fw/valkey.sock", "/var/lib/fw/valkey.sock", 0),
        ("redis://:secret@redis.example:6380/2", "redis.example", 2),
        ("rediss://redis.example", "redis.example", 0),
    ],
)
def test_the_client_speaks_to_the_server_of_the_broker_url(url, address, database):
    with broker.client(url) as client:
        options = client.get_connection_kwargs()
    assert options.get("path", options.get("host")) == address
    assert options.get("db", 0) == database
    assert options["socket_timeout"] == broker.PATIENCE


def test_one_refusal_is_an_answer():
    with broker.client("redis://redis.example") as client:
        assert client.get_connection_kwargs()["retry"].get_retries() == 0
