"""From the raw bytes of an article's versions to what today's reader makes of them.

Both sides of every comparison are read by the same code, or a better extractor would look like a newsroom's revision.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from worker.core import extraction, figures, locations, revisions, versions
from worker.core.text import content_hash
from worker.model import Comparison, Reading, ReplayIntent, Text, Verdict

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence
    from datetime import datetime

    from worker.model import Figure, History, PastRevision, PastVersion, Revision


def is_current(extractor: str) -> bool:
    """Tell whether a version was read by today's reader."""
    return extractor == extraction.EXTRACTOR


def intent(history: History, now: datetime) -> ReplayIntent:
    """Read all versions of an article again, and compare each with the one before."""
    readings = [read(version, history.language) for version in history.versions]
    comparisons: list[Comparison] = []
    retracted: list[int] = []
    for old, new in pairwise(readings):
        if old.extractor != new.extractor:  # one side's bytes are gone: a difference may be the reader's
            continue
        added, gone = settle(_standing(history, old, new), _compare(old, new, history.language))
        retracted += gone
        if added:
            comparisons.append(Comparison(old.version_id, new.version_id, added))
    return ReplayIntent(
        lease=history.lease,
        article_id=history.article_id,
        at=now,
        newest_version_id=history.versions[-1].version_id if history.versions else None,
        readings=tuple(readings),
        comparisons=tuple(comparisons),
        retracted=tuple(retracted),
        unreadable=sum(
            past.page is not None and reading.extractor != extraction.EXTRACTOR
            for past, reading in zip(history.versions, readings, strict=True)
        ),
    )


def read(version: PastVersion, language: str) -> Reading:
    """A version by today's reader; as it was stored where its bytes are gone or are no article to this reader."""
    title, text, extractor, found_hash = version.title, version.text, version.extractor, version.content_hash
    captions_at = version.captions_at
    if version.page is not None and not is_current(version.extractor):
        page = version.page
        extract = extraction.extract(page.body, headers=page.headers, url=page.url, language=language, whole=page.whole)
        if extract.verdict is Verdict.ARTICLE:
            text, captions_at = versions.content(extract)
            title, extractor = extract.title, extract.extractor
            found_hash = content_hash(title, text)
    return Reading(
        version_id=version.version_id,
        title=title,
        text=text,
        content_hash=found_hash,
        extractor=extractor,
        figures=locations.located(figures.read(Text(title, text), language), text, captions_at),
        changed=(title, text) != (version.title, version.text),
        captions_at=captions_at,
    )


def settle(standing: Sequence[PastRevision], found: Iterable[Revision]) -> tuple[tuple[Revision, ...], tuple[int, ...]]:
    """What of `found` is new, and the ids of what stands and was not found again.

    Two revisions are one when they say the same of the same values: offsets and sentences move with the reader.
    """
    unseen = Counter(_identity(past.kind, past.old, past.new) for past in standing)
    added = []
    for revision in found:
        identity = _identity(revision.kind, revision.old, revision.new)
        if unseen[identity]:
            unseen[identity] -= 1
        else:
            added.append(revision)
    gone = []
    for past in standing:
        identity = _identity(past.kind, past.old, past.new)
        if unseen[identity]:
            unseen[identity] -= 1
            gone.append(past.revision_id)
    return tuple(added), tuple(gone)


def _standing(history: History, old: Reading, new: Reading) -> tuple[PastRevision, ...]:
    pair = old.version_id, new.version_id
    return tuple(past for past in history.revisions if (past.old_version_id, past.new_version_id) == pair)


def _compare(old: Reading, new: Reading, language: str) -> tuple[Revision, ...]:
    before, after = Text(old.title, old.text), Text(new.title, new.text)
    return revisions.compare(before, after, language=language, figures=(old.figures, new.figures))


def _identity(kind: Hashable, old: Figure, new: Figure | None) -> Hashable:
    return kind, _value(old), _value(new) if new is not None else None


def _value(figure: Figure) -> Hashable:
    return figure.low, figure.high, figure.bound, figure.unit
