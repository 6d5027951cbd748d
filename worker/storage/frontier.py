"""What is due, and who may visit it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, literal_column, or_, select, update

from worker.errors import StaleLease
from worker.model import Begun, Lease, Recorded
from worker.storage import budgets, configuring, lending, outages, recording, setback, tables
from worker.storage.bulk import BulkUpdate, among
from worker.storage.heartbeats import DISPATCH, beat
from worker.storage.lending import DUE
from worker.storage.tables import hosts, resources
from worker.storage.tally import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import Connection, Row, Select

    from worker.model import Outlet, ResourceKind, Step
    from worker.storage.database import Database
    from worker.storage.lending import Only


class Frontier:
    """`ports.Frontier` on a database."""

    def __init__(self, database: Database, kind: ResourceKind | None = None) -> None:
        """`kind`: what alone is lent, for a command that looks at feeds only."""
        self._database = database
        self._only = () if kind is None else (resources.c.kind == kind,)
        self._lender = lending.Lender(database)

    def sync(self, outlets: Sequence[Outlet], now: datetime) -> None:
        """Make outlets, hosts and feeds match the configuration; a feed no longer named is paused, not deleted.

        Articles are revisited while their outlet is configured. Raises ValueError for a feed address that is none.
        """
        self._database.write(lambda connection: configuring.sync(connection, outlets, now))

    def lease_hosts(self, now: datetime, until: datetime, limit: int) -> tuple[Lease, ...]:
        """Lease hosts that are free and have a due resource: those that waited longest, slow ones behind quick ones.

        Leaves word of the dispatch, found or not: `Queries.last_dispatch_at`.
        """
        return self._database.write(lambda connection: _lease_hosts(connection, now, until, limit, self._only))

    def begin(
        self, leases: Sequence[Lease], now: datetime, until: datetime, due: datetime
    ) -> tuple[Begun | StaleLease, ...]:
        """Take leases over at the start of their lanes, and lend what waited longest at each host and is due by `due`.

        The token alone decides, not the time: a lease that ran out unnoticed by all is as good as new. It grows, so
        that a message that comes twice starts one lane. A host where nothing is due is given back.
        """
        begun = self._database.write(
            lambda connection: _begin(connection, leases, now=now, until=until, due=due, only=self._only)
        )
        return tuple(
            StaleLease(f"host {lease.id} has passed to another lane")
            if taken is None
            else Begun(taken[0], self._lender.visit(taken[1], now) if taken[1] is not None else None)
            for lease, taken in zip(leases, begun, strict=True)
        )

    def record(self, steps: Sequence[Step]) -> tuple[Recorded | StaleLease, ...]:
        """Write what lanes bring back, and lend each its next, all in one transaction; in the order of the steps.

        Under a stale lease nothing is written. A repeat, known by its time, writes nothing and answers the same.
        """
        packed = recording.pack(steps)
        written, lent = self._database.write(lambda connection: _record(connection, steps, packed, self._only))
        return tuple(
            written.stale.get(n) or self._recorded(step, written.captures.get(n), lent.get(n))
            for n, step in enumerate(steps)
        )

    def _recorded(self, step: Step, capture_id: int | None, row: Row[Any] | None) -> Recorded:
        return Recorded(capture_id, self._lender.visit(row, step.intent.at) if row is not None else None)

    def release(self, lease: Lease, unasked: int | None = None) -> None:
        """Give the host back; a stale lease is ignored. The token grows, so that nothing is written under it later.

        `unasked`: the resource that was lent and that nobody was asked for.
        """
        self._database.write(lambda connection: _release(connection, lease, unasked))

    def free_at(self, due: datetime) -> datetime | None:
        """When hosts and budgets allow the first of what is due by then; None when nothing is."""
        return self._database.read(lambda connection: _free_at(connection, due, self._only))

    def network_up(self, since: datetime, host_id: int) -> bool:
        """Tell whether it is a host's own affair that it was just found away: others are not, or too few were asked."""
        return self._database.read(lambda connection: not outages.is_ours(connection, since, host_id))

    def mind_clock(self, now: datetime) -> timedelta | None:
        """By how much the clock was set back since the last dispatch, told once; what was planned then is moved."""
        if self._database.read(lambda connection: setback.by_how_much(connection, now)) is None:
            return None
        return self._database.write(lambda connection: setback.mend(connection, now))

    def watch_network(self, since: datetime) -> bool | None:
        """Tell whether an outage of ours has just begun (True) or ended (False); to one of all who ask, once.

        One begins when nobody has answered since then and many were tried; what was charged to them is taken back.
        """
        return self._database.write(lambda connection: outages.watch(connection, since))


# --- leases ----------------------------------------------------------------------------------------


def _lease_hosts(connection: Connection, now: datetime, until: datetime, limit: int, only: Only) -> tuple[Lease, ...]:
    leases = _take_hosts(connection, now, until, limit, only)
    if not only:
        beat(connection, DISPATCH, now)
    return leases


def _take_hosts(connection: Connection, now: datetime, until: datetime, limit: int, only: Only) -> tuple[Lease, ...]:
    ids = list(connection.execute(_ready(only), {"now": now, "most": limit}).scalars())
    if not ids:
        return ()
    rows = connection.execute(_TAKE_READY, {"ids": ids, "until": until})
    taken = {row.id: row for row in rows}
    # A batch is as slow as its slowest host: those that took as long last time are in one.
    ids.sort(key=lambda id_: round(taken[id_].seconds or 0.0))
    return tuple(Lease(id_, taken[id_].lease_token) for id_ in ids)


@cache
def _ready(only: Only) -> Select[Any]:
    """Free hosts at which something is due, the longest due first; put together once, as every tick asks."""
    now: Any = bindparam("now", type_=resources.c.next_visit_at.type)
    # By what is due, over `ix_resource_waiting`, and not host by host: half a million articles that are not due made a
    # look at 20,000 hosts take 190 ms, every few seconds (tests/bench/storage/test_known.py).
    host_id = resources.c.host_id + 0  # or SQLite walks all of `ix_resource_due`, which has hosts in this order already
    waiting = select(host_id.label("host_id"), func.min(resources.c.next_visit_at).label("since"))
    due = waiting.where(DUE, resources.c.next_visit_at <= now, budgets.left(now), *only).group_by(host_id).cte("due")
    # Once, whatever old statistics make PostgreSQL expect: it looked again for each of 20,000 hosts.
    due = due.prefix_with("MATERIALIZED", dialect="postgresql")
    free = or_(hosts.c.lease_until.is_(None), hosts.c.lease_until <= now)
    return (
        select(hosts.c.id)
        .join_from(due, hosts, due.c.host_id == hosts.c.id)
        .where(free, hosts.c.free_at <= now)
        .order_by(due.c.since, hosts.c.id)
        .limit(bindparam("most"))
        .with_for_update(key_share=True, skip_locked=True, of=hosts)
    )


def _free_at(connection: Connection, due: datetime, only: Only) -> datetime | None:
    theirs = tables.budgets.c.free_at
    later = case((theirs > hosts.c.free_at, theirs), else_=hosts.c.free_at)
    waiting = select(func.min(later)).join_from(resources, hosts, resources.c.host_id == hosts.c.id)
    waiting = waiting.outerjoin(tables.budgets, resources.c.outlet_id == tables.budgets.c.outlet_id)
    first: datetime | None = connection.execute(
        waiting.where(DUE, resources.c.next_visit_at <= due, *only)
    ).scalar_one()
    return first


# --- lanes -----------------------------------------------------------------------------------------


def _begin(
    connection: Connection, leases: Sequence[Lease], *, now: datetime, until: datetime, due: datetime, only: Only
) -> list[tuple[Lease, Row[Any] | None] | None]:
    """By lease its successor and what is lent; None for one that is stale, a second copy of another among them."""
    held = recording.take(connection, leases)
    rows = lending.first_of(connection, [lease.id for lease in held], only, due=due, by=now)
    if held:
        taken = [
            {"key": lease.id, "lease_until": until if lease.id in rows else None, "lease_token": lease.token + 1}
            for lease in sorted(held, key=lambda lease: lease.id)
        ]
        _TAKE(connection, taken)
    _lend(connection, {row.id: now for row in rows.values()})
    begun: list[tuple[Lease, Row[Any] | None] | None] = []
    for lease in leases:
        begun.append((Lease(lease.id, lease.token + 1), rows.get(lease.id)) if lease in held else None)
        held.discard(lease)
    return begun


def _record(
    connection: Connection, steps: Sequence[Step], packed: Mapping[str, bytes], only: Only
) -> tuple[recording.Written, dict[int, Row[Any]]]:
    written = recording.write(connection, steps, packed)
    current = {n: step for n, step in enumerate(steps) if n not in written.stale and step.intent.lease in written.held}
    going_on = [step for step in current.values() if step.due is not None]
    firsts = _firsts(connection, going_on, only)
    lent = {
        n: row
        for n, step in current.items()
        if step.due is not None
        and (row := firsts.get(step.intent.lease.id)) is not None
        and lending.may_be_asked(row, step)
    }
    recording.write_hosts(connection, [(step.intent, n not in lent) for n, step in current.items()])
    asked = {n: steps[n].intent.host_free_at for n in lent}
    _lend(connection, {row.id: max(asked[n], row.outlet_free_at or asked[n]) for n, row in lent.items()})
    count(connection, written.counted)
    return written, lent


def _firsts(connection: Connection, steps: Sequence[Step], only: Only) -> dict[int, Row[Any]]:
    """What is due first for those that go on, by the latest of their moments."""
    dues = [step.due for step in steps if step.due is not None]
    if not dues:
        return {}
    by = max(dues + [step.by for step in steps if step.by is not None])
    return lending.first_of(connection, [step.intent.lease.id for step in steps], only, due=max(dues), by=by)


def _lend(connection: Connection, lent: Mapping[int, datetime]) -> None:
    """Remember that resources are in the hands of lanes, and since when: one that is killed leaves no other trace.

    What a lane before left behind is counted, before anybody is asked for the resource again.
    """
    _LEND(connection, [{"key": id_, "lent_at": at} for id_, at in sorted(lent.items())])


def _release(connection: Connection, lease: Lease, unasked: int | None) -> None:
    held = update(hosts).where(hosts.c.id == lease.id, hosts.c.lease_token == lease.token)
    given_back = connection.execute(held.values(lease_until=None, lease_token=lease.token + 1)).rowcount == 1
    if given_back and unasked is not None:
        connection.execute(update(resources).where(resources.c.id == unasked).values(lent_at=None))


_TAKE = BulkUpdate(hosts, "lease_until", "lease_token")
_TAKE_READY = (
    update(hosts)
    .where(among(hosts.c.id, "ids"))
    .values(lease_until=bindparam("until"), lease_token=hosts.c.lease_token + 1)
    .returning(hosts.c.id, hosts.c.lease_token, hosts.c.seconds)
)
_LEFT_BEHIND = case(
    (resources.c.lent_at.is_not(None), resources.c.losses + literal_column("1")), else_=resources.c.losses
)
_LEND = BulkUpdate(resources, "lent_at", values=lambda given: given | {"losses": _LEFT_BEHIND})
