"""The budget of an outlet, hour by hour, however many hosts it has."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contract.storage.given import outlet
from tests.unit.test_pipeline import OUTLET, START, Newsdesk
from worker.model import Reply, RobotsPolicy


@pytest.mark.parametrize("hosts", [1, 6])
def test_no_more_is_asked_in_an_hour_and_hardly_less(hosts, tmp_path):
    """More than the budget is due; a lane at each host may have begun at once."""
    asked = []
    policy = replace(OUTLET.policy, robots=RobotsPolicy.IGNORE, requests_per_hour=60, poll_seconds=10.0)
    feeds = [f"https://h{n % hosts}.example/{n}" for n in range(12)]
    desk = Newsdesk(tmp_path)
    desk.store.frontier.sync([replace(outlet("all", *feeds), policy=policy)], START)
    desk.world = replace(desk.world, policies={"all": policy}, lane=timedelta(0))

    async def get(url: str, *_: object, **__: object) -> Reply:
        asked.append((desk.clock.now - START).total_seconds())
        return Reply(url, 304, {})

    desk.network.get = get  # type: ignore[method-assign]
    while desk.clock.now < START + timedelta(hours=2):
        desk.clock.advance(seconds=15)
        desk.cycle()
    for begin in range(0, 3600, 600):
        assert sum(begin <= at < begin + 3600 for at in asked) <= 60 + hosts
    assert len(asked) >= 0.75 * 120
    assert len({round(at) for at in asked}) > 10
    desk.store.close()
