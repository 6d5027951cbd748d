"""Compares what a watcher found with what it was served: a pure function of scenario, ledger and findings.

Truth is what left the server, not what was planned. Between two versions of an article that were served one
after the other, the scenario states every revision by name and value; a version in between that was never
served is skipped, and the revisions around it are composed. Findings match by value, as a careful reader
would compare them: numbers within rounding, bounds only where the bound is all that changed, never the words.

An answer that broke off, or whose end was not noted because somebody was killed, may have been seen or not:
each article is judged by the one reading of its answers that speaks best for the watcher.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Context, Decimal
from http import HTTPStatus
from itertools import groupby, pairwise, product
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote, urlsplit

from worker.errors import InputError
from worker.model import RevisionKind
from worker.newsroom.findings import (
    ExpectedRevision,
    FoundRevision,
    FoundVersion,
    RevisionTally,
    Summary,
    VersionTally,
)
from worker.newsroom.scenario import REVISIONS, stated_revisions

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from worker.newsroom.ledger import Record, Served
    from worker.newsroom.scenario import Article, Scenario, Version

    Content = tuple[str, str]  # title and text of a version, white space folded

T = TypeVar("T")

# Numbers are the same when nine digits are: what a database keeps as a float differs from the 16th on, what
# two newspapers print from the first few.
_DIGITS = Context(prec=9)
# So many answers of one article are tried both ways (64 readings); further ones in doubt count as not seen.
_MAX_DOUBTS = 6


def audit(
    scenario: Scenario,
    record: Record,
    found: Iterable[FoundRevision],
    stored: Iterable[FoundVersion] | None = None,
    *,
    now: datetime,
) -> Summary:
    """Judge the findings of a watcher at a moment; it should have read by then what it was served.

    Addresses are compared by authority and path, because a watcher may take a query off. What was found at an
    address that no article has is false, and what was stored there unexpected. Raises InputError when the ledger
    belongs to another scenario.
    """
    if record.digest != scenario.digest:
        raise InputError("the ledger belongs to another scenario, or to an edited one")
    play = _Play(record.started_at, now)
    cases, strays = _cases(scenario, record), _Verdict()
    _file_findings(cases, strays, found, stored or ())
    for answer in record.served:
        if _shows_a_version(answer) and (case := cases.get(_address(answer.url))):
            case.served.append(answer)
    verdicts = [_judge(case, play, judge_versions=stored is not None) for case in cases.values()]
    return _summary(play, [*cases.values()], [*verdicts, strays], record, judge_versions=stored is not None)


@dataclass(frozen=True, slots=True)
class _Play:
    started_at: datetime | None
    now: datetime

    @property
    def elapsed(self) -> float:
        """Seconds of the play so far; before its start nothing is out."""
        return (self.now - self.started_at).total_seconds() if self.started_at else -1.0

    def moment(self, seconds: int) -> datetime:
        assert self.started_at is not None  # only asked for versions that were served
        return self.started_at + timedelta(seconds=seconds)


@dataclass(slots=True)
class _Case:
    """All there is on one article."""

    article: Article
    url: str
    served: list[Served] = field(default_factory=list)
    revisions: list[FoundRevision] = field(default_factory=list)
    versions: list[FoundVersion] = field(default_factory=list)

    def published(self, play: _Play) -> list[Version]:
        return [version for version in self.article.versions if version.at <= play.elapsed]


@dataclass(slots=True)
class _Verdict:
    """What became of one article, in one reading of its answers."""

    seen: tuple[Version, ...] = ()
    expected: list[ExpectedRevision] = field(default_factory=list)
    caught: list[tuple[ExpectedRevision, FoundRevision]] = field(default_factory=list)
    missed: list[ExpectedRevision] = field(default_factory=list)
    false: list[FoundRevision] = field(default_factory=list)
    doubled: list[FoundRevision] = field(default_factory=list)
    versions: VersionTally = field(default_factory=VersionTally)

    @property
    def wrong(self) -> int:
        return len(self.missed) + len(self.false) + len(self.doubled) + self.versions.wrong


# --- sorting everything by article -------------------------------------------------------------------


def _cases(scenario: Scenario, record: Record) -> dict[tuple[str, str], _Case]:
    urls = ((a, f"http://127.0.0.1:{record.ports[a.outlet]}{a.path}") for a in scenario.articles)
    return {_address(url): _Case(article, url) for article, url in urls}


def _address(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc, unquote(parts.path)


def _shows_a_version(answer: Served) -> bool:
    return answer.method == "GET" and answer.status == HTTPStatus.OK and answer.version_no is not None


def _file_findings(
    cases: Mapping[tuple[str, str], _Case],
    strays: _Verdict,
    found: Iterable[FoundRevision],
    stored: Iterable[FoundVersion],
) -> None:
    for revision in found:
        case = cases.get(_address(revision.url))
        (case.revisions if case else strays.false).append(revision)
    for version in stored:
        case = cases.get(_address(version.url))
        if case:
            case.versions.append(version)
        else:
            strays.versions += VersionTally(stored=1, unexpected=1)


# --- one article -------------------------------------------------------------------------------------


def _judge(case: _Case, play: _Play, *, judge_versions: bool) -> _Verdict:
    verdicts = (_read(case, seen, play, judge_versions=judge_versions) for seen in _readings(case))
    return min(verdicts, key=lambda verdict: verdict.wrong)  # the first of the best: the one that saw most


def _readings(case: _Case) -> Iterator[tuple[Version, ...]]:
    """Every way in which the answers may have been seen, all of them first."""
    by_number = {version.number: version for version in case.article.versions}
    runs = [
        (by_number[number], any(answer.complete for answer in answers))
        for number, answers in groupby(case.served, key=lambda answer: answer.version_no or 0)
    ]
    doubtful = [version.number for version, certain in runs if not certain]
    tried, given_up = doubtful[-_MAX_DOUBTS:], {*doubtful[:-_MAX_DOUBTS]}
    for choice in product((True, False), repeat=len(tried)):
        unseen = given_up | {number for number, was_seen in zip(tried, choice, strict=True) if not was_seen}
        yield tuple(version for version, _ in runs if version.number not in unseen)


def _read(case: _Case, seen: tuple[Version, ...], play: _Play, *, judge_versions: bool) -> _Verdict:
    verdict = _Verdict(seen)
    verdict.expected = [
        ExpectedRevision(case.url, old.number, new.number, stated, play.moment(new.at))
        for old, new in pairwise(seen)
        for stated in stated_revisions(old, new)
    ]
    _match(verdict, case.revisions)
    if judge_versions:
        verdict.versions = _count_versions(case, seen, play)
    return verdict


def _match(verdict: _Verdict, found: Sequence[FoundRevision]) -> None:
    """Pair what is expected with what was found, one to one, among those that claim the same."""
    expected_by_claim = _grouped(verdict.expected, _expected_claim)
    found_by_claim = _grouped(found, _found_claim)
    for claim in expected_by_claim.keys() | found_by_claim.keys():
        expected, reported = expected_by_claim.get(claim, []), found_by_claim.get(claim, [])
        verdict.caught += zip(expected, reported, strict=False)
        verdict.missed += expected[len(reported) :]
        (verdict.doubled if expected else verdict.false).extend(reported[len(expected) :])


def _grouped(items: Iterable[T], claim: Callable[[T], Hashable]) -> dict[Hashable, list[T]]:
    groups: dict[Hashable, list[T]] = defaultdict(list)
    for item in items:
        groups[claim(item)].append(item)
    return groups


def _expected_claim(expected: ExpectedRevision) -> Hashable:
    old, new = expected.stated.old, expected.stated.new
    values = (new.low, new.high, new.bound) if new else (None, None, None)
    return _claim(expected.stated.kind, (old.low, old.high, old.bound), values)


def _found_claim(found: FoundRevision) -> Hashable:
    return _claim(
        found.kind,
        (found.old_low, found.old_high, found.old_bound),
        (found.new_low, found.new_high, found.new_bound),
    )


def _claim(
    kind: RevisionKind, old: tuple[Decimal, Decimal | None, object], new: tuple[Decimal | None, Decimal | None, object]
) -> Hashable:
    """What of a revision is compared: bounds only where they are what changed, nothing new where it is withdrawn."""
    before, after = (_number(old[0]), _number(old[1])), (_number(new[0]), _number(new[1]))
    match kind:
        case RevisionKind.REVISED:
            return kind, before, after
        case RevisionKind.REQUALIFIED:
            return kind, before, after, old[2], new[2]
        case RevisionKind.WITHDRAWN:
            return kind, before
        case RevisionKind.SUPERSEDED:  # tells of two articles; no script states one
            return kind, before, after


def _number(value: Decimal | None) -> Decimal | None:
    return None if value is None else _DIGITS.plus(value)


def _count_versions(case: _Case, seen: Sequence[Version], play: _Play) -> VersionTally:
    observed = _contents(seen)
    found = sorted(case.versions, key=lambda version: version.ordinal)
    stored = [(_folded(version.title), _folded(version.text)) for version in found]
    wanted, kept = Counter(observed), Counter(stored)
    surplus = kept - wanted
    duplicated = sum(count for content, count in surplus.items() if content in wanted)
    return VersionTally(
        published=len(_contents(case.published(play))),
        observed=len(observed),
        stored=len(stored),
        lost=(wanted - kept).total(),
        duplicated=duplicated,
        unexpected=surplus.total() - duplicated,
        misordered=int(wanted == kept and observed != stored),
    )


def _contents(versions: Iterable[Version]) -> list[Content]:
    """The contents that follow one another; an edit that leaves title and text alone brings no new one."""
    contents = ((_folded(v.title), _folded(" ".join(v.paragraphs))) for v in versions)
    return [content for content, _ in groupby(contents)]


def _folded(text: str) -> str:
    return " ".join(text.split())


# --- all articles ------------------------------------------------------------------------------------


def _summary(
    play: _Play, cases: Sequence[_Case], verdicts: Sequence[_Verdict], record: Record, *, judge_versions: bool
) -> Summary:
    out = [case.published(play) for case in cases]
    stated = Counter(r.kind for versions in out for old, new in pairwise(versions) for r in stated_revisions(old, new))
    caught = [pair for verdict in verdicts for pair in verdict.caught]
    found_at = [(expected.changed_at, found.detected_at) for expected, found in caught]
    return Summary(
        revisions=_tally(stated, verdicts, [*RevisionKind]),
        kinds={kind: _tally(stated, verdicts, [kind]) for kind in REVISIONS.values()},
        versions=sum((v.versions for v in verdicts), VersionTally()) if judge_versions else None,
        articles=sum(bool(versions) for versions in out),
        articles_observed=sum(bool(verdict.seen) for verdict in verdicts),
        cosmetic=sum(version.cosmetic for versions in out for version in versions),
        cosmetic_observed=sum(version.cosmetic for verdict in verdicts for version in verdict.seen[1:]),
        requests=len(record.served),
        not_modified=sum(answer.status == HTTPStatus.NOT_MODIFIED for answer in record.served),
        delays=tuple(sorted((detected - changed).total_seconds() for changed, detected in found_at if detected)),
        missed=tuple(expected for verdict in verdicts for expected in verdict.missed),
        false=tuple(found for verdict in verdicts for found in verdict.false),
        doubled=tuple(found for verdict in verdicts for found in verdict.doubled),
    )


def _tally(
    stated: Mapping[RevisionKind, int], verdicts: Sequence[_Verdict], kinds: Sequence[RevisionKind]
) -> RevisionTally:
    return RevisionTally(
        published=sum(stated[kind] for kind in kinds),
        observed=sum(e.stated.kind in kinds for v in verdicts for e in v.expected),
        caught=sum(e.stated.kind in kinds for v in verdicts for e, _ in v.caught),
        missed=sum(e.stated.kind in kinds for v in verdicts for e in v.missed),
        false=sum(f.kind in kinds for v in verdicts for f in v.false),
        doubled=sum(f.kind in kinds for v in verdicts for f in v.doubled),
    )
