"""What came of an attempt, and when the next is made."""

from datetime import timedelta

import pytest

from tests.unit.webhooks.given import NOON, attempt, reply
from worker.core import webhooks
from worker.model import DeliveryOutcome, Fault

HOUR = 3600.0


def seconds_until_next(number=1, jitter=0.0, **replied):
    intent = webhooks.decide(attempt(number), reply(**replied), NOON, jitter)
    return (intent.next_attempt_at - NOON).total_seconds()


@pytest.mark.parametrize(
    ("replied", "outcome"),
    [
        ({"status": 200}, "delivered"),
        ({"status": 204}, "delivered"),
        ({"status": 299}, "delivered"),
        ({"status": 301}, "redirected"),
        ({"status": 308}, "redirected"),
        ({"status": 400}, "rejected"),
        ({"status": 404}, "rejected"),
        ({"status": 101}, "rejected"),
        ({"status": 999}, "rejected"),
        ({"status": 410}, "gone"),
        ({"status": 429}, "throttled"),
        ({"status": 503, "headers": {"retry-after": "9"}}, "throttled"),
        ({"status": 503}, "server_error"),
        ({"status": 500}, "server_error"),
        ({"status": 504}, "server_error"),
        ({"status": 200, "fault": Fault.INCOMPLETE}, "broken"),
        ({"status": 200, "fault": Fault.TIMEOUT}, "broken"),
        ({"status": None, "fault": Fault.REFUSED}, "refused"),
        ({"status": None, "fault": Fault.DNS}, "unreachable"),
        ({"status": None, "fault": Fault.TLS}, "unreachable"),
        ({"status": None, "fault": Fault.PROTOCOL}, "broken"),
    ],
)
def test_every_reply_has_one_outcome(replied, outcome):
    assert webhooks.classify(reply(**replied)).value == outcome


@pytest.mark.parametrize("fault", Fault)
def test_no_fault_is_a_delivery(fault):
    assert webhooks.classify(reply(fault=fault)) is not DeliveryOutcome.DELIVERED


def test_the_schedule_of_the_specification():
    at, times = 0.0, [0.0]
    for number in range(1, webhooks.MOST_ATTEMPTS):
        at += seconds_until_next(number, status=500)
        times.append(at)
    hours = [round(time / HOUR, 3) for time in times]
    assert hours == [0.0, 0.001, 0.085, 0.585, 2.585, 7.585, 17.585, 31.585, 51.585, 75.585]


@pytest.mark.parametrize("number", range(1, webhooks.MOST_ATTEMPTS))
def test_chance_only_makes_a_wait_longer_and_by_little(number):
    shortest, longest = (seconds_until_next(number, jitter, status=500) for jitter in (0.0, 0.999))
    assert shortest < longest < 1.1 * shortest


def test_the_last_attempt_disables_and_none_before_it():
    disabled = [
        webhooks.decide(attempt(n), reply(500, body=b"no\x1b[1m room"), NOON, 0.5).disabled
        for n in range(1, webhooks.MOST_ATTEMPTS + 1)
    ]
    assert disabled[:-1] == [None] * (webhooks.MOST_ATTEMPTS - 1)
    reason = disabled[-1] or ""
    assert "10 attempts" in reason
    assert "HTTP 500: no" in reason
    assert "\x1b" not in reason


def test_gone_disables_at_once():
    intent = webhooks.decide(attempt(1), reply(410), NOON, 0.5)
    assert (intent.outcome, "410" in (intent.disabled or "")) == (DeliveryOutcome.GONE, True)


@pytest.mark.parametrize(
    ("number", "asked", "seconds"),
    [(1, "60", 60.0), (1, "2", 5.0), (2, "60", 300.0), (1, "99999999", 86_400.0), (1, "-1", 5.0), (1, "soon", 5.0),
     (1, "Sun, 22 Nov 2026 12:10:00 GMT", 600.0), (1, "Sun, 22 Nov 2020 12:10:00 GMT", 5.0)],
)  # fmt: skip
@pytest.mark.parametrize("status", [429, 503])
def test_what_a_receiver_asks_for_is_waited_for_within_a_day(status, number, asked, seconds):
    assert seconds_until_next(number, status=status, headers={"retry-after": asked}) == seconds


def test_a_delivery_goes_on_at_once_and_forgets_failures():
    intent = webhooks.decide(attempt(6), reply(202, body=b"thanks"), NOON, 0.9)
    assert (intent.failures, intent.next_attempt_at, intent.detail, intent.disabled) == (0, NOON, "", None)


def test_an_outage_of_ours_is_not_charged():
    down = reply(None, fault=Fault.CONNECT, detail="no route")
    intent = webhooks.decide(attempt(webhooks.MOST_ATTEMPTS, outage=True), down, NOON, 0.5)
    assert (intent.failures, intent.disabled) == (webhooks.MOST_ATTEMPTS - 1, None)
    assert intent.next_attempt_at == NOON + timedelta(seconds=90)
    charged = webhooks.decide(attempt(webhooks.MOST_ATTEMPTS, outage=True), reply(500), NOON, 0.5)
    assert charged.disabled


def test_what_a_receiver_says_is_kept_short_and_harmless():
    said = webhooks.describe(reply(500, body=b"line\r\nbreak \x00\x1b[2J \xff" + b"x" * 70_000))
    assert said.startswith("HTTP 500: line break")
    assert len(said) < 220
    assert said.isprintable()
