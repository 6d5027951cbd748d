"""What a watcher reports, and what an audit says of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from worker.model import Bound, RevisionKind
    from worker.newsroom.scenario import StatedRevision


@dataclass(frozen=True, slots=True)
class FoundRevision:
    """A revision as the watcher reports it."""

    url: str  # of the article
    kind: RevisionKind
    old_low: Decimal
    old_high: Decimal | None
    old_bound: Bound
    new_low: Decimal | None = None  # all three None when withdrawn
    new_high: Decimal | None = None
    new_bound: Bound | None = None
    unit: str | None = None  # shown, not compared
    detected_at: datetime | None = None

    def __str__(self) -> str:
        return f"{self.url}: {self.kind}: {_value(self.old_low, self.old_high)} to {self._new()}, {self._bounds()}"

    def _new(self) -> str:
        return "nothing" if self.new_low is None else _value(self.new_low, self.new_high)

    def _bounds(self) -> str:
        return self.old_bound if self.new_bound is None else f"{self.old_bound} to {self.new_bound}"


def _value(low: Decimal, high: Decimal | None) -> str:
    return f"{low:f}" if low == high else f"{low:f}..{'' if high is None else f'{high:f}'}"


@dataclass(frozen=True, slots=True)
class FoundVersion:
    """A version as the watcher stored it."""

    url: str  # of the article
    ordinal: int  # 1 for the first
    title: str
    text: str  # paragraphs separated by white space


@dataclass(frozen=True, slots=True)
class ExpectedRevision:
    """A revision that could be seen by who was served these two versions."""

    url: str
    old_version: int
    new_version: int
    stated: StatedRevision
    changed_at: datetime  # when the new version went out

    def __str__(self) -> str:
        new = repr(self.stated.new.text) if self.stated.new else "nothing"
        versions = f"versions {self.old_version} and {self.new_version}"
        return f"{self.url}: {self.stated.kind}: {self.stated.old.text!r} to {new}, {versions}"


@dataclass(frozen=True, slots=True)
class RevisionTally:
    """How many revisions of a kind, or of all."""

    published: int  # stated by neighbouring versions that are out
    observed: int  # that could be seen by who was served what the ledger says
    caught: int
    missed: int
    false: int  # reported, and never served
    doubled: int  # reported more often than they were served


@dataclass(frozen=True, slots=True)
class VersionTally:
    """How many versions of articles; a page that changes only around its text is no new version."""

    published: int = 0
    observed: int = 0
    stored: int = 0
    lost: int = 0  # observed, and not stored
    duplicated: int = 0  # stored more often than observed
    unexpected: int = 0  # stored with a title or text that was not served at that address
    misordered: int = 0  # articles whose versions are all there, in another order than they were served

    def __add__(self, other: VersionTally) -> VersionTally:
        return VersionTally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def wrong(self) -> int:
        """Everything that is not as it should be."""
        return self.lost + self.duplicated + self.unexpected + self.misordered


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of an audit."""

    revisions: RevisionTally
    kinds: Mapping[RevisionKind, RevisionTally]
    versions: VersionTally | None  # None when no stored versions were given
    articles: int  # published
    articles_observed: int
    cosmetic: int  # edits that are no revision, published
    cosmetic_observed: int
    requests: int
    not_modified: int  # answers 304
    delays: tuple[float, ...]  # seconds from a version going out to its revision being detected, ascending
    missed: tuple[ExpectedRevision, ...]
    false: tuple[FoundRevision, ...]
    doubled: tuple[FoundRevision, ...]

    @property
    def ok(self) -> bool:
        """Tell whether everything that could be seen was reported once, and nothing else.

        A play with revisions of which none was ever served proves nothing, and is not ok.
        """
        wrong = len(self.missed) + len(self.false) + len(self.doubled) + (self.versions.wrong if self.versions else 0)
        return wrong == 0 and (self.revisions.observed > 0 or self.revisions.published == 0)
