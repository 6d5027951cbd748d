"""Where a URL has moved for good: when that is believed, and when it is no longer (RFC 9110, 15.4.2 and 15.4.9).

A redirect that says "for good" is often a mistake of an hour, so it is adopted after repeats only, and the address we
know stays the resource's name: when the new one fails again and again, the old one is asked again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.core import outcome as outcomes
from worker.model import Move, Outcome

if TYPE_CHECKING:
    from worker.model import Reply, Visit

AGREEING = 5  # visits in a row that were led to the same URL before it is asked in place of the old one
GIVEN_UP = 5  # failures in a row at the new URL before the old one is asked again
_PERMANENT = frozenset({301, 308})


def after(visit: Visit, reply: Reply, outcome: Outcome, failures: int) -> Move:
    """What is known of a move after a visit; `failures` in a row counts it."""
    held = visit.move
    if outcome in outcomes.SUCCESS:
        return _led(held, target(reply))
    if held.to is not None and (outcome is Outcome.GONE or failures >= GIVEN_UP):
        return Move()
    return held


def target(reply: Reply) -> str | None:
    """Where a reply came from in the end, if every redirect on the way said "for good"."""
    return reply.url if reply.hops and all(hop.status in _PERMANENT for hop in reply.hops) else None


def _led(held: Move, url: str | None) -> Move:
    if url is None:
        return Move(to=held.to)
    visits = held.visits + 1 if url == held.seen else 1
    return Move(seen=None, visits=0, to=url) if visits >= AGREEING else Move(seen=url, visits=visits, to=held.to)
