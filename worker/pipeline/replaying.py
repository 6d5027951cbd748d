"""Read an article's history again, as today's reader does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.core import replaying
from worker.errors import OperatorError, StaleLease

if TYPE_CHECKING:
    from worker.ports import World


def replay(article_id: int, world: World) -> None:
    """Read an article's history again from its raw bytes, as today's reader does.

    Raises StaleLease when somebody else does, or when a newer version came in between: nothing was written then.
    """
    now = world.clock()
    history = world.replays.begin(article_id, now + world.lease, world.read_attempts)
    if history is None:
        world.log("replay.skipped", article_id=article_id)
        return
    try:
        intent = replaying.intent(history, now)
        world.replays.apply(intent)
    except (StaleLease, OperatorError):
        raise
    except Exception as error:  # noqa: BLE001 - as in `read`
        reason = f"{type(error).__name__}: {error}"
        world.replays.fail(history.lease, world.clock(), reason)
        world.log("replay.failed", article_id=article_id, reason=reason, level="warning")
        return
    world.log(
        "replay.done",
        outlet=history.outlet,
        article_id=article_id,
        versions=len(intent.readings),
        changed=sum(reading.changed for reading in intent.readings),
        revisions=sum(len(pair.added) for pair in intent.comparisons),
        retracted=len(intent.retracted),
    )
    world.changes.sequence()
