"""The role `site` as it is run: its start, its end, and parts that do not answer."""

import json
import re
import signal
import socket

import httpx
import pytest

from tests.harness.serving import as_process
from tests.harness.valkey import free_port
from worker.errors import OperatorError
from worker.site import app

CANARY = "canary-Zx81"


@pytest.fixture
def mute():
    """The port of somebody who takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        yield listener.getsockname()[1]


def test_it_lives_without_a_database_and_tells_no_secret(tmp_path):
    log = tmp_path / "log"
    dead = free_port()
    urls = {
        "database_url": f"postgresql://u:{CANARY}@127.0.0.1:{dead}/figures",
        "redis_url": f"redis://:{CANARY}@127.0.0.1:{dead}/0",
    }
    with as_process(log, **urls) as site, httpx.Client(base_url=site.url, timeout=10) as client:
        answers = [client.get(path) for path in ("/livez", "/readyz", "/metrics", "/", "/api/v1/revisions")]
    assert [answer.status_code for answer in answers] == [200, 503, 200, 503, 503]
    checks = {"database": "unreachable", "redis": "unreachable", "beat": "unknown"}
    assert answers[1].json() == {"status": "not ready", "checks": checks}
    assert 'figurewatch_up{part="database"} 0.0' in answers[2].text
    told = log.read_text() + "".join(answer.text + str(answer.headers) for answer in answers)
    assert CANARY not in told
    assert "Traceback" not in told
    assert {json.loads(line)["event"] for line in log.read_text().splitlines()} == {
        "health.changed",
        "site.unavailable",
    }


def test_a_database_that_takes_the_connection_and_says_nothing(tmp_path, mute):
    urls = {"database_url": f"postgresql://u:p@127.0.0.1:{mute}/f", "redis_url": f"redis://127.0.0.1:{mute}/0"}
    with as_process(tmp_path / "log", **urls) as site, httpx.Client(base_url=site.url, timeout=30) as client:
        checks = client.get("/readyz").json()["checks"]
        # Only the probe's own deadline says so: the driver gives up later, and that would be "unreachable".
        assert checks["database"] == "timeout"
        assert checks["redis"] in {"timeout", "unreachable"}
        assert client.get("/livez").status_code == 200


def test_it_serves_what_is_stored_and_ends_when_asked(tmp_path, database_url, valkey):
    with as_process(tmp_path / "log", database_url=database_url, redis_url=valkey.url) as site:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", site.listening["url"])
        assert site.listening["event"] == "site.listening"
        page = httpx.get(site.url)
        assert page.status_code == 200
        assert "server" not in page.headers
        ready = httpx.get(f"{site.url}/readyz").json()
        assert ready["checks"] == {"database": "ok", "redis": "ok", "beat": "never"}
        site.process.send_signal(signal.SIGTERM)
        assert site.process.wait(20) in {0, -signal.SIGTERM}


def test_an_address_that_is_taken_is_told_without_a_traceback(mute):
    with pytest.raises(OperatorError, match=f"cannot listen on 127.0.0.1:{mute} .*FIGUREWATCH_SITE_PORT"):
        app.listen("127.0.0.1", mute)


def test_an_ipv6_address():
    try:
        listening = app.listen("::1", 0)
    except OperatorError:
        pytest.skip("this machine has no IPv6 loopback")
    with listening:
        assert re.fullmatch(r"http://\[::1\]:\d+/", app.address(listening))
