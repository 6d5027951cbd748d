"""Reading history again: what an article's versions were read from, and what a better reader makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from worker.model.figures import Figure, Revision, RevisionKind
    from worker.model.visiting import Lease


@dataclass(frozen=True, slots=True)
class RawPage:
    """The bytes that a version was read from."""

    body: bytes
    url: str  # final
    headers: Mapping[str, str]
    whole: bool


@dataclass(frozen=True, slots=True)
class PastVersion:
    """A version as it was read, and what it was read from."""

    version_id: int
    title: str
    text: str
    content_hash: str
    extractor: str
    page: RawPage | None  # None when its bytes were pruned, or did not come from a page
    captions_at: int | None = None  # where in `text` the captions begin


@dataclass(frozen=True, slots=True)
class PastRevision:
    """A revision that stands."""

    revision_id: int
    old_version_id: int
    new_version_id: int
    kind: RevisionKind
    old: Figure
    new: Figure | None


@dataclass(frozen=True, slots=True)
class History:
    """An article, to be read again."""

    lease: Lease  # of the article's replay
    article_id: int
    outlet: str  # slug
    language: str  # of the article, BCP 47
    versions: tuple[PastVersion, ...]  # oldest first
    revisions: tuple[PastRevision, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a version says by today's reader."""

    version_id: int
    title: str
    text: str
    content_hash: str
    extractor: str
    figures: tuple[Figure, ...]
    changed: bool  # title or text differ from what was stored
    captions_at: int | None = None  # where in `text` the captions begin


@dataclass(frozen=True, slots=True)
class Comparison:
    """What today's reader finds between two successive versions, and what was not found before."""

    old_version_id: int
    new_version_id: int
    added: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class ReplayIntent:
    """Everything reading an article's history again writes, in one transaction."""

    lease: Lease
    article_id: int
    at: datetime
    newest_version_id: int | None  # that was lent: a newer one makes this intent stale
    readings: tuple[Reading, ...]
    comparisons: tuple[Comparison, ...]  # that added something
    retracted: tuple[int, ...]  # ids of revisions that are no longer found
    unreadable: int  # versions that today's reader takes for no article, and that stay as they are


@dataclass(frozen=True, slots=True)
class ReplayProgress:
    """How far a replay is, in articles."""

    waiting: int
    done: int
    failed: int  # given up after too many attempts
