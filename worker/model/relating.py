"""Relating a version to what other articles say: copies, stories, series."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from worker.model.corrections import Declaration
    from worker.model.figures import Figure, RevisionKind
    from worker.model.stories import StoryIntent
    from worker.model.visiting import Lease


class CopyKind(StrEnum):
    """How one article's text is a copy of another's."""

    EXACT = "exact"  # word for word
    NEAR = "near"  # edited, cut or added to, but each is most of the other
    PARTIAL = "partial"  # most of the shorter stands in the longer, which has much else


@dataclass(frozen=True, slots=True)
class Subject:
    """A version that waits to be related, with what is known of its article."""

    lease: Lease  # its id is the version's
    version_id: int
    ordinal: int  # 1 for the first version of its article
    article_id: int
    outlet: str  # slug
    language: str  # BCP 47
    url: str  # canonical
    title: str
    text: str  # paragraphs separated by a blank line
    published_at: datetime | None  # as the outlet says
    first_seen_at: datetime  # when the article became known
    seen_at: datetime  # the first visit that saw this version
    attempt: int  # 1 for the first


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An article that shares a bucket of the index, as of its newest version."""

    article_id: int
    version_id: int
    outlet: str  # slug
    text: str


@dataclass(frozen=True, slots=True)
class CopyLink:
    """Two articles that are copies of one another."""

    article_id: int  # the one that was related
    version_id: int  # its version
    other_id: int
    other_version_id: int
    kind: CopyKind
    contained: float  # share of the shorter text that stands in the longer, 0 to 1
    part_id: int  # the article whose text is the shorter: of a partial copy, the part


@dataclass(frozen=True, slots=True)
class KnownRevision:
    """A revision of a figure, as far as following it through copies needs it."""

    revision_id: int
    kind: RevisionKind
    old: Figure
    new: Figure | None  # None when it was withdrawn


@dataclass(frozen=True, slots=True)
class Kin:
    """An article among its copies, as of its newest version."""

    article_id: int
    outlet: str  # slug
    outlet_name: str
    wire: str | None  # the agency it credits
    published_at: datetime | None  # as the outlet says
    first_seen_at: datetime
    origin_id: int | None  # the article first published among its copies, as known so far
    version_id: int
    seen_at: datetime  # the first visit that saw the version
    figures: tuple[tuple[int, Figure], ...]  # of the version, with their ids
    revisions: tuple[KnownRevision, ...]  # within the article, oldest first
    ripples: Mapping[int, RippleState]  # what it was known to print where another revised, by revision


class RippleState(StrEnum):
    """What a copy prints where another revised its figure."""

    OLD = "old"  # still the old figure
    FOLLOWED = "followed"  # it printed the old one, and prints the new one now, or has withdrawn it, too
    DROPPED = "dropped"  # it printed the old one, and prints neither now
    MOOT = "moot"  # the other went back to the old one


@dataclass(frozen=True, slots=True)
class Ripple:
    """How a revision in one article fares in a copy of it."""

    revision_id: int
    article_id: int  # the copy
    version_id: int  # of the copy, by which this was judged
    figure_id: int | None  # in it: the old figure, or the new one; None when dropped
    state: RippleState
    at: datetime  # that version was first seen


@dataclass(frozen=True, slots=True)
class RelationIntent:
    """Everything that relating one version writes, in one transaction."""

    lease: Lease  # its id is the version's
    article_id: int
    at: datetime
    story: StoryIntent | None = None
    declarations: tuple[Declaration, ...] = ()
    copies: tuple[CopyLink, ...] = ()
    origins: Mapping[int, int] = field(default_factory=dict)  # article ► the article first published, where that is new
    ripples: tuple[Ripple, ...] = ()
    merges: tuple[tuple[int, int], ...] = ()  # (article, the one that it proved to be)
