"""Read what was fetched: a feed, or an article and its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.core import reading, replaying
from worker.errors import OperatorError, StaleLease
from worker.model import ArticleIntent, FeedIntent, Policy, TextSource
from worker.pipeline.relating import relate
from worker.pipeline.replaying import replay

if TYPE_CHECKING:
    from datetime import datetime

    from worker.model import Capture, StoredVersion
    from worker.ports import World


def read(capture_id: int, world: World) -> None:
    """Read one capture; its attempt is counted and committed before anything parses it.

    Raises StaleLease when somebody else reads it, or has read a newer state: nothing was written then.
    """
    now = world.clock()
    capture = world.captures.begin(capture_id, now + world.lease, world.read_attempts)
    if capture is None:
        world.log("read.skipped", capture_id=capture_id)
        return
    policy = world.policies.get(capture.outlet, Policy())
    try:
        intent = _intent(capture, world, policy, now)
        _apply(intent, capture, world)
    except (StaleLease, OperatorError):  # not the fault of the bytes
        raise
    except Exception as error:  # noqa: BLE001 - strangers' bytes can make a parser raise anything; none may be lost
        reason = f"{type(error).__name__}: {error}"
        world.captures.fail(capture.lease, world.clock(), reason)
        world.log("read.failed", capture_id=capture_id, url=capture.resource_url, reason=reason, level="warning")
        return
    world.changes.sequence()
    for version_id in world.relations.waiting(capture_id):
        relate(version_id, world)


def _intent(capture: Capture, world: World, policy: Policy, now: datetime) -> FeedIntent | ArticleIntent:
    """One snapshot of what is known before, one write after: in between only the bytes are looked at."""
    stored = _newest(capture.article_id, world) if capture.article_id is not None else None
    recent = world.articles.recent(capture) if capture.article_id is not None else None
    intent = reading.intent(capture, stored, recent, policy=policy, now=now, jitter=world.jitter())
    if policy.text is TextSource.FEED and isinstance(intent, FeedIntent):
        told = world.articles.listed(capture, intent.articles)
        return reading.with_versions(intent, told, capture)
    return intent


def _newest(article_id: int, world: World) -> StoredVersion | None:
    """The newest version as today's reader reads it: nothing is compared across readers."""
    stored = world.articles.newest_version(article_id)
    if stored is None or replaying.is_current(stored.extractor):
        return stored
    world.replays.want(article_id)
    replay(article_id, world)
    return world.articles.newest_version(article_id)


def _apply(intent: FeedIntent | ArticleIntent, capture: Capture, world: World) -> None:
    if isinstance(intent, FeedIntent):
        _apply_feed(intent, capture, world)
    else:
        _apply_article(intent, capture, world)


def _apply_feed(intent: FeedIntent, capture: Capture, world: World) -> None:
    new = world.articles.apply_feed(intent)
    world.log(
        "feed.read",
        outlet=capture.outlet,
        url=capture.resource_url,
        verdict=intent.verdict.value,
        entries=len(intent.articles),
        new=new,
        versions=sum(draft.version is not None for draft in intent.articles),
        dropped=intent.dropped,
        detail=intent.detail,
    )


def _apply_article(intent: ArticleIntent, capture: Capture, world: World) -> None:
    revisions = world.articles.apply_article(intent)
    world.log(
        "article.read",
        outlet=capture.outlet,
        url=capture.resource_url,
        article_id=capture.article_id,
        verdict=intent.verdict.value,
        version=intent.version.ordinal if intent.version else None,
        revisions=len(revisions),
        detail=intent.detail,
    )
