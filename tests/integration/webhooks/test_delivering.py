"""Events on their way to scripted receivers: the real lanes, the real gate and a real database (D23 to D26)."""

import asyncio
import json
from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from tests.harness.databases import opened
from tests.integration.net.stage import GENEROUS, Names, answer, drip, fetcher, moved, raw, silence, stage
from tests.integration.webhooks.desk import SECRET, SITE, Desk
from worker.core import webhooks
from worker.model import Reply
from worker.net.fetch import Limits
from worker.pipeline import delivering

OK, BUSY = answer(b"", status="204 No Content"), answer(b"no room", status="500 Oops")
PATIENT = Limits(total_seconds=20.0, connect_seconds=5.0)
HASTY = Limits(total_seconds=0.3, connect_seconds=0.3)
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path, _sqlite_files):
    with _sqlite_files.fresh(tmp_path) as url, opened(url) as store:
        yield Desk(store)


@pytest.fixture
def each_desk(store):
    """One on each database, where locks matter."""
    return Desk(store)


def played(desk, *scripts, times=1, limits=GENEROUS, wait=HOUR):
    """What receivers with these scripts, one each and again and again, are asked."""

    async def play():
        async with stage(*scripts) as receiver:
            desk.add(receiver.url("/hooks?team=1"))
            for _ in range(times):
                await desk.deliver(receiver, limits=limits)
                desk.clock.now += wait
        return receiver.requests

    return asyncio.run(play())


def ids(requests):
    return [request.header("webhook-id") for request in requests]


# --- what is sent ----------------------------------------------------------------------------------------------


def test_every_change_is_one_signed_request_in_order(desk):
    requests = played(desk, OK)
    told = [Webhook(SECRET).verify(request.content, dict(request.headers)) for request in requests]
    assert [each["data"]["position"] for each in told] == [1, 2, 3, 4]
    assert told[-1]["type"] == "revision.created"
    assert (told[-1]["data"]["revision"]["old_low"], told[-1]["data"]["revision"]["new_low"]) == (12, 31)
    assert {request.target for request in requests} == {"/hooks?team=1"}
    assert len(set(ids(requests))) == 4
    assert desk.tally() == {"delivered": 4}
    assert desk.lease() == ()


def test_nothing_but_these_headers_and_nothing_that_is_remembered(desk):
    cookie = answer(b"", "Set-Cookie: a=b", status="200 OK")
    requests = played(desk, cookie)
    names = {name.lower() for request in requests for name, _ in request.headers}
    assert names == {
        "host", "user-agent", "accept", "accept-encoding", "content-type", "content-length", "webhook-id",
        "webhook-timestamp", "webhook-signature",
    }  # fmt: skip
    assert {request.connection for request in requests} == {1}


def test_secrets_and_addresses_are_in_no_event(desk):
    played(desk, BUSY)
    said = json.dumps(desk.events, default=str)
    assert desk.outcomes() == ["server_error"]
    assert "hooks" not in said
    assert SECRET.removeprefix("whsec_")[:10] not in said


# --- D23 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_d23_a_redirect_is_a_failure_and_not_followed(desk, status):
    requests = played(desk, moved("/elsewhere", status), times=2)
    assert {request.target for request in requests} == {"/hooks?team=1"}
    assert desk.tally() == {"redirected": 2}


@pytest.mark.parametrize("url", ["http://127.0.0.2:{port}/", "http://[::1]:{port}/", "http://user@127.0.0.1:{port}/"])
def test_d23_an_address_that_the_gate_refuses_is_not_asked(desk, url):
    async def play():
        async with stage(OK) as receiver:
            desk.add(url.format(port=receiver.port))
            await desk.deliver(receiver)
        return receiver.connections

    assert asyncio.run(play()) == 0
    assert desk.tally() == {"refused": 1}
    assert desk.endpoint().failures == 1


def test_d23_a_name_that_turns_private_between_two_attempts(desk):
    names = Names(consumer_example=["127.0.0.1"])

    async def play():
        async with stage(BUSY) as receiver, stage(OK, host="127.0.0.2", port=receiver.port) as inner:
            desk.add(receiver.url(host="consumer.example"))
            for address in ("127.0.0.1", "127.0.0.2"):
                names.names["consumer.example"] = [address]
                async with fetcher(receiver, resolver=names) as client:
                    await desk.deliver(sender=client)
                desk.clock.now += HOUR
        return len(receiver.requests), inner.connections

    assert asyncio.run(play()) == (1, 0)
    assert desk.tally() == {"server_error": 1, "refused": 1}


# --- D24 ----------------------------------------------------------------------------------------------------------


def test_d24_the_id_stays_while_time_and_signature_are_of_each_attempt(desk):
    first, second, *_ = played(desk, BUSY, OK, wait=timedelta(seconds=10), times=2)
    assert first.header("webhook-id") == second.header("webhook-id")
    assert int(second.header("webhook-timestamp")) - int(first.header("webhook-timestamp")) == 10
    assert first.header("webhook-signature") != second.header("webhook-signature")
    assert first.content == second.content
    Webhook(SECRET).verify(second.content, dict(second.headers))


def test_d24_both_secrets_sign_while_they_are_rotated(desk):
    newer = webhooks.new_secret(bytes(32))

    async def play():
        async with stage(OK) as receiver:
            desk.store.endpoints.rotate(desk.add(receiver.url()), newer, desk.clock() + HOUR)
            await desk.deliver(receiver)
        return receiver.requests[0]

    request = asyncio.run(play())
    for secret in (SECRET, newer):
        Webhook(secret).verify(request.content, dict(request.headers))


# --- D25 ----------------------------------------------------------------------------------------------------------


def test_d25_500_for_three_days_follows_the_schedule_and_then_disables(desk):
    async def play():
        async with stage(BUSY) as receiver:
            desk.add(receiver.url())
            begun, times = desk.clock(), []
            while desk.endpoint().disabled is None:
                times.append((desk.clock() - begun).total_seconds())
                await desk.deliver(receiver)
                desk.clock.now = max(desk.clock(), desk.endpoint().next_attempt_at)
            desk.clock.now += 1000 * HOUR
            await desk.deliver(receiver)
        return receiver.requests, times

    requests, times = asyncio.run(play())
    assert len(requests) == len(times) == webhooks.MOST_ATTEMPTS
    assert len(set(ids(requests))) == 1
    assert [round(seconds / 3600, 1) for seconds in times] == [0.0, 0.0, 0.1, 0.6, 2.7, 8.0, 18.5, 33.2, 54.2, 79.4]
    assert desk.tally() == {"server_error": webhooks.MOST_ATTEMPTS}
    assert "HTTP 500: no room" in desk.endpoint().disabled
    assert desk.events[-1][0] == "endpoint.disabled"


def test_d25_410_disables_at_once(desk):
    requests = played(desk, answer(b"", status="410 Gone"), times=3)
    assert len(requests) == 1
    assert desk.endpoint().disabled
    assert desk.tally() == {"gone": 1}


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Busy"])
def test_d25_retry_after_is_kept(desk, status):
    requests = played(desk, answer(b"", "Retry-After: 3000", status=status), OK, times=2, wait=HOUR / 2)
    assert len(requests) == 1
    assert desk.tally() == {"throttled": 1}


@pytest.mark.parametrize(
    "script",
    [silence, drip(b"HTTP/1.1 200 OK\r\nX-A: ", b"a"), drip(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", b"a")],
    ids=["hangs", "drips headers", "drips its body"],
)
def test_d25_a_receiver_that_takes_for_ever_is_cut_off(desk, script):
    requests = played(desk, script, limits=HASTY)
    assert len(requests) == 1
    assert desk.tally() == {"broken": 1}
    assert "not done in 0.3 s" in desk.endpoint().last_detail


def test_d25_of_a_reply_without_end_64_kb_are_read(desk):
    written: list[int] = []

    async def flood(request, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while not writer.is_closing() and sum(written) < 1_000_000_000:
            writer.write(b"x" * 65_536)
            written.append(65_536)
            await writer.drain()

    requests = played(desk, flood)
    assert desk.tally() == {"delivered": 4}
    assert len(requests) == 4
    assert sum(written) < 40_000_000  # what fits into sockets on the way, and no more


# --- D26 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "script",
    [
        raw(b""),
        raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok"),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"),
    ],
    ids=["before the answer", "within its head", "within its body", "between its chunks"],
)
def test_d26_an_acknowledgement_that_does_not_arrive_whole_is_asked_for_again(desk, script):
    first, second, *rest = played(desk, script, OK, times=2)
    assert first.header("webhook-id") == second.header("webhook-id")
    assert len(rest) == 3
    assert desk.tally() == {"broken": 1, "delivered": 4}


class Killed(BaseException):
    """What a process meets that ends between the answer and its commit."""


def test_a_process_killed_between_acknowledgement_and_commit_sends_the_same_id_again(each_desk):
    desk = each_desk

    async def play():
        async with stage(OK) as receiver:
            desk.add(receiver.url())
            (lease,) = desk.lease()
            attempt = desk.store.webhooks.begin(lease, desk.clock(), desk.clock() + desk.world.lease)
            content = webhooks.body(attempt.event, SITE)
            headers = webhooks.headers(attempt.event_id, content, attempt.secrets, desk.clock())
            async with fetcher(receiver) as client:
                await client.post(attempt.url, content, headers, first=10)
            await desk.deliver(receiver)  # the lease has not ended
            desk.clock.now += HOUR
            await desk.deliver(receiver)
        return receiver.requests

    requests = asyncio.run(play())
    assert [ids(requests).count(event_id) for event_id in dict.fromkeys(ids(requests))] == [2, 1, 1, 1]
    assert desk.tally() == {"lost": 1, "delivered": 4}
    assert "delivery.lost" in [event for event, _ in desk.events]


# --- side by side ---------------------------------------------------------------------------------------------------


def test_two_workers_at_once_send_each_event_once(each_desk):
    desk = each_desk

    async def play():
        async with stage(OK) as receiver:
            for n in range(3):
                desk.add(receiver.url(f"/{n}"))
            async with fetcher(receiver) as client:
                leases = desk.lease(), desk.lease()
                twice = [delivering.deliver(leases[0], desk.world, client, SITE) for _ in range(2)]
                await asyncio.gather(*twice, delivering.deliver(leases[1], desk.world, client, SITE))
        return receiver.requests

    requests = asyncio.run(play())
    assert len(requests) == len({(request.target, request.header("webhook-id")) for request in requests}) == 12
    assert [event for event, _ in desk.events].count("delivery.stale") == 3


def test_a_receiver_that_hangs_delays_no_other(each_desk):
    desk = each_desk

    async def play():
        async with stage(silence) as hanging, stage(OK) as quick:
            stuck, healthy = desk.add(hanging.url()), desk.add(quick.url())
            walk = asyncio.ensure_future(desk.deliver(hanging, quick, limits=PATIENT))
            while desk.endpoint(healthy).waiting:
                await asyncio.wait({walk}, timeout=0.01)
                assert not walk.done()
            assert len(hanging.requests) == 1
            walk.cancel()  # the worker is asked to stop
            await asyncio.gather(walk, return_exceptions=True)
            assert desk.endpoint(stuck).waiting == 4
            desk.clock.now += timedelta(seconds=6)
            assert [lease.id for lease in desk.lease()] == [stuck]  # given back, not left to its lease

    asyncio.run(play())
    assert desk.tally() == {"delivered": 4}


def test_a_lane_whose_time_is_up_gives_its_endpoint_back(desk):
    async def later(request, writer):
        desk.clock.now += timedelta(seconds=31)
        await raw(OK, close=False)(request, writer)

    assert len(played(desk, later)) == 2
    assert [lease.id for lease in desk.lease()] == [1]


def test_an_error_of_ours_in_one_lane_leaves_the_others_alone(desk):
    class Faulty:
        async def post(self, url, content, headers, *, first):
            if url.endswith("/0"):
                raise RuntimeError("a bug")
            return Reply(url, 200, {})

    async def play():
        async with stage(OK) as receiver:
            for n in range(2):
                desk.add(receiver.url(f"/{n}"))
            with pytest.raises(BaseExceptionGroup, match="endpoints"):
                await desk.deliver(receiver, sender=Faulty())

    asyncio.run(play())
    assert (desk.endpoint(1).waiting, desk.endpoint(2).waiting) == (4, 0)
