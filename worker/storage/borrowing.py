"""A host and one address of it, borrowed for a single request outside of a lane: what `outlets discover` asks with.

The same lease and the same floor as those of a visit: no second lane asks the host meanwhile, and nobody, this or
another command or a worker, asks for the same address twice within the floor.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from worker.core import urls
from worker.model import Lease
from worker.storage.database import insert_into
from worker.storage.hosts import add_hosts, url_key
from worker.storage.tables import discovered, hosts, resources, robots

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from worker.storage.database import Database

REMEMBERED = timedelta(days=1)  # what was asked for


class Borrowing:
    """Lends hosts to a command that asks for a few addresses, one at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def borrow(self, url: str, now: datetime, until: datetime, floor: timedelta) -> Lease | datetime:
        """The lease of a URL's host, and word that the URL is asked for now; or when it may be tried again.

        ValueError for what is no URL that can be visited.
        """
        return self._database.write(lambda connection: _borrow(connection, url, now, until, floor))

    def give_back(self, lease: Lease, free_at: datetime) -> None:
        """Give the host back, not to be asked before; a lease that has passed on is ignored."""
        held = update(hosts).where(hosts.c.id == lease.id, hosts.c.lease_token == lease.token)
        back = held.values(lease_until=None, lease_token=lease.token + 1, free_at=free_at)
        self._database.write(lambda connection: connection.execute(back))


def _borrow(connection: Connection, url: str, now: datetime, until: datetime, floor: timedelta) -> Lease | datetime:
    authority = urls.authority(url)
    add_hosts(connection, {authority}, now)
    host = connection.execute(select(hosts).where(hosts.c.authority == authority).with_for_update()).one()
    asked_at = _asked_at(connection, url, host.id)
    free_at: datetime = max(host.free_at, host.lease_until or now, asked_at + floor if asked_at else now)
    if free_at > now:
        return free_at
    connection.execute(delete(discovered).where(discovered.c.at < now - REMEMBERED))
    insert = insert_into(connection, discovered).values(url_key=url_key(url), at=now)
    connection.execute(insert.on_conflict_do_update(index_elements=["url_key"], set_={"at": now}))
    token = host.lease_token + 1
    connection.execute(update(hosts).where(hosts.c.id == host.id).values(lease_until=until, lease_token=token))
    return Lease(host.id, token)


def _asked_at(connection: Connection, url: str, host_id: int) -> datetime | None:
    """When anybody of this installation last asked for an address."""
    key = url_key(url)
    moments = [
        select(func.max(discovered.c.at)).where(discovered.c.url_key == key),
        select(func.max(resources.c.last_visited_at)).where(resources.c.url_key == key),
    ]
    if url == f"{url.partition(':')[0]}://{urls.authority(url)}/robots.txt":
        site = robots.c.host_id == host_id, robots.c.scheme == url.partition(":")[0]
        moments.append(select(func.max(robots.c.last_visited_at)).where(*site))
    found = [connection.execute(moment).scalar_one() for moment in moments]
    return max((at for at in found if at is not None), default=None)
