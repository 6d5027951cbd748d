"""The servers that tests run against are there on any machine, and are ended with the tests."""

import psutil
import psycopg
import pytest
import redis

from tests.harness import postgresql as harness
from tests.harness import valkey


@pytest.mark.parametrize("readable", [True, False])
def test_postgresql_from_the_wheel(monkeypatch, tmp_path, readable):
    """On a machine without any PostgreSQL; and where the wheel lies in a home that the server's user may not enter."""
    monkeypatch.delenv(harness.URL, raising=False)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(harness, "DEBIAN", tmp_path)
    monkeypatch.setattr(harness, "_path", list)
    if not readable:
        monkeypatch.setattr(harness, "_may_enter", lambda *_: False)
    with harness.running() as server, server.database() as url:
        with psycopg.connect(harness.libpq(url)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert "pginstall" in psutil.Process(server.process.pid).cmdline()[0]
    assert server.process.poll() is not None


def test_a_server_that_is_given_is_used(monkeypatch, postgresql):
    monkeypatch.setenv(harness.URL, postgresql.url)
    with harness.running() as server:
        assert (server.url, server.process) == (postgresql.url, None)
        with server.database() as url:
            assert url != postgresql.url
    with psycopg.connect(harness.libpq(postgresql.url)) as connection:  # it goes on
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_valkey_of_ones_own():
    with valkey.running("--maxmemory", "100mb") as server:
        client = redis.Redis.from_url(server.url)
        assert client.config_get("maxmemory") == {"maxmemory": "104857600"}
        client.close()
    assert server.process.poll() is not None
