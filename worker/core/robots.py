"""robots.txt: what a site asks of crawlers (RFC 9309), and how long an answer about it holds.

Protego reads the rules. It is handed the lines that concern us only: a text with thousands of groups of thousands of
rules would keep it busy for minutes, since it gives each rule to each agent named above it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from protego import Protego

from worker.core import outcome as outcomes
from worker.core import schedule, urls, visits
from worker.model import Fault, Outcome, ResourceKind, Robots, RobotsIntent, RobotsPolicy, Standing, Validators

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.model import Lease, Policy, Reply, Visit, VisitIntent

AGENT = "figurewatch"  # the product token of our User-Agent (2.2.1)
LARGEST = 500 * 1024  # bytes read of one (2.5 asks for at least as many)
FRESH = timedelta(hours=24)  # the longest that a copy is used while a newer one can be had (2.4)
FORGIVEN = timedelta(days=30)  # out of reach for so long and never had: treated as absent (2.3.1.4)
LONGEST_DELAY = schedule.HOUR  # what a crawl delay may ask for; more would be a refusal in other words
SOONER = 0.1  # of FRESH, by jitter, so that not all are asked for at once; it only ever shortens
_SMALL = 20_000  # characters; rules of larger texts are read each time rather than remembered

_AGENT = re.compile(r"\s*user[- ]?agent\s*[:\s]\s*([^\s#/]*)", re.IGNORECASE)
_NO_FILE = frozenset({Fault.REDIRECTS, Fault.MEDIA_TYPE})  # more than five redirects (2.3.1.2); not a text
_ANSWERED = range(200, 500)
_UNDECIDED = frozenset({304, 429})


@dataclass(frozen=True, slots=True)
class Rules:
    """What a text says to us."""

    parsed: Protego

    def allows(self, url: str) -> bool:
        """Tell whether a URL of the site may be asked for."""
        return self.parsed.can_fetch(url, AGENT)

    @property
    def delay(self) -> float:
        """Seconds that the site wants between two requests, at most `LONGEST_DELAY`; 0 when it does not say."""
        rate = self.parsed.request_rate(AGENT)
        asked = max(self.parsed.crawl_delay(AGENT) or 0.0, rate.seconds / rate.requests if rate else 0.0)
        return min(asked, LONGEST_DELAY)


def read(text: str) -> Rules:
    """The rules of a text; any text at all has some."""
    return _remembered(text) if len(text) <= _SMALL else _read(text)


def url_of(url: str) -> str:
    """Where the robots.txt of a URL's site is. ValueError for what `urls.parse` refuses."""
    address = urls.parse(url)
    if address is None:
        raise ValueError(f"not a URL that can be visited: {url[:200]!r}")
    return f"{address.scheme}://{address.authority}/robots.txt"


# --- what may be visited -----------------------------------------------------------------------------


def is_due(visit: Visit, policy: Policy, now: datetime) -> bool:
    """Tell whether the robots.txt is to be asked for before the visit."""
    return _concerns(visit, policy) and (visit.robots is None or visit.robots.next_visit_at <= now)


def allows(visit: Visit, policy: Policy, url: str) -> bool:
    """Tell whether the visit may ask for a URL: its own, or one of its site that a redirect led to.

    The rules of another site are not known here, and not asked for in the middle of a visit.
    """
    if not _concerns(visit, policy) or visit.robots is None:
        return True
    if visit.robots.standing is Standing.UNREACHABLE:
        return False
    return url_of(url) != url_of(visit.url) or _rules(visit.robots).allows(url)


def delay(visit: Visit, policy: Policy) -> float:
    """Seconds that the site wants between two requests."""
    return _rules(visit.robots).delay if _concerns(visit, policy) and visit.robots is not None else 0.0


def refusal(visit: Visit, policy: Policy) -> tuple[Outcome, str] | None:
    """What becomes of a visit that may not be made, and why in words; None when it may.

    While the robots.txt cannot be had nothing is allowed (2.3.1.4), and the visit fares as the request for it did.
    """
    if visit.robots is None or allows(visit, policy, visit.url):
        return None
    if visit.robots.standing is Standing.UNREACHABLE:
        return visit.robots.outcome, f"robots.txt cannot be had: {visit.robots.detail}"
    return Outcome.DISALLOWED, f"{url_of(visit.url)} disallows it"


def _concerns(visit: Visit, policy: Policy) -> bool:
    if policy.robots is RobotsPolicy.PAGES:
        return visit.kind is ResourceKind.ARTICLE
    return policy.robots is RobotsPolicy.OBEY


def _rules(robots: Robots) -> Rules:
    return read(robots.text if robots.standing is Standing.RULES else "")


def first_standing(reply: Reply) -> Standing:
    """What is known of a file after the first request for it."""
    had = reply.fault is None and reply.status == outcomes.OK and not outcomes.challenged(reply)
    if had:
        return Standing.RULES
    return Standing.UNREACHABLE if _is_failure(reply, Outcome.UNEXPECTED) else Standing.ABSENT


def text_of(reply: Reply) -> str:
    """The text of a file that was had, as much of it as is read."""
    return reply.body[:LARGEST].decode("utf-8-sig", "replace")


# --- after asking for it -----------------------------------------------------------------------------


def decide(
    visit: Visit,
    reply: Reply,
    *,
    lease: Lease,
    lease_until: datetime,
    now: datetime,
    policy: Policy,
    network_up: bool,
    jitter: float,
) -> RobotsIntent:
    """Everything one request for the robots.txt of a visit's URL writes.

    It is a request like any other: the same validators, back-off, gaps and outages.
    """
    held = visit.robots
    made = visits.decide(
        _asked(visit),
        reply,
        lease=lease,
        lease_until=lease_until,
        now=now,
        policy=policy,
        network_up=network_up,
        jitter=jitter,
        delay=delay(visit, policy),
    )
    known = _known(held, reply, made, now + FRESH * (1 - SOONER * jitter))
    return RobotsIntent(
        resource_id=visit.resource_id,
        url=url_of(visit.url),
        lease=lease,
        lease_until=lease_until,
        at=now,
        robots=known,
        changed=held is not None and (held.standing, held.text) != (known.standing, known.text),
        host_free_at=max(made.host_free_at, now + timedelta(seconds=_rules(known).delay)),
        reached=made.reached,
        away=made.away,
        seconds=made.seconds,
        wire_bytes=made.wire_bytes,
        budget_seconds=made.budget_seconds,
    )


def _known(held: Robots | None, reply: Reply, made: VisitIntent, next_visit_at: datetime) -> Robots:
    """What is known after a request that fared as `made` says; asked for again then, or sooner after a failure."""
    standing = _standing(held, reply, made.outcome, made.at)
    failed = _is_failure(reply, made.outcome)
    return Robots(
        standing=standing,
        text=_text(held, reply, made.outcome) if standing is Standing.RULES else "",
        validators=made.validators,
        body_hash=made.body_hash,
        next_visit_at=(made.next_visit_at or next_visit_at) if failed else next_visit_at,
        outcome=made.outcome,
        detail=made.detail,
        failures=made.failures if failed else 0,
        unreachable_since=_unreachable_since(held, made.at, charged=made.failures > 0) if failed else None,
    )


def _asked(visit: Visit) -> Visit:
    """The request, as a visit of its own; a feed's, since it goes on for ever."""
    held = visit.robots
    return replace(
        visit,
        kind=ResourceKind.FEED,
        url=url_of(visit.url),
        validators=held.validators if held else Validators(),
        body_hash=held.body_hash if held else None,
        failures=held.failures if held else 0,
    )


def _standing(held: Robots | None, reply: Reply, outcome: Outcome, now: datetime) -> Standing:
    if outcome in outcomes.SUCCESS:
        return Standing.RULES
    if not _is_failure(reply, outcome):
        return Standing.ABSENT
    if held is None:
        return Standing.UNREACHABLE
    since = held.unreachable_since
    if held.standing is Standing.UNREACHABLE and since is not None and now - since >= FORGIVEN:
        return Standing.ABSENT
    return held.standing  # an old copy may be used as long as there is no newer one (2.4)


def _is_failure(reply: Reply, outcome: Outcome) -> bool:
    """Tell whether the file is out of reach, as opposed to had, or known not to be there (2.3.1.3)."""
    if outcome in outcomes.SUCCESS or reply.fault in _NO_FILE:
        return False
    return reply.fault is not None or reply.status not in _ANSWERED or reply.status in _UNDECIDED


def _text(held: Robots | None, reply: Reply, outcome: Outcome) -> str:
    if outcome is Outcome.FRESH:
        return text_of(reply)
    return held.text if held else ""


def _unreachable_since(held: Robots | None, now: datetime, *, charged: bool) -> datetime | None:
    """A month of our own outage forgives nothing."""
    since = held.unreachable_since if held else None
    return since or (now if charged else None)


# --- reading -----------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _remembered(text: str) -> Rules:
    return _read(text)


def _read(text: str) -> Rules:
    return Rules(Protego.parse("\n".join(_ours(text))))


def _ours(text: str) -> Iterator[str]:
    """The lines, all agents but ours and everybody made one: who else is spoken to is of no interest.

    Only the whole token names us (2.2.1), whatever its case.
    """
    for line in text.splitlines():
        match = _AGENT.match(line)
        if match is None:
            yield line
        elif match[1].strip("*").lower() == AGENT:
            yield f"User-agent: {AGENT}"
        else:
            yield "User-agent: *" if match[1] == "*" else "User-agent: another"
