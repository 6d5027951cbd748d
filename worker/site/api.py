"""The read API, version 1. Fields are named as in the views `v1_revisions` and `v1_changes`, and only ever added."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of what is made inside a function.

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, PlainSerializer

from worker.core.figures.wire import number_to_json
from worker.model import Bound, Change, ChangeKind, CopyKind, RevisionKind, RevisionRow, RippleRow, RippleState
from worker.site.reading import Store

LARGEST_KEY = 2**63 - 1


Number = Annotated[Decimal, PlainSerializer(number_to_json, return_type=int | float)]
Cursor = Annotated[int, Query(ge=0, le=LARGEST_KEY, description="`next_after` of the page before; 0 for the first")]
Limit = Annotated[int, Query(ge=1, le=1000)]
ArticleId = Annotated[int, Query(ge=1, le=LARGEST_KEY)]


class RevisionOut(BaseModel):
    """A reported figure that two versions, or a later article, report differently. Times are in UTC."""

    revision_id: int
    article_id: int
    outlet: str
    url: str
    title: str
    kind: RevisionKind
    old_low: Number
    old_high: Number | None
    old_bound: Bound
    old_sentence: str
    new_low: Number | None
    new_high: Number | None
    new_bound: Bound | None
    new_sentence: str | None
    unit: str | None
    noun: str | None
    subject: str
    changed_after: datetime
    changed_before: datetime
    detected_at: datetime
    confidence: float
    because: str
    declared: bool  # the new version says itself that it corrects the figure
    old_article_id: int | None  # where the old figure stands: another article when superseded
    old_outlet: str | None
    series_id: int | None


class Revisions(BaseModel):
    """A page of revisions, oldest first."""

    revisions: list[RevisionOut]
    next_after: int  # unchanged when there was nothing new


class ChangeOut(BaseModel):
    """An event of the change feed."""

    model_config = ConfigDict(from_attributes=True)

    position: int
    at: datetime
    kind: ChangeKind
    article_id: int
    version_id: int | None
    revision_id: int | None
    story_id: int | None


class Changes(BaseModel):
    """A page of the change feed, in order."""

    changes: list[ChangeOut]
    next_after: int  # unchanged when there was nothing new


class RippleOut(BaseModel):
    """A copy that printed the old figure when another article revised it. Times are in UTC."""

    revision_id: int
    article_id: int  # whose figure was revised
    outlet: str
    copy_id: int  # the article that is its copy
    copy_outlet: str
    copy_url: str
    state: RippleState
    old_low: Number
    old_high: Number | None
    new_low: Number
    new_high: Number | None
    unit: str | None
    subject: str
    copy_sentence: str | None
    revised_at: datetime
    found_at: datetime
    ended_at: datetime | None


class Ripples(BaseModel):
    """Copies behind a revision, newest revision first."""

    ripples: list[RippleOut]


class CopyOut(BaseModel):
    """An article that is a copy of another."""

    model_config = ConfigDict(from_attributes=True)

    copy_id: int
    outlet: str
    url: str
    title: str
    kind: CopyKind
    contained: float  # share of the shorter text that stands in the longer, 0 to 1
    is_part: bool  # it is the shorter of the two
    found_at: datetime


class Copies(BaseModel):
    """Copies of one article, the first published first."""

    article_id: int
    copies: list[CopyOut]


def router(store: Store) -> APIRouter:
    """Routes under /api/v1."""
    routes = APIRouter(prefix="/api/v1", tags=["v1"])

    @routes.get("/revisions")
    def revisions(after: Cursor = 0, limit: Limit = 100) -> Revisions:
        """Revisions with ids over `after`, oldest first.

        On PostgreSQL an id may become visible after a greater one; whoever must miss nothing follows /api/v1/changes.
        """
        rows = store.queries.revisions_after(after, limit)
        return Revisions(revisions=[_shown(row) for row in rows], next_after=rows[-1].revision_id if rows else after)

    @routes.get("/changes")
    def changes(after: Cursor = 0, limit: Limit = 100) -> Changes:
        """The change feed behind position `after`: dense, in order, nothing is ever inserted before what was read."""
        rows: tuple[Change, ...] = store.changes.after(after, limit)
        shown = [ChangeOut.model_validate(row) for row in rows]
        return Changes(changes=shown, next_after=rows[-1].position if rows else after)

    @routes.get("/ripples")
    def ripples(limit: Limit = 100, every: bool = False) -> Ripples:  # noqa: FBT001, FBT002 - a query parameter
        """Copies that still print the old figure; with `every`, those that followed, too."""
        return Ripples(ripples=[_rippled(row) for row in store.queries.ripples(limit, every=every)])

    @routes.get("/copies")
    def copies(article_id: ArticleId) -> Copies:
        """Copies of an article; none when there is no such article."""
        found = store.queries.copies(article_id)
        return Copies(article_id=article_id, copies=[CopyOut.model_validate(row) for row in found])

    return routes


def _rippled(row: RippleRow) -> RippleOut:
    return RippleOut(
        revision_id=row.revision_id,
        article_id=row.article_id,
        outlet=row.outlet,
        copy_id=row.copy_id,
        copy_outlet=row.copy_outlet,
        copy_url=row.copy_url,
        state=row.state,
        old_low=row.old.low,
        old_high=row.old.high,
        new_low=row.new.low,
        new_high=row.new.high,
        unit=row.old.unit,
        subject=row.old.subject,
        copy_sentence=row.copy_sentence,
        revised_at=row.revised_at,
        found_at=row.found_at,
        ended_at=row.ended_at,
    )


def _shown(row: RevisionRow) -> RevisionOut:
    old, new = row.old, row.new
    return RevisionOut(
        revision_id=row.revision_id,
        article_id=row.article_id,
        outlet=row.outlet,
        url=row.url,
        title=row.title,
        kind=row.kind,
        old_low=old.low,
        old_high=old.high,
        old_bound=old.bound,
        old_sentence=old.sentence,
        new_low=new.low if new else None,
        new_high=new.high if new else None,
        new_bound=new.bound if new else None,
        new_sentence=new.sentence if new else None,
        unit=old.unit,
        noun=old.noun,
        subject=old.subject,
        changed_after=row.changed_after,
        changed_before=row.changed_before,
        detected_at=row.detected_at,
        confidence=row.confidence,
        because=row.because,
        declared=row.declared,
        old_article_id=row.old_article_id,
        old_outlet=row.old_outlet,
        series_id=row.series_id,
    )
