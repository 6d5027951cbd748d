"""robots.txt by RFC 9309: what a text says to us, what it keeps us from, what an answer about it means."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.test_visits import NOW, POLICY, reply, visit
from worker.core import robots, visits
from worker.model import Fault, Hop, Lease, Outcome, Policy, ResourceKind, Robots, RobotsPolicy, Standing, Validators

SITE = "https://example.org"
FILE = SITE + "/robots.txt"
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /a", "/a/b", False),
        ("User-agent: *\nDisallow: /a", "/b", True),
        ("user-agent: *\ndisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),  # the longest match decides (2.2.2)
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),  # of two as long the one that allows
        ("User-agent: *\nDisallow: /*.html$", "/a.html", False),
        ("User-agent: *\nDisallow: /*.html$", "/a.html?x", True),
        ("User-agent: *\nDisallow:", "/a", True),
        ("Disallow: /", "/a", True),  # of no group
        ("User-agent: Figurewatch\nDisallow: /", "/a", False),
        ("User-agent: FIGUREWATCH\nDisallow: /", "/a", False),
        ("User-agent: figurewatch/1.0\nDisallow: /", "/a", False),
        (
            "User-agent: *\nDisallow: /\n\nUser-agent: figurewatch\nDisallow: /x",
            "/a",
            True,
        ),  # ours alone
        ("User-agent: other\nUser-agent: figurewatch\nDisallow: /", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: figure\nDisallow: /", "/a", True),  # a part of our name is not our name
        ("User-agent: figurewatchbot\nDisallow: /", "/a", True),
        ("User-agent: figurewatch\nDisallow: /x\nUser-agent: figurewatch\nDisallow: /a", "/a", False),  # groups merge
        ("User-agent: *\nDisallow: /caf%C3%A9", "/caf%c3%a9", False),
        ("User-agent: *\nDisallow: /café", "/caf%C3%A9", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("\ufeffUser-agent: *\r\nDisallow: /a # a remark\r\n", "/a", False),
        ("<html><body>Not found</body></html>", "/a", True),
    ],
)
def test_what_a_text_says(text, path, allowed):
    assert robots.read(text.removeprefix("\ufeff")).allows(SITE + path) is allowed


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("", 0),
        ("Crawl-delay: 10", 10),
        ("Crawl-delay: 0.5", 0.5),
        ("Crawl-delay: -1", 0),
        ("Crawl-delay: soon", 0),
        ("Crawl-delay: inf", 0),
        ("Crawl-delay: 86400", 3600),
        ("Request-rate: 1/30", 30),
        ("Request-rate: 1/5\nCrawl-delay: 7", 7),
    ],
)
def test_how_far_apart_a_site_wants_us(lines, seconds):
    assert robots.read(f"User-agent: *\n{lines}\nDisallow: /x").delay == seconds


def test_the_site_of_a_url_is_its_scheme_and_authority():
    assert robots.url_of("https://Example.org/a?b") == "https://example.org/robots.txt"
    assert robots.url_of("http://example.org:8080/a") == "http://example.org:8080/robots.txt"


@given(st.text(max_size=2_000), st.text(max_size=50))
def test_any_text_has_rules(text, path):
    rules = robots.read(text)
    assert rules.allows(f"{SITE}/{path}") in {True, False}
    assert 0 <= rules.delay <= robots.LONGEST_DELAY


def test_thousands_of_agents_are_as_many_as_concern_us():
    """Each rule is given to each agent above it: read as it stands, this text makes 225,000,000 of them."""
    agents = "".join(f"User-agent: a{n}\n" for n in range(15_000))
    text = f"{agents}User-agent: figurewatch\n" + "".join(f"Disallow: /{n}\n" for n in range(15_000))
    rules = robots.read(text)
    assert len(rules.parsed._user_agents) <= 3
    assert not rules.allows(f"{SITE}/14999")


# --- what may be visited -------------------------------------------------------------------------------------------


def known(text="", **changes):
    made = Robots(Standing.RULES, text, Validators('"r"'), "ab" * 32, NOW + DAY, Outcome.FRESH, "")
    return replace(made, **changes)


CLOSED = known("User-agent: *\nDisallow: /")


@pytest.mark.parametrize(
    ("held", "due"),
    [(None, True), (known(), False), (known(next_visit_at=NOW), True)],
)
def test_it_is_asked_for_before_the_first_visit_and_when_it_is_a_day_old(held, due):
    assert robots.is_due(visit(robots=held), POLICY, NOW) is due


@pytest.mark.parametrize(
    ("policy", "kind", "follows"),
    [
        (RobotsPolicy.OBEY, ResourceKind.FEED, True),
        (RobotsPolicy.OBEY, ResourceKind.ARTICLE, True),
        (RobotsPolicy.PAGES, ResourceKind.FEED, False),
        (RobotsPolicy.PAGES, ResourceKind.ARTICLE, True),
        (RobotsPolicy.IGNORE, ResourceKind.FEED, False),
        (RobotsPolicy.IGNORE, ResourceKind.ARTICLE, False),
    ],
)
def test_the_policy_says_what_it_is_followed_for(policy, kind, follows):
    closed = visit(kind=kind, robots=replace(CLOSED, text=CLOSED.text + "\nCrawl-delay: 9"))
    said = Policy(robots=policy)
    assert (robots.refusal(closed, said) is not None) is follows
    assert robots.is_due(visit(kind=kind), said, NOW) is follows
    assert (robots.delay(closed, said) == 9) is follows


def test_a_refusal_says_by_whom():
    assert robots.refusal(visit(robots=CLOSED), POLICY) == (Outcome.DISALLOWED, f"{FILE} disallows it")


def test_while_it_cannot_be_had_a_visit_fares_as_the_request_for_it_did():
    out = known(standing=Standing.UNREACHABLE, outcome=Outcome.SERVER_ERROR, detail="HTTP 500")
    assert robots.refusal(visit(robots=out), POLICY) == (Outcome.SERVER_ERROR, "robots.txt cannot be had: HTTP 500")


def test_the_rules_of_a_site_do_not_hold_for_another():
    asked = visit(robots=CLOSED)
    assert not robots.allows(asked, POLICY, SITE + "/b")
    assert robots.allows(asked, POLICY, "https://other.example/b")
    assert robots.allows(asked, POLICY, "http://example.org/b")


# --- what an answer means ------------------------------------------------------------------------------------------


def decide(came, held=None, **options):
    common: dict[str, Any] = {"lease": Lease(3, 5), "lease_until": NOW + DAY, "now": NOW, "policy": POLICY}
    common["network_up"] = True
    return robots.decide(visit(robots=held), came, jitter=0.5, **(common | options))


TEXT = b"User-agent: *\nDisallow: /x\n"


def test_a_text_is_kept_for_up_to_a_day():
    intent = decide(reply(body=TEXT, headers={"etag": '"n"'}))
    assert intent.url == FILE
    assert intent.robots.standing is Standing.RULES
    assert intent.robots.text == TEXT.decode()
    assert intent.robots.validators == Validators('"n"')
    assert NOW + DAY * 0.85 <= intent.robots.next_visit_at <= NOW + DAY


@pytest.mark.parametrize(
    ("came", "standing"),
    [(reply(status), Standing.ABSENT) for status in (204, 400, 401, 403, 404, 405, 410, 418, 451, 499)]
    + [(reply(status), Standing.UNREACHABLE) for status in (304, 429, 500, 503, 599, 999)]
    + [
        (reply(fault=fault, status=None), Standing.UNREACHABLE)
        for fault in Fault
        if fault not in {Fault.REDIRECTS, Fault.MEDIA_TYPE}
    ]
    + [(reply(302, fault=Fault.REDIRECTS), Standing.ABSENT), (reply(fault=Fault.MEDIA_TYPE), Standing.ABSENT)],
)
def test_what_an_answer_counts_as(came, standing):
    assert decide(came).robots.standing is standing


@pytest.mark.parametrize("came", [reply(500), reply(None, fault=Fault.DNS)])
def test_what_is_held_is_used_while_it_cannot_be_had(came):
    held = known(TEXT.decode(), next_visit_at=NOW)
    intent = decide(came, held)
    assert (intent.robots.standing, intent.robots.text) == (held.standing, held.text)
    assert not intent.changed
    assert intent.robots.unreachable_since == NOW
    assert intent.robots.failures == 1


@pytest.mark.parametrize(("days", "standing"), [(29, Standing.UNREACHABLE), (30, Standing.ABSENT)])
def test_after_a_month_out_of_reach_it_counts_as_absent(days, standing):
    held = known(standing=Standing.UNREACHABLE, unreachable_since=NOW - days * DAY)
    intent = decide(reply(500), held)
    assert intent.robots.standing is standing
    assert intent.changed is (standing is Standing.ABSENT)


def test_our_own_outage_does_not_begin_the_month():
    intent = decide(reply(None, fault=Fault.DNS), network_up=False)
    assert intent.robots.unreachable_since is None
    assert intent.robots.failures == 0


def test_a_change_is_told():
    held = known(TEXT.decode())
    assert not decide(reply(304), held).changed
    assert decide(reply(body=TEXT + b"Disallow: /y\n"), held).changed
    assert decide(reply(404), held).changed


def test_a_304_keeps_the_text():
    intent = decide(reply(304), known(TEXT.decode()))
    assert intent.robots.text == TEXT.decode()
    assert intent.robots.standing is Standing.RULES


def test_a_crawl_delay_holds_from_the_answer_that_brings_it():
    intent = decide(reply(body=b"User-agent: *\nCrawl-delay: 90\n"))
    assert (intent.host_free_at - NOW).total_seconds() >= 90


def test_bytes_that_are_no_text_have_rules_too():
    intent = decide(reply(body=b"\xff\xfe\x00User-agent: *\nDisallow: /\n"))
    assert intent.robots.standing is Standing.RULES


def test_a_redirected_one_keeps_no_validators():
    hop = Hop(301, FILE, "https://www.example.org/robots.txt")
    intent = decide(reply(body=TEXT, headers={"etag": '"n"'}, hops=(hop,)))
    assert intent.robots.validators == Validators()


# --- a visit that is not made ----------------------------------------------------------------------------------------


def withhold(outcome, held=CLOSED, *, network_up=True, **changes):
    common: dict[str, Any] = {"lease": Lease(3, 5), "lease_until": NOW + DAY, "now": NOW, "policy": POLICY}
    asked = visit(robots=held, **changes)
    return visits.withheld(asked, outcome, "why", network_up=network_up, jitter=0.0, **common)


def test_a_refusal_is_no_failure_and_leaves_what_is_held():
    intent = withhold(Outcome.DISALLOWED, failures=3)
    assert (intent.outcome, intent.detail, intent.failures) == (Outcome.DISALLOWED, "why", 0)
    assert (intent.validators, intent.body_hash, intent.capture) == (visit().validators, visit().body_hash, None)
    assert (intent.reached, intent.wire_bytes, intent.host_free_at) == (False, 0, NOW)
    assert intent.next_visit_at >= CLOSED.next_visit_at


def test_out_of_reach_is_charged_unless_nobody_answers():
    held = known(standing=Standing.UNREACHABLE, next_visit_at=NOW + timedelta(hours=3))
    assert withhold(Outcome.SERVER_ERROR, held).failures == 1
    assert withhold(Outcome.UNREACHABLE, held, network_up=False).failures == 0
    assert withhold(Outcome.SERVER_ERROR, held).next_visit_at >= held.next_visit_at


def test_a_page_that_is_disallowed_for_a_month_is_left_alone():
    assert withhold(Outcome.DISALLOWED, revised_at=NOW - 31 * DAY).next_visit_at is None
    assert withhold(Outcome.DISALLOWED, kind=ResourceKind.FEED, revised_at=NOW - 31 * DAY).next_visit_at is not None
