"""Which of the articles that the index brought up are copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.core.copies.likeness import compare
from worker.core.copies.prose import read
from worker.model import CopyLink

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from worker.core.copies.prose import Prose
    from worker.model import Neighbour, Subject


def find(subject: Subject, prose: Prose, neighbours: Iterable[Neighbour]) -> Iterator[CopyLink]:
    """Links to those whose text is a copy of the subject's, or a part of it, or has it as a part."""
    for other in neighbours:
        likeness = compare(prose, read(other.text), same_outlet=subject.outlet == other.outlet)
        if likeness is not None:
            yield CopyLink(
                article_id=subject.article_id,
                version_id=subject.version_id,
                other_id=other.article_id,
                other_version_id=other.version_id,
                kind=likeness.kind,
                contained=likeness.contained,
                part_id=subject.article_id if likeness.a_is_shorter else other.article_id,
            )
