"""Which worker of pytest-xdist runs which tests, and in which order."""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# Minutes of the real processes, which mostly wait: begun last, they would be all that is left to wait for; all at once,
# they starve each other. So these come first, in two rows.
PLAYS = {
    "tests/integration/journey/test_demo.py": "demo",
    "tests/integration/journey/test_up.py": "up",
    "tests/integration/journey/test_replay.py": "up",
}


class PlaysInRows(LoadScopeScheduling):  # type: ignore[misc]
    """A file is one worker's, or a row of plays is."""

    def _split_scope(self, nodeid):
        path = nodeid.split("::")[0]
        return PLAYS.get(path, path)


def order(nodeid):
    """A key to sort tests by: plays first."""
    return nodeid.split("::")[0] not in PLAYS
