"""Tasks that burn CPU on strangers' bytes."""

from __future__ import annotations

import gc
from typing import Any

from celery import signals

from worker.app import READ, READ_TASK, RELATE_TASK, REPLAY_TASK, settings, task
from worker.core import extraction, feeds, figures
from worker.errors import StaleLease
from worker.ops.logs import log
from worker.pipeline import reading, relating, replaying
from worker.tasks import here

SOFT, HARD = settings.read_seconds, settings.read_seconds + 10


@signals.worker_init.connect
def _warm(sender: Any, **_: Any) -> None:
    """First use of the extractor costs a second of CPU, the lexicon 60 ms: pay them once, before the pool forks."""
    if READ in sender.app.amqp.queues.consume_from:
        extraction.warm()
        feeds.warm()
        figures.read_text("One figure.")
        gc.collect()
        gc.freeze()  # a collection in a child would copy the pages that it shares with its parent


# A page that hangs a parser is stopped softly, then its process is killed; the attempt is already counted.
@task(name=READ_TASK, queue=READ, soft_time_limit=SOFT, time_limit=HARD)
def read(capture_id: int) -> None:
    """Read one capture. What goes wrong is recorded at the capture, which is tried again or quarantined."""
    try:
        reading.read(capture_id, here.world())
    except StaleLease:
        log("read.stale", capture_id=capture_id, level="warning")


# What a read that was killed, or lost its database, left behind; as a rule `read` relates what it kept.
@task(name=RELATE_TASK, queue=READ, soft_time_limit=SOFT, time_limit=HARD)
def relate(version_id: int) -> None:
    """Relate one version to other articles. What goes wrong is recorded, and it is tried again or given up on."""
    relating.relate(version_id, here.world())


@task(name=REPLAY_TASK, queue=READ, soft_time_limit=SOFT, time_limit=HARD)
def replay(article_id: int) -> None:
    """Read an article's history again. What goes wrong is recorded at its replay, which is tried again or given up."""
    try:
        replaying.replay(article_id, here.world())
    except StaleLease:
        log("replay.stale", article_id=article_id, level="warning")
