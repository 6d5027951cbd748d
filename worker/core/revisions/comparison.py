"""Compares two versions of an article: which figures are the same reported figure, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

from worker.core.figures import read_versions
from worker.core.revisions.confidence import of_pair, of_withdrawal, reported
from worker.core.revisions.context import Role, Version, number_forms, read_version
from worker.core.revisions.evidence import weigh_words
from worker.core.revisions.headlines import covered, once, without_headlines
from worker.core.revisions.matching import DOUBTS, Alignment, align, pair_repeated
from worker.core.revisions.scope import describe, names_in
from worker.core.revisions.series import tells_another_match
from worker.core.revisions.units import Values, rounds, same_value
from worker.core.revisions.withdrawals import Withdrawal, considered
from worker.core.revisions.wording import because_matched, because_withdrawn
from worker.core.revisions.words import lexicon as lexicon_of
from worker.model import Revision, RevisionKind, Text

if TYPE_CHECKING:
    from worker.core.revisions.context import Known
    from worker.core.revisions.evidence import Evidence
    from worker.model import Figure

# Log-odds below which a pair yields to a sentence that takes the old figure back.
DOUBTFUL = 0.5


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything a comparison found."""

    old: Version
    new: Version
    alignment: Alignment
    revisions: tuple[Revision, ...]  # in the order of the old version
    abstained: tuple[Revision, ...]  # too little speaks for these
    taken_back: tuple[list[Withdrawal], ...]  # old figures, each with the sentences that may withdraw it


def compare(
    old: Text,
    new: Text,
    *,
    language: str = "en",
    figures: tuple[tuple[Figure, ...], tuple[Figure, ...]] | None = None,
) -> tuple[Revision, ...]:
    """The revisions between two versions, in the order of the old one.

    `figures` are those of both versions where the caller has read them already. Deterministic; time grows
    about linearly with the length of the texts and the number of their figures.
    """
    return compare_in_full(old, new, language=language, figures=figures).revisions


def compare_in_full(
    old: Text,
    new: Text,
    *,
    language: str = "en",
    figures: tuple[tuple[Figure, ...], tuple[Figure, ...]] | None = None,
) -> Comparison:
    """As `compare`, with the alignment and what was abstained from."""
    lexicon = lexicon_of(language)
    old_figures, new_figures = figures or read_versions(old, new, language)
    known: Known = {}
    before = read_version(old, old_figures, lexicon, known)
    after = read_version(new, new_figures, lexicon, known)
    number_forms(known.values())
    twins, repeated = pair_repeated(before.sentences, after.sentences)
    names = names_in((before, after))
    describe(before, names, lexicon, everything=after.live)
    describe(after, names, lexicon, everything=after.live)
    weights = weigh_words([*before.sentences, *after.sentences], known.values())
    alignment = align(before, after, twins, repeated, another=tells_another_match(before, after, lexicon))
    spare = [unmatched(version, alignment) for version in (before, after)]
    changed = [found for found in alignment.chosen if is_change(found) and not restated(found, *spare)]
    changed = list(once(without_headlines(changed, before.body)))
    missing = [m for m in before.mentions if id(m) not in alignment.matched and not covered(m, before.body)]
    doubtful = [item.old for item in changed if item.odds < DOUBTFUL or item.observed.keys() & DOUBTS]
    found = [(item.old, of_changed(item, after)) for item in changed]
    pairs = {id(old): revision for old, revision in found}
    taken_back = tuple(considered(missing + doubtful, after, alignment, weights, lexicon))
    for items in taken_back:
        item = max(items, key=lambda item: item.score)
        revision, rival = of_withdrawn(item, of_withdrawal(items)), pairs.get(id(item.old))
        if rival is None or rival.confidence < revision.confidence:
            found = [(old, other) for old, other in found if other is not rival]
            found.append((item.old, revision))
    found.sort(key=lambda pair: pair[0].order)
    every = [item for _, item in found]
    sure = reported(every)
    return Comparison(
        before,
        after,
        alignment,
        tuple(compress(every, sure)),
        tuple(item for item, enough in zip(every, sure, strict=True) if not enough),
        taken_back,
    )


def is_change(found: Evidence) -> bool:
    """Whether value or bound differ; in the same sentence the bounds as printed count, elsewhere those that hold."""
    if not found.equal:
        return True
    old, new = found.old.figure.bound, found.new.figure.bound
    if old is new:
        return False
    if "same sentence" in found.observed:
        return True
    held = found.old.bound, found.new.bound
    return None not in held and held[0] is not held[1]


def unmatched(version: Version, alignment: Alignment) -> Values:
    """The figures of a version that have no partner."""
    return Values(m for m in version.mentions if id(m) not in alignment.matched and m.role is not Role.SUPERSEDED)


def restated(found: Evidence, old: Values, new: Values) -> bool:
    """Whether one side only rounds what it also gives exactly: "almost three kilograms" beside the 2.94 of before.

    `old` and `new` are the figures of both versions that have no partner.
    """
    one, other = found.old, found.new
    if found.equal or "same sentence" in found.observed:
        return False
    if rounds(other.figure.low, one.figure.low):
        return any(same_value(one.figure, mention.figure) for mention in new.near(one))
    return rounds(one.figure.low, other.figure.low) and any(
        same_value(other.figure, mention.figure) for mention in old.near(other)
    )


def of_changed(found: Evidence, new: Version) -> Revision:
    """The revision that a pair of mentions shows."""
    kind = RevisionKind.REQUALIFIED if found.equal else RevisionKind.REVISED
    return Revision(
        kind,
        found.old.figure,
        found.new.figure,
        of_pair(found),
        because_matched(found),
        declared=declared(found, new),
    )


def of_withdrawn(item: Withdrawal, confidence: float) -> Revision:
    """The revision that a sentence without the figure shows."""
    return Revision(
        RevisionKind.WITHDRAWN,
        item.old.figure,
        None,
        confidence,
        because_withdrawn(item),
        declared=item.said,
    )


def declared(found: Evidence, new: Version) -> bool:
    """Whether the new version says that it corrects the figure: in a notice, or by naming the old value as such."""
    if "replaces" in found.observed or new.corrects(found.old.figure):
        return True
    return not found.equal and new.corrects(found.new.figure)
