"""The database goes away, comes back, or is full."""

import os
from collections import Counter

import pytest
from sqlalchemy import event, text

from tests.contract.storage.given import NOON, Cast, everything, outlet
from tests.harness import postgresql as postgresql_server
from tests.harness.databases import opened
from tests.harness.processes import stop
from worker.errors import Unreachable
from worker.storage import migrate
from worker.storage.tally import count


def test_connections_that_were_ended_are_replaced(postgresql_database, tmp_path):
    with postgresql_database.fresh(tmp_path) as url, opened(url) as store, opened(url) as other:
        store.frontier.sync([outlet()], NOON)
        end_all = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        other.database.read(lambda connection: connection.execute(end_all).all())
        assert Cast(store).lease()


@pytest.mark.parametrize("committing", [False, True])
def test_a_transaction_is_begun_again_unless_it_may_have_been_committed(committing, postgresql_database, tmp_path):
    with postgresql_database.fresh(tmp_path) as url, opened(url) as store, opened(url) as other:
        calls: list[int] = []

        def end(connection):
            if len(calls) == 1:
                query = text("SELECT pg_terminate_backend(:pid, 5000)")
                other.database.read(lambda another: another.execute(query, {"pid": calls[0]}).all())

        def work(connection):
            calls.append(connection.connection.driver_connection.info.backend_pid)
            count(connection, Counter({("work", ""): 1}))
            if not committing:
                end(connection)
            connection.execute(text("SELECT 1"))

        if committing:
            event.listen(store.database.engine, "commit", end)
            with pytest.raises(Unreachable):
                store.database.write(work)
            assert len(calls) == 1
        else:
            store.database.write(work)
            assert len(calls) == 2
            assert store.queries.tally("work") == 1


def test_a_server_that_stops_is_said_clearly(monkeypatch):
    monkeypatch.delenv(postgresql_server.URL, raising=False)
    with postgresql_server.running() as server:
        migrate.upgrade(server.url)
        with opened(server.url) as store:
            store.frontier.sync([outlet()], NOON)
            stop(server.process)
            with pytest.raises(Unreachable, match="does not answer"):
                store.frontier.lease_hosts(NOON, NOON, 1)
            with pytest.raises(Unreachable, match="does not answer"):
                store.queries.backlog(NOON)


def test_a_full_disk_loses_nothing_and_takes_nothing_half(tmp_path):
    url = f"sqlite:///{tmp_path}/figurewatch.db"
    migrate.upgrade(url)
    with opened(url) as store:
        store.frontier.sync([outlet()], NOON)
        before = everything(store, but={"host"})
        room = {"pages": 1}  # SQLite reads it as: not one page more than there are
        event.listen(store.database.engine, "begin", lambda c: _limit(c, room["pages"]))
        with pytest.raises(Unreachable, match="full"):
            Cast(store).visit(body=os.urandom(200_000))
        assert everything(store, but={"host", "heartbeat"}) == {k: v for k, v in before.items() if k != "heartbeat"}
        room["pages"] = 1_000_000
        cast = Cast(store)
        cast.later()
        cast.visit(body=os.urandom(200_000))


def _limit(connection, pages):
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
