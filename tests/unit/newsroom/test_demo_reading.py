"""The demo's copy and the project's own reader agree, so that a miss in the demo is a miss of the machinery."""

from collections import Counter
from itertools import combinations

from worker.core.figures import read
from worker.core.revisions import compare
from worker.model import RevisionKind, Text
from worker.newsroom.scenario import stated_revisions


def text(version):
    return Text(version.title, "\n\n".join(version.paragraphs))


def claim(revision):
    """What the audit compares of it."""
    old, new = revision.old, revision.new
    after = () if revision.kind is RevisionKind.WITHDRAWN else (new.low, new.high)
    bounds = (old.bound, new.bound) if revision.kind is RevisionKind.REQUALIFIED else ()
    return revision.kind, old.low, old.high, *after, *bounds


def test_every_named_figure_is_read_as_it_is_stated(demo):
    for article in demo.articles:
        for version in article.versions:
            figures = {(figure.low, figure.high, figure.bound) for figure in read(text(version))}
            for name, stated in version.figures.items():
                assert (stated.low, stated.high, stated.bound) in figures, f"{article.path}: {name}: {stated.text}"


def test_exactly_the_stated_revisions_are_found_between_any_two_versions(demo):
    """Also between versions that are no neighbours: a watcher may have slept through one."""
    for article in demo.articles:
        for old, new in combinations(article.versions, 2):
            found = Counter(claim(revision) for revision in compare(text(old), text(new)))
            assert found == Counter(claim(revision) for revision in stated_revisions(old, new)), article.path
