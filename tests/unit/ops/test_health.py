import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest

from worker.errors import SchemaError, Unreachable
from worker.ops.health import Check, Facts, Probe, readiness

NOW = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
SILENCE = timedelta(seconds=105)


def facts(*, database=None, redis=None, last=NOW):
    return Facts(database, redis, None if database else last, NOW, SILENCE)


@pytest.mark.parametrize(
    ("given", "checks"),
    [
        (facts(), (Check.OK, Check.OK, Check.OK)),
        (facts(last=NOW - SILENCE), (Check.OK, Check.OK, Check.OK)),
        (facts(last=NOW - SILENCE - timedelta(seconds=1)), (Check.OK, Check.OK, Check.STALE)),
        (facts(last=NOW + timedelta(seconds=5)), (Check.OK, Check.OK, Check.OK)),  # clocks differ
        (facts(last=None), (Check.OK, Check.OK, Check.NEVER)),
        (facts(database=Unreachable("at secret@db")), (Check.UNREACHABLE, Check.OK, Check.UNKNOWN)),
        (facts(database=SchemaError("older")), (Check.SCHEMA, Check.OK, Check.UNKNOWN)),
        (facts(database=TimeoutError()), (Check.TIMEOUT, Check.OK, Check.UNKNOWN)),
        (facts(redis=ConnectionRefusedError()), (Check.OK, Check.UNREACHABLE, Check.OK)),
    ],
)
def test_ready_when_every_part_is(given, checks):
    found = readiness(given)
    assert tuple(found.checks[part] for part in ("database", "redis", "beat")) == checks
    assert found.ready == (set(checks) == {Check.OK})


def test_a_probe_hands_on_what_it_is_told_and_asks_again_the_next_time():
    answers = iter([1, 2])
    probe = Probe(lambda: next(answers))
    assert [asyncio.run(probe.answer(5)) for _ in range(2)] == [1, 2]


def test_a_probe_hands_on_what_went_wrong():
    def fails():
        raise Unreachable("gone")

    with pytest.raises(Unreachable, match="gone"):
        asyncio.run(Probe(fails).answer(5))


def test_a_hanging_question_costs_one_thread_however_often_it_is_asked():
    release, asked = threading.Event(), []

    def hangs():
        asked.append(threading.current_thread())
        release.wait()
        return "at last"

    probe = Probe(hangs)

    async def impatient():
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await probe.answer(0.001)
        release.set()
        return await probe.answer(5)

    assert asyncio.run(impatient()) == "at last"
    assert len(asked) == 1
    assert asked[0].daemon


def test_an_answer_that_comes_too_late_and_is_an_error_disturbs_nobody():
    release = threading.Event()

    def fails_late():
        release.wait()
        raise Unreachable("late")

    probe = Probe(fails_late)

    async def impatient():
        with pytest.raises(TimeoutError):
            await probe.answer(0.001)
        complaints = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
        release.set()
        with pytest.raises(Unreachable):
            await probe.answer(5)
        return complaints

    assert asyncio.run(impatient()) == []
