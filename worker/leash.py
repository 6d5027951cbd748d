"""Run a command that ends when its parent ends, also when the parent was killed with SIGKILL.

`python -m worker.leash COMMAND ARG…`, started by `embedded.py` for each of its children. On Linux the
kernel sends the signal (prctl(2), PR_SET_PDEATHSIG; it survives the exec). Elsewhere a pipe whose
write end only the supervisor holds is watched: it reads end-of-file when the supervisor is gone.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys

PIPE = "FIGUREWATCH_LEASH_FD"
PARENT = "FIGUREWATCH_LEASH_PARENT"
PR_SET_PDEATHSIG = 1


def main(command: list[str]) -> int:
    """Replace this process by the command (Linux), or stand beside it (elsewhere)."""
    parent = int(os.environ.pop(PARENT))
    pipe = int(os.environ.pop(PIPE))
    if sys.platform.startswith("linux"):
        return _become(command, parent)
    return _stand_beside(command, pipe)


def tie(parent: int) -> None:
    """Have the kernel kill this process when the thread that forked it ends (Linux; elsewhere nothing is done).

    SIGKILL: nothing here keeps state that a kill could hurt, and no orphan may linger for a warm shutdown.
    """
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:  # it died before the kernel knew of our wish
        os._exit(1)


def _become(command: list[str], parent: int) -> int:
    tie(parent)
    return os.execvp(command[0], command)  # noqa: S606 - the command is ours, argument by argument


def _stand_beside(command: list[str], pipe: int) -> int:
    child = subprocess.Popen(command)  # noqa: S603 - the command is ours, argument by argument
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda got, _frame: child.send_signal(got))
    while child.poll() is None:
        readable, _, _ = select.select([pipe], [], [], 0.2)
        if readable:  # end of file: the supervisor is gone
            child.kill()
    return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
