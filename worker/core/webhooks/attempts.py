"""What came of an attempt to deliver, and when the next is made."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from worker.core import hints
from worker.core.wording import visible
from worker.model import DeliveryIntent, DeliveryOutcome, Fault

if TYPE_CHECKING:
    from worker.model import Attempt, Reply

# Seconds before the second, third, … attempt: the example schedule of the specification, three days and a bit.
WAITS = (5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
MOST_ATTEMPTS = len(WAITS) + 1  # then the endpoint is disabled
LONGEST_WAIT = WAITS[-1]  # whatever a receiver asks for
JITTER = 0.1  # share of a wait by which it may grow
OUTAGE_WAIT = 60.0  # seconds; as for visits: its end should be noticed soon
LONGEST_REPLY = 65_536  # bytes of it that are read
LONGEST_DETAIL = 200  # characters of it that are kept
_FAULTS = {
    Fault.REFUSED: DeliveryOutcome.REFUSED,
    Fault.DNS: DeliveryOutcome.UNREACHABLE,
    Fault.CONNECT: DeliveryOutcome.UNREACHABLE,
    Fault.TLS: DeliveryOutcome.UNREACHABLE,
}
_GONE, _TOO_MANY, _UNAVAILABLE = 410, 429, 503


def wait(attempt: int, jitter: float) -> timedelta:
    """How long after that attempt (from 1) the next one is made."""
    seconds = WAITS[min(attempt, len(WAITS)) - 1]
    return timedelta(seconds=seconds * (1 + JITTER * jitter))


def classify(reply: Reply) -> DeliveryOutcome:
    """What a reply means; only a whole answer counts for one."""
    if reply.fault is not None:
        return _FAULTS.get(reply.fault, DeliveryOutcome.BROKEN)
    status = reply.status or 0
    if status in {_GONE, _TOO_MANY}:
        return DeliveryOutcome.GONE if status == _GONE else DeliveryOutcome.THROTTLED
    if status == _UNAVAILABLE and "retry-after" in reply.headers:
        return DeliveryOutcome.THROTTLED
    by_hundreds = {2: DeliveryOutcome.DELIVERED, 3: DeliveryOutcome.REDIRECTED, 5: DeliveryOutcome.SERVER_ERROR}
    return by_hundreds.get(status // 100, DeliveryOutcome.REJECTED)


def describe(reply: Reply) -> str:
    """A failure in words: the fault, or the status and how the reply begins."""
    if reply.fault is not None:
        return f"{reply.fault}: {reply.detail}"
    said = visible(" ".join(reply.body[: 4 * LONGEST_DETAIL].decode(errors="replace").split()))
    return f"HTTP {reply.status}" + (f": {said[:LONGEST_DETAIL]}" if said else "")


def decide(attempt: Attempt, reply: Reply, now: datetime, jitter: float) -> DeliveryIntent:
    """What an attempt writes. `jitter` is in [0, 1)."""
    outcome = classify(reply)
    delivered = outcome is DeliveryOutcome.DELIVERED
    ours = outcome is DeliveryOutcome.UNREACHABLE and attempt.outage
    failures = 0 if delivered else attempt.number - ours
    return DeliveryIntent(
        lease=attempt.lease,
        position=attempt.event.change.position,
        at=now,
        outcome=outcome,
        detail="" if delivered else describe(reply),
        status=reply.status,
        seconds=reply.seconds,
        failures=failures,
        next_attempt_at=now if delivered else _next(attempt, reply, now, jitter, ours=ours),
        disabled=_disabled(outcome, failures, reply),
    )


def _next(attempt: Attempt, reply: Reply, now: datetime, jitter: float, *, ours: bool) -> datetime:
    """By the schedule, and not before the receiver asks for it."""
    if ours:
        return now + timedelta(seconds=OUTAGE_WAIT * (1 + jitter))
    asked = min(hints.retry_after(reply.headers, now) or 0.0, LONGEST_WAIT)
    return now + max(wait(attempt.number, jitter), timedelta(seconds=asked))


def _disabled(outcome: DeliveryOutcome, failures: int, reply: Reply) -> str | None:
    if outcome is DeliveryOutcome.GONE:
        return "the receiver says that it is gone (HTTP 410)"
    return spent(describe(reply)) if failures >= MOST_ATTEMPTS else None


def spent(last: str) -> str:
    """Why an endpoint is disabled whose attempts are all made."""
    return f"{MOST_ATTEMPTS} attempts in a row failed; the last: {last}"
