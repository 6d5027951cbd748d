"""Whether what a page shows now is a new version of its article."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from worker.core import doubts, returns
from worker.core.text import comparable, content_hash
from worker.model import Doubt, HeldText, Recent, Recurrence, Return, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from worker.core.returns import Sighting
    from worker.model import Extract, PastText, StoredVersion

# Versions of an article within a day. From the first number on it is live, and what changes no figure is kept once an
# hour; from the second on it is unstable, and nothing is kept more often. Miniflux's and reader's own limit is 24
# changes; a busy live report has some 40 a day, and an article is visited 96 times a day at most.
LIVE = 6
UNSTABLE = 48
_BETWEEN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """The page still shows this version."""

    version_id: int
    recurrence: Recurrence | None = None  # the text that waited to be believed takes turns with this one


@dataclass(frozen=True, slots=True)
class New:
    """The page shows something new."""

    previous_version_id: int | None
    ordinal: int  # 1 for the first
    changed_after: datetime | None  # the last visit that saw the version before
    content_hash: str
    # The version before was read by another extractor, so the difference may be the extractor's: no revisions.
    reread: bool = False
    reverts: Recurrence | None = None  # the earlier version that the outlet went back to


@dataclass(frozen=True, slots=True)
class Held:
    """What came is not to be believed, or not yet; the stored version stays the newest."""

    reason: str
    text: HeldText | None = None  # what waits for another visit


@dataclass(frozen=True, slots=True)
class Returned:
    """An earlier text was shown, but it is not what the outlet says now."""

    recurrence: Recurrence
    text: HeldText | None = None  # counted on, should it stay


class Content(NamedTuple):
    """The text of a version."""

    text: str  # standfirst, body and captions
    captions_at: int | None  # where the captions begin; None without any


def content(extract: Extract) -> Content:
    """What is stored of an extract: captions stand behind the text, since their figures are revised like any other."""
    if not extract.captions:
        return Content(extract.text, None)
    captions = "\n\n".join(extract.captions)
    before = f"{extract.text}\n\n" if extract.text else ""
    return Content(before + captions, len(before))


Decision: TypeAlias = Seen | New | Held | Returned


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a text came."""

    seen_at: datetime
    whole: bool = True  # False when the transfer could not prove the end of the body
    headers: Mapping[str, str] = field(default_factory=dict)


def decide(
    stored: StoredVersion | None,
    extract: Extract,
    *,
    seen_at: datetime,
    whole: bool,
    headers: Mapping[str, str] | None = None,
    recent: Recent | None = None,
) -> Decision:
    """Decide what to do with an extract seen at `seen_at`; `stored` is the newest version, None before the first.

    `whole` is False when the transfer could not prove the end of the body. Without `recent` there is nobody to
    remember a doubt until the next visit: then only what can be told at once is held.
    """
    if extract.verdict is not Verdict.ARTICLE:
        return Held(f"{extract.verdict}: {extract.detail}".rstrip(": "))
    found = content_hash(extract.title, content(extract).text)
    if stored is not None and found == stored.content_hash:
        return Seen(stored.version_id, _taking_turns(stored, recent) if recent else None)
    if recent is not None and (doubt := _unlikely(stored, extract, found, recent)):
        return _sketched(_wait(doubt, extract.doubt, found, recent, seen_at), content(extract).text)
    if stored is None:
        return New(None, 1, None, found)
    return _changed(stored, extract, found, Arrival(seen_at, whole, headers or {}), recent)


def confirmed(stored: StoredVersion | None, earlier: Extract, extract: Extract, recent: Recent) -> New | None:
    """What the page that waits as unlikely is, now that another visit shows its article changed; None: still a doubt.

    `earlier` is the page that waits, as read today. A text that comes again unchanged confirms itself.
    """
    held, texts = recent.held, (content(earlier).text, content(extract).text)
    if held is None or held.doubt is not Doubt.UNLIKELY or {earlier.verdict, extract.verdict} != {Verdict.ARTICLE}:
        return None
    was, found = (content_hash(each.title, text) for each, text in zip((earlier, extract), texts, strict=True))
    if found in {was, held.content_hash} or (stored is not None and stored.content_hash in {was, found}):
        return None
    if (earlier.canonical_url, earlier.language) != (extract.canonical_url, extract.language):
        return None
    if not doubts.confirm_each_other(*texts, recent.sketches):
        return None
    return New(None, 1, None, was) if stored is None else _next(stored, earlier, was)


def _changed(
    stored: StoredVersion, extract: Extract, found: str, arrival: Arrival, recent: Recent | None
) -> New | Held | Returned:
    """Decide on another text than the newest version's."""
    if arrival.seen_at < stored.last_seen_at:
        return Held("older than the newest version")
    if recent is None:
        cut = doubts.doubt(stored.text, content(extract).text, whole=arrival.whole) is Doubt.CUT
        return Held(f"{Doubt.CUT}: {_share(stored, extract)}") if cut else _next(stored, extract, found)
    return _returned(stored, extract, found, arrival, recent) or _doubtful(stored, extract, found, arrival, recent)


def restrain(decision: New, stored: StoredVersion, recent: Recent, *, seen_at: datetime, figures: bool) -> New | Held:
    """Keep a page that changes all the time from filling its history; `figures`: whether those reported changed."""
    if recent.today < LIVE or seen_at - stored.first_seen_at >= _BETWEEN:
        return decision
    if recent.today < UNSTABLE and figures:
        return decision
    doubt = Doubt.LIVE if recent.today < UNSTABLE else Doubt.UNSTABLE
    return _wait(doubt, f"{recent.today} versions in a day", decision.content_hash, recent, seen_at)


def _next(stored: StoredVersion, extract: Extract, found: str, reverts: Recurrence | None = None) -> New:
    reread = extract.extractor != stored.extractor
    return New(stored.version_id, stored.ordinal + 1, stored.last_seen_at, found, reread, reverts)


def _doubtful(stored: StoredVersion, extract: Extract, found: str, arrival: Arrival, recent: Recent) -> New | Held:
    doubt = doubts.doubt(stored.text, content(extract).text, whole=arrival.whole)
    if doubt is None or doubts.is_confirmed(doubt, found, recent.held, extract.modified_at):
        return _next(stored, extract, found)
    return _wait(doubt, _share(stored, extract), found, recent, arrival.seen_at)


def _unlikely(stored: StoredVersion | None, extract: Extract, found: str, recent: Recent) -> Doubt | None:
    """Whether a page that may be no article is not believed yet, or never.

    The known text speaks for it before everything else; the same text at other articles of the host against it, also
    when they have shown another since.
    """
    if not extract.doubt or (stored is not None and doubts.is_related(stored.text, content(extract).text)):
        return None
    held = recent.held
    shared = held is not None and held.content_hash == found and held.doubt is Doubt.SHARED
    if shared or found in recent.elsewhere:
        return Doubt.SHARED
    return None if doubts.is_confirmed(Doubt.UNLIKELY, found, held, None) else Doubt.UNLIKELY


def _share(stored: StoredVersion, extract: Extract) -> str:
    share = len(comparable(content(extract).text)) / max(1, len(comparable(stored.text)))
    return f"{share:.0%} of the length of the newest version"


def _wait(doubt: Doubt, why: str, found: str, recent: Recent, seen_at: datetime) -> Held:
    held = recent.held
    same = held is not None and held.content_hash == found
    since, visits = (held.first_seen_at, held.visits + 1) if held is not None and same else (seen_at, 1)
    return Held(f"{doubt}: {why}", HeldText(found, doubt, since, seen_at, visits))


def _sketched(decision: Held, text: str) -> Held:
    """With the keys of its sentences, by which a doubted page is found to be like those of other articles."""
    held = replace(decision.text, sketch=doubts.sketch(text)) if decision.text else None
    return Held(decision.reason, held)


# --- an earlier text is back -------------------------------------------------------------------------


def _taking_turns(stored: StoredVersion, recent: Recent) -> Recurrence | None:
    """The newest text is back while an earlier one waited to be believed: they take turns."""
    held = recent.held
    if held is None or held.doubt is not Doubt.RETURNED:
        return None
    text = _past(held.content_hash, recent)
    if text is None or text.variant:
        return None
    return Recurrence(text.version_id, Return.VARIANT, f"seen in turn with version {stored.ordinal}", held.visits)


def _returned(
    stored: StoredVersion, extract: Extract, found: str, arrival: Arrival, recent: Recent
) -> New | Held | Returned | None:
    text = _past(found, recent)
    if text is None or not recent.texts:
        return None
    newest = recent.texts[0]
    sighting = returns.sighting(
        found, recent.held, seen_at=arrival.seen_at, headers=arrival.headers, modified_at=extract.modified_at
    )
    if because := returns.stale(sighting, newest):
        return Returned(Recurrence(text.version_id, Return.STALE_COPY, because))
    if returns.is_confirmed(text, newest, sighting):
        because = f"stayed for {sighting.visits} visits"
        return _next(stored, extract, found, Recurrence(text.version_id, Return.REVERTED, because))
    waiting = _waiting(found, sighting)
    if returns.takes_turns(text, newest, sighting):
        return Returned(
            Recurrence(text.version_id, Return.VARIANT, f"seen in turn with version {stored.ordinal}"), waiting
        )
    return Held(f"{Doubt.RETURNED}: an earlier text, for {sighting.visits} visits", waiting)


def _waiting(found: str, sighting: Sighting) -> HeldText:
    return HeldText(found, Doubt.RETURNED, sighting.since, sighting.seen_at, sighting.visits)


def _past(found: str, recent: Recent) -> PastText | None:
    """The latest version with this text."""
    return next((text for text in recent.texts if text.content_hash == found), None)
