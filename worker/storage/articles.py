"""Articles and their versions, figures and revisions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from worker.model import Verdict
from worker.storage import listing, merging, recent, symptoms, versions
from worker.storage.captures import finish, hold
from worker.storage.recording import NO_VALIDATORS, next_status
from worker.storage.tables import resources
from worker.storage.tally import count, fenced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from worker.model import ArticleDraft, ArticleIntent, Capture, FeedIntent, KnownArticle, Recent, StoredVersion
    from worker.storage.database import Database


class Articles:
    """`ports.Articles` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest_version(self, article_id: int) -> StoredVersion | None:
        """The newest version, None before the first."""
        return self._database.read(lambda connection: versions.newest(connection, article_id))

    def recent(self, capture: Capture) -> Recent:
        """The latest history of a page's article: earlier texts, and one that waits to be confirmed."""
        article_id = capture.article_id
        if article_id is None:
            raise ValueError(f"{capture.resource_url} is a page of no article")
        return self._database.read(
            lambda connection: recent.of(connection, article_id, capture.resource_id, capture.fetched_at)
        )

    def listed(self, capture: Capture, drafts: Sequence[ArticleDraft]) -> dict[str, KnownArticle]:
        """What is known of the articles that a feed lists, by `url_key` of the draft; none before its first version."""
        return self._database.read(
            lambda connection: listing.known(connection, capture.resource_id, drafts, capture.fetched_at)
        )

    def apply_feed(self, intent: FeedIntent) -> int:
        """Write what a feed said, and finish its capture; the number of new articles.

        Raises StaleLease when the capture or a `version.previous_version_id` is no longer current.
        A repeat under the same lease writes nothing and returns 0.
        """
        return fenced(self._database, "apply_feed", lambda connection: listing.apply_feed(connection, intent))

    def apply_article(self, intent: ArticleIntent) -> tuple[int, ...]:
        """Write what a page said, and finish its capture; ids of new revisions.

        Raises StaleLease when the capture or `version.previous_version_id` is no longer current.
        A repeat under the same lease writes nothing and returns none.
        """
        return fenced(self._database, "apply_article", lambda connection: _apply(connection, intent))


def _apply(connection: Connection, intent: ArticleIntent) -> tuple[int, ...]:
    if hold(connection, intent.capture).done:
        return ()
    counted = Counter({("read_article", intent.verdict.value): 1})
    if intent.witness is not None:
        counted["witness", intent.witness.value] += 1
    version_id, revision_ids = versions.keep(connection, _shown(intent), intent.capture.id, counted)
    recent.keep(connection, _told(intent), intent.capture.id, counted)
    recent.keep_layers(connection, intent, counted)
    _write_resource(connection, intent, version_id)
    symptoms.write(connection, intent)
    merging.write_claims(connection, intent)
    finish(connection, intent.capture, intent.verdict.value, intent.detail)
    count(connection, counted)
    return revision_ids


def _told(intent: ArticleIntent) -> recent.Told:
    return recent.Told(
        article_id=intent.article_id,
        resource_id=intent.resource_id,
        at=intent.at,
        held=intent.held,
        recurrence=intent.recurrence,
        reason=intent.detail,
        is_article=intent.verdict is Verdict.ARTICLE,
    )


def _shown(intent: ArticleIntent) -> versions.Shown:
    return versions.Shown(
        article_id=intent.article_id,
        at=intent.at,
        seen=intent.seen,
        version=intent.version,
        confirmed=intent.confirmed,
        published_at=intent.published_at,
        language=intent.language,
    )


def _write_resource(connection: Connection, intent: ArticleIntent, version_id: int | None) -> None:
    values: dict[str, Any] = {
        "next_visit_at": intent.next_visit_at,
        "status": next_status(intent.next_visit_at, gone=intent.verdict is Verdict.GONE),
        "shown_version_id": version_id,
    }
    if intent.drop_validators:
        values |= NO_VALIDATORS
    connection.execute(update(resources).where(resources.c.id == intent.resource_id).values(values))
