"""The clock of `dispatch`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import beat

from worker.ops import logs

if TYPE_CHECKING:
    from celery.beat import ScheduleEntry


class Scheduler(beat.Scheduler):  # type: ignore[misc]
    """Celery's scheduler that keeps nothing on disk: no shelve file to corrupt."""

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send what is due; a broker that does not take it is one line a tick, where Celery tells two stacks."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except Exception as error:  # noqa: BLE001 - as Celery does: the next tick tries again
            logs.log("beat.failed", level="error", task=entry.task, detail=" ".join(str(error).split()))
