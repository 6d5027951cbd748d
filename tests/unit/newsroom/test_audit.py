"""An audit that cannot fail proves nothing: most cases here make it fail."""

from datetime import timedelta
from decimal import Decimal

import pytest

from worker.errors import InputError
from worker.model import Bound, RevisionKind
from worker.newsroom.audit import audit
from worker.newsroom.findings import FoundVersion
from worker.newsroom.report import summary_lines

from .conftest import START, URL

AT_LEAST_12 = (12, 12, Bound.AT_LEAST)
AT_LEAST_15 = (15, 15, Bound.AT_LEAST)
LATE = START + timedelta(seconds=200)


@pytest.fixture
def all_found(found):
    """Everything that there is to find in versions 1 to 6."""
    return [
        found("revised", AT_LEAST_12, AT_LEAST_15, at=23),
        found("requalified", AT_LEAST_15, 15, at=45),
        found("revised", 30, 22, at=41),
        found("withdrawn", 4_000_000, at=70),
    ]


@pytest.fixture
def all_served(served, record):
    return record(*(served(number, number) for number in range(1, 7)))


def version_tally(summary):
    assert summary.versions
    return summary.versions


def counts(tally):
    return tally.observed, tally.caught, tally.missed, tally.false, tally.doubled


def test_everything_caught(play, all_served, all_found, stored):
    summary = audit(play, all_served, all_found, stored(1, 2, 3, 4, 5), now=LATE)
    assert summary.ok
    assert counts(summary.revisions) == (4, 4, 0, 0, 0)
    assert {kind: counts(tally) for kind, tally in summary.kinds.items()} == {
        RevisionKind.REVISED: (2, 2, 0, 0, 0),
        RevisionKind.REQUALIFIED: (1, 1, 0, 0, 0),
        RevisionKind.WITHDRAWN: (1, 1, 0, 0, 0),
    }
    assert (summary.cosmetic, summary.cosmetic_observed) == (2, 2)
    assert summary.delays == (1, 3, 5, 10)
    assert (version_tally(summary).observed, version_tally(summary).stored, version_tally(summary).wrong) == (5, 5, 0)


@pytest.mark.parametrize("index", range(4))
def test_a_missed_revision_fails(play, all_served, all_found, index):
    del all_found[index]
    summary = audit(play, all_served, all_found, now=LATE)
    assert not summary.ok
    assert counts(summary.revisions) == (4, 3, 1, 0, 0)


@pytest.mark.parametrize("index", range(4))
def test_a_doubled_revision_fails(play, all_served, all_found, index):
    summary = audit(play, all_served, [*all_found, all_found[index]], now=LATE)
    assert not summary.ok
    assert counts(summary.revisions) == (4, 4, 0, 0, 1)


@pytest.mark.parametrize(
    "claim",
    [
        ("revised", 7, 8),
        ("revised", 22, 30),  # the right numbers the wrong way round
        ("revised", 30, (22, 25, Bound.EXACT)),
        ("requalified", 15, AT_LEAST_15),
        ("requalified", (15, 15, Bound.ABOUT), 15),
        ("withdrawn", 5),
        ("withdrawn", (4_000_000, None, Bound.VAGUE)),
    ],
)
def test_a_false_revision_fails(play, all_served, all_found, found, claim):
    summary = audit(play, all_served, [*all_found, found(*claim)], now=LATE)
    assert not summary.ok
    assert counts(summary.revisions) == (4, 4, 0, 1, 0)


def test_the_right_value_of_the_wrong_kind_is_a_miss_and_a_false_alarm(play, all_served, all_found, found):
    all_found[0] = found("requalified", AT_LEAST_12, AT_LEAST_15)
    assert counts(audit(play, all_served, all_found, now=LATE).revisions) == (4, 3, 1, 1, 0)


def test_an_address_without_an_article_is_false(play, all_served, all_found, found):
    stray = found("revised", AT_LEAST_12, AT_LEAST_15, url="http://127.0.0.1:8001/world/other")
    summary = audit(play, all_served, [*all_found, stray], now=LATE)
    assert summary.false == (stray,)


def test_bounds_units_and_float_noise_are_not_compared(play, served, record, found):
    noisy = found("revised", (Decimal("12.0000000000000004"), 12, Bound.ABOUT), (15, 15, Bound.EXACT))
    assert audit(play, record(served(1, 1), served(2, 2)), [noisy], now=LATE).ok


def test_versions_never_served_compose(play, served, record, found):
    """1 to 4: the dead changed in value and bound, the missing in value, the damage is gone."""
    caught = [found("revised", AT_LEAST_12, 15), found("revised", 30, 22), found("withdrawn", 4_000_000)]
    summary = audit(play, record(served(1, 1), served(2, 4)), caught, now=LATE)
    assert summary.ok
    assert summary.revisions.published == 4
    assert summary.revisions.observed == 3


@pytest.mark.parametrize("answer", [{"status": 304}, {"status": 500}, {"method": "HEAD"}])
def test_what_shows_no_version_is_not_served(play, served, record, answer):
    summary = audit(play, record(served(1, 1), served(2, 2, **answer)), [], now=LATE)
    assert summary.revisions.observed == 0


def test_a_broken_off_answer_may_have_been_seen_or_not(play, served, record, found):
    broken = record(served(1, 1), served(2, 2, complete=False))
    assert audit(play, broken, [found("revised", AT_LEAST_12, AT_LEAST_15)], now=LATE).ok
    assert not audit(play, broken, [found("revised", AT_LEAST_12, 14)], now=LATE).ok
    assert not audit(play, broken, [], now=LATE).revisions.missed


def test_a_broken_off_answer_between_whole_ones(play, served, record, found):
    broken = record(served(1, 1), served(2, 2, complete=False), served(3, 3))
    skipped = [found("revised", AT_LEAST_12, 15), found("revised", 30, 22)]
    in_steps = [
        found("revised", AT_LEAST_12, AT_LEAST_15),
        found("requalified", AT_LEAST_15, 15),
        found("revised", 30, 22),
    ]
    assert audit(play, broken, skipped, now=LATE).ok
    assert audit(play, broken, in_steps, now=LATE).ok
    assert not audit(play, broken, [*skipped, in_steps[0]], now=LATE).ok


def test_a_whole_answer_settles_an_earlier_broken_one(play, served, record):
    settled = record(served(1, 1), served(2, 2, complete=False), served(3, 2))
    assert audit(play, settled, [], now=LATE).revisions.missed == 1


def test_nothing_served_is_not_ok(play, record):
    assert not audit(play, record(), [], now=LATE).ok


def test_before_the_first_revision_nothing_is_ok(play, served, record):
    summary = audit(play, record(served(1, 1)), [], now=START + timedelta(seconds=5))
    assert summary.ok
    assert summary.articles == 1


def test_before_the_clock_starts(play, record):
    assert audit(play, record(started_at=None), [], now=START).articles == 0


@pytest.mark.parametrize(
    ("numbers", "wrong"),
    [
        ((1, 2, 3, 4), {"lost": 1}),
        ((), {"lost": 5}),
        ((1, 2, 2, 3, 4, 5), {"duplicated": 1}),
        ((1, 3, 2, 4, 5), {"misordered": 1}),
        ((1, 2, 3, 4, 5, 6), {"duplicated": 1}),  # 6 differs in its time line only
    ],
)
def test_stored_versions_are_counted(play, all_served, stored, numbers, wrong):
    versions = version_tally(audit(play, all_served, [], stored(*numbers), now=LATE))
    expected = {"lost": 0, "duplicated": 0, "unexpected": 0, "misordered": 0} | wrong
    assert {name: getattr(versions, name) for name in expected} == expected
    assert versions.wrong == sum(wrong.values())


def test_a_lost_version_fails(play, all_served, all_found, stored):
    assert not audit(play, all_served, all_found, stored(1, 2, 3, 4), now=LATE).ok


@pytest.mark.parametrize(
    "stray",
    [
        FoundVersion(URL, 9, "Flood kills at least 12", "At least 12 people were killed in the flood,"),  # half a page
        FoundVersion(URL, 9, "Subscribe", "Subscribe to read on."),
        FoundVersion("http://127.0.0.1:8001/other", 1, "Flood kills at least 12", ""),
    ],
)
def test_an_unexpected_version_fails(play, all_served, all_found, stored, stray):
    summary = audit(play, all_served, all_found, [*stored(1, 2, 3, 4, 5), stray], now=LATE)
    assert version_tally(summary).unexpected == 1
    assert not summary.ok


def test_a_version_that_was_not_served_is_unexpected(play, served, record, stored):
    summary = audit(play, record(served(1, 1)), [], stored(1, 2), now=LATE)
    assert version_tally(summary).unexpected == 1


def test_white_space_is_no_difference(play, served, record, stored):
    (version,) = stored(1)
    loose = FoundVersion(version.url, 1, version.title + " ", version.text.replace("\n\n", "\n"))
    assert version_tally(audit(play, record(served(1, 1)), [], [loose], now=START)).wrong == 0


def test_another_scenarios_ledger_is_refused(play, record):
    with pytest.raises(InputError, match="another scenario"):
        audit(play, record(digest="0" * 64), [], now=LATE)


def test_the_report_names_every_mistake(play, all_served, all_found, found, stored):
    reported = [*all_found[1:], all_found[1], found("revised", 7, 8)]
    lines = [*summary_lines(audit(play, all_served, reported, stored(1, 2, 3, 4, 5), now=LATE))]
    assert lines[0] == "revisions      4 published, 4 served, 3 caught, 1 missed, 1 false, 1 doubled"
    assert f"MISSED         {URL}: revised: 'at least 12 people' to 'at least 15 people', versions 1 and 2" in lines
    assert f"FALSE          {URL}: revised: 7 to 8, exact to exact" in lines
    assert f"DOUBLED        {URL}: requalified: 15 to 15, at_least to exact" in lines
