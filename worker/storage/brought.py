"""What a capture brought, unpacked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import zstandard
from sqlalchemy import select

from worker.storage.tables import blobs, captures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


class Brought(NamedTuple):
    """An answer as it was kept."""

    status: int
    url: str  # final
    headers: Mapping[str, str]
    whole: bool
    body: bytes


def by(connection: Connection, capture_id: int) -> Brought | None:
    """What that capture brought; None when it was pruned."""
    kept = (
        select(captures.c.status_code, captures.c.url, captures.c.headers, captures.c.whole, blobs.c.data)
        .join(blobs, captures.c.body_hash == blobs.c.hash)
        .where(captures.c.id == capture_id)
    )
    row = connection.execute(kept).one_or_none()
    if row is None:
        return None
    body = zstandard.ZstdDecompressor().decompress(row.data)
    return Brought(row.status_code, row.url, row.headers, row.whole, body)
