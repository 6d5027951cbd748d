"""The read API, version 1. Fields are named as in the views `v1_revisions` and `v1_changes`, and only ever added."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of what is made inside a function.

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, PlainSerializer

from worker.core.figures.wire import number_to_json
from worker.model import Bound, Change, ChangeKind, RevisionKind, RevisionRow
from worker.site.reading import Store

LARGEST_KEY = 2**63 - 1


Number = Annotated[Decimal, PlainSerializer(number_to_json, return_type=int | float)]
Cursor = Annotated[int, Query(ge=0, le=LARGEST_KEY, description="`next_after` of the page before; 0 for the first")]
Limit = Annotated[int, Query(ge=1, le=1000)]


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

    return routes


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
