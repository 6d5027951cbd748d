"""What a newsroom plays: outlets, their articles, and every version of each article with its moment.

All moments are whole seconds after the start of the play, so that dates in HTTP headers, which have no
fractions, tell two versions apart exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from worker.model import RevisionKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from worker.model import Bound, Policy


class FeedFormat(StrEnum):
    """How an outlet writes its feeds."""

    RSS = "rss"  # RSS 2.0
    ATOM = "atom"  # RFC 4287


class Layout(StrEnum):
    """The markup an outlet's pages are wrapped in; each is a template of that name."""

    BROADSHEET = "broadsheet"
    WIRE = "wire"
    PORTAL = "portal"
    LEGACY = "legacy"


class Offer(StrEnum):
    """Which validators an outlet sends (RFC 9110, 8.8)."""

    BOTH = "both"
    ETAG = "etag"
    LAST_MODIFIED = "last_modified"
    NONE = "none"


class Edit(StrEnum):
    """What an editor did between two versions. The first three are revisions; no other may be reported as one."""

    REVISED = "revised"
    REQUALIFIED = "requalified"
    WITHDRAWN = "withdrawn"
    ADDED = "added"  # a passage the article did not have
    CUT = "cut"  # a passage taken out for length
    HEADLINE = "headline"
    WORDING = "wording"
    FORMAT = "format"  # the same number written another way
    MOVED = "moved"  # paragraphs in another order
    TYPO = "typo"
    TIME_LINE = "time_line"  # only the "updated at" line of the page


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure as one version reports it."""

    text: str  # hedge, number and what is counted, as printed in the body
    headline: str  # the same as printed in the title
    low: Decimal
    high: Decimal | None  # equal to low unless a range; None for vague plurals
    bound: Bound
    unit: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it stands from one moment on."""

    number: int  # 1 for the first
    at: int  # seconds after the start
    title: str
    paragraphs: tuple[str, ...]
    figures: Mapping[str, Statement]  # those that it prints, by name
    edits: tuple[Edit, ...]  # what was done to the version before; empty for the first
    cut: frozenset[str]  # names that left with their passage, in this version or an earlier one
    note: str

    @property
    def cosmetic(self) -> bool:
        """Tell whether it is an edit that must not be reported."""
        return self.number > 1 and not {*self.edits} & {*REVISIONS}


@dataclass(frozen=True, slots=True)
class Article:
    """The work behind one address."""

    outlet: str  # slug
    path: str  # absolute, on the outlet's host
    author: str
    versions: tuple[Version, ...]

    @property
    def section(self) -> str:
        """The first part of the path."""
        return self.path.split("/")[1]

    def version_at(self, seconds: float) -> Version | None:
        """The version that stands at a moment; None before it is published."""
        standing = [v for v in self.versions if v.at <= seconds]
        return standing[-1] if standing else None


@dataclass(frozen=True, slots=True)
class PlayedOutlet:
    """A publisher of the scenario."""

    slug: str
    name: str
    language: str  # BCP 47
    country: str  # ISO 3166-1 alpha-2
    feed_format: FeedFormat
    feeds: tuple[str, ...]  # "latest" lists everything, any other name the section of that name
    layout: Layout
    churn: bool  # bytes differ at every request though the article does not
    validators: Offer
    gzip: bool
    full_text: bool  # its feeds carry the whole text
    policy: Policy
    teasers: tuple[str, ...]  # headlines around the text that are no part of it


@dataclass(frozen=True, slots=True)
class Scenario:
    """A whole play."""

    title: str
    outlets: tuple[PlayedOutlet, ...]
    articles: tuple[Article, ...]
    digest: str  # SHA-256 in hex of the file it was read from

    def articles_of(self, slug: str) -> tuple[Article, ...]:
        """The articles of one outlet, in the order of the file."""
        return tuple(a for a in self.articles if a.outlet == slug)


# A kind that tells of two articles is no edit of one.
REVISIONS: Mapping[Edit, RevisionKind] = {
    edit: RevisionKind(edit.value) for edit in (Edit.REVISED, Edit.REQUALIFIED, Edit.WITHDRAWN)
}


@dataclass(frozen=True, slots=True)
class StatedRevision:
    """What a careful editor would say of one named figure in two versions."""

    name: str
    kind: RevisionKind
    old: Statement
    new: Statement | None  # None when withdrawn


def stated_revisions(old: Version, new: Version) -> tuple[StatedRevision, ...]:
    """Every revision between two versions of one article, neighbours or not, by the name of the figure."""
    found = (_stated_revision(name, old.figures[name], new) for name in sorted(old.figures))
    return tuple(revision for revision in found if revision)


def _stated_revision(name: str, before: Statement, new: Version) -> StatedRevision | None:
    after = new.figures.get(name)
    if after is None:
        return None if name in new.cut else StatedRevision(name, RevisionKind.WITHDRAWN, before, None)
    if (before.low, before.high, before.unit) != (after.low, after.high, after.unit):
        return StatedRevision(name, RevisionKind.REVISED, before, after)
    if before.bound != after.bound:
        return StatedRevision(name, RevisionKind.REQUALIFIED, before, after)
    return None
