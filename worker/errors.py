"""Every error that Figurewatch raises on purpose, classed by what the caller does next.

::

    FigurewatchError
    ├── OperatorError            a person must change something; printed without a traceback, exit status 2
    │   ├── SettingsError        an environment variable is unknown or out of range
    │   ├── OutletsError         mistakes in the outlets file, all of them at once
    │   ├── InputError           a file or an argument a command was given cannot be used
    │   ├── AlreadyRunning       another process holds the data directory
    │   ├── SchemaError          the database is older or newer than this code
    │   └── Unreachable          Redis or the database does not answer
    ├── StaleLease               somebody else owns the row now: drop the work, write nothing
    └── Outdated                 what was decided on has changed since: decide again, write nothing

What the network or a page does wrong is no exception: it is a value (`model.Fault`, `model.Verdict`),
because every such case has a disposition that is stored and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def each(error: Exception) -> Iterator[Exception]:
    """An error, or all that a group of them holds."""
    if isinstance(error, ExceptionGroup):
        for one in error.exceptions:
            yield from each(one)
    else:
        yield error


class FigurewatchError(Exception):
    """Base of all errors raised on purpose."""


class OperatorError(FigurewatchError):
    """A person must change something before it can work."""


class SettingsError(OperatorError):
    """An environment variable is unknown or its value is out of range."""


class OutletsError(OperatorError):
    """Mistakes in the outlets file; `problems` holds one line for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class InputError(OperatorError):
    """A file or an argument a command was given cannot be used."""


class AlreadyRunning(OperatorError):  # noqa: N818 - a state, not a fault
    """Another process holds the data directory."""


class SchemaError(OperatorError):
    """The database is older or newer than this code."""


class Unreachable(OperatorError):  # noqa: N818 - a state, not a fault
    """Redis or the database does not answer."""


class StaleLease(FigurewatchError):  # noqa: N818 - a state, not a fault
    """The lease a write was made under has passed to somebody else; nothing was written."""


class Outdated(FigurewatchError):  # noqa: N818 - a state, not a fault
    """What a decision was made on has changed meanwhile; nothing was written."""
