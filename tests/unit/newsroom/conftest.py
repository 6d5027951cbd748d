from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import worker.newsroom
from worker.model import Bound, RevisionKind
from worker.newsroom.findings import FoundRevision, FoundVersion
from worker.newsroom.ledger import Record, Served
from worker.newsroom.scenario_file import load_scenario, parse_scenario

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PORT = 8001
PLAY = """
title = "A play"
min_served_seconds = 10
policy = { min_gap_seconds = 0.1, poll_seconds = 1, revisit_seconds = 1, requests_per_hour = 3600 }
[[outlet]]
slug = "gazette"
name = "Gazette"
language = "en"
country = "GB"
feed_format = "rss"
layout = "wire"
[[article]]
outlet = "gazette"
path = "/world/flood"
author = "Ada Ferris"
at = 0
title = "Flood kills {dead}"
text = '''
{Dead} were killed in the flood, and {missing} were missing.

Damage was put at {damage}. The town has a bridge.
'''
[article.figures]
dead = { text = "at least 12 people", headline = "at least 12", low = 12, bound = "at_least" }
missing = { text = "30 people", low = 30 }
damage = { text = "$4 million", low = 4000000, unit = "USD" }
[[article.version]]
at = 20
edits = ["revised"]
[article.version.figures]
dead = { text = "at least 15 people", headline = "at least 15", low = 15, bound = "at_least" }
[[article.version]]
at = 40
edits = ["requalified", "revised"]
[article.version.figures]
dead = { text = "15 people", headline = "15", low = 15 }
missing = { text = "22 people", low = 22 }
[[article.version]]
at = 60
edits = ["withdrawn"]
paragraphs = { 2 = "No figure was given for the damage. The town has a bridge." }
[[article.version]]
at = 80
edits = ["moved"]
order = [2, 1]
[[article.version]]
at = 100
edits = ["time_line"]
"""
URL = f"http://127.0.0.1:{PORT}/world/flood"


@pytest.fixture
def play():
    """One article, six versions: 12 dead, 15 dead, 15 for sure and fewer missing, no damage, moved, time line."""
    return parse_scenario(PLAY.encode())


@pytest.fixture(scope="session")
def demo():
    return load_scenario(Path(worker.newsroom.__file__).with_name("demo.toml"))


@pytest.fixture
def served():
    """Build an answer of the ledger."""

    def build(number, version_no, *, complete=True, status=200, method="GET", url=URL + "?utm_source=rss"):
        return Served(
            at=START + timedelta(seconds=number),
            outlet="gazette",
            method=method,
            url=url,
            version_no=version_no,
            status=status,
            body_sha256="0" * 64,
            user_agent="test",
            if_none_match=None,
            if_modified_since=None,
            client="127.0.0.1",
            request_no=number,
            complete=complete,
        )

    return build


@pytest.fixture
def record(play):
    """Build what a ledger says."""

    def build(*answers, started_at=START, digest=play.digest):
        return Record(digest, started_at, {"gazette": PORT}, answers)

    return build


@pytest.fixture
def found():
    """Build a finding; `old` and `new` are (low, high, bound), or a number for an exact figure."""

    def figure(value):
        return value if isinstance(value, tuple) else (value, value, Bound.EXACT)

    def number(value):
        return None if value is None else Decimal(str(value))

    def build(kind, old, new=None, *, url=URL, at=None):
        low, high, bound = figure(old)
        after = (None, None, None) if new is None else figure(new)
        return FoundRevision(
            url,
            RevisionKind(kind),
            old_low=Decimal(str(low)),
            old_high=number(high),
            old_bound=bound,
            new_low=number(after[0]),
            new_high=number(after[1]),
            new_bound=after[2],
            detected_at=None if at is None else START + timedelta(seconds=at),
        )

    return build


@pytest.fixture
def stored(play):
    """Build the stored form of versions of the play, in this order."""

    def build(*numbers, url=URL):
        versions = [play.articles[0].versions[number - 1] for number in numbers]
        return [FoundVersion(url, n, v.title, "\n\n".join(v.paragraphs)) for n, v in enumerate(versions, start=1)]

    return build
