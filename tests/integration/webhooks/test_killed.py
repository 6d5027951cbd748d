"""kill -9 between the receiver's answer and our commit: the event comes again, under the same id.

One process is started and killed, which takes two seconds of CPU: nothing less shows that what was written before the
request is all that the next process needs.
"""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta

from standardwebhooks import Webhook

from tests.harness.databases import opened
from tests.harness.processes import dying_with_parent
from tests.integration.net.stage import answer, stage
from tests.integration.webhooks.desk import SECRET, Desk

DELIVERER = """
import asyncio, os
from worker import clock, gate, settings, world
from worker.pipeline import delivering

async def deliver(found, here):
    leases = here.webhooks.lease(clock.now(), clock.now() + here.lease, 1)
    async with gate.fetcher(found) as sender:
        await delivering.deliver(leases, here, sender, found.site_address)

found = settings.load(os.environ)
asyncio.run(deliver(found, world.build(found)))
"""


def deliverer(url, receiver):
    """What a worker does, in a process of its own."""
    told = {"FIGUREWATCH_DATABASE_URL": url, "FIGUREWATCH_ALLOW_NETWORKS": f"127.0.0.1/32:{receiver.port}"}
    return subprocess.Popen(
        [sys.executable, "-c", DELIVERER],
        env=told,
        preexec_fn=dying_with_parent,  # noqa: PLW1509 - no other thread is there
    )


def test_kill_9_between_the_answer_and_the_commit(tmp_path, request):
    with request.getfixturevalue("_sqlite_files").fresh(tmp_path) as url, opened(url) as store:
        desk, answered = Desk(store), asyncio.Event()

        async def hold_and_answer(_request, writer):
            """Nobody can write once this is answered."""
            lock.execute("BEGIN IMMEDIATE")
            writer.write(answer(b"taken"))
            await writer.drain()
            answered.set()

        async def play():
            ok = answer(b"", status="204 No Content")
            async with stage(ok, hold_and_answer, ok) as receiver:
                desk.add(receiver.url())
                process = deliverer(url, receiver)
                await asyncio.wait_for(answered.wait(), 60)
                process.kill()
                await asyncio.to_thread(process.wait)
                lock.rollback()
                assert len(receiver.requests) == 2
                assert desk.lease() == ()  # until the lease of the process ends
                desk.clock.now += timedelta(hours=1)
                await desk.deliver(receiver)
                return receiver.requests

        with closing(sqlite3.connect(tmp_path / "figurewatch.db", isolation_level=None)) as lock:
            requests = asyncio.run(play())
        ids = [one.header("webhook-id") for one in requests]
        assert [ids.count(event_id) for event_id in dict.fromkeys(ids)] == [1, 2, 1, 1]
        assert desk.tally() == {"delivered": 4, "lost": 1}
        again = Webhook(SECRET)
        told = [again.verify(one.content, dict(one.headers)) for one in requests[:2]]
        assert [each["data"]["position"] for each in told] == [1, 2]
