"""For those who watch over it: does it live, is it ready, how much has it done."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import redis
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from worker import __version__
from worker.errors import FigurewatchError
from worker.ops import broker, metrics
from worker.ops.health import Facts, Probe, Readiness, readiness
from worker.ops.logs import log

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from worker.model import Backlog, Census
    from worker.site.reading import Store

T = TypeVar("T")
READY_SECONDS = 1.5  # for each look of /readyz, all at once; it promises an answer within 2 s
SCRAPE_SECONDS = 8.0  # Prometheus gives up after 10
READING = ["GET", "HEAD"]
FAILURES = (FigurewatchError, redis.RedisError, OSError)  # of a part that does not answer; TimeoutError is an OSError


@dataclass(frozen=True, slots=True)
class Database:
    """What a scrape reads of the database."""

    census: Census
    backlog: Backlog
    last_dispatch_at: datetime | None
    outage_since: datetime | None


class Watch:
    """Looks at the parts, and remembers what it last said, so that only a change is logged."""

    def __init__(self, store: Store, broker_url: str, clock: Callable[[], datetime], silence: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._silence = silence
        self._said: Readiness | None = None
        self._dispatched = Probe(self._last_dispatch_at)
        self._pinged = Probe(lambda: broker.ping(broker_url))
        self._counted = Probe(self._count)
        self._queued = Probe(lambda: broker.queues(broker_url))

    async def ready(self) -> Readiness:
        """Look at everything at once."""
        (dispatched, database_error), (_, redis_error) = await asyncio.gather(
            _try(self._dispatched, READY_SECONDS), _try(self._pinged, READY_SECONDS)
        )
        found = readiness(
            Facts(
                database_error=database_error,
                redis_error=redis_error,
                last_dispatch_at=dispatched,
                now=self._clock(),
                silence=self._silence,
            )
        )
        self._say(found)
        return found

    async def observed(self) -> metrics.Observed:
        """What there is to measure."""
        counted, queued = await asyncio.gather(_try(self._counted, SCRAPE_SECONDS), _try(self._queued, SCRAPE_SECONDS))
        database = counted[0]
        return metrics.Observed(
            version=__version__,
            census=database.census if database else None,
            backlog=database.backlog if database else None,
            last_dispatch_at=database.last_dispatch_at if database else None,
            queues=queued[0],
            outage_since=database.outage_since if database else None,
        )

    def _last_dispatch_at(self) -> datetime | None:
        return self._store.queries.last_dispatch_at()

    def _count(self) -> Database:
        queries = self._store.queries
        backlog = queries.backlog(self._clock())
        return Database(queries.census(), backlog, queries.last_dispatch_at(), queries.outage_since())

    def _say(self, found: Readiness) -> None:
        if found == self._said:
            return
        self._said = found
        log("health.changed", ready=found.ready, **found.checks, level="info" if found.ready else "warning")


async def _try(probe: Probe[T], seconds: float) -> tuple[T | None, Exception | None]:
    try:
        return await probe.answer(seconds), None
    except FAILURES as error:
        return None, error


def router(watch: Watch) -> APIRouter:
    """Routes that need no database to answer."""
    routes = APIRouter(include_in_schema=False)

    async def livez() -> Response:
        return PlainTextResponse("alive\n")

    async def readyz() -> Response:
        found = await watch.ready()
        body = {"status": "ready" if found.ready else "not ready", "checks": dict(found.checks)}
        return JSONResponse(body, 200 if found.ready else 503)

    async def exposition(request: Request) -> Response:
        body, content_type = metrics.render(await watch.observed(), request.headers.get("accept", ""))
        return Response(body, headers={"content-type": content_type})

    for path, answer in (("/livez", livez), ("/readyz", readyz), ("/metrics", exposition)):
        routes.add_api_route(path, answer, methods=READING)
    return routes
