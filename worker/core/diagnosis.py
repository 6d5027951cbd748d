"""What is wrong with a feed, in words that a person can act on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from worker.core import outcome as outcomes
from worker.model import FeedFacts, FeedVerdict, Outcome, TextSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from worker.model import Entry, Feed, FeedState, Policy

STALE = timedelta(days=7)  # without anything new, for a feed of news
SLOW = 5.0  # seconds for one answer
_ELLIPSIS = re.compile(
    r"(?:\u2026|\.{3}|\[(?:\u2026|\.{3}|&hellip;)\])\s*(?:read more|continue reading)?\W*$", re.IGNORECASE
)

OF_OUTCOME: dict[str, tuple[str, str]] = {
    Outcome.GONE: (
        "gone",
        "the outlet took it down (410): remove it, or look for its new address with `outlets discover`",
    ),
    Outcome.MISSING: ("missing", "nothing is there (404): look for its new address with `outlets discover`"),
    Outcome.BLOCKED: ("blocked", "the outlet does not let us in: ask it, or remove the feed"),
    "disallowed": ("disallowed", "robots.txt does not want it visited: ask the outlet, or remove the feed"),
    Outcome.UNREACHABLE: ("unreachable", "no answer: is the host name right?"),
    Outcome.BROKEN: ("broken", "an answer that cannot be used; it is tried again"),
    Outcome.REFUSED: ("refused", "an address that may not be visited; FIGUREWATCH_ALLOW_NETWORKS lets some through"),
    Outcome.TOO_LARGE: ("too large", "larger than FIGUREWATCH_MAX_WIRE_BYTES or FIGUREWATCH_MAX_DECODED_BYTES"),
    Outcome.UNSUPPORTED: ("no feed", "what is served is no text"),
    Outcome.THROTTLED: ("throttled", "the host asks for fewer requests: raise poll_seconds or min_gap_seconds"),
    Outcome.LOST: (
        "lost",
        "a worker ended while it had this feed in hand; it is visited ever later: see `figurewatch quarantine list`",
    ),
    Outcome.SERVER_ERROR: ("server error", "the outlet's server fails; it is tried again"),
    Outcome.UNEXPECTED: ("unexpected", "an answer that means nothing to us"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    what: str  # a word or two, of a closed set
    advice: str
    grave: bool = True  # nothing is to be had of the feed as it is


def facts(feed: Feed) -> FeedFacts:
    """What a document that was read holds."""
    dates = [date for entry in feed.entries if (date := _date(entry)) is not None]
    told = [text for entry in feed.entries if (text := entry.text or entry.summary)]
    return FeedFacts(
        verdict=feed.verdict,
        detail=feed.detail,
        entries=len(feed.entries),
        sitemaps=len(feed.sitemaps),
        dated=len(dates),
        newest=max(dates, default=None),
        told=len(told),
        cut=sum(_ELLIPSIS.search(text[-80:]) is not None for text in told),
    )


def of_feed(
    state: FeedState, found: FeedFacts | None, *, policy: Policy, now: datetime, seconds: float | None = None
) -> tuple[Finding, ...]:
    """Everything that is wrong with a feed, the gravest first; nothing when all is well.

    `found`: of its newest document, None when there is none or it could not be read; `seconds`: of its last answer.
    """
    findings = [*_of_visit(state, seconds), *_of_document(state, found, policy, now)]
    return tuple(sorted(findings, key=lambda finding: not finding.grave))


def _of_visit(state: FeedState, seconds: float | None) -> Iterator[Finding]:
    if state.outcome is None:
        yield Finding("not visited", "its turn has not come: another visit of its host takes long, or just ended")
        return
    outcome = Outcome(state.outcome)
    if outcome not in outcomes.SUCCESS:
        what, advice = OF_OUTCOME.get(outcome, (outcome.value.replace("_", " "), "an answer that means nothing to us"))
        yield Finding(what, f"{advice} ({state.detail})" if state.detail else advice)
    if state.moved_to is not None:
        yield Finding("moved", f"for good: write url = {state.moved_to!r}", grave=False)
    if seconds is not None and seconds > SLOW:
        yield Finding("slow", f"it took {seconds:.1f} s to answer", grave=False)


def _of_document(state: FeedState, found: FeedFacts | None, policy: Policy, now: datetime) -> Iterator[Finding]:
    if state.quarantined:
        yield Finding("unreadable", "reading it takes too long or kills the reader: see `figurewatch status`")
    if found is None:
        return
    if found.verdict is FeedVerdict.NOT_A_FEED:
        yield Finding("web page", f"what is there is no feed ({found.detail}): try `outlets discover`")
    elif found.verdict is FeedVerdict.BROKEN:
        yield Finding("damaged", f"it cannot be read: {found.detail}")
    elif not found.entries and not found.sitemaps:
        yield Finding("empty", "it lists nothing")
    else:
        yield from _of_entries(found, policy, now)


def _of_entries(found: FeedFacts, policy: Policy, now: datetime) -> Iterator[Finding]:
    if found.entries and not found.dated:
        yield Finding("no dates", "none of its entries has a date that can be read", grave=False)
    if found.newest is not None and now - found.newest > STALE:
        yield Finding(
            "stale", f"nothing new since {found.newest:%Y-%m-%d}: has another feed taken its place?", grave=False
        )
    if found.detail:
        yield Finding("cut off" if "ends before" in found.detail else "damaged", found.detail, grave=False)
    if policy.text is TextSource.FEED:
        if found.told < found.entries:
            left = found.entries - found.told
            yield Finding(
                "no text", f'{left} of {found.entries} entries carry no text, with text = "feed"', grave=False
            )
        if found.cut:
            yield Finding("truncated", f'{found.cut} of {found.told} texts end in "…": use text = "page"', grave=False)


def _date(entry: Entry) -> datetime | None:
    dates = [date for date in (entry.published, entry.updated) if date is not None]
    return max(dates, default=None)
