"""Child processes that never outlive the test session."""

import ctypes
import os
import signal
import subprocess
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h
STOP_SECONDS = 20


def dying_with_parent():
    """Run in the child before exec: the kernel ends it with the thread that forked it, on kill -9 too (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() == 1:  # the parent was gone already
            os._exit(1)


def stop(process):
    """End it as a server wants to be ended, or else for sure."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
