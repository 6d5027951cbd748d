"""What outlets themselves say that they corrected."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from worker.model.figures import Figure


class NoteKind(StrEnum):
    """What a note calls itself, in the order in which that is looked for."""

    RETRACTION = "retraction"
    CLARIFICATION = "clarification"
    CORRECTION = "correction"
    EDITORS_NOTE = "editors_note"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure that a note names."""

    figure: Figure
    wrong: bool  # the note says that it was printed by mistake


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph in which an outlet says that it changed the article."""

    kind: NoteKind
    text: str
    stated: tuple[StatedFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class Declaration:
    """A note of a version, and the revisions between it and the version before that it declares."""

    note: Note
    revision_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A stored note."""

    correction_id: int
    article_id: int
    version_id: int  # the first that bore it
    outlet: str  # slug
    url: str
    title: str
    kind: NoteKind
    text: str
    at: datetime  # that version was first seen
    revision_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Transparency:
    """How open an outlet is about the figures that it revised within its articles."""

    outlet: str  # slug
    name: str
    revisions: int
    declared: int  # of them: a note says so
    undeclared: int
    corrections: int  # notes of any kind but updates
    unseen: int  # of these: about a change that we did not see
