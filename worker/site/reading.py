"""What the site asks of storage; it never writes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from worker.model import (
        Backlog,
        Census,
        Change,
        CopyRow,
        RevisionRow,
        RippleRow,
        SeriesLine,
        StoryLine,
        StoryPage,
        Transparency,
    )
    from worker.storage.queries import Article, OutletOverview


class Queries(Protocol):
    """Looks at what is kept. Each raises Unreachable or SchemaError when the database cannot tell."""

    def revisions(self, limit: int, before: int | None = None, outlet: str | None = None) -> tuple[RevisionRow, ...]:
        """Newest first; with ids under `before`; of one outlet (slug)."""

    def revisions_after(self, after: int, limit: int) -> tuple[RevisionRow, ...]:
        """With ids over `after`, oldest first."""

    def article(self, article_id: int) -> Article | None:
        """An article with its versions and revisions; None when there is none."""

    def copies(self, article_id: int) -> tuple[CopyRow, ...]:
        """Copies of an article, the first published first."""

    def ripples(self, limit: int, *, every: bool = False) -> tuple[RippleRow, ...]:
        """Copies that still print the old figure, newest revision first; `every`: those that followed, too."""

    def outlets(self) -> tuple[OutletOverview, ...]:
        """All configured outlets by name."""

    def census(self) -> Census:
        """How much there is."""

    def backlog(self, now: datetime) -> Backlog:
        """What waits."""

    def last_dispatch_at(self) -> datetime | None:
        """When work was last handed out; None before the first time."""

    def outage_since(self) -> datetime | None:
        """Since when nobody at all can be reached; None while somebody can."""


class StoryQueries(Protocol):
    """Looks at stories and series."""

    def stories(self, limit: int, *, before: int | None = None) -> tuple[StoryLine, ...]:
        """By id, newest first; with ids under `before`."""

    def story(self, story_id: int) -> StoryPage | None:
        """A story with its articles and series; None when there is none."""

    def story_of(self, article_id: int) -> StoryLine | None:
        """The story of an article; None when it is in none."""

    def one_series(self, series_id: int) -> SeriesLine | None:
        """A series; None when there is none."""


class Corrections(Protocol):
    """Looks at what outlets say that they corrected."""

    def transparency(self) -> tuple[Transparency, ...]:
        """One entry for each outlet, by name."""


class Changes(Protocol):
    """The change feed."""

    def after(self, position: int, limit: int) -> tuple[Change, ...]:
        """Changes behind a position, in order."""


class Store(Protocol):
    """The part of `worker.storage.Store` that is read."""

    @property
    def queries(self) -> Queries:
        """Looks at what is kept."""

    @property
    def story_queries(self) -> StoryQueries:
        """Looks at stories and series."""

    @property
    def corrections(self) -> Corrections:
        """Looks at what outlets say that they corrected."""

    @property
    def changes(self) -> Changes:
        """The change feed."""


class LazyStore:
    """Opens the store when it is first asked for: the site starts, and says that it lives, without a database.

    A failure is not kept, so the next one who asks tries again.
    """

    def __init__(self, opens: Callable[[], Store]) -> None:
        self._opens = opens
        self._lock = threading.Lock()
        self._store: Store | None = None

    @property
    def queries(self) -> Queries:
        """Looks at what is kept."""
        return self._opened().queries

    @property
    def story_queries(self) -> StoryQueries:
        """Looks at stories and series."""
        return self._opened().story_queries

    @property
    def corrections(self) -> Corrections:
        """Looks at what outlets say that they corrected."""
        return self._opened().corrections

    @property
    def changes(self) -> Changes:
        """The change feed."""
        return self._opened().changes

    def _opened(self) -> Store:
        if self._store is None:
            with self._lock:
                self._store = self._store or self._opens()
        return self._store
