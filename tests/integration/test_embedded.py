"""The supervisor with small children of its own."""

import os
import sys

import psutil
import pytest
import redis

from tests.harness.figurewatch import all_gone, eventually
from worker import embedded
from worker.embedded import Child, Supervisor
from worker.errors import AlreadyRunning
from worker.settings import Settings

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
DIE = [sys.executable, "-c", "raise SystemExit(3)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('ready', 'w'); time.sleep(600)",
]


class Heard:
    def __init__(self):
        self.events = []

    def __call__(self, event, **fields):
        self.events.append((event, fields))

    def of(self, event):
        return [fields for name, fields in self.events if name == event]


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def supervisor(tmp_path, heard):
    watched = Supervisor(Settings(data_dir=tmp_path), say=heard)
    yield watched
    watched.end()


def process(supervisor):
    return psutil.Process(supervisor.children[0].process.pid)


def test_a_child_that_dies_is_started_again_later_and_later(supervisor, heard):
    supervisor.add([Child("broken", DIE)])
    supervisor.run(lambda: len(heard.of("child.died")) == 3)
    waits = [fields["restart_in"] for fields in heard.of("child.died")]
    assert waits == [1.0, 2.0, 4.0]
    assert {fields["status"] for fields in heard.of("child.died")} == {3}


def test_a_killed_child_is_started_again(supervisor, heard):
    supervisor.add([Child("sleeper", SLEEP)])
    first = process(supervisor)
    first.kill()
    supervisor.run(lambda: len(heard.of("child.started")) == 2)
    assert process(supervisor).pid != first.pid


def test_what_ignores_the_grace_is_killed_with_its_children(supervisor, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(embedded, "GRACE", 0.2)
    supervisor.add([Child("stubborn", STUBBORN)])
    eventually((tmp_path / "ready").exists, "the child to ignore SIGTERM")
    child = process(supervisor)
    supervisor.end()
    assert all_gone([child])


def test_one_child_can_be_ended_alone(supervisor):
    supervisor.add([Child("one", SLEEP), Child("other", SLEEP)])
    one, other = (psutil.Process(c.process.pid) for c in supervisor.children)
    supervisor.end("one")
    assert all_gone([one])
    assert other.is_running()


def test_children_get_the_settings_and_no_leash_in_their_environment(supervisor, tmp_path):
    script = "import os; print(os.environ['FIGUREWATCH_DATA_DIR'], any('LEASH' in k for k in os.environ), flush=True)"
    output = tmp_path / "out"
    supervisor.add([Child("teller", [sys.executable, "-c", script], output=output)])
    eventually(lambda: output.read_text().endswith("\n"), "its answer")
    assert output.read_text().splitlines()[0] == f"{tmp_path} False"


def test_the_data_directory_is_held_by_one(tmp_path):
    refused = pytest.raises(AlreadyRunning, match=f"process {os.getpid()}")
    with embedded.locked(tmp_path), refused, embedded.locked(tmp_path):
        pass
    with embedded.locked(tmp_path):
        pass


def test_the_embedded_valkey_keeps_what_it_was_given(supervisor):
    settings = supervisor.settings
    supervisor.add([Child("valkey", embedded.valkey(settings))])
    client = redis.Redis(unix_socket_path=str(settings.socket))
    client.set("wake-up", "1")
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    eventually(lambda: client.info("persistence")["aof_pending_bio_fsync"] == 0, "the append-only file")
    process(supervisor).kill()
    supervisor.run(lambda: supervisor.children[0].process is None)
    supervisor.run(lambda: supervisor.children[0].process is not None)
    embedded.wait_for_redis(settings.broker)
    assert client.get("wake-up") == b"1"
    client.close()
