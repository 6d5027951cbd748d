"""The one disposition of a visit: named by what happens next, counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.model import Fault, Outcome, Validators

if TYPE_CHECKING:
    from worker.model import Reply, Visit

OF_FAULT = {
    Fault.REFUSED: Outcome.REFUSED,
    Fault.DNS: Outcome.UNREACHABLE,
    Fault.CONNECT: Outcome.UNREACHABLE,
    Fault.TLS: Outcome.BROKEN,
    Fault.TIMEOUT: Outcome.BROKEN,
    Fault.PROTOCOL: Outcome.BROKEN,
    Fault.INCOMPLETE: Outcome.BROKEN,
    Fault.ENCODING: Outcome.BROKEN,
    Fault.TOO_LARGE: Outcome.TOO_LARGE,
    Fault.MEDIA_TYPE: Outcome.UNSUPPORTED,
    Fault.REDIRECTS: Outcome.UNEXPECTED,
    Fault.ROBOTS: Outcome.DISALLOWED,
}
NO_VALIDATORS = Validators()
OK = 200
NOT_MODIFIED = 304
UNAVAILABLE = 503
OF_STATUS = {
    401: Outcome.BLOCKED,
    402: Outcome.BLOCKED,
    403: Outcome.BLOCKED,
    404: Outcome.MISSING,
    410: Outcome.GONE,
    429: Outcome.THROTTLED,
    451: Outcome.BLOCKED,
}
# What protection services say of a page that is theirs and not the publisher's, whatever its status.
CHALLENGES = {
    "cf-mitigated": ("challenge",),  # Cloudflare
    "x-amzn-waf-action": ("challenge", "captcha"),  # AWS, with 202 or 405
    "x-vercel-mitigated": ("challenge", "deny"),
    "sg-captcha": ("challenge",),  # SiteGround
}
_AWAY = frozenset({Fault.DNS, Fault.CONNECT, Fault.TLS, Fault.TIMEOUT})
SUCCESS = frozenset({Outcome.FRESH, Outcome.SAME, Outcome.NOT_MODIFIED})


def classify(visit: Visit, reply: Reply, body_hash: str | None) -> Outcome:
    """What became of a visit; `body_hash` is the SHA-256 in hex of the body of a 200, None without one."""
    if reply.fault is not None:
        return OF_FAULT[reply.fault]
    if challenged(reply):
        return Outcome.BLOCKED
    if reply.status == OK:
        return Outcome.SAME if body_hash == visit.body_hash else Outcome.FRESH
    if reply.status == NOT_MODIFIED:
        return Outcome.NOT_MODIFIED if _asked_conditionally(visit, reply) else Outcome.UNEXPECTED
    return _of_status(reply)


def challenged(reply: Reply) -> bool:
    """Tell whether a protection service answered in place of the publisher."""
    said = CHALLENGES.keys() & reply.headers.keys()
    return any(reply.headers[name].strip().lower() in CHALLENGES[name] for name in said)


def reached(reply: Reply) -> bool:
    """Tell whether some server spoke HTTP to us, which no captive portal's broken TLS or silence counts as."""
    return reply.status is not None or bool(reply.hops)


def away(reply: Reply) -> bool:
    """Tell whether nobody was there, which is what an outage of ours looks like as well."""
    return reply.fault in _AWAY and not reached(reply)


def _asked_conditionally(visit: Visit, reply: Reply) -> bool:
    """Validators are sent to the resource's own URL only, never to where a redirect leads."""
    return visit.validators != NO_VALIDATORS and not reply.hops


def _of_status(reply: Reply) -> Outcome:
    status = reply.status or 0
    if 500 <= status <= 599:  # noqa: PLR2004 - the class, known codes or not (RFC 9110, 15.6)
        return Outcome.SERVER_ERROR
    return OF_STATUS.get(status, Outcome.UNEXPECTED)
