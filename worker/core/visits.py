"""The one decision after a visit: from what was known and what the network said to everything that is written."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from worker.core import moves, schedule, urls
from worker.core import outcome as outcomes
from worker.core.rates import Life
from worker.model import CaptureDraft, Fault, Outcome, Reply, ResourceKind, Validators, VisitIntent

if TYPE_CHECKING:
    from datetime import datetime

    from worker.model import Lease, Policy, Visit

# What reading a capture, or a person looking at it, may need; cookies, policies and the like are not kept.
KEPT_HEADERS = (
    "age",
    "cache-control",
    "content-language",
    "content-location",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "link",
)
# An answer may end the process that asks for it, and whatever else that had in hand is lost with it. So one loss says
# little of a visit, and the waits grow and are spread, until what only kept bad company is no longer in it.
MOST_LOSSES = 5  # in a row; then it is in quarantine
QUARANTINE = timedelta(days=7)  # and is tried again after that, or by hand
LONGEST_LOSS = timedelta(days=1)  # that one loss before that puts a visit off
GARBLED = 3  # answers in a row that are no HTTP, as of servers whose 304 has a body: then one is asked for in full
_ROOT_END = re.compile(rb"</(?:html|(?:[\w.-]+:)?(?:rss|rdf|feed|urlset|sitemapindex))\s*>", re.IGNORECASE)
_TAIL = 2_000  # bytes; some servers append remarks
LONGEST_HEADER = 4_000  # characters kept of one
LONGEST_VALIDATOR = 1_000  # characters; what is longer was not made to be sent back


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
    delay: float = 0.0,
) -> VisitIntent:
    """Everything one visit writes. `now` is after the reply; `jitter` is in [0, 1).

    `delay`: seconds that the site itself wants between two requests.
    """
    body_hash = _hash(reply)
    outcome = outcomes.classify(visit, reply, body_hash)
    reached = outcomes.reached(reply)
    failures = _failures(visit, outcome, charged=reached or network_up)
    rests = _rests(visit, reply, outcome, policy=policy, failures=failures, now=now, jitter=jitter, delay=delay)
    return VisitIntent(
        resource_id=visit.resource_id,
        lease=lease,
        lease_until=lease_until,
        at=now,
        outcome=outcome,
        detail=_detail(reply, outcome),
        validators=_validators(visit, reply, outcome),
        body_hash=body_hash if outcome is Outcome.FRESH and _is_whole(reply) else visit.body_hash,
        failures=failures,
        unchanged=_unchanged(visit, outcome),
        next_visit_at=_next_visit(
            visit, reply, outcome, policy=policy, failures=failures, network_up=network_up, now=now, jitter=jitter
        ),
        host_free_at=rests.pop(visit.host),
        elsewhere=tuple(sorted(rests.items())),
        reached=reached,
        away=outcomes.away(reply),
        seconds=reply.seconds,
        wire_bytes=reply.wire_bytes,
        move=moves.after(visit, reply, outcome, failures),
        capture=_capture(reply, body_hash) if outcome is Outcome.FRESH and body_hash is not None else None,
        budget_seconds=schedule.budget_seconds(policy) * (1 + len(reply.hops)),
        tag_reused=outcome is Outcome.FRESH and _same_tag(visit, reply),
    )


def withheld(
    visit: Visit,
    outcome: Outcome,
    detail: str,
    *,
    lease: Lease,
    lease_until: datetime,
    now: datetime,
    policy: Policy,
    network_up: bool,
    jitter: float,
) -> VisitIntent:
    """Everything a visit writes that its site's robots.txt keeps us from making: nobody was asked, so no gap is due.

    Not due again before the robots.txt is; what it then allows anew is brought forward.
    """
    nothing = Reply(visit.url, None, {})
    failures = 0 if outcome is Outcome.DISALLOWED else _failures(visit, outcome, charged=network_up)
    next_visit_at = _next_visit(
        visit, nothing, outcome, policy=policy, failures=failures, network_up=network_up, now=now, jitter=jitter
    )
    asked_again = visit.robots.next_visit_at if visit.robots else now
    return replace(
        _unasked(visit, outcome, detail, lease=lease, lease_until=lease_until, now=now),
        failures=failures,
        next_visit_at=None if next_visit_at is None else max(next_visit_at, asked_again),
    )


def may_have_been_made(visit: Visit, policy: Policy, now: datetime) -> bool:
    """Tell whether a lane that ended may have made this visit so lately that it is not to be made again."""
    return visit.lent_at is not None and now < visit.lent_at + _wait(visit, policy)


def put_off(
    visit: Visit,
    *,
    lease: Lease,
    lease_until: datetime,
    now: datetime,
    policy: Policy,
    delay: float = 0.0,
    jitter: float = 0.0,
) -> VisitIntent:
    """Everything that is written of a visit that may have been made.

    After one loss it is due as soon as the outlet allows, then later and later, and in the end hardly ever.
    """
    lent_at = visit.lent_at or now
    gap = timedelta(seconds=max(policy.min_gap_seconds, delay))
    detail = "a lane ended while it had this visit in hand"
    if visit.losses > 1:
        detail = f"{visit.losses} lanes in a row ended while they had this visit in hand"
    spread = 1 + jitter if visit.losses > 1 else 1.0
    return replace(
        _unasked(visit, Outcome.LOST, detail, lease=lease, lease_until=lease_until, now=now),
        next_visit_at=lent_at + _wait(visit, policy) * spread,
        host_free_at=max(now, lent_at + gap),
        given_up=visit.losses == MOST_LOSSES,
        budget_seconds=schedule.budget_seconds(policy),
    )


def _wait(visit: Visit, policy: Policy) -> timedelta:
    """After a loss. The first costs the floor only: what the visit may have been told is lost, and must be seen."""
    floor = timedelta(seconds=schedule.floor_seconds(visit.kind, policy))
    if visit.losses >= MOST_LOSSES:
        return max(floor, QUARANTINE)
    return max(floor, min(LONGEST_LOSS, floor * float(2 ** max(0, visit.losses - 1))))


def _unasked(
    visit: Visit, outcome: Outcome, detail: str, *, lease: Lease, lease_until: datetime, now: datetime
) -> VisitIntent:
    """A visit for which nobody was asked: all stays as it was."""
    return VisitIntent(
        resource_id=visit.resource_id,
        lease=lease,
        lease_until=lease_until,
        at=now,
        outcome=outcome,
        detail=detail,
        validators=visit.validators,
        body_hash=visit.body_hash,
        failures=visit.failures,
        unchanged=visit.unchanged,
        next_visit_at=visit.due_at,
        host_free_at=now,
        reached=False,
        away=False,
        seconds=0.0,
        wire_bytes=0,
        move=visit.move,
        capture=None,
        losses=visit.losses,
    )


def _rests(
    visit: Visit,
    reply: Reply,
    outcome: Outcome,
    *,
    policy: Policy,
    failures: int,
    now: datetime,
    jitter: float,
    delay: float,
) -> dict[str, datetime]:
    """When each host that was asked may be asked again: what the answer says is of the host that gave it."""
    asked = [visit.host, *(urls.authority(hop.location) for hop in reply.hops)]
    gap = now + timedelta(seconds=max(policy.min_gap_seconds, delay) * (1 + schedule.JITTER * jitter))
    rest = schedule.host_free(
        outcome,
        silent=outcome is Outcome.UNREACHABLE or reply.fault is Fault.TIMEOUT or reply.status == outcomes.UNAVAILABLE,
        policy=policy,
        failures=failures,
        headers=reply.headers,
        now=now,
        jitter=jitter,
        delay=delay,
    )
    return dict.fromkeys(asked, gap) | {asked[-1]: rest}


def _hash(reply: Reply) -> str | None:
    if reply.fault is not None or reply.status != outcomes.OK:
        return None
    return hashlib.sha256(reply.body).hexdigest()


def _failures(visit: Visit, outcome: Outcome, *, charged: bool) -> int:
    """Failures in a row; while nobody at all answers, the fault is ours and nothing is charged."""
    if outcome in outcomes.SUCCESS:
        return 0
    return visit.failures + 1 if charged else visit.failures


def _unchanged(visit: Visit, outcome: Outcome) -> int:
    """Visits in a row that found nothing new; a failure found neither."""
    if outcome is Outcome.FRESH:
        return 0
    return visit.unchanged + 1 if outcome in outcomes.SUCCESS else visit.unchanged


def _next_visit(
    visit: Visit,
    reply: Reply,
    outcome: Outcome,
    *,
    policy: Policy,
    failures: int,
    network_up: bool,
    now: datetime,
    jitter: float,
) -> datetime | None:
    if outcome is Outcome.GONE:
        if visit.move.to is None:
            return None
        outcome = Outcome.MISSING  # at an adopted address; the one we know is asked before it is believed
    if outcome is Outcome.FRESH:
        return schedule.until_read(visit.kind, _life(visit), policy=policy, now=now, jitter=jitter)
    if outcome in outcomes.SUCCESS:
        return _after_quiet(visit, reply, policy=policy, now=now, jitter=jitter)
    if outcome is Outcome.UNREACHABLE and not network_up:
        return schedule.after_outage(visit.kind, policy=policy, now=now, jitter=jitter)
    if visit.kind is ResourceKind.ARTICLE and schedule.is_over(_changed_at(visit), now):
        return None
    return schedule.after_failure(
        outcome, visit.kind, policy=policy, failures=failures, headers=reply.headers, now=now, jitter=jitter
    )


def _after_quiet(visit: Visit, reply: Reply, *, policy: Policy, now: datetime, jitter: float) -> datetime | None:
    if visit.kind is ResourceKind.FEED:
        return schedule.after_quiet_feed(
            policy=policy,
            changed_at=_changed_at(visit),
            now=now,
            jitter=jitter,
            headers=reply.headers,
            min_interval=visit.min_interval,
            skips=visit.skips,
        )
    return schedule.after_article(
        _life(visit), policy=policy, now=now, jitter=jitter, headers=reply.headers, late=_late(visit, reply, now)
    )


def _late(visit: Visit, reply: Reply, now: datetime) -> float:
    """Seconds the visit had to wait for its turn; a slow answer is not counted."""
    return 0.0 if visit.due_at is None else max(0.0, (now - visit.due_at).total_seconds() - reply.seconds)


def _life(visit: Visit) -> Life:
    return Life(
        first_seen_at=visit.first_seen_at,
        changed_at=_changed_at(visit),
        published_at=visit.published_at,
        revisions=visit.revisions,
        figures=visit.figures,
        pace=visit.pace,
    )


def _changed_at(visit: Visit) -> datetime:
    """When the text changed, as far as known; bytes may change around it with every visit."""
    return visit.revised_at or visit.changed_at or visit.first_seen_at


def _validators(visit: Visit, reply: Reply, outcome: Outcome) -> Validators:
    """What to ask with next time: the server's latest, verbatim and together, on every answer that speaks of them."""
    given = Validators(_verbatim(reply, "etag"), _verbatim(reply, "last-modified"))
    if outcome is Outcome.NOT_MODIFIED:  # what a 304 leaves out stays as it was (RFC 9111, 4.3.4)
        old = visit.validators
        return Validators(given.etag or old.etag, given.last_modified or old.last_modified)
    if outcome is Outcome.SAME:
        return Validators() if reply.hops else given
    if outcome is Outcome.FRESH:
        return given if _may_be_confirmed(reply) else Validators()
    if reply.status == outcomes.NOT_MODIFIED:  # nobody asked; ask unconditionally once
        return Validators()
    if reply.fault is Fault.PROTOCOL and visit.failures + 1 >= GARBLED:
        return Validators()
    return visit.validators


def _same_tag(visit: Visit, reply: Reply) -> bool:
    """Tell whether bytes that differ from those we hold came under one strong ETag (RFC 9110, 8.8.1)."""
    tag = visit.validators.etag
    return visit.body_hash is not None and tag is not None and tag.startswith('"') and tag == reply.headers.get("etag")


def _may_be_confirmed(reply: Reply) -> bool:
    """Tell whether a later 304 would vouch for a body we want to keep, of the URL we asked.

    Not for one that may have been cut or is empty, and not for what a redirect led to: the validators are another
    URL's.
    """
    return _is_whole(reply) and reply.body != b"" and not reply.hops


def _is_whole(reply: Reply) -> bool:
    """Tell whether a body is all there: by its framing, or, as of HTTP/1.0, by the end of its own root."""
    return reply.whole or _ROOT_END.search(reply.body[-_TAIL:]) is not None


def _verbatim(reply: Reply, name: str) -> str | None:
    """A validator as it was sent; None for one that could not be sent back byte for byte."""
    value = reply.headers.get(name, "")
    if not value or len(value) > LONGEST_VALIDATOR or "\ufffd" in value:
        return None
    return value if value.replace("\t", " ").isprintable() else None


def _detail(reply: Reply, outcome: Outcome) -> str:
    if reply.fault is not None or outcome in outcomes.SUCCESS:
        return reply.detail
    what = f"HTTP {reply.status}"
    return f"{what}, a challenge by a protection service" if outcomes.challenged(reply) else what


def _capture(reply: Reply, body_hash: str) -> CaptureDraft:
    return CaptureDraft(
        body=reply.body,
        body_hash=body_hash,
        url=reply.url,
        status=reply.status or 0,
        headers={name: reply.headers[name][:LONGEST_HEADER] for name in KEPT_HEADERS if name in reply.headers},
        whole=reply.whole,
    )
