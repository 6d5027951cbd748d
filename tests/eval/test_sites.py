"""What pages are taken for that were written before the structural signs were: sites.py says how they are made.

Three outcomes count: a notice taken for an article is missed, an article taken for a notice is wrong, and a page that is
held until another visit confirms it is neither. The rates are published in worker/core/README.md.
"""

from collections import Counter

import pytest

from tests.eval import sites
from worker.core import extraction


def outcome(page, *, announced):
    extract = extraction.extract(
        page.html.encode(),
        headers={"content-type": "text/html; charset=utf-8", **page.headers},
        url=page.url,
        language=page.language,
        whole=page.whole,
        expected=page.expected if announced else "",
    )
    return extract.verdict.value, extract.detail


@pytest.mark.parametrize("announced", [True, False], ids=["headline known", "page alone"])
def test_pages(announced):
    found = [(page, *outcome(page, announced=announced)) for page in sites.pages()]
    counted = Counter((page.kind, verdict) for page, verdict, _ in found)
    verdicts = sorted({v for pair in counted for v in pair})
    print("\n" + " " * 12 + "".join(f"{v[:9]:>11}" for v in verdicts))
    for kind in verdicts:
        print(f"{kind:12}" + "".join(f"{counted[kind, v] or '.':>11}" for v in verdicts))
    makes = Counter((page.kind, page.name, verdict, detail[:70]) for page, verdict, detail in found if verdict != page.kind)
    for (kind, name, verdict, detail), count in sorted(makes.items()):
        print(f"   {count:3} {kind}: {name} ► {verdict} ({detail})")
