"""What is known of an article when a capture of it is read: its latest texts, and one that waits to be believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from worker.model.reading import StoredVersion
    from worker.model.replaying import RawPage


class Doubt(StrEnum):
    """Why a text is held until another visit confirms it."""

    CUT = "cut"  # shorter, and the transfer did not prove its end
    SHORTER = "shorter"  # less than half of what was shown before
    TEASER = "teaser"  # the beginning of what was shown before, and no more
    UNRELATED = "unrelated"  # nothing in common with what was shown before
    RETURNED = "returned"  # an earlier text is back: reverted, or one of two that take turns?
    LIVE = "live"  # changes often, and this time no figure did: kept once an hour
    UNLIKELY = "unlikely"  # the page may be no article: what it shows speaks for it and against it
    SHARED = "shared"  # the same, and other articles of the host showed it, too: never believed
    UNSTABLE = "unstable"  # so many versions in a day that no newsroom made them: kept once an hour


class Return(StrEnum):
    """Why an earlier text was seen again after a newer one."""

    STALE_COPY = "stale_copy"  # a cache served it: made before the newer one
    VARIANT = "variant"  # shown in turn with the newer one
    REVERTED = "reverted"  # the outlet went back to it: a version of its own


class Noise(StrEnum):
    """What made the bytes of a page differ while its text is the same: the innermost layer that differs."""

    ENCODING = "encoding"  # of the same characters
    MARKUP = "markup"  # scripts, attributes, anything no reader sees
    FURNITURE = "furniture"  # around the article: advertisements, teasers, menus, counters
    STAMPS = "stamps"  # when it was made or looked at
    TYPOGRAPHY = "typography"  # quotes, dashes, blanks, invisible characters


@dataclass(frozen=True, slots=True)
class Layers:
    """Hashes of a page, from its characters inward to its text."""

    document: str
    shown: str  # what a reader sees of the page
    article: str  # what was found of the article, stamps included
    text: str  # what is stored of it


@dataclass(frozen=True, slots=True)
class PastText:
    """A version, as far as telling why its text comes back needs it."""

    version_id: int
    content_hash: str
    first_seen_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)  # it first came with; empty when its capture was pruned
    variant: bool = False  # was shown in turn with another


@dataclass(frozen=True, slots=True)
class HeldText:
    """A text that was seen and not believed yet."""

    content_hash: str
    doubt: Doubt
    first_seen_at: datetime
    last_seen_at: datetime
    visits: int  # in a row that showed it
    sketch: tuple[int, ...] = ()  # keys of its sentences (`copies.bands`), of an unlikely text


@dataclass(frozen=True, slots=True)
class HeldPage:
    """What an unlikely text was last read from."""

    capture_id: int
    page: RawPage


@dataclass(frozen=True, slots=True)
class Recent:
    """The latest history of an article at one of its addresses."""

    texts: tuple[PastText, ...] = ()  # newest first, the newest version included
    today: int = 0  # versions first seen within a day before the capture
    held: HeldText | None = None
    layers: Layers | None = None  # of the last page that was read as an article
    elsewhere: frozenset[str] = frozenset()  # hashes of unlikely and shared texts that wait at others of the host
    sketches: frozenset[int] = frozenset()  # of the same texts
    page: HeldPage | None = None  # of an unlikely text that waits; None when its bytes are gone


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article with a version, as known when a feed that carries its text is read."""

    newest: StoredVersion
    recent: Recent  # at the address of the feed


@dataclass(frozen=True, slots=True)
class Recurrence:
    """An earlier text that was seen again."""

    version_id: int  # whose text it is
    kind: Return
    because: str
    times: int = 1  # visits that this tells of
