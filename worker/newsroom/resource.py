"""What an address serves at a moment, and who knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as far as the content depends on it."""

    path: str  # percent-decoded
    query: str  # as sent, without the question mark
    now: datetime
    start: datetime  # of the play
    visit: int  # grows with every request of this process; what churns, churns with it

    @property
    def elapsed(self) -> float:
        """Seconds of the play so far."""
        return (self.now - self.start).total_seconds()

    def moment(self, seconds: int) -> datetime:
        """When a second of the play is."""
        return self.start + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Resource:
    """What an address serves at a moment."""

    status: int
    content_type: str
    body: bytes
    etag: str | None = None
    last_modified: datetime | None = None  # whole seconds
    version_no: int | None = None  # of an article
    gzip: bool = False  # may be compressed for who accepts it


class Site(Protocol):
    """Everything behind one port."""

    @property
    def name(self) -> str:
        """Unique among the sites of a newsroom; ports are kept under it."""

    def resource(self, asked: Asked) -> Resource:
        """What an address serves; a resource with status 404 when there is nothing."""


NOT_FOUND = Resource(
    404,
    "text/html; charset=utf-8",
    b"<!doctype html><html><head><title>Not found</title></head><body><h1>Not found</h1></body></html>",
)
