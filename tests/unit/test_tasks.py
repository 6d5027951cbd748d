"""What a task makes of errors: those that a person has to mend are told in a line, others keep their traceback."""

import pytest
import structlog

from worker.app import said_plainly
from worker.errors import StaleLease, Unreachable

DOWN = Unreachable("the database does not answer")


def fails_with(error):
    def failing():
        raise error

    return said_plainly("figurewatch.failing", failing)


@pytest.mark.parametrize("error", [DOWN, ExceptionGroup("lanes", [DOWN, ExceptionGroup("more", [DOWN])])])
def test_what_a_person_has_to_mend_is_one_line(error):
    with structlog.testing.capture_logs() as logged:
        fails_with(error)()
    assert logged == [
        {"event": "task.failed", "log_level": "error", "task": "figurewatch.failing", "detail": str(DOWN)}
    ]


@pytest.mark.parametrize("error", [ValueError("a fault of ours"), StaleLease("passed on"), KeyboardInterrupt()])
def test_other_errors_are_raised_as_they_are(error):
    with pytest.raises(type(error)) as raised:
        fails_with(error)()
    assert raised.value is error


def test_of_a_group_only_what_is_left_is_raised():
    ours = ValueError("a fault of ours")
    with structlog.testing.capture_logs() as logged, pytest.raises(ExceptionGroup) as raised:
        fails_with(ExceptionGroup("lanes", [DOWN, ours]))()
    assert raised.value.exceptions == (ours,)
    assert [line["event"] for line in logged] == ["task.failed"]
