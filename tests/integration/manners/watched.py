"""A feed or a page under watch, so that one test can hold both to a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.integration.manners.desk import POLICY
from tests.integration.manners.newsroom import Answer, revalidated, rss, story

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.manners.desk import Desk
    from tests.integration.manners.newsroom import Newsroom, Request, Script


@dataclass
class Watched:
    """What a rule is tried on. `fresh(n)` is its n-th content, `useless` one that cannot be read."""

    kind: str
    room: Newsroom
    open: Callable[..., Desk]
    target: str
    floor: float  # seconds

    def fresh(self, n: int = 0) -> Answer:
        return rss(self.room.url("/story"), title=f"Edition {n}") if self.kind == "feed" else story(12 + n)

    @property
    def useless(self) -> Answer:
        broken = (
            b'<?xml version="1.0"?><rss version="2.0"><channel><item><tit' if self.kind == "feed" else b"<html></html>"
        )
        return Answer(broken, type=self.fresh().type)

    def serve(self, script: Script) -> None:
        """Script what is watched; the other of the two is quiet."""
        rarely = {"ETag": '"quiet"', "Cache_Control": "max-age=604800"}
        quiet = {
            "/feed": rss(self.room.url("/story")).with_headers(**rarely),
            "/story": story().with_headers(**rarely),
        }
        for target, answer in quiet.items():
            self.room.pages[target] = revalidated(answer)
        self.room.pages[self.target] = script

    def desk(self, **options: object) -> Desk:
        return self.open("/feed", **options)

    def visits(self, desk: Desk, count: int) -> list[Request]:
        """Play until it was asked so many times in all; those requests."""
        while len(self.requests) < count:
            before = len(self.room.log)
            desk.run(requests=1)
            assert len(self.room.log) > before, f"only {len(self.requests)} requests ever"
        return self.requests

    @property
    def requests(self) -> list[Request]:
        return self.room.requests(self.target)

    @property
    def gaps(self) -> list[float]:
        return self.room.gaps(self.target)


def watched(kind: str, room: Newsroom, open_desk: Callable[..., Desk]) -> Watched:
    target, floor = ("/feed", POLICY.poll_seconds) if kind == "feed" else ("/story", POLICY.revisit_seconds)
    return Watched(kind, room, open_desk, target, floor)
