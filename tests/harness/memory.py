"""A memory limit as containers and units have it: the kernel kills who goes over it."""

import contextlib
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
UNIFIED = (ROOT / "cgroup.controllers").exists()


class Group:
    """A control group of this test's own, of either version."""

    def __init__(self, name):
        """Raises OSError where this machine lets nobody make one."""
        self.path = (ROOT if UNIFIED else ROOT / "memory") / name
        self.path.mkdir()
        (self.path / self._limit).touch()  # the controller is there

    _limit = "memory.max" if UNIFIED else "memory.limit_in_bytes"

    def limit(self, size):
        """The most bytes for all in it together; what they had before they came is not counted."""
        (self.path / self._limit).write_text(str(size))

    def add(self, process):
        with contextlib.suppress(OSError):  # it is gone
            (self.path / "cgroup.procs").write_text(str(process.pid))

    def killed(self):
        """How many the kernel has killed."""
        events = self.path / ("memory.events" if UNIFIED else "memory.oom_control")
        return int(dict(line.split() for line in events.read_text().splitlines())["oom_kill"])

    def end(self):
        """Everybody in it goes back to the root."""
        for pid in (self.path / "cgroup.procs").read_text().split():
            with contextlib.suppress(OSError):
                (self.path.parent / "cgroup.procs").write_text(pid)
        self.path.rmdir()
