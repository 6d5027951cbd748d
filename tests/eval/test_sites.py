"""What pages are taken for that were written before the structural signs were: sites.py says how they are made.

Three outcomes count: a notice taken for an article is missed, an article taken for a notice is wrong, and a page that
is held until another visit confirms it is neither. The rates are published in worker/core/README.md.
"""

from collections import Counter
from dataclasses import replace

import pytest

from tests.eval import sites
from worker.core import balance, extraction, verdict
from worker.model import Verdict

DOUBTED = "doubted"


def judged(page, monkeypatch):
    """(what a page is taken for in service, and where nothing is known of it but itself), each with the reason."""
    seen: list[balance.Evidence] = []
    monkeypatch.setattr(verdict, "judge", lambda evidence: noted(seen, evidence))
    extract = extraction.extract(
        page.html.encode(),
        headers={"content-type": "text/html; charset=utf-8", **page.headers},
        url=page.url,
        language=page.language,
        whole=page.whole,
        expected=page.expected,
        asked=page.host + sites.PATH,
    )
    monkeypatch.undo()
    if not seen:  # no page at all
        return [(extract.verdict.value, extract.detail)] * 2
    alone = replace(seen[0], expected="", asked="")
    return [said(verdict.judge(evidence)) for evidence in (seen[0], alone)]


def noted(seen, evidence):
    seen.append(evidence)
    return verdict.Judgement(Verdict.ARTICLE)


def said(judgement):
    return (DOUBTED, judgement.doubt) if judgement.doubt else (judgement.verdict.value, judgement.detail)


@pytest.fixture(scope="module")
def readings():
    """Every page once, since extraction takes most of the time: ten seconds."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return [(page, *judged(page, monkeypatch)) for page in sites.pages()]


@pytest.mark.parametrize("known", [True, False], ids=["headline known", "page alone"])
def test_rates(readings, known):
    found = [(page, *(in_service if known else alone)) for page, in_service, alone in readings]
    counted = Counter((page.kind, verdict) for page, verdict, _ in found)
    show(counted, found)
    articles, notices = ([pair for pair in found if (pair[0].kind == "article") is is_one] for is_one in (True, False))
    missed, wrong = taken(notices, "article"), len(articles) - taken(articles, "article") - taken(articles, DOUBTED)
    print(f"missed {missed} of {len(notices)}, held {taken(notices, DOUBTED)}")
    print(f"wrong {wrong} of {len(articles)}, held {taken(articles, DOUBTED)}")
    assert wrong == 0
    assert missed <= (1 if known else 12)
    assert taken(articles, DOUBTED) <= (16 if known else 83)


def taken(found, verdict):
    return sum(seen == verdict for _, seen, _ in found)


def show(counted, found):
    verdicts = sorted({v for pair in counted for v in pair})
    print("\n" + " " * 12 + "".join(f"{v[:9]:>11}" for v in verdicts))
    for kind in verdicts:
        print(f"{kind:12}" + "".join(f"{counted[kind, v] or '.':>11}" for v in verdicts))
    makes = Counter((page.kind, page.name, seen, why[:70]) for page, seen, why in found if seen != page.kind)
    for (kind, name, seen, why), count in sorted(makes.items()):
        print(f"   {count:3} {kind}: {name} ► {seen} ({why})")
