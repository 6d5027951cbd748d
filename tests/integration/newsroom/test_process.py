import hashlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from worker.newsroom.audit import audit
from worker.newsroom.ledger import Ledger, read_ledger
from worker.newsroom.scenario_file import load_scenario
from worker.outlets import load

from .conftest import SMALL, running

FLOOD = "/world/mellin-flood"
BUS = "/news/school-bus"


@pytest.fixture
def started_long_ago(ledger):
    """A ledger whose play began a minute ago, so that every version is out."""
    with Ledger(ledger, load_scenario(SMALL).digest) as writer:
        writer.start(datetime.now(UTC) - timedelta(minutes=1))


def test_it_says_where_it_serves_and_ends_cleanly(newsroom, tmp_path):
    outlets_file = tmp_path / "outlets.toml"
    with newsroom("--outlets", outlets_file) as process:
        outlets = load(process.ready.outlets)
        assert [outlet.slug for outlet in outlets] == ["quay-gazette", "upland-echo"]
        first, last = sorted(process.ready.ports.values())
        assert process.ready.allow_networks == f"127.0.0.1/32:{first}-{last}"
        for outlet in outlets:
            for feed in outlet.feeds:
                assert process.get(outlet.slug, feed.url.split("/", 3)[3].join(("/", ""))).status == 200
        assert process.stop() == 0


def test_sigint_ends_it_too(newsroom):
    with newsroom() as process:
        assert process.stop(signal.SIGINT) == 0


@pytest.mark.usefixtures("started_long_ago")
def test_conditional_get(newsroom, ledger):
    with newsroom() as process:
        first = process.get("quay-gazette", FLOOD)
        etag, modified = first.headers["etag"], first.headers["last-modified"]
        replies = [
            process.get("quay-gazette", FLOOD, if_none_match=etag),
            process.get("quay-gazette", FLOOD, if_modified_since=modified),
            process.get("quay-gazette", FLOOD, if_none_match=etag, if_modified_since=modified),
            process.get("quay-gazette", FLOOD, if_none_match='"other"', if_modified_since=modified),
        ]
    assert [reply.status for reply in replies] == [304, 304, 304, 200]
    for reply in replies[:3]:
        assert reply.raw == b""
        assert (reply.headers["etag"], reply.headers["last-modified"]) == (etag, modified)
    rows = read_ledger(ledger).served
    assert [row.status for row in rows] == [200, 304, 304, 304, 200]
    assert [row.if_none_match for row in rows] == [None, etag, None, etag, '"other"']
    assert [row.if_modified_since for row in rows] == [None, None, modified, modified, modified]
    assert [row.body_sha256 is None for row in rows] == [False, True, True, True, False]


@pytest.mark.usefixtures("started_long_ago")
def test_gzip_has_a_tag_of_its_own(newsroom, ledger):
    with newsroom() as process:
        plain = process.get("quay-gazette", FLOOD)
        packed = process.get("quay-gazette", FLOOD, accept_encoding="gzip")
        assert (
            process.get("quay-gazette", FLOOD, accept_encoding="gzip", if_none_match=packed.headers["etag"]).status
            == 304
        )
        assert process.get("quay-gazette", FLOOD, if_none_match=packed.headers["etag"]).status == 200
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.body == plain.body
    assert packed.raw != plain.raw
    assert {row.body_sha256 for row in read_ledger(ledger).served if row.body_sha256} == {
        hashlib.sha256(plain.body).hexdigest()
    }


@pytest.mark.usefixtures("started_long_ago")
def test_the_ledger_tells_who_got_what(newsroom, ledger):
    with newsroom() as process:
        pages = [
            process.get("upland-echo", BUS + "?utm_source=rss", user_agent="watcher/1"),
            process.get("upland-echo", BUS, method="HEAD"),
            process.get("upland-echo", "/nothing"),
            process.get("upland-echo", BUS, method="DELETE"),
        ]
        port = process.ready.ports["upland-echo"]
        assert process.stop() == 0
    assert [page.status for page in pages] == [200, 200, 404, 405]
    rows = read_ledger(ledger).served
    assert [row.request_no for row in rows] == [1, 2, 3, 4]
    assert [row.version_no for row in rows] == [2, 2, None, 2]
    assert [row.method for row in rows] == ["GET", "HEAD", "GET", "DELETE"]
    assert all(row.complete for row in rows)
    first = rows[0]
    assert (first.outlet, first.url) == ("upland-echo", f"http://127.0.0.1:{port}{BUS}?utm_source=rss")
    assert (first.user_agent, first.client) == ("watcher/1", "127.0.0.1")
    assert first.body_sha256 == hashlib.sha256(pages[0].body).hexdigest()


@pytest.mark.usefixtures("started_long_ago")
def test_bytes_churn_at_one_outlet_and_stay_at_the_other(newsroom):
    with newsroom() as process:
        assert len({process.get("upland-echo", BUS).raw for _ in range(3)}) == 3
        assert len({process.get("quay-gazette", FLOOD).raw for _ in range(3)}) == 1
        assert process.get("upland-echo", BUS).headers.keys().isdisjoint({"etag", "last-modified"})


def test_a_version_gives_way_to_the_next_at_its_time(newsroom, ledger):
    with newsroom("--start", "first-request") as process:
        first = process.get("quay-gazette", FLOOD)
        assert b"At least 12 people" in first.body
        etag = first.headers["etag"]
        for _ in count():
            reply = process.get("quay-gazette", FLOOD, if_none_match=etag)
            if reply.status != 304:
                break
        assert b"15 people" in reply.body
        assert reply.headers["last-modified"] != first.headers["last-modified"]
        assert process.stop() == 0
    record = read_ledger(ledger)
    assert record.started_at
    last = record.served[-1]
    assert (last.at - record.started_at).total_seconds() >= 4
    assert all(row.version_no == 1 for row in record.served[:-1])
    verdict = audit(load_scenario(SMALL), record, [], now=last.at)
    assert (verdict.revisions.observed, verdict.revisions.missed) == (1, 1)


def test_the_clock_can_wait_for_the_first_request(newsroom, ledger):
    with newsroom("--start", "first-request") as process:
        assert process.ready.started_at is None
        assert read_ledger(ledger).started_at is None
        assert process.get("quay-gazette", FLOOD).status == 200
        record = read_ledger(ledger)
        assert record.started_at == record.served[0].at.replace(microsecond=0)


def test_a_restart_goes_on_with_clock_ports_and_rows(newsroom, ledger):
    with newsroom() as process:
        process.get("quay-gazette", FLOOD)
        before = process.ready
        process.stop()
    with newsroom() as process:
        process.get("quay-gazette", FLOOD)
        assert process.ready == before
    assert [row.request_no for row in read_ledger(ledger).served] == [1, 2]


def test_killed_under_load_no_answer_is_without_its_row(newsroom, ledger):
    """Whatever a client has read is in the ledger, by hash, although nothing was closed in order."""
    bodies = []
    enough = threading.Event()

    def ask(process):
        while True:
            try:
                reply = process.get("upland-echo", BUS + "?n", user_agent="load")
            except (OSError, http.client.HTTPException):
                return
            bodies.append(reply.body)
            if len(bodies) >= 60:
                enough.set()

    with newsroom() as process:
        threads = [threading.Thread(target=ask, args=(process,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        assert enough.wait(60)
        process.kill()
        for thread in threads:
            thread.join(60)
    rows = read_ledger(ledger).served
    assert [row.request_no for row in rows] == list(range(1, len(rows) + 1))
    assert {hashlib.sha256(body).hexdigest() for body in bodies} <= {row.body_sha256 for row in rows}
    with newsroom() as process:
        assert process.get("upland-echo", BUS).status in (200, 404)
    assert read_ledger(ledger).served[-1].request_no == len(rows) + 1


def test_a_client_that_goes_away_leaves_the_server_serving(newsroom):
    with newsroom() as process:
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", process.ready.ports["upland-echo"])) as connection:
                connection.sendall(b"GET /feeds/latest.xml HTTP/1.1\r\nHost: x\r\n\r\n")
        assert process.get("upland-echo", "/feeds/latest.xml").status == 200


def large_page(folder):
    """A corpus of one page that no socket buffer holds."""
    for name in ("pages", "feeds"):
        (folder / name).mkdir()
    (folder / "pages/large.html").write_bytes(b"<p>" + b"x" * 20_000_000)
    line = {"id": "1", "outlet": "a.example", "url": "https://a.example/large", "language": "en", "file": "large.html"}
    expected = {"expected": {"title": "Large", "published": None}}
    (folder / "pages/manifest.jsonl").write_text(json.dumps(line | expected))
    (folder / "feeds/manifest.jsonl").write_text("")


def test_an_answer_that_breaks_off_is_not_marked_as_whole(tmp_path, ledger):
    large_page(tmp_path)
    with running("--corpus", tmp_path, "--ledger", ledger) as process:
        with socket.create_connection(("127.0.0.1", process.ready.ports["corpus-1"])) as connection:
            connection.sendall(b"GET /a.example/large HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200 OK")
            (row,) = read_ledger(ledger).served  # on disk before the first byte
            assert (row.status, row.complete) == (200, False)
        assert len(process.get("corpus-1", "/a.example/large").body) > 20_000_000
        assert process.stop() == 0
    assert [row.complete for row in read_ledger(ledger).served] == [False, True]


def test_ports_can_be_chosen(newsroom, ledger):
    with newsroom() as process:
        free = sorted(process.ready.ports.values())
    ledger.unlink()
    with newsroom("--port-base", free[0]) as process:
        assert sorted(process.ready.ports.values()) == free


def refused(*arguments):
    command = [sys.executable, "-m", "worker.newsroom", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_port_that_is_taken(newsroom, tmp_path):
    with newsroom() as process:
        port = process.ready.ports["quay-gazette"]
        message = refused("--scenario", SMALL, "--ledger", tmp_path / "other.db", "--port-base", port)
    assert f"port {port} on 127.0.0.1 cannot be used" in message


def test_the_ledger_of_another_scenario(newsroom, ledger, tmp_path):
    with newsroom() as process:
        process.stop()
    edited = tmp_path / "edited.toml"
    edited.write_text(SMALL.read_text() + "\n# edited\n")
    assert "another scenario" in refused("--scenario", edited, "--ledger", ledger)


def test_a_scenario_with_mistakes(tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text(SMALL.read_text().replace("at = 9", "at = 5").replace("{crowd}", "{crew}"))
    message = refused("--scenario", broken, "--ledger", tmp_path / "ledger.db")
    assert "only 1 s after" in message
    assert "no figure crew" in message


def test_a_second_newsroom_beside_the_first(newsroom, tmp_path):
    with newsroom() as first, running("--scenario", SMALL, "--ledger", tmp_path / "second.db") as second:
        assert {*first.ready.ports.values()}.isdisjoint(second.ready.ports.values())
