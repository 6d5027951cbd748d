"""The read API, version 1. Fields are named as in the views `v1_revisions` and `v1_changes`, and only ever added."""

# No `from __future__ import annotations` here: FastAPI reads the annotations of what is made inside a function.

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AliasPath, BaseModel, ConfigDict, Field, PlainSerializer

from worker.core.figures.wire import number_to_json
from worker.model import Bound, Change, ChangeKind, CopyKind, RevisionKind, RippleState
from worker.site.reading import Store

LARGEST_KEY = 2**63 - 1


Number = Annotated[Decimal, PlainSerializer(number_to_json, return_type=int | float)]
Cursor = Annotated[int, Query(ge=0, le=LARGEST_KEY, description="`next_after` of the page before; 0 for the first")]
Limit = Annotated[int, Query(ge=1, le=1000)]
ArticleId = Annotated[int, Query(ge=1, le=LARGEST_KEY)]


def of(first: str, *rest: str, **default: Any) -> Any:
    """A field that is read from within another value; `default` where that is None."""
    return Field(validation_alias=AliasPath(first, *rest), **default)


class OldAndNew(BaseModel):
    """A figure and what it became, flat: the names of the views."""

    model_config = ConfigDict(from_attributes=True)

    old_low: Number = of("old", "low")
    old_high: Number | None = of("old", "high")
    old_bound: Bound = of("old", "bound")
    new_low: Number | None = of("new", "low", default=None)
    new_high: Number | None = of("new", "high", default=None)
    new_bound: Bound | None = of("new", "bound", default=None)
    unit: str | None = of("old", "unit")
    subject: str = of("old", "subject")


class RevisionOut(OldAndNew):
    """A reported figure that two versions, or a later article, report differently. Times are in UTC."""

    revision_id: int
    article_id: int
    outlet: str
    url: str
    title: str
    kind: RevisionKind
    old_sentence: str = of("old", "sentence")
    new_sentence: str | None = of("new", "sentence", default=None)
    noun: str | None = of("old", "noun")
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


class RippleOut(OldAndNew):
    """A copy that printed the old figure when another article revised it. Times are in UTC."""

    revision_id: int
    article_id: int  # whose figure was revised
    outlet: str
    copy_id: int  # the article that is its copy
    copy_outlet: str
    copy_url: str
    state: RippleState
    kind: RevisionKind
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
        return Revisions(
            revisions=[RevisionOut.model_validate(row) for row in rows],
            next_after=rows[-1].revision_id if rows else after,
        )

    @routes.get("/changes")
    def changes(after: Cursor = 0, limit: Limit = 100) -> Changes:
        """The change feed behind position `after`: dense, in order, nothing is ever inserted before what was read."""
        rows: tuple[Change, ...] = store.changes.after(after, limit)
        shown = [ChangeOut.model_validate(row) for row in rows]
        return Changes(changes=shown, next_after=rows[-1].position if rows else after)

    @routes.get("/ripples")
    def ripples(limit: Limit = 100, every: bool = False) -> Ripples:  # noqa: FBT001, FBT002 - a query parameter
        """Copies that still print the old figure; with `every`, those that followed, too."""
        rows = store.queries.ripples(limit, every=every)
        return Ripples(ripples=[RippleOut.model_validate(row) for row in rows])

    @routes.get("/copies")
    def copies(article_id: ArticleId) -> Copies:
        """Copies of an article; none when there is no such article."""
        found = store.queries.copies(article_id)
        return Copies(article_id=article_id, copies=[CopyOut.model_validate(row) for row in found])

    return routes
