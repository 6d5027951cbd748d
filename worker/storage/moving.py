"""Resources whose address has moved for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, null, or_, select, update

from worker.core import urls
from worker.model import ResourceKind
from worker.storage.database import insert_into
from worker.storage.hosts import add_hosts, url_key
from worker.storage.tables import AliasKind, aliases, resources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from worker.model import VisitIntent

EVERYWHERE = 0  # scope of a URL, which means the same to all outlets


def values(connection: Connection, intent: VisitIntent, before: Row[Any]) -> dict[str, Any]:
    """What a visit writes of a move to another address; nothing where another resource is that, or has moved there."""
    move = intent.move
    key = None if move.to is None else _free_key(connection, before, move.to)
    if move.to is not None and key is None:
        return {}
    if move.to is not None and before.article_id is not None:
        _name(connection, before.article_id, key, move.to)
    authority = urls.authority(move.to or before.url)
    host_id = add_hosts(connection, {authority}, intent.at)[authority]
    return {"moved_to": move.to, "moved_key": key, "host_id": host_id}


def rename(connection: Connection, named: Sequence[str]) -> None:
    """A feed that the configuration now names by the address it had moved to goes on as the same feed."""
    other = resources.alias("other")
    taken = exists().where(other.c.kind == resources.c.kind, other.c.url_key == resources.c.moved_key)
    moved = resources.c.kind == ResourceKind.FEED, resources.c.moved_key.in_(named), resources.c.url_key.not_in(named)
    renamed = {"url": resources.c.moved_to, "url_key": resources.c.moved_key, "moved_to": null(), "moved_key": null()}
    connection.execute(update(resources).where(*moved, ~taken).values(renamed))


def _free_key(connection: Connection, before: Row[Any], url: str) -> str | None:
    """The unique key of a new address; None when it is another resource's."""
    key = url_key(url) if before.kind == ResourceKind.FEED else urls.key(urls.canonical(url) or url)
    same = resources.c.kind == before.kind, resources.c.id != before.id
    known = exists().where(*same, or_(resources.c.url_key == key, resources.c.moved_key == key))
    named = aliases.c.kind == AliasKind.URL, aliases.c.key == key, aliases.c.article_id != before.article_id
    taken = known if before.article_id is None else or_(known, exists().where(*named))
    return None if connection.execute(select(taken)).scalar_one() else key


def _name(connection: Connection, article_id: int, key: str | None, url: str) -> None:
    """A feed that lists the new address means the same article."""
    alias = {"kind": AliasKind.URL, "scope": EVERYWHERE, "key": key, "article_id": article_id, "name": url, "title": ""}
    insert = insert_into(connection, aliases).values(alias)
    connection.execute(insert.on_conflict_do_nothing(index_elements=["kind", "scope", "key"]))
