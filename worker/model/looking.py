"""What is shown to people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from worker.model.figures import Figure, RevisionKind
    from worker.model.reading import FeedVerdict
    from worker.model.relating import CopyKind, RippleState


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A stored revision as commands and pages show it (the view `v1_revisions`, joined with its article)."""

    revision_id: int
    article_id: int
    outlet: str
    url: str
    title: str
    kind: RevisionKind
    old: Figure
    new: Figure | None
    changed_after: datetime
    changed_before: datetime
    detected_at: datetime
    confidence: float
    because: str
    declared: bool = False  # the new version says itself that it corrects the figure
    old_article_id: int | None = None  # where the old figure stands: another article when superseded
    old_outlet: str | None = None
    old_title: str | None = None
    series_id: int | None = None  # of the new figure


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A copy of an article, as commands and pages show it (the view `v1_copies`, joined with the other article)."""

    copy_id: int  # its article
    outlet: str
    url: str
    title: str
    kind: CopyKind
    contained: float  # share of the shorter text that stands in the longer, 0 to 1
    is_part: bool  # it is the shorter of the two
    found_at: datetime


@dataclass(frozen=True, slots=True)
class RippleRow:
    """A copy that printed the old figure when another article revised it (the view `v1_ripples`)."""

    revision_id: int
    article_id: int  # whose figure was revised
    outlet: str
    title: str
    copy_id: int  # the article that is its copy
    copy_outlet: str
    copy_url: str
    state: RippleState
    kind: RevisionKind
    old: Figure
    new: Figure | None  # None when it was withdrawn
    copy_sentence: str | None  # that prints the old figure, or the new one; None when it prints neither
    revised_at: datetime  # the first visit that saw the revision
    found_at: datetime
    ended_at: datetime | None  # the first visit that saw the copy without the old figure


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is waiting, and for how long."""

    due: int  # resources whose time has come
    due_lag_seconds: float  # of the one waiting longest
    unread: int  # captures to be read
    quarantined: int
    leased_hosts: int
    unrelated: int = 0  # versions that wait to be related to other articles
    unrelatable: int = 0  # versions given up on
    quarantined_visits: int = 0  # resources that are hardly visited: each visit ended the process that made it
    replaying: int = 0  # articles whose history waits to be read again
    broken_outlets: tuple[str, ...] = ()  # slugs of those whose extraction is broken: they make no versions
    # Of webhooks, by how they are doing.
    endpoints: Mapping[str, int] = field(default_factory=lambda: {"active": 0, "failing": 0, "disabled": 0})


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed that is polled, and what came of it last."""

    url: str
    outlet: str  # slug
    outcome: str | None  # of the last visit (`Outcome`), None before the first
    detail: str  # of that, for people
    failures: int  # in a row
    visited_at: datetime | None
    next_visit_at: datetime | None
    moved_to: str | None  # where permanent redirects led at the last success
    capture_id: int | None  # the newest that was fetched
    quarantined: bool  # that capture, after too many attempts to read it


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """What the newest document of a feed holds, as far as a person who configured it should know."""

    verdict: FeedVerdict
    detail: str
    entries: int
    sitemaps: int
    dated: int  # entries with a date
    newest: datetime | None
    told: int  # entries with a text or a summary
    cut: int  # of these, such that end in an ellipsis


@dataclass(frozen=True, slots=True)
class Census:
    """How much the database holds."""

    outlets: int
    feeds: int
    articles: int
    versions: int
    figures: int
    revisions: int
    captures: int
    position: int  # of the change feed
    tallies: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # e.g. {"visit": {"fresh": 12}}
