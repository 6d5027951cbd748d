"""The one disposition of a visit."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.core.outcome import SUCCESS, challenged, classify, reached
from worker.model import Fault, Hop, Outcome, Reply, ResourceKind, Validators, Visit

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
HASH = "a" * 64
HOPS = (Hop(302, "https://example.org/a", "https://example.org/b"),)


def visit(validators=Validators('"x"', None), body_hash=HASH):  # noqa: B008 - frozen
    return Visit(
        resource_id=1,
        outlet="o",
        host="example.org",
        kind=ResourceKind.ARTICLE,
        url="https://example.org/a",
        validators=validators,
        body_hash=body_hash,
        failures=0,
        unchanged=0,
        changed_at=NOW,
        first_seen_at=NOW,
        published_at=None,
    )


def reply(status=None, fault=None, hops=(), **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(url="https://example.org/a", status=status, headers=named, fault=fault, hops=hops)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.REFUSED, Outcome.REFUSED),
        (Fault.DNS, Outcome.UNREACHABLE),
        (Fault.CONNECT, Outcome.UNREACHABLE),
        (Fault.TLS, Outcome.BROKEN),
        (Fault.TIMEOUT, Outcome.BROKEN),
        (Fault.PROTOCOL, Outcome.BROKEN),
        (Fault.INCOMPLETE, Outcome.BROKEN),
        (Fault.ENCODING, Outcome.BROKEN),
        (Fault.TOO_LARGE, Outcome.TOO_LARGE),
        (Fault.MEDIA_TYPE, Outcome.UNSUPPORTED),
        (Fault.REDIRECTS, Outcome.UNEXPECTED),
    ],
)
@pytest.mark.parametrize("status", [None, 200, 302])
def test_a_fault_decides_whatever_the_status(fault, outcome, status):
    assert classify(visit(), reply(status, fault), HASH) is outcome


def test_every_fault_has_an_outcome():
    assert all(classify(visit(), reply(fault=fault), None) not in SUCCESS for fault in Fault)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *[(s, Outcome.BLOCKED) for s in (401, 402, 403, 451)],
        *[(s, Outcome.SERVER_ERROR) for s in (500, 501, 502, 503, 504, 520, 522, 530, 599)],
        (404, Outcome.MISSING),
        (410, Outcome.GONE),
        (429, Outcome.THROTTLED),
        *[(s, Outcome.UNEXPECTED) for s in (100, 101, 199, 201, 202, 203, 204, 205, 206, 226, 299)],
        *[(s, Outcome.UNEXPECTED) for s in (300, 301, 302, 305, 307, 399)],
        *[(s, Outcome.UNEXPECTED) for s in (400, 405, 406, 407, 408, 418, 426, 499, 600, 999, 0)],
    ],
)
def test_status(status, outcome):
    assert classify(visit(), reply(status), None) is outcome


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(503, Outcome.SERVER_ERROR), (429, Outcome.THROTTLED), (502, Outcome.SERVER_ERROR), (404, Outcome.MISSING)],
)
def test_retry_after_throttles_only_where_it_means_too_much(status, outcome):
    assert classify(visit(), reply(status, retry_after="120"), None) is outcome


@pytest.mark.parametrize(
    ("held", "came", "outcome"),
    [(HASH, HASH, Outcome.SAME), (HASH, "b" * 64, Outcome.FRESH), (None, HASH, Outcome.FRESH)],
)
def test_200_is_told_apart_by_its_bytes_and_not_by_its_validators(held, came, outcome):
    assert classify(visit(body_hash=held), reply(200, etag='"x"'), came) is outcome


@pytest.mark.parametrize(
    ("validators", "hops", "outcome"),
    [
        (Validators('"x"', None), (), Outcome.NOT_MODIFIED),
        (Validators(None, "yesterday"), (), Outcome.NOT_MODIFIED),
        (Validators(), (), Outcome.UNEXPECTED),
        (Validators('"x"', None), HOPS, Outcome.UNEXPECTED),
    ],
)
def test_304_counts_only_where_it_was_asked_for(validators, hops, outcome):
    assert classify(visit(validators), reply(304, hops=hops), None) is outcome


@pytest.mark.parametrize("status", [200, 202, 304, 403, 405, 429, 503])
@pytest.mark.parametrize(
    ("name", "value"),
    [("cf_mitigated", "challenge"), ("cf_mitigated", " Challenge "), ("x_amzn_waf_action", "captcha")],
)
def test_a_challenge_page_is_never_the_publishers(status, name, value):
    answer = reply(status, **{name: value, "retry_after": "5"})
    assert challenged(answer)
    assert classify(visit(), answer, HASH) is Outcome.BLOCKED


def test_a_protection_service_that_lets_through_is_no_challenge():
    assert not challenged(reply(200, cf_mitigated="", server="cloudflare", cf_ray="1"))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply(200), True),
        (reply(500), True),
        (reply(200, Fault.INCOMPLETE), True),
        (reply(None, Fault.TIMEOUT, hops=HOPS), True),
        (reply(None, Fault.DNS), False),
        (reply(None, Fault.CONNECT), False),
        (reply(None, Fault.TLS), False),
        (reply(None, Fault.TIMEOUT), False),
        (reply(None, Fault.REFUSED), False),
    ],
)
def test_reached(answer, expected):
    assert reached(answer) is expected


@settings(deadline=None)  # a busy machine is no failure
@given(st.integers(0, 999), st.sampled_from([None, HASH]), st.booleans())
def test_any_status_has_an_outcome_and_only_200_and_304_succeed(status, body_hash, asked):
    validators = Validators('"x"', None) if asked else Validators()
    outcome = classify(visit(validators), reply(status), body_hash)
    assert isinstance(outcome, Outcome)
    if outcome in SUCCESS:
        assert status in {200, 304}
