"""What is known of the robots.txt of sites, lent with each visit and written after each request for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, select, update

from worker.model import Outcome, Robots, Standing, Validators
from worker.storage.database import insert_into
from worker.storage.tables import ResourceStatus, resources, robots

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Row

    from worker.model import RobotsIntent

# A text may be 500 KB long and is needed with every visit of its site, so it is not read with the row.
COLUMNS = tuple(column.label(f"robots_{column.name}") for column in robots.c if column.name != "text")
REMEMBERED = 8_000_000  # characters of texts that a process keeps


def of_resource() -> ColumnElement[bool]:
    """Join a resource with the robots.txt of its site."""
    asked = func.coalesce(resources.c.moved_to, resources.c.url)
    scheme = case((asked.startswith("https:"), "https"), else_="http")
    return and_(robots.c.host_id == resources.c.host_id, robots.c.scheme == scheme)


class Texts:
    """The texts that were needed lately, by the hash of their bytes; each process has its own."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._size = 0

    def known(self, row: Row[Any]) -> str | None:
        """The text that belongs to a row of `COLUMNS`; None when it is to be asked for."""
        if row.robots_body_hash is None or row.robots_standing != Standing.RULES:
            return ""
        return self._texts.get(row.robots_body_hash)

    def of(self, connection: Connection, row: Row[Any]) -> str:
        """The same, asked for."""
        text: str = connection.execute(select(robots.c.text).where(robots.c.id == row.robots_id)).scalar_one()
        self._keep(row.robots_body_hash, text)
        return text

    def _keep(self, body_hash: str, text: str) -> None:
        if self._size + len(text) > REMEMBERED:  # rare, and cheap to make good
            self._texts, self._size = {}, 0
        self._texts[body_hash] = text
        self._size += len(text)


def from_row(row: Row[Any], text: str) -> Robots:
    """What the columns of `COLUMNS` say of a file that was asked for before."""
    return Robots(
        standing=Standing(row.robots_standing),
        text=text,
        validators=Validators(row.robots_etag, row.robots_last_modified),
        body_hash=row.robots_body_hash,
        next_visit_at=row.robots_next_visit_at,
        outcome=Outcome(row.robots_last_outcome),
        detail=row.robots_last_detail,
        failures=row.robots_failures,
        unreachable_since=row.robots_unreachable_since,
    )


def write(connection: Connection, intent: RobotsIntent) -> Counter[tuple[str, str]]:
    """Write what a request for a robots.txt brought, and tell what is to be counted.

    A repeat, known by its time, writes nothing.
    """
    site = {"host_id": intent.lease.id, "scheme": intent.url.partition(":")[0]}
    same = robots.c.host_id == site["host_id"], robots.c.scheme == site["scheme"]
    if connection.execute(select(robots.c.id).where(*same, robots.c.last_visited_at == intent.at)).first():
        return Counter()
    known = intent.robots
    values: dict[str, Any] = {
        "standing": known.standing,
        "text": known.text,
        "etag": known.validators.etag,
        "last_modified": known.validators.last_modified,
        "body_hash": known.body_hash,
        "next_visit_at": known.next_visit_at,
        "last_visited_at": intent.at,
        "last_outcome": known.outcome,
        "last_detail": known.detail,
        "failures": known.failures,
        "unreachable_since": known.unreachable_since,
    }
    insert = insert_into(connection, robots).values(**site, **values)
    connection.execute(insert.on_conflict_do_update(index_elements=["host_id", "scheme"], set_=values))
    if intent.changed:
        _ask_again(connection, intent)
    waited, received = round(intent.seconds * 1000), intent.wire_bytes
    return Counter({("robots", known.outcome.value): 1, ("wire_bytes", ""): received, ("visit_ms", ""): waited})


def _ask_again(connection: Connection, intent: RobotsIntent) -> None:
    """What the old rules kept us from is due: its lane looks at the new ones."""
    kept = resources.c.host_id == intent.lease.id, resources.c.last_outcome == Outcome.DISALLOWED
    waiting = resources.c.status == ResourceStatus.ACTIVE, resources.c.next_visit_at > intent.at
    connection.execute(update(resources).where(*kept, *waiting).values(next_visit_at=intent.at))
