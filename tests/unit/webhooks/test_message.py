"""What is sent, held against the specification's own library (D24, D30)."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.unit.webhooks.given import OLD_SECRET, SECRET, attempt, event, figure, revision
from worker.core import webhooks
from worker.core.urls import LONGEST
from worker.core.webhooks.message import TYPES
from worker.model import ChangeKind, Revision, RevisionKind

SITE = "https://figures.example"
WORST = "\x01"  # six bytes in JSON


def now():
    """The library asks its own clock."""
    return datetime.now(UTC)


def sent(*secrets, at=None, told=None):
    content = webhooks.body(told or event(told=revision()), SITE)
    return content, webhooks.headers("msg_1", content, secrets or (SECRET,), at or now())


def test_the_library_verifies_it():
    content, headers = sent()
    assert Webhook(SECRET).verify(content, headers) == json.loads(content)


def test_the_example_of_the_specification():
    """Its secret, id, time and payload, and the signature that all of its libraries test."""
    content = b'{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = webhooks.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", content, [SECRET], at)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_while_secrets_are_rotated_each_verifies(secret):
    content, headers = sent(SECRET, OLD_SECRET)
    assert len(headers["webhook-signature"].split(" ")) == 2
    Webhook(secret).verify(content, headers)


def test_after_that_the_old_one_does_not():
    content, headers = sent(SECRET)
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        Webhook(OLD_SECRET).verify(content, headers)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_attempt_played_again_is_rejected(minutes):
    content, headers = sent(at=now() + timedelta(minutes=minutes))
    with pytest.raises(WebhookVerificationError, match="timestamp too"):
        Webhook(SECRET).verify(content, headers)


@pytest.mark.parametrize("change", ["body", "webhook-id", "webhook-timestamp"])
def test_what_was_changed_on_its_way_is_rejected(change):
    content, headers = sent()
    if change == "body":
        content = content.replace(b"31", b"13")
    elif change == "webhook-id":
        headers[change] = "msg_2"
    else:
        headers[change] = str(int(headers[change]) - 1)
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        Webhook(SECRET).verify(content, headers)


def test_a_secret_is_what_libraries_take():
    secret = webhooks.new_secret(bytes(range(32)))
    assert base64.b64decode(secret.removeprefix("whsec_")) == bytes(range(32))
    content, headers = sent(secret)
    Webhook(secret).verify(content, headers)


# --- the payload -----------------------------------------------------------------------------------------


def test_a_revision():
    told = json.loads(webhooks.body(event(told=revision()), SITE))
    assert (told["type"], told["timestamp"]) == ("revision.created", "2026-11-22T12:00:00Z")
    data = told["data"]
    assert (data["position"], data["article_id"], data["version_id"], data["revision_id"]) == (7, 3, 5, 2)
    assert (data["outlet"], data["url"], data["title"]) == ("anadolu", "https://anadolu.example/a", "Title")
    shown = data["revision"]
    assert (shown["kind"], shown["old_low"], shown["new_low"], shown["unit"]) == ("revised", 12, 31, None)
    assert (shown["old_sentence"], shown["new_sentence"]) == ("12 soldiers.", "31 soldiers.")
    assert data["links"] == {
        "article": f"{SITE}/articles/3",
        "change": f"{SITE}/api/v1/changes?after=6&limit=1",
    }


def test_a_figure_that_was_withdrawn():
    gone = Revision(RevisionKind.WITHDRAWN, figure("12"), None, 0.5, "because")
    shown = json.loads(webhooks.body(event(told=gone), SITE))["data"]["revision"]
    assert (shown["new_low"], shown["new_bound"], shown["new_sentence"]) == (None, None, None)


@pytest.mark.parametrize("kind", ChangeKind)
def test_every_kind_has_a_type(kind):
    type_ = json.loads(webhooks.body(event(kind), SITE))["type"]
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", type_)
    assert len(set(TYPES.values())) == len(ChangeKind)


def test_d30_stored_content_without_end_stays_under_20_kb():
    endless = revision(subject=WORST * 50_000, sentence=WORST * 1_000_000)
    article = {"url": "https://" + "u" * (LONGEST - 8), "title": WORST * 1_000_000, "outlet": "o" * 1_000}
    content = webhooks.body(event(told=endless, **article), SITE)
    assert 15_000 < len(content) < 20_000
    assert json.loads(content)["data"]["title"].endswith("…")


def test_words_of_any_script_are_sent_as_they_are():
    content, headers = sent(told=event(title="Дванаесет 兵士 \u2028"))
    assert Webhook(SECRET).verify(content, headers)["data"]["title"] == "Дванаесет 兵士 \u2028"


# --- the id ----------------------------------------------------------------------------------------------


def test_the_id_is_of_what_is_said_and_not_of_where_it_stands():
    assert webhooks.event_id(event(position=7)) == webhooks.event_id(event(position=8, title="Other"))
    others = [event(), event(identity=("key", "y")), event(identity=("keyx",)), event(ChangeKind.VERSION)]
    assert len({webhooks.event_id(other) for other in others}) == len(others)


def test_the_id_holds_nothing_that_could_confuse_what_is_signed():
    assert re.fullmatch(r"msg_[0-9a-f]{32}", webhooks.event_id(event(identity=("a.b",))))


def test_secrets_are_not_in_what_is_printed_of_an_attempt():
    assert SECRET not in repr(attempt())
