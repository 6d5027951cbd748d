"""What operators do with the endpoints of webhooks, and what they are shown of them: never a secret."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from worker.errors import InputError
from worker.model import ChangeKind, Delivery, DeliveryOutcome, Endpoint
from worker.storage.tables import EndpointStatus, changes, deliveries, endpoints
from worker.storage.tally import count
from worker.storage.webhooks import NEWEST, lose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from worker.storage.database import Database

# Whoever delivers at the moment has no say in what comes of it: its lease is stale.
_TAKEN_AWAY = {"lease_token": endpoints.c.lease_token + 1, "lease_until": None}
STATES = ("active", "failing", "disabled")


class Endpoints:
    """What `figurewatch webhooks` shows and changes. What names an endpoint that is not there raises InputError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, url: str, kinds: Sequence[ChangeKind], secret: str, now: datetime) -> int:
        """An endpoint that is told of what becomes known from now on; its id. Raises InputError for a known URL."""
        try:
            return self._database.write(lambda connection: _add(connection, url, kinds, secret, now))
        except IntegrityError as error:
            raise InputError(f"there is an endpoint for {url} already") from error

    def all(self) -> tuple[Endpoint, ...]:
        """All of them, in the order they were added."""
        every = select(endpoints).order_by(endpoints.c.id)
        return self._database.read(
            lambda connection: tuple(_endpoint(connection, row) for row in connection.execute(every).all())
        )

    def secret(self, endpoint_id: int) -> tuple[str, str]:
        """URL and newest secret, to send something by hand."""
        asked = select(endpoints.c.url, endpoints.c.secret).where(endpoints.c.id == endpoint_id)
        row = self._database.read(lambda connection: connection.execute(asked).one_or_none())
        if row is None:
            raise _unknown(endpoint_id)
        return row.url, row.secret

    def remove(self, endpoint_id: int) -> None:
        """Forget an endpoint and what was delivered to it."""
        self._database.write(lambda connection: _remove(connection, endpoint_id))

    def rotate(self, endpoint_id: int, secret: str, old_until: datetime) -> None:
        """Sign with a new secret; until then with the one before, too."""
        values = {"old_secret": endpoints.c.secret, "old_secret_until": old_until, "secret": secret}
        self._database.write(lambda connection: _change(connection, endpoint_id, values))

    def retry(self, endpoint_id: int, now: datetime, after: int | None = None) -> None:
        """Try an endpoint at once and with all attempts, also a disabled one; `after`: on from behind that position.

        Raises InputError for a position that does not exist yet.
        """
        self._database.write(lambda connection: _retry(connection, endpoint_id, now, after))

    def deliveries(self, endpoint_id: int, limit: int, *, failed: bool = False) -> tuple[Delivery, ...]:
        """What an endpoint was told lately, the latest change first; `failed`: what it has not taken yet."""
        return self._database.read(lambda connection: _deliveries(connection, endpoint_id, limit, failed=failed))


def states(connection: Connection) -> Mapping[str, int]:
    """How many endpoints there are of each of `STATES`."""
    counted = select(endpoints.c.status, endpoints.c.failing_since.is_not(None), func.count()).group_by(
        endpoints.c.status, endpoints.c.failing_since.is_not(None)
    )
    found: Counter[str] = Counter(dict.fromkeys(STATES, 0))
    for status, failing, number in connection.execute(counted):
        found["failing" if status == EndpointStatus.ACTIVE and failing else status] += number
    return dict(found)


def _add(connection: Connection, url: str, kinds: Sequence[ChangeKind], secret: str, now: datetime) -> int:
    row = {
        "url": url,
        "kinds": [kind.value for kind in kinds],
        "secret": secret,
        "status": EndpointStatus.ACTIVE,
        "position": NEWEST.scalar_subquery(),
        "next_attempt_at": now,
        "created_at": now,
    }
    return int(connection.execute(insert(endpoints).values(row).returning(endpoints.c.id)).scalar_one())


def _change(connection: Connection, endpoint_id: int, values: Mapping[str, Any]) -> None:
    if connection.execute(update(endpoints).where(endpoints.c.id == endpoint_id).values(values)).rowcount != 1:
        raise _unknown(endpoint_id)


def _remove(connection: Connection, endpoint_id: int) -> None:
    _change(connection, endpoint_id, _TAKEN_AWAY)  # locks it: nobody writes of a delivery to it any more
    connection.execute(delete(deliveries).where(deliveries.c.endpoint_id == endpoint_id))
    connection.execute(delete(endpoints).where(endpoints.c.id == endpoint_id))


def _retry(connection: Connection, endpoint_id: int, now: datetime, after: int | None) -> None:
    row = connection.execute(select(endpoints).where(endpoints.c.id == endpoint_id).with_for_update()).one_or_none()
    if row is None:
        raise _unknown(endpoint_id)
    fresh: dict[str, Any] = {"failures": 0, "failing_since": None, "next_attempt_at": now}
    if after is not None:
        newest = connection.execute(NEWEST).scalar_one()
        if not 0 <= after <= newest:
            raise InputError(f"positions go from 0 to {newest}")
        fresh["position"] = after
    _change(connection, endpoint_id, {**fresh, **_TAKEN_AWAY, "status": EndpointStatus.ACTIVE, "reason": None})
    count(connection, lose(connection, row))


def _endpoint(connection: Connection, row: Row[Any]) -> Endpoint:
    before_it = changes.c.position > row.position, changes.c.kind.in_(row.kinds)
    waiting = select(func.count()).select_from(changes).where(*before_it)
    return Endpoint(
        endpoint_id=row.id,
        url=row.url,
        kinds=tuple(ChangeKind(kind) for kind in row.kinds),
        disabled=(row.reason or "") if row.status == EndpointStatus.DISABLED else None,
        position=row.position,
        failures=row.failures,
        failing_since=row.failing_since,
        next_attempt_at=row.next_attempt_at,
        created_at=row.created_at,
        last_delivered_at=row.last_delivered_at,
        last_outcome=DeliveryOutcome(row.last_outcome) if row.last_outcome else None,
        last_detail=row.last_detail or "",
        waiting=connection.execute(waiting).scalar_one(),
    )


def _deliveries(connection: Connection, endpoint_id: int, limit: int, *, failed: bool) -> tuple[Delivery, ...]:
    if connection.execute(select(endpoints.c.id).where(endpoints.c.id == endpoint_id)).one_or_none() is None:
        raise _unknown(endpoint_id)
    wanted = (
        select(deliveries, changes.c.kind, changes.c.article_id)
        .join_from(deliveries, changes, deliveries.c.position == changes.c.position)
        .where(deliveries.c.endpoint_id == endpoint_id)
        .order_by(deliveries.c.position.desc())
        .limit(limit)
    )
    if failed:
        wanted = wanted.where(func.coalesce(deliveries.c.outcome, "") != DeliveryOutcome.DELIVERED)
    return tuple(
        Delivery(
            position=row.position,
            event_id=row.event_id,
            kind=ChangeKind(row.kind),
            article_id=row.article_id,
            attempts=row.attempts,
            outcome=DeliveryOutcome(row.outcome) if row.outcome else None,
            status=row.status,
            detail=row.detail or "",
            seconds=row.seconds,
            first_at=row.first_at,
            at=row.at,
        )
        for row in connection.execute(wanted)
    )


def _unknown(endpoint_id: int) -> InputError:
    return InputError(f"no endpoint {endpoint_id}; `figurewatch webhooks list` shows all")
