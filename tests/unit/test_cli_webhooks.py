"""`webhooks`: what an operator sees and does; the secret is shown once, and nowhere else."""

import json

import pytest

from tests.contract.storage.given import HOUR, NOON, Cast, figure, revision
from tests.harness.commands import invoke
from tests.harness.databases import opened
from worker.errors import InputError
from worker.model import DeliveryIntent, DeliveryOutcome

HOOK = "https://consumer.example/hooks/T0KEN"


@pytest.fixture
def store(tmp_path, monkeypatch, _sqlite_files):
    monkeypatch.setenv("FIGUREWATCH_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("worker.clock.now", lambda: NOON)
    with _sqlite_files.fresh(tmp_path) as url, opened(url) as here:
        yield here


def run(*words, code=0):
    result = invoke("webhooks", *words)
    assert result.exit_code == code, result.output
    return result.stdout


def add(*words):
    return json.loads(run("add", HOOK, "--json", *words))


def tell(store, outcome, detail="", disabled=None):
    """One attempt, and what came of it; the time of the next one has come then."""
    (lease,) = store.webhooks.lease(NOON, NOON + HOUR, 1)
    attempt = store.webhooks.begin(lease, NOON, NOON + HOUR)
    failures = 0 if outcome is DeliveryOutcome.DELIVERED else attempt.number
    facts = (attempt.lease, attempt.event.change.position, NOON, outcome, detail, None, 0.1, failures, NOON, disabled)
    store.webhooks.record(DeliveryIntent(*facts), None)


@pytest.fixture
def told(store):
    """An endpoint that wants everything, with an article, two versions and a revision before it."""
    added, cast = add("--kinds", "all"), Cast(store)
    cast.keep(cast.article(), figures=[figure(12)])
    cast.keep(cast.capture_later(), text="31.", figures=[figure(31)], revisions=[revision(figure(12), figure(31))])
    store.changes.sequence()
    return added


def test_none_yet(store):
    assert "webhooks add" in run("list")
    assert run("list", "--json") == ""


def test_the_secret_is_shown_once(told, store):
    tell(store, DeliveryOutcome.DELIVERED)
    elsewhere = run("list"), run("list", "--json"), run("deliveries", "1"), run("deliveries", "1", "--json")
    status = invoke("status", "--json").stdout
    secret = told["secret"].removeprefix("whsec_")
    assert len(secret) == 44
    assert not any(secret in said for said in (*elsewhere, status))
    rotated = json.loads(run("rotate", "1", "--json"))
    assert rotated["endpoint_id"] == 1
    assert rotated["secret"] != told["secret"]


def test_for_people_the_secret_stands_on_a_line_of_its_own(store):
    added = invoke("webhooks", "add", HOOK)
    assert added.stdout.splitlines()[1].startswith("secret whsec_")
    assert "not shown again" in added.stderr


def test_http_is_taken_with_a_word_about_it(store):
    assert "can be read on its way" in invoke("webhooks", "add", "http://consumer.example/").stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["http://10.0.0.1/"], "private"),
        (["http://localhost/"], "no public network"),
        (["https://consumer.example:5432/"], "port 5432"),
        (["https://user:pass@consumer.example/"], "cannot be asked|can be asked"),
        (["consumer.example"], "can be asked"),
        ([HOOK, "--kinds", "revision,rumour"], "'rumour' is no kind of change; kinds are article"),
        ([HOOK, "--kinds", ""], "'' is no kind"),
    ],
)
def test_what_cannot_be_added_is_told(store, words, why):
    with pytest.raises(InputError, match=why):
        invoke("webhooks", "add", *words)
    assert run("list", "--json") == ""


def test_twice_the_same_address(store):
    add()
    with pytest.raises(InputError, match="already"):
        invoke("webhooks", "add", HOOK)


def test_what_is_usual(store):
    add()
    (listed,) = map(json.loads, run("list", "--json").splitlines())
    assert listed["kinds"] == ["revision", "retraction"]
    assert (listed["url"], listed["disabled"], listed["waiting"]) == (HOOK, None, 0)


def test_the_life_of_an_endpoint(told, store):
    assert "nothing delivered yet" in run("list")
    assert run("deliveries", "1") == "nothing delivered yet\n"
    tell(store, DeliveryOutcome.DELIVERED)
    assert "last delivered 2026" in run("list")
    assert run("deliveries", "1", "--failed") == "nothing failed\n"
    tell(store, DeliveryOutcome.SERVER_ERROR, "HTTP 500: \x1b[31mno")
    assert "failing since" in run("list")
    assert "1 failing, 0 disabled: see `webhooks list`" in invoke("status").stdout
    failed = run("deliveries", "1", "--failed")
    assert "server_error" in failed
    assert "\x1b" not in failed
    tell(store, DeliveryOutcome.GONE, "HTTP 410", "the receiver says that it is gone")
    assert "disabled: the receiver says" in run("list")
    assert json.loads(invoke("status", "--json").stdout)["endpoints"] == {"active": 0, "failing": 0, "disabled": 1}
    assert "at once" in run("retry", "1")
    assert json.loads(invoke("status", "--json").stdout)["endpoints"]["active"] == 1
    run("retry", "1", "--after", "0")
    (listed,) = map(json.loads, run("list", "--json").splitlines())
    assert (listed["position"], listed["waiting"]) == (0, 4)
    run("remove", "1")
    assert run("list", "--json") == ""
    assert "webhook" not in invoke("status").stdout


@pytest.mark.parametrize("words", [["remove"], ["test"], ["rotate"], ["deliveries"], ["retry"]])
def test_an_endpoint_that_is_not_there(store, words):
    with pytest.raises(InputError, match="no endpoint 7"):
        invoke("webhooks", *words, "7")
