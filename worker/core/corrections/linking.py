"""Which revision a note declares: the one whose values it names, or the only one there is to declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.core.revisions.units import same_value
from worker.core.revisions.words import WORD, stem
from worker.model import NoteKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worker.model import Figure, Note, Revision

SHORTEST = 4  # letters of a word that says what was corrected


def link(note: Note, revisions: Mapping[int, Revision]) -> tuple[int, ...]:
    """The keys of the revisions between a version and the one before that its note declares."""
    if note.kind is NoteKind.UPDATE and not note.stated:
        return ()  # "UPDATE: adds comment" declares nothing
    named = [key for key, revision in revisions.items() if names(note, revision)]
    if named or note.stated:
        return tuple(named)
    told = [key for key, revision in revisions.items() if tells(note, revision)]
    return tuple(told or (revisions if len(revisions) == 1 else ()))


def names(note: Note, revision: Revision) -> bool:
    """Whether a note names the old value, or the new one."""
    values = [revision.old, *([revision.new] if revision.new else [])]
    return any(same_size(stated.figure, value) for stated in note.stated for value in values)


def same_size(stated: Figure, value: Figure) -> bool:
    """The same value; a note may leave the unit out."""
    return same_value(stated, value) or (stated.unit is None and stated.low == value.low and stated.high == value.high)


def tells(note: Note, revision: Revision) -> bool:
    """Whether a note without figures speaks of what is counted: "misstated the number of tanks"."""
    return not stems(note.text).isdisjoint(stems(revision.old.subject))


def stems(text: str) -> set[str]:
    """Stems of the longer words."""
    return {stem(match.group().lower()) for match in WORD.finditer(text) if len(match.group()) >= SHORTEST}
