"""The one decision after a visit; numbers in names are the rules a feed reader is judged by."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit import paces
from worker.core import visits
from worker.core.outcome import SUCCESS
from worker.model import Fault, Hop, Lease, Outcome, Policy, Reply, ResourceKind, Validators, Visit

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
URL = "https://example.org/a"
POLICY = Policy(requests_per_hour=36_000)
OLD = Validators('"old"', "Sun, 22 Nov 2026 08:00:00 GMT")
NEW = {"etag": '"new"', "last-modified": "Sun, 22 Nov 2026 09:00:00 GMT"}
BODY = b"<p>12 people</p>"
HASH = hashlib.sha256(BODY).hexdigest()
MOVED = Hop(301, URL, "https://example.org/b")
FOUND = Hop(302, URL, "https://example.org/b")


def visit(**changes):
    known = Visit(
        resource_id=7,
        outlet="o",
        host="example.org",
        kind=ResourceKind.ARTICLE,
        url=URL,
        validators=OLD,
        body_hash=HASH,
        failures=0,
        unchanged=0,
        changed_at=NOW - timedelta(hours=1),
        first_seen_at=NOW - timedelta(hours=5),
        published_at=None,
    )
    return replace(known, **changes)


def reply(status=200, body=b"", fault=None, headers=None, **fields):
    return Reply(url=fields.pop("url", URL), status=status, headers=headers or {}, body=body, fault=fault, **fields)


def decide(known=None, came=None, *, network_up=True, jitter=0.0, policy=POLICY):
    return visits.decide(
        known or visit(),
        came or reply(),
        lease=Lease(3, 5),
        lease_until=NOW + timedelta(seconds=120),
        now=NOW,
        policy=policy,
        network_up=network_up,
        jitter=jitter,
    )


def wait(intent):
    return intent.next_visit_at and (intent.next_visit_at - NOW).total_seconds()


FRESH = reply(body=b"new bytes", headers=NEW)
SAME = reply(body=BODY, headers=NEW)
NOT_MODIFIED = reply(304, headers=NEW)


# --- what is written ---------------------------------------------------------------------------------------------


def test_fresh_bytes_are_captured():
    intent = decide(visit(failures=3, unchanged=9), FRESH)
    assert intent.outcome is Outcome.FRESH
    assert intent.capture is not None
    assert (intent.capture.body, intent.capture.url, intent.capture.status) == (b"new bytes", URL, 200)
    assert intent.capture.body_hash == intent.body_hash == hashlib.sha256(b"new bytes").hexdigest()
    assert (intent.failures, intent.unchanged, intent.detail) == (0, 0, "")
    assert 900 < wait(intent) < 3 * 3600  # until they are read; new bytes are no revision yet


@pytest.mark.parametrize("came", [SAME, NOT_MODIFIED])
def test_nothing_new_costs_one_small_write(came):
    intent = decide(visit(failures=3, unchanged=9), came)
    assert intent.outcome in {Outcome.SAME, Outcome.NOT_MODIFIED}
    assert (intent.capture, intent.body_hash) == (None, HASH)
    assert (intent.failures, intent.unchanged) == (0, 10)
    assert wait(intent) == wait(decide(visit(), SAME)) > 900  # by the history of the article, whatever was said


def test_a_quiet_feed_and_a_quiet_article_have_their_own_pace():
    assert wait(decide(visit(kind=ResourceKind.FEED), SAME)) == 900
    assert wait(decide(visit(kind=ResourceKind.FEED, changed_at=None), SAME)) == 2100  # first seen five hours ago
    assert wait(decide(visit(changed_at=NOW - timedelta(days=31)), SAME)) is None


def test_what_is_known_of_an_article_sets_its_pace():
    plain = wait(decide(visit(revisions=1), SAME))
    assert wait(decide(visit(revisions=5), SAME)) < plain < wait(decide(visit(), SAME))
    assert wait(decide(visit(revisions=1, pace=paces.of((500,) * 8, (1,) * 8)), SAME)) > plain
    assert (
        wait(decide(visit(revisions=1, figures=False), SAME))
        > wait(decide(visit(revisions=1, figures=True), SAME))
        == plain
    )
    churning = visit(revisions=2, revised_at=NOW - timedelta(hours=4))  # bytes changed since, the text did not
    assert wait(decide(churning, SAME)) > wait(decide(visit(revisions=2), SAME))
    assert wait(decide(visit(revisions=1, published_at=NOW - timedelta(days=900)), SAME)) > plain


def test_visits_that_wait_for_their_turn_are_asked_for_less_often():
    on_time = wait(decide(visit(due_at=NOW), SAME))
    assert wait(decide(visit(due_at=NOW - timedelta(seconds=30)), replace(SAME, seconds=30))) == on_time
    assert wait(decide(visit(due_at=NOW - timedelta(minutes=60)), SAME)) > 1.5 * on_time
    assert wait(decide(visit(due_at=NOW - timedelta(days=3)), SAME)) == pytest.approx(4 * on_time)


def test_the_lease_and_the_costs_are_passed_on():
    intent = decide(came=replace(SAME, seconds=1.5, wire_bytes=77))
    assert (intent.resource_id, intent.lease, intent.at) == (7, Lease(3, 5), NOW)
    assert intent.lease_until == NOW + timedelta(seconds=120)
    assert (intent.seconds, intent.wire_bytes) == (1.5, 77)
    assert intent.host_free_at == NOW + timedelta(seconds=2)


def test_only_useful_headers_are_kept_and_none_is_huge():
    headers = NEW | {"content-type": "text/html", "link": "x" * 9000, "set-cookie": "a=1", "x-frame-options": "DENY"}
    capture = decide(came=reply(body=b"x", headers=headers)).capture
    assert capture is not None
    assert set(capture.headers) == {"etag", "last-modified", "content-type", "link"}
    assert len(capture.headers["link"]) == 4000


@pytest.mark.parametrize(
    ("came", "detail"),
    [
        (reply(403), "HTTP 403"),
        (reply(200, body=b"x", headers={"cf-mitigated": "challenge"}), "HTTP 200, a challenge by a protection service"),
        (reply(None, fault=Fault.DNS, detail="no such name"), "no such name"),
        (reply(204), "HTTP 204"),
    ],
)
def test_a_failure_is_told_in_words_and_leaves_what_is_held(came, detail):
    intent = decide(visit(failures=2, unchanged=9), came)
    assert intent.detail == detail
    assert (intent.failures, intent.unchanged, intent.capture, intent.body_hash) == (3, 9, None, HASH)
    assert intent.validators == OLD


# --- when, and whom it is charged to -----------------------------------------------------------------------------


def test_our_own_outage_is_charged_to_nobody():
    intent = decide(visit(failures=2), reply(None, fault=Fault.DNS), network_up=False)
    assert (intent.outcome, intent.reached, intent.failures, wait(intent)) == (Outcome.UNREACHABLE, False, 2, 60)


def test_a_host_that_alone_is_unreachable_is_charged():
    intent = decide(visit(failures=2), reply(None, fault=Fault.CONNECT), network_up=True)
    assert (intent.failures, wait(intent)) == (3, 4 * 900)
    assert intent.host_free_at == NOW + timedelta(seconds=32)


def test_a_server_that_garbles_its_304s_is_asked_in_full_after_a_while():
    garbled = reply(None, fault=Fault.PROTOCOL)
    assert [decide(visit(failures=n), garbled).validators for n in range(4)] == [OLD, OLD, Validators(), Validators()]
    assert decide(visit(failures=5), reply(None, fault=Fault.TIMEOUT)).validators == OLD


def test_what_an_answer_says_of_its_host_is_of_the_one_that_a_redirect_led_to():
    away = Hop(302, URL, "https://b.example/x")
    throttled = reply(429, headers={"retry-after": "600"}, url=away.location, hops=(away,))
    intent = decide(came=throttled)
    assert intent.host_free_at == NOW + timedelta(seconds=2)
    assert intent.elsewhere == (("b.example", NOW + timedelta(seconds=600)),)
    back = Hop(302, away.location, URL)
    intent = decide(came=replace(throttled, hops=(away, back), url=URL))
    assert (intent.host_free_at, intent.elsewhere) == (
        NOW + timedelta(seconds=600),
        (("b.example", NOW + timedelta(seconds=2)),),
    )


def test_a_host_that_cannot_answer_just_now_rests_but_its_retry_after_is_of_the_path():
    intent = decide(came=reply(503, headers={"retry-after": "3600"}))
    assert (wait(intent), intent.host_free_at) == (3600, NOW + timedelta(seconds=32))


@pytest.mark.parametrize("fault", [Fault.TLS, Fault.TIMEOUT, Fault.REFUSED, Fault.PROTOCOL])
def test_a_captive_portal_charges_nobody_but_the_floor_is_kept(fault):
    intent = decide(came=reply(None, fault=fault), network_up=False)
    assert (intent.reached, intent.failures) == (False, 0)
    assert wait(intent) >= 900


def test_who_answers_with_an_error_is_charged_whatever_the_network_does():
    intent = decide(came=reply(500), network_up=False)
    assert (intent.reached, intent.failures, wait(intent)) == (True, 1, 900)


def test_21_gone_is_never_asked_for_again():
    for kind in ResourceKind:
        assert decide(visit(kind=kind), reply(410)).next_visit_at is None


def test_22_a_missing_feed_slows_down_but_is_never_forgotten():
    known = visit(kind=ResourceKind.FEED, failures=50, changed_at=NOW - timedelta(days=900))
    assert wait(decide(known, reply(404))) == 1008 * 600


def test_a_page_that_fails_and_has_been_quiet_for_a_month_is_left_alone():
    assert decide(visit(changed_at=NOW - timedelta(days=29)), reply(404)).next_visit_at is not None
    known = visit(changed_at=NOW - timedelta(days=30))
    assert decide(known, reply(404)).next_visit_at is None
    assert decide(known, reply(None, fault=Fault.DNS)).next_visit_at is None
    assert decide(known, reply(None, fault=Fault.DNS), network_up=False).next_visit_at is not None
    assert decide(visit(changed_at=None), reply(404)).next_visit_at is not None


def test_16_18_throttling_slows_the_page_and_the_host():
    intent = decide(came=reply(429, headers={"retry-after": "7200"}))
    assert (intent.outcome, wait(intent)) == (Outcome.THROTTLED, 7200)
    assert intent.host_free_at == NOW + timedelta(hours=2)


def test_18_an_error_of_one_page_does_not_slow_the_host():
    intent = decide(came=reply(502, headers={"retry-after": "7200"}))
    assert (intent.outcome, wait(intent)) == (Outcome.SERVER_ERROR, 7200)
    assert intent.host_free_at == NOW + timedelta(seconds=2)


def test_19_freshness_of_a_feed_is_waited_for():
    known = visit(kind=ResourceKind.FEED)
    for status in (200, 304):
        came = reply(status, body=BODY if status == 200 else b"", headers={"cache-control": "max-age=5000"})
        assert wait(decide(known, came)) == 5000


# --- validators --------------------------------------------------------------------------------------------------


def after(known, came):
    return decide(known, came).validators


def test_1_what_was_never_fetched_has_none():
    assert after(visit(validators=Validators(), body_hash=None), reply(500)) == Validators()


@pytest.mark.parametrize("came", [FRESH, SAME, NOT_MODIFIED])
def test_5_6_7_8_new_ones_are_kept_whatever_else_is_new(came):
    assert after(visit(), came) == Validators(NEW["etag"], NEW["last-modified"])


@pytest.mark.parametrize("name", ["etag", "last-modified"])
def test_6_one_of_them_may_change_alone(name):
    both = {"etag": OLD.etag, "last-modified": OLD.last_modified} | {name: NEW[name]}
    for status, body in ((200, b"x"), (200, BODY), (304, b"")):
        assert after(visit(), reply(status, body, headers=both)) == Validators(both["etag"], both["last-modified"])


@pytest.mark.parametrize("came", [reply(body=b"x"), reply(body=BODY)])
def test_9_what_vanishes_from_a_200_is_forgotten(came):
    assert after(visit(), came) == Validators()
    assert after(visit(), replace(came, headers={"etag": '"n"'})) == Validators('"n"', None)


def test_what_a_304_leaves_out_stays():
    assert after(visit(), reply(304)) == OLD
    assert after(visit(), reply(304, headers={"etag": '"n"'})) == Validators('"n"', OLD.last_modified)


@pytest.mark.parametrize(
    "value", ['W/"a-gzip"', "unquoted", '"a", "b"', "yesterday", "0", '"', '"ünï"', "Mon, 22 Nov 2026 10:00:00 GMT"]
)
def test_3_4_they_are_kept_as_they_came(value):
    assert after(visit(), reply(body=b"x", headers={"etag": value, "last-modified": value})) == Validators(value, value)


@pytest.mark.parametrize("value", ["", "caf\ufffd", '"' + "x" * 1000 + '"', "a\x00b", "a\x7f"])
def test_what_could_not_be_sent_back_byte_for_byte_is_not_kept(value):
    assert after(visit(), reply(body=b"x", headers={"etag": value})) == Validators()


@pytest.mark.parametrize("status", [500, 503, 404, 403, 429, 204, 206])
def test_10_errors_leave_them_as_they_were(status):
    assert after(visit(), reply(status, headers=NEW)) == OLD


@pytest.mark.parametrize("fault", list(Fault))
def test_10_faults_leave_them_as_they_were(fault):
    assert after(visit(), reply(200, fault=fault, headers=NEW)) == OLD


def test_10_a_body_that_may_be_cut_or_is_empty_is_asked_for_again():
    cut = decide(came=replace(FRESH, whole=False))
    assert (cut.validators, cut.body_hash) == (Validators(), HASH)
    assert cut.capture is not None
    assert not cut.capture.whole
    assert after(visit(), reply(body=b"", headers=NEW)) == Validators()


@pytest.mark.parametrize("body", [b"<rss></rss>\n", b"<a:RDF></a:RDF>", b"<html></HTML ><!-- cached -->"])
def test_a_body_that_ends_its_root_is_whole_without_a_frame(body):
    intent = decide(came=replace(FRESH, body=body, whole=False))
    assert intent.validators == Validators(NEW["etag"], NEW["last-modified"])
    assert intent.body_hash == hashlib.sha256(body).hexdigest()


def test_the_bytes_we_hold_are_whole_however_they_came():
    intent = decide(came=replace(SAME, whole=False))
    assert (intent.outcome, intent.validators.etag) == (Outcome.SAME, '"new"')


def test_12_those_of_where_a_redirect_led_are_not_ours():
    for came in (FRESH, SAME):
        assert after(visit(), replace(came, hops=(FOUND,), url=FOUND.location)) == Validators()


def test_15_a_304_that_nobody_asked_for_makes_the_next_request_unconditional():
    never = decide(visit(validators=Validators()), NOT_MODIFIED)
    assert (never.outcome, never.validators, never.body_hash) == (Outcome.UNEXPECTED, Validators(), HASH)
    elsewhere = decide(came=replace(NOT_MODIFIED, hops=(FOUND,)))
    assert (elsewhere.outcome, elsewhere.validators) == (Outcome.UNEXPECTED, Validators())


# --- redirects ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hops", "status", "permanent"),
    [
        ((), 200, None),
        ((MOVED,), 200, "https://example.org/b"),
        ((replace(MOVED, status=308), MOVED), 200, "https://example.org/b"),
        ((MOVED, FOUND), 200, None),
        ((FOUND,), 200, None),
        ((replace(FOUND, status=307), MOVED), 200, None),
        ((MOVED,), 404, None),
        ((MOVED,), 503, None),
    ],
)
def test_23_a_move_counts_as_permanent_if_every_hop_says_so_and_it_is_there(hops, status, permanent):
    came = reply(status, body=BODY, hops=hops, url="https://example.org/b" if hops else URL)
    assert decide(came=came).move.seen == permanent


# --- properties --------------------------------------------------------------------------------------------------

VISITS = st.builds(
    visit,
    kind=st.sampled_from(ResourceKind),
    validators=st.builds(Validators, st.sampled_from([None, '"old"']), st.sampled_from([None, "yesterday"])),
    body_hash=st.sampled_from([None, HASH]),
    failures=st.integers(0, 3000),
    unchanged=st.integers(0, 3000),
    changed_at=st.none() | st.floats(0, 3e6).map(lambda s: NOW - timedelta(seconds=s)),
)
REPLIES = st.builds(
    reply,
    st.none() | st.sampled_from([200, 304]) | st.integers(100, 999),
    st.sampled_from([b"", BODY, b"other"]),
    st.none() | st.sampled_from(Fault),
    st.dictionaries(
        st.sampled_from(["etag", "last-modified", "retry-after", "cache-control", "expires", "cf-mitigated"]),
        st.sampled_from(["", "0", "60", "max-age=60", "challenge", '"x"', "9" * 17]) | st.text(max_size=5),
    ),
    whole=st.booleans(),
    hops=st.sampled_from([(), (MOVED,), (FOUND,), (MOVED, FOUND)]),
)


@settings(deadline=None)  # a busy machine is no failure
@given(VISITS, REPLIES, st.booleans(), st.floats(0, 1, exclude_max=True))
def test_every_visit_ends_in_one_consistent_intent(known, came, network_up, jitter):
    intent = decide(known, came, network_up=network_up, jitter=jitter)
    success = intent.outcome in SUCCESS
    assert (intent.capture is not None) == (intent.outcome is Outcome.FRESH)
    assert (intent.failures == 0) if success else intent.failures in {known.failures, known.failures + 1}
    assert intent.host_free_at >= NOW + timedelta(seconds=POLICY.min_gap_seconds)
    assert intent.next_visit_at is None or intent.next_visit_at > NOW
    if intent.next_visit_at is None:
        assert intent.outcome is Outcome.GONE or known.kind is ResourceKind.ARTICLE
    if intent.body_hash != known.body_hash:
        assert intent.capture is not None
        assert intent.capture.whole


@settings(deadline=None)
@given(VISITS, REPLIES)
def test_run_twice_is_run_once(known, came):
    assert decide(known, came) == decide(known, came)


@settings(deadline=None)
@given(st.lists(REPLIES, max_size=8))
def test_a_304_never_stands_for_bytes_we_do_not_hold(replies):
    """From the first request on, whatever a server answers: validators are only kept together with a body."""
    known = visit(validators=Validators(), body_hash=None)
    for came in replies:
        intent = decide(known, came)
        assert intent.outcome is not Outcome.NOT_MODIFIED or known.body_hash is not None
        known = replace(known, validators=intent.validators, body_hash=intent.body_hash, failures=intent.failures)
