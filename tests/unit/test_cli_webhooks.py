"""`webhooks`: what an operator sees and does; the secret is shown once, and nowhere else."""

import json
from datetime import timedelta

import pytest

from tests.harness.commands import invoke
from tests.unit.test_pipeline import PAGE, Newsdesk, page
from worker.errors import InputError
from worker.model import DeliveryIntent, DeliveryOutcome

HOOK = "https://consumer.example/hooks/T0KEN"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    newsdesk = Newsdesk(tmp_path)
    monkeypatch.setenv("FIGUREWATCH_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("worker.clock.now", newsdesk.clock)
    yield newsdesk
    newsdesk.store.close()


def run(*words, code=0):
    result = invoke("webhooks", *words)
    assert result.exit_code == code, result.output
    return result.stdout


def add(*words):
    return json.loads(run("add", HOOK, "--json", *words))


def tell(desk, outcome, detail="", disabled=None):
    """One attempt, and what came of it; the time of the next one has come then."""
    now = desk.clock()
    (lease,) = desk.store.webhooks.lease(now, now + timedelta(minutes=2), 1)
    attempt = desk.store.webhooks.begin(lease, now, now + timedelta(minutes=2))
    failures = 0 if outcome is DeliveryOutcome.DELIVERED else attempt.number
    facts = (attempt.lease, attempt.event.change.position, now, outcome, detail, None, 0.1, failures, now, disabled)
    desk.store.webhooks.record(DeliveryIntent(*facts), None)


@pytest.fixture
def told(desk):
    """An endpoint that wants everything, with an article, two versions and a revision before it."""
    added = add("--kinds", "all")
    for toll in (12, 31):
        desk.network.answers[PAGE] = page(toll)
        desk.clock.advance(minutes=10)
        desk.cycle()
        desk.cycle()
    desk.store.changes.sequence()
    desk.clock.advance(minutes=3)  # nobody walks what the cycles leased
    return added


def test_none_yet(desk):
    assert "webhooks add" in run("list")
    assert run("list", "--json") == ""


def test_the_secret_is_shown_once(told, desk):
    tell(desk, DeliveryOutcome.DELIVERED)
    elsewhere = run("list"), run("list", "--json"), run("deliveries", "1"), run("deliveries", "1", "--json")
    status = invoke("status", "--json").stdout
    secret = told["secret"].removeprefix("whsec_")
    assert len(secret) == 44
    assert not any(secret in said for said in (*elsewhere, status))
    rotated = json.loads(run("rotate", "1", "--json"))
    assert rotated["endpoint_id"] == 1
    assert rotated["secret"] != told["secret"]


def test_for_people_the_secret_stands_on_a_line_of_its_own(desk):
    added = invoke("webhooks", "add", HOOK)
    assert added.stdout.splitlines()[1].startswith("secret whsec_")
    assert "not shown again" in added.stderr


def test_http_is_taken_with_a_word_about_it(desk):
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
def test_what_cannot_be_added_is_told(desk, words, why):
    with pytest.raises(InputError, match=why):
        invoke("webhooks", "add", *words)
    assert run("list", "--json") == ""


def test_twice_the_same_address(desk):
    add()
    with pytest.raises(InputError, match="already"):
        invoke("webhooks", "add", HOOK)


def test_what_is_usual(desk):
    add()
    (listed,) = map(json.loads, run("list", "--json").splitlines())
    assert listed["kinds"] == ["revision", "retraction"]
    assert (listed["url"], listed["disabled"], listed["waiting"]) == (HOOK, None, 0)


def test_the_life_of_an_endpoint(told, desk):
    assert "nothing delivered yet" in run("list")
    assert run("deliveries", "1") == "nothing delivered yet\n"
    tell(desk, DeliveryOutcome.DELIVERED)
    assert "last delivered 2026" in run("list")
    assert run("deliveries", "1", "--failed") == "nothing failed\n"
    tell(desk, DeliveryOutcome.SERVER_ERROR, "HTTP 500: \x1b[31mno")
    assert "failing since" in run("list")
    assert "1 failing, 0 disabled: see `webhooks list`" in invoke("status").stdout
    failed = run("deliveries", "1", "--failed")
    assert "server_error" in failed
    assert "\x1b" not in failed
    tell(desk, DeliveryOutcome.GONE, "HTTP 410", "the receiver says that it is gone")
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
def test_an_endpoint_that_is_not_there(desk, words):
    with pytest.raises(InputError, match="no endpoint 7"):
        invoke("webhooks", *words, "7")
