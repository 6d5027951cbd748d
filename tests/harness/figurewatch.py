"""The real commands as subprocesses, and their process trees."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "worker.cli"]
PATIENCE = 60  # seconds for what takes a few on an idle machine


def environment(**settings):
    """This environment with exactly these settings of Figurewatch."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("FIGUREWATCH_")}
    return clean | {f"FIGUREWATCH_{name.upper()}": str(value) for name, value in settings.items()}


def run(*arguments, **settings):
    """A command from start to end; returns its CompletedProcess with text output."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], env=environment(**settings), capture_output=True, text=True, check=False
    )


@contextmanager
def running(*arguments, log, **settings):
    """A command that goes on, its output in the file `log`; killed with all its descendants in the end."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)], env=environment(**settings), stdout=file, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        family = descendants(process.pid)
        process.kill()
        process.wait()
        for member in family:
            if member.is_running():
                member.kill()


def descendants(pid):
    """All processes under one, as they are now."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def child(pid, *words):
    """The direct child among whose arguments are all the words, or programs of these names."""
    return eventually(lambda: _child(pid, words), f"a child {words} of {pid}")


def _child(pid, words):
    for candidate in psutil.Process(pid).children():
        try:
            line = candidate.cmdline()
        except psutil.NoSuchProcess:
            continue
        # A server's title is one argument; "site" is no part of a path through site-packages.
        said = {part.split(" ")[0].rsplit("/", 1)[-1] for part in line}
        if "worker.leash" not in said and said.issuperset(words):
            return candidate
    return None


def kill(process):
    """SIGKILL: no goodbye."""
    process.send_signal(signal.SIGKILL)


def eventually(probe, what, seconds=PATIENCE, pause=0.05):
    """The first true answer of a probe, asked every `pause` seconds; AssertionError when there is none in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := probe():
            return answer
        time.sleep(pause)
    raise AssertionError(f"not within {seconds} s: {what}")


def all_gone(processes):
    """Tell whether none of these is alive; a zombie is not."""
    return all(map(_gone, processes))


def _gone(process):
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # between the two questions
        return True
