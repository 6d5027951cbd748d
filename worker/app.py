"""The Celery application: queues, schedule and the life of a worker process.

The database says what is due. A message is only a wake-up hint: it may be lost or come twice (Celery on
Redis lost 20 and repeated 34 of 30,000 tasks over 84 kills with every safety switch on), so there is no
result backend, no retry and no countdown here; all of that is columns in the database.
"""

from __future__ import annotations

import os
import threading
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, cast

from billiard.util import get_logger
from celery import Celery, signals
from kombu import Queue
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from worker import settings as settings_
from worker.errors import OperatorError, each
from worker.ops import logs

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")

VISIT, READ = "visit", "read"
TASKS = {VISIT: "worker.tasks.visiting", READ: "worker.tasks.reading"}  # what a worker of each queue loads
READ_TASK, RELATE_TASK, REPLAY_TASK = "figurewatch.read", "figurewatch.relate", "figurewatch.replay"
settings = settings_.load(os.environ)
stopping = threading.Event()  # set when this worker was asked to stop: lanes hand their hosts back

app = Celery("figurewatch", broker=settings.broker, include=tuple(TASKS.values()))
app.conf.update(
    task_queues=(Queue(VISIT), Queue(READ)),
    task_default_queue=VISIT,
    task_create_missing_queues=False,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={
        # Longer than any task may take, or it runs twice at once without end.
        "visibility_timeout": 900,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        # A black-holed connection is noticed after 34 s with these, not at all without.
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "socket_keepalive": not settings.broker.startswith("redis+socket"),
        "health_check_interval": 10,
        "global_keyprefix": "figurewatch:",
    },
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_soft_shutdown_timeout=3,
    worker_enable_soft_shutdown_on_idle=False,
    worker_max_tasks_per_child=500,  # bounds what a leak in a parser can cost
    worker_max_memory_per_child=400_000,  # KiB
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,  # finishing is cheaper than doing it again
    beat_scheduler="worker.beat:Scheduler",
    beat_schedule={
        "dispatch": {
            "task": "figurewatch.dispatch",
            "schedule": settings.tick_seconds,
            # A tick that nobody took in time is stale: the next one does all of its work.
            "options": {"expires": max(settings.tick_seconds, 1.0), "queue": VISIT},
        },
    },
    enable_utc=True,
    timezone="UTC",
)


class Task(Protocol[P]):
    """What a decorated function offers: call it here, or have a worker call it."""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Run here and now."""

    def delay(self, *args: P.args, **kwargs: P.kwargs) -> object:
        """Send a message."""


def task(
    *, name: str, queue: str, soft_time_limit: float | None = None, time_limit: float | None = None
) -> Callable[[Callable[P, None]], Task[P]]:
    """`app.task` with the options spelled out: Celery itself takes any misspelled keyword in silence."""
    decorate = app.task(name=name, queue=queue, soft_time_limit=soft_time_limit, time_limit=time_limit)

    def made(work: Callable[P, None]) -> Task[P]:
        return cast("Task[P]", decorate(said_plainly(name, work)))

    return made


def said_plainly(name: str, work: Callable[P, None]) -> Callable[P, None]:
    """A task that says in one line, without a traceback, what a person has to mend, such as a full disk.

    Nothing is lost: what the task was about is due again.
    """

    @wraps(work)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            work(*args, **kwargs)
        except* (OperatorError, BrokerError, RedisError) as raised:
            for detail in sorted({str(error) for error in each(raised)}):
                logs.log("task.failed", level="error", task=name, detail=detail)

    return run


def send(name: str, number: int) -> None:
    """Wake a worker of the queue `read`, by the name of its task: whoever visits need not load it."""
    app.send_task(name, (number,), queue=READ)


@signals.setup_logging.connect
def _logging(**_: Any) -> None:
    logs.configure(settings.log_format, settings.log_level)
    # Or what the pool says of its processes ("exited with 'signal 9'") stands as bare text between our lines.
    get_logger().propagate = True


@signals.worker_shutting_down.connect
def _stop(**_: Any) -> None:
    stopping.set()
