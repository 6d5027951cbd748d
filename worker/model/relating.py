"""Relating a version to what other articles say: copies, stories, series."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from worker.model.corrections import Declaration
    from worker.model.stories import StoryIntent
    from worker.model.visiting import Lease


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
class RelationIntent:
    """Everything that relating one version writes, in one transaction."""

    lease: Lease  # its id is the version's
    article_id: int
    at: datetime
    story: StoryIntent | None = None
    declarations: tuple[Declaration, ...] = ()
