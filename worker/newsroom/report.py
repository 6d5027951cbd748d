"""An audit in words."""

from __future__ import annotations

from statistics import quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.newsroom.findings import RevisionTally, Summary, VersionTally


def summary_lines(summary: Summary) -> Iterator[str]:
    """The outcome of an audit, and every mistake in it, one line each, for a plain terminal."""
    yield f"revisions      {_revisions(summary.revisions)}"
    for kind, tally in summary.kinds.items():
        if tally.published or tally.false:
            yield f"  {kind:13}{_revisions(tally)}"
    if summary.versions:
        yield f"versions       {_versions(summary.versions)}"
    yield f"articles       {summary.articles} published, {summary.articles_observed} served"
    yield f"other edits    {summary.cosmetic} published, {summary.cosmetic_observed} served, to be kept quiet about"
    yield f"requests       {summary.requests}, {summary.not_modified} of them answered 304"
    if len(summary.delays) > 1:
        yield f"delay          {_delays(summary.delays)}"
    for name in ("missed", "false", "doubled"):
        for item in getattr(summary, name):
            yield f"{name.upper():15}{item}"


def _revisions(tally: RevisionTally) -> str:
    return (
        f"{tally.published} published, {tally.observed} served, {tally.caught} caught, {tally.missed} missed,"
        f" {tally.false} false, {tally.doubled} doubled"
    )


def _versions(tally: VersionTally) -> str:
    return (
        f"{tally.published} published, {tally.observed} served, {tally.stored} stored, {tally.lost} lost,"
        f" {tally.duplicated} duplicated, {tally.unexpected} unexpected, {tally.misordered} articles out of order"
    )


def _delays(delays: tuple[float, ...]) -> str:
    twentieths = quantiles(delays, n=20, method="inclusive")
    median, p95 = twentieths[9], twentieths[18]
    return f"{median:.1f} s from edit to report in the median, {p95:.1f} s p95, {delays[-1]:.1f} s at most"
