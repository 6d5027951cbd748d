"""An altered figure is found and nothing else is; a cut passage makes no revision. Rates printed, floors held."""

from collections import Counter
from itertools import islice

from tests.eval.altered import altered, cut, pairs, values_of
from tests.eval.scoring import key
from worker.core.revisions import compare
from worker.core.revisions.wire import revision_to_json

EACH = 1  # copies of each version; with all of them the rates are the same within a point, and it takes minutes


def rates(results):
    total = results.total()
    return f"{ {result: f'{count / total:.3f}' for result, count in results.items()} } of {total}"


def test_altered_figures():
    """Measured: right 98.5 %."""
    results = Counter()
    for identity, version, _, _ in pairs():
        for copy, old, new in islice(altered(version), EACH):
            found = [values_of(revision) for revision in compare(version, copy)]
            result = "right" if found == [(old, new)] else "and more" if (old, new) in found else "missed"
            results[result] += 1
            if result != "right":
                print(f"{identity}: {old} -> {new}: {result}: {', '.join(f'{a} -> {b}' for a, b in found)}")
    print(rates(results))
    assert results.total() > 200
    assert results["right"] >= 0.97 * results.total()


def test_a_version_with_a_passage_cut():
    """Measured: false 0.1 %."""
    results = Counter()
    for identity, version, _, _ in pairs():
        for kind, copy in islice(cut(version), EACH):
            found = compare(version, copy)
            results[f"{kind} {'false' if found else 'right'}"] += 1
            for revision in found:
                print(f"{identity}, {kind}: {revision.kind.value} {revision.confidence:.2f} {revision.because}")
    print(rates(results))
    assert results.total() > 200
    assert results["sentence false"] + results["paragraph false"] <= 0.01 * results.total()


def test_a_rewrite_with_a_passage_cut():
    """What is found then and neither expected of the whole rewrite nor found in it is false: a cut adds no revision."""
    results = Counter()
    for identity, old, new, expected in pairs():
        known = set(map(key, expected)) | set(map(key, map(revision_to_json, compare(old, new))))
        for kind, copy in islice(cut(new), EACH):
            added = [revision for revision in compare(old, copy) if key(revision_to_json(revision)) not in known]
            results["false" if added else "right"] += 1
            for revision in added:
                print(f"{identity}, {kind}: {revision.kind.value} {revision.confidence:.2f} {revision.because}")
    print(rates(results))
    assert results.total() > 200
    assert results["false"] <= 0.12 * results.total()
