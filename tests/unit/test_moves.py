"""When a permanent redirect is believed (rule 23, T13), and when it no longer is."""

from dataclasses import replace

import pytest

from tests.unit.test_visits import BODY, FOUND, MOVED, decide, reply, visit
from worker.core import moves
from worker.model import Fault, Move, Outcome

NEW = "https://example.org/b"
LED = reply(body=BODY, hops=(MOVED,), url=NEW)
ADOPTED = Move(to=NEW)


def after(move, came, **changes):
    return decide(visit(move=move, **changes), came).move


def test_it_is_adopted_after_visits_that_agree():
    move = Move()
    for n in range(1, moves.AGREEING):
        move = after(move, LED)
        assert move == Move(NEW, n)
    assert after(move, LED) == ADOPTED


def test_a_visit_that_was_led_elsewhere_begins_anew():
    assert after(Move("https://example.org/c", 4), LED) == Move(NEW, 1)


@pytest.mark.parametrize("came", [reply(body=BODY), reply(body=BODY, hops=(FOUND,), url=NEW)])
def test_a_visit_that_was_led_nowhere_for_good_forgets(came):
    assert after(Move(NEW, 4), came) == Move()


@pytest.mark.parametrize("came", [reply(404), reply(500), reply(None, fault=Fault.TIMEOUT)])
def test_a_failure_neither_agrees_nor_disagrees(came):
    assert after(Move(NEW, 4), came) == Move(NEW, 4)


@pytest.mark.parametrize(("failures", "kept"), [(0, True), (3, True), (4, False)])
def test_the_old_address_is_asked_again_after_failures_at_the_new_one(failures, kept):
    assert after(ADOPTED, reply(404), failures=failures) == (ADOPTED if kept else Move())


def test_gone_at_the_new_address_is_not_believed_before_the_old_one_says_so():
    intent = decide(visit(move=ADOPTED), reply(410))
    assert (intent.outcome, intent.move) == (Outcome.GONE, Move())
    assert intent.next_visit_at is not None
    assert decide(visit(), reply(410)).next_visit_at is None


def test_an_outage_of_ours_gives_nothing_up():
    down = decide(visit(move=ADOPTED, failures=3), reply(None, fault=Fault.DNS), network_up=False)
    assert down.move == ADOPTED


def test_it_may_move_on():
    led = replace(LED, url="https://example.org/c", hops=(replace(MOVED, url=NEW, location="https://example.org/c"),))
    assert after(replace(ADOPTED, seen="https://example.org/c", visits=moves.AGREEING - 1), led) == Move(
        to="https://example.org/c"
    )
