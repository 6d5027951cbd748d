"""The whole demo, watched by a reader that knows the truth: what the audit says of it, and of one that errs."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
import trafilatura
from trafilatura.settings import Document

from worker.model import Bound, RevisionKind
from worker.newsroom.audit import audit
from worker.newsroom.findings import FoundRevision, FoundVersion
from worker.newsroom.ledger import Record, Served
from worker.newsroom.played import PlayedSite
from worker.newsroom.resource import Asked
from worker.newsroom.scenario import stated_revisions

from .conftest import START

END = START + timedelta(seconds=60)


def visits(scenario, ports):
    """Every version of every article asked for once, a second after it went out; in the order of time."""
    for article in scenario.articles:
        outlet = next(outlet for outlet in scenario.outlets if outlet.slug == article.outlet)
        site = PlayedSite(outlet, (article,), f"http://127.0.0.1:{ports[outlet.slug]}/")
        for version in article.versions:
            now = START + timedelta(seconds=version.at + 1)
            resource = site.resource(Asked(article.path, "", now, START, version.at))
            yield now, article, f"{site.home.rstrip('/')}{article.path}", resource


def answer(now, article, url, resource):
    nothing = {"body_sha256": None, "user_agent": None, "if_none_match": None, "if_modified_since": None}
    return Served(
        at=now,
        outlet=article.outlet,
        method="GET",
        url=url,
        version_no=resource.version_no,
        status=resource.status,
        client="127.0.0.1",
        request_no=0,
        complete=True,
        **nothing,
    )


def read(resource):
    page = trafilatura.bare_extraction(resource.body.decode(), with_metadata=True, include_comments=False)
    assert isinstance(page, Document)
    return page.title, page.text


def found(url, stated):
    old, new = stated.old, stated.new
    before = {"old_low": old.low, "old_high": old.high, "old_bound": old.bound}
    after = {"new_low": new.low, "new_high": new.high, "new_bound": new.bound} if new else {}
    return FoundRevision(url, stated.kind, **before, **after)


def version_tally(summary):
    assert summary.versions
    return summary.versions


@pytest.fixture(scope="module")
def watched(demo):
    ports = {outlet.slug: 8000 + number for number, outlet in enumerate(demo.outlets)}
    asked = [*visits(demo, ports)]
    served = tuple(answer(*visit) for visit in asked)
    versions: list[FoundVersion] = []
    revisions = []
    for _, _, url, resource in asked:
        title, text = read(resource)
        if not any((v.url, v.title, v.text) == (url, title, text) for v in versions):
            versions.append(FoundVersion(url, resource.version_no, title, text))
    for article in demo.articles:
        url = f"http://127.0.0.1:{ports[article.outlet]}{article.path}"
        revisions += [found(url, s) for old, new in pairwise(article.versions) for s in stated_revisions(old, new)]
    return Record(demo.digest, START, ports, served), versions, revisions


def test_who_sees_all_passes(demo, watched):
    record, versions, revisions = watched
    summary = audit(demo, record, revisions, versions, now=END)
    assert summary.ok
    assert summary.revisions.published == summary.revisions.caught == len(revisions)
    assert version_tally(summary).observed == version_tally(summary).stored == len(versions)
    assert summary.articles == summary.articles_observed == len(demo.articles)


def test_who_misses_or_doubles_any_revision_fails(demo, watched):
    record, _, revisions = watched
    for index, revision in enumerate(revisions):
        assert not audit(demo, record, revisions[:index] + revisions[index + 1 :], now=END).ok
        assert audit(demo, record, [*revisions, revision], now=END).doubled == (revision,)


def test_who_loses_or_doubles_any_version_fails(demo, watched):
    record, versions, revisions = watched
    for index, version in enumerate(versions):
        without = versions[:index] + versions[index + 1 :]
        assert version_tally(audit(demo, record, revisions, without, now=END)).lost == 1
        assert version_tally(audit(demo, record, revisions, [*versions, version], now=END)).duplicated == 1


def test_who_reports_a_cosmetic_edit_fails(demo, watched):
    record, versions, revisions = watched
    number = Decimal(30_000)  # the doses of vaccine, first printed without a comma
    url = next(version.url for version in versions if "30000 doses" in version.text)
    false = FoundRevision(url, RevisionKind.REVISED, number, number, Bound.EXACT, number, number, Bound.EXACT)
    assert audit(demo, record, [*revisions, false], now=END).false == (false,)
