"""The database: each public method is one transaction. README.md describes every table and view."""

from __future__ import annotations

from dataclasses import dataclass

from worker.errors import OperatorError
from worker.model import ResourceKind
from worker.storage.articles import Articles
from worker.storage.borrowing import Borrowing
from worker.storage.captures import Captures
from worker.storage.changes import Changes
from worker.storage.corrections import Corrections
from worker.storage.database import Database
from worker.storage.endpoints import Endpoints
from worker.storage.frontier import Frontier
from worker.storage.polls import Polls
from worker.storage.pruning import Pruning
from worker.storage.quarantine import Quarantine
from worker.storage.queries import Queries
from worker.storage.relations import Relations
from worker.storage.replays import Replays
from worker.storage.schema import require_current
from worker.storage.stories import Stories
from worker.storage.story_queries import StoryQueries
from worker.storage.webhooks import Webhooks

__all__ = [
    "Articles",
    "Captures",
    "Changes",
    "Corrections",
    "Database",
    "Endpoints",
    "Frontier",
    "Polls",
    "Pruning",
    "Quarantine",
    "Queries",
    "Relations",
    "Replays",
    "Store",
    "Stories",
    "StoryQueries",
    "Webhooks",
    "open_store",
]


@dataclass(frozen=True, slots=True)
class Store:
    """All of the database's sides; one a process, shared by its threads."""

    database: Database
    frontier: Frontier
    captures: Captures
    articles: Articles
    relations: Relations
    stories: Stories
    corrections: Corrections
    changes: Changes
    replays: Replays
    queries: Queries
    story_queries: StoryQueries
    polls: Polls
    quarantine: Quarantine
    pruning: Pruning
    borrowing: Borrowing
    webhooks: Webhooks
    endpoints: Endpoints

    def feeds_only(self) -> Frontier:
        """The frontier of feeds alone."""
        return Frontier(self.database, ResourceKind.FEED)

    def close(self) -> None:
        """Close idle connections."""
        self.database.close()


def open_store(url: str) -> Store:
    """Connect, and make sure that the schema is this code's.

    Raises InputError for a URL of no database we speak, Unreachable, SchemaError.
    """
    database = Database(url)
    try:
        database.read(require_current)
    except OperatorError:
        database.close()
        raise
    return Store(
        database=database,
        frontier=Frontier(database),
        captures=Captures(database),
        articles=Articles(database),
        relations=Relations(database),
        stories=Stories(database),
        corrections=Corrections(database),
        changes=Changes(database),
        replays=Replays(database),
        queries=Queries(database),
        story_queries=StoryQueries(database),
        polls=Polls(database),
        quarantine=Quarantine(database),
        pruning=Pruning(database),
        borrowing=Borrowing(database),
        webhooks=Webhooks(database),
        endpoints=Endpoints(database),
    )
