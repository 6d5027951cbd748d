"""Whether what a page shows now is a new version of its article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from worker.core.text import comparable, content_hash
from worker.model import Verdict

if TYPE_CHECKING:
    from datetime import datetime

    from worker.model import Extract, StoredVersion

# A body whose end was not proved and that lost this share of the text is taken for cut off, not for revised.
_KEPT = 0.9


@dataclass(frozen=True, slots=True)
class Seen:
    """The page still shows this version."""

    version_id: int


@dataclass(frozen=True, slots=True)
class New:
    """The page shows something new."""

    previous_version_id: int | None
    ordinal: int  # 1 for the first
    changed_after: datetime | None  # the last visit that saw the version before
    content_hash: str
    # The version before was read by another extractor, so the difference may be the extractor's: no revisions.
    reread: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What came is not to be believed, or not yet; the stored version stays the newest."""

    reason: str


Decision: TypeAlias = Seen | New | Held


def decide(stored: StoredVersion | None, extract: Extract, *, seen_at: datetime, whole: bool) -> Decision:
    """Decide what to do with an extract seen at `seen_at`; `stored` is the newest version, None before the first.

    `whole` is False when the transfer could not prove the end of the body.
    """
    if extract.verdict is not Verdict.ARTICLE:
        return Held(f"{extract.verdict}: {extract.detail}".rstrip(": "))
    found = content_hash(extract.title, extract.text)
    if stored is None:
        return New(None, 1, None, found)
    if found == stored.content_hash:
        return Seen(stored.version_id)
    if seen_at < stored.last_seen_at:
        return Held("older than the newest version")
    if not whole and len(comparable(extract.text)) < _KEPT * len(comparable(stored.text)):
        return Held("shorter than the newest version, and the end of the body is not proved")
    reread = extract.extractor != stored.extractor
    return New(stored.version_id, stored.ordinal + 1, stored.last_seen_at, found, reread)
