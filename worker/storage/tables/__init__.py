"""The tables, private to storage: consumers read the `v1_` views.

README.md of the folder above says what each table is for. Keys are 64 bits wide, times aware and in UTC, hashes SHA-256
in hex, and a closed set of words is text with a CHECK, which every database and every reader understands.
"""

from worker.storage.tables.articles import AliasKind, aliases, articles, claims, figures, revisions, sightings, versions
from worker.storage.tables.base import Stored
from worker.storage.tables.reading import CaptureState, ReplayState, blobs, captures, held, recurrences, replays
from worker.storage.tables.relating import RelatingState, copies, relating, ripples, sketches
from worker.storage.tables.stories import (
    corrections,
    declared,
    observations,
    series,
    stories,
    story_articles,
    story_terms,
)
from worker.storage.tables.telling import EndpointStatus, changes, deliveries, endpoints, heartbeats, tallies
from worker.storage.tables.visiting import (
    ResourceStatus,
    SourceStatus,
    budgets,
    discovered,
    hosts,
    outlets,
    resources,
    robots,
    symptoms,
)

METADATA = Stored.metadata

__all__ = [
    "METADATA",
    "AliasKind",
    "CaptureState",
    "EndpointStatus",
    "RelatingState",
    "ReplayState",
    "ResourceStatus",
    "SourceStatus",
    "aliases",
    "articles",
    "blobs",
    "budgets",
    "captures",
    "changes",
    "claims",
    "copies",
    "corrections",
    "declared",
    "deliveries",
    "discovered",
    "endpoints",
    "figures",
    "heartbeats",
    "held",
    "hosts",
    "observations",
    "outlets",
    "recurrences",
    "relating",
    "replays",
    "resources",
    "revisions",
    "ripples",
    "robots",
    "series",
    "sightings",
    "sketches",
    "stories",
    "story_articles",
    "story_terms",
    "symptoms",
    "tallies",
    "versions",
]
