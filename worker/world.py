"""Puts the real outside together for the journeys: database, clock, dice, log."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from worker import clock, outlets
from worker.ops.logs import log
from worker.ports import World
from worker.storage import open_store

if TYPE_CHECKING:
    from worker.settings import Settings
    from worker.storage import Store


def build(settings: Settings, store: Store | None = None) -> World:
    """The world as the settings describe it. Raises OperatorError when the outlets or the database cannot be used."""
    store = store or open_store(settings.database)
    return World(
        frontier=store.frontier,
        captures=store.captures,
        articles=store.articles,
        relations=store.relations,
        stories=store.stories,
        corrections=store.corrections,
        changes=store.changes,
        replays=store.replays,
        webhooks=store.webhooks,
        policies={outlet.slug: outlet.policy for outlet in outlets.load(settings.outlets)},
        clock=clock.now,
        jitter=random.random,
        log=log,
        lease=timedelta(seconds=settings.lease_seconds),
        lane=timedelta(seconds=settings.lane_seconds),
        read_attempts=settings.read_attempts,
    )
