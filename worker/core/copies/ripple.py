"""A revision that goes through copies: who still prints the old figure, who followed, and when."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from worker.model import RevisionKind, Ripple, RippleState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from worker.model import Figure, Kin, KnownRevision

_WORD = re.compile(r"[^\W\d_]+")
_SAME_STATEMENT = 0.5  # of the words of the shorter sentence; an edited sentence keeps about two thirds


def follow(article: Kin, copies: Iterable[Kin]) -> Iterator[Ripple]:
    """What is news of the article's revisions in its copies, and of theirs in it."""
    for copy in copies:
        yield from _through(article, copy)
        yield from _through(copy, article)


def _through(revised: Kin, copy: Kin) -> Iterator[Ripple]:
    for i, revision in enumerate(revised.revisions):
        known = copy.ripples.get(revision.revision_id)
        state, figure_id = _state(revised, copy, revision, revised.revisions[i + 1 :])
        if known is None and state is not RippleState.OLD:
            continue  # it never lagged behind, as far as we saw
        if state is not known:
            yield Ripple(revision.revision_id, copy.article_id, copy.version_id, figure_id, state, copy.seen_at)


def _state(
    revised: Kin, copy: Kin, revision: KnownRevision, later: tuple[KnownRevision, ...]
) -> tuple[RippleState, int | None]:
    """What a copy prints; a figure that the first outlet has revised again since is as new as the new one."""
    old, as_printed = _printed(copy, revision.old, revision), revision.old
    if revision.new is None:
        if _printed(revised, as_printed, revision) is not None:
            return RippleState.MOOT, old
        return (RippleState.FOLLOWED, None) if old is None else (RippleState.OLD, old)
    newer = [revision.new, *(figure for r in _chain(revision, later) if (figure := r.new) is not None)]
    if any(_same(figure, as_printed, revision) for figure in newer):
        return RippleState.MOOT, old
    for figure in newer:
        if (id_ := _printed(copy, figure, revision)) is not None:
            return RippleState.FOLLOWED, id_
    return (RippleState.DROPPED, None) if old is None else (RippleState.OLD, old)


def _chain(revision: KnownRevision, later: tuple[KnownRevision, ...]) -> Iterator[KnownRevision]:
    last = revision
    for next_ in later:
        if last.new is not None and _same_value(next_.old, last.new) and _same_statement(next_.old, last.new):
            yield next_
            last = next_


def _printed(article: Kin, figure: Figure, revision: KnownRevision) -> int | None:
    for id_, printed in article.figures:
        if _same(printed, figure, revision) and _same_statement(printed, figure):
            return id_
    return None


def _same(a: Figure, b: Figure, revision: KnownRevision) -> bool:
    """Whether two figures are one; what was requalified ("at least", "about") differs in nothing but that."""
    return _same_value(a, b) and (revision.kind is not RevisionKind.REQUALIFIED or a.bound is b.bound)


def _same_value(a: Figure, b: Figure) -> bool:
    return (a.low, a.high, a.unit) == (b.low, b.high, b.unit)


def _same_statement(a: Figure, b: Figure) -> bool:
    """Copies say it in the same words, but for a few."""
    one, other = ({word.casefold() for word in _WORD.findall(f.sentence)} for f in (a, b))
    return len(one & other) >= _SAME_STATEMENT * min(len(one), len(other))
