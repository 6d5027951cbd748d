"""Calls that are made at the same time are made as one, and fail apart."""

import asyncio
import threading

import pytest

from worker.errors import Unreachable
from worker.grouping import Grouped


class Calls:
    """Doubles numbers, and remembers what was asked together; the first call waits until it is let go."""

    def __init__(self, spoiled=()):
        self.made: list[list[int]] = []
        self.begun = threading.Event()
        self.spoiled = spoiled
        self.go = threading.Event()

    def __call__(self, numbers):
        self.made.append(list(numbers))
        self.begun.set()
        self.go.wait(10)
        for number in numbers:
            if number in self.spoiled:
                raise self.spoiled[number]
        return [ValueError("negative") if number < 0 else 2 * number for number in numbers]


def results(calls, *numbers):
    async def play():
        double = Grouped(calls)
        first = double(0)
        await asyncio.to_thread(calls.begun.wait, 10)
        others = [double(number) for number in numbers]
        calls.go.set()
        return await asyncio.gather(first, *others, return_exceptions=True)

    return asyncio.run(play())


def test_what_is_wanted_meanwhile_is_one_call():
    calls = Calls()
    assert results(calls, 1, 2, 3) == [0, 2, 4, 6]
    assert calls.made == [[0], [1, 2, 3]]


def test_each_gets_its_own_error():
    _, one, other = results(Calls(), 1, -1)
    assert one == 2
    assert isinstance(other, ValueError)


def test_one_that_spoils_the_call_spoils_no_other():
    calls = Calls({2: KeyError("two")})
    _, one, spoiled, three = results(calls, 1, 2, 3)
    assert (one, three) == (2, 6)
    assert isinstance(spoiled, KeyError)
    assert calls.made == [[0], [1, 2, 3], [1], [2], [3]]


def test_what_is_nobodys_fault_is_not_tried_for_each():
    calls = Calls({2: Unreachable("gone")})
    _, *others = results(calls, 1, 2)
    assert [type(other) for other in others] == [Unreachable, Unreachable]
    assert len(calls.made) == 2


def test_nobody_waits_for_ever_when_the_thread_is_killed():
    _, one, other = results(Calls({1: SystemExit(3)}), 1, 2)
    assert [type(one), type(other)] == [SystemExit, SystemExit]


def test_whoever_is_cancelled_waits_and_leaves_the_others_alone():
    calls = Calls()

    async def play():
        double = Grouped(calls)
        first, promised = double(1), double(2)
        second = asyncio.ensure_future(waits(promised))
        await asyncio.to_thread(calls.begun.wait, 10)
        second.cancel()
        await asyncio.sleep(0)
        assert not second.done()
        calls.go.set()
        with pytest.raises(asyncio.CancelledError):
            await second
        assert (promised.result(), await first) == (4, 2)
        assert await double(3) == 6

    asyncio.run(play())


async def waits(promised):
    return await promised


def test_nobody_waits_for_ever_when_the_loop_is_closed():
    free = Calls()
    free.go.set()

    async def play(ended):
        double = Grouped(free)
        await double(1)
        ended += [asyncio.ensure_future(waits(double(2)))]  # gathers, for as long as the first call took

    ended: list[asyncio.Future[int]] = []
    asyncio.run(play(ended))
    assert ended[0].cancelled()
