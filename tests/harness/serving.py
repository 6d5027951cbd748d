"""The site on a real socket: as a process of its own, or in a thread over a store that a test made."""

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from tests.harness.processes import dying_with_parent, stop
from worker.settings import PREFIX
from worker.site import app

SERVE = "import os; from worker import settings; from worker.site import app; app.serve(settings.load(os.environ))"


@contextmanager
def in_thread(site):
    """Serve an application; its address, without the last slash."""
    with app.listen("127.0.0.1", 0) as listening:  # connections made before it runs wait in the socket's backlog
        server = app.server(site)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield app.address(listening).rstrip("/")
        finally:
            server.should_exit = True
            thread.join()


@dataclass
class SiteProcess:
    """A running site process, and the event that told its address."""

    process: subprocess.Popen[str]
    url: str
    listening: dict[str, str]


@contextmanager
def as_process(log, **settings):
    """Run the role `site` with these settings, on any free port; `log` is the file for all that it says after that."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)}
    environ |= {f"{PREFIX}{k.upper()}": str(v) for k, v in ({"site_port": 0, "log_format": "json"} | settings).items()}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE],
        env=environ,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=dying_with_parent,  # noqa: PLW1509 - started before any thread of a test
    )
    with process, ThreadPoolExecutor(1) as follower:
        assert process.stderr is not None
        try:
            said = json.loads(process.stderr.readline())
            rest = follower.submit(process.stderr.read)
            yield SiteProcess(process, said["url"].rstrip("/"), said)
        finally:
            stop(process)
        log.write_text(rest.result())
