"""Other addresses that pages give for themselves, and two articles that prove to be one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, union, update

from worker.errors import InputError
from worker.model import ChangeKind, ClaimKind
from worker.storage.database import insert_into
from worker.storage.tables import AliasKind, ResourceStatus, aliases, articles, changes, claims, resources
from worker.storage.tally import count

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from worker.model import ArticleIntent

EVERYWHERE = 0  # scope of a URL alias


def write_claims(connection: Connection, intent: ArticleIntent) -> None:
    """Remember where else a page says it is; where its redirects end becomes a name of it, unless it is another's."""
    if not intent.claims:
        return
    rows = [
        {
            "article_id": intent.article_id,
            "url_key": claim.url_key,
            "kind": claim.kind,
            "url": claim.url,
            "last_seen_at": intent.at,
        }
        for claim in sorted(intent.claims, key=lambda claim: claim.url_key)
    ]
    insert = insert_into(connection, claims)
    latest = {name: insert.excluded[name] for name in ("kind", "last_seen_at")}
    connection.execute(insert.on_conflict_do_update(index_elements=["article_id", "url_key"], set_=latest), rows)
    names = [_alias(row) for row in rows if row["kind"] == ClaimKind.REDIRECT]
    if names:
        known = ["kind", "scope", "key"]
        connection.execute(insert_into(connection, aliases).on_conflict_do_nothing(index_elements=known), names)


def _alias(claim: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": AliasKind.URL,
        "scope": EVERYWHERE,
        "key": claim["url_key"],
        "article_id": claim["article_id"],
        "name": claim["url"],
        "title": "",
    }


def claimed(connection: Connection, article_id: int) -> tuple[int, ...]:
    """Articles of the same outlet whose pages give an address of this one for themselves, or the other way round."""
    is_url = aliases.c.kind == AliasKind.URL, aliases.c.scope == EVERYWHERE, aliases.c.key == claims.c.url_key
    mine = select(aliases.c.article_id.label("id")).join_from(claims, aliases, is_url[2])
    mine = mine.where(claims.c.article_id == article_id, *is_url[:2])
    theirs = select(claims.c.article_id.label("id")).join_from(aliases, claims, is_url[2])
    theirs = theirs.where(aliases.c.article_id == article_id, *is_url[:2])
    either = union(mine, theirs).subquery("either")
    outlet = select(articles.c.outlet_id).where(articles.c.id == article_id).scalar_subquery()
    same = (
        select(articles.c.id)
        .join_from(either, articles, articles.c.id == either.c.id)
        .where(articles.c.id != article_id, articles.c.outlet_id == outlet, articles.c.merged_into.is_(None))
        .order_by(articles.c.id)
    )
    return tuple(connection.execute(same).scalars())


def merge(connection: Connection, article_id: int, into: int, at: datetime) -> bool:
    """One article proved to be another: its names pass to that, its page is left, its history stays where it is.

    Consumers learn it from the change feed and from `merged_into`. False when either is merged already.
    """
    both = select(articles.c.id, articles.c.merged_into).where(articles.c.id.in_([article_id, into]))
    rows = connection.execute(both.order_by(articles.c.id).with_for_update(key_share=True)).all()
    if len(rows) != len({article_id, into}) or any(row.merged_into is not None for row in rows):
        return False
    mine = articles.c.merged_into == article_id  # what was merged into it before
    connection.execute(update(articles).where(mine).values(merged_into=into))
    merged = update(articles).where(articles.c.id == article_id).values(merged_into=into, merged_at=at)
    connection.execute(merged)
    connection.execute(update(aliases).where(aliases.c.article_id == article_id).values(article_id=into))
    left = update(resources).where(resources.c.article_id == article_id)
    connection.execute(left.values(status=ResourceStatus.MERGED, next_visit_at=None))
    connection.execute(changes.insert().values(at=at, kind=ChangeKind.MERGE, article_id=article_id))
    count(connection, Counter({("merge", ""): 1}))
    return True


def by_hand(connection: Connection, article_id: int, into: int, at: datetime) -> None:
    """Merge what an operator says is one. Raises InputError for articles that are not there, the same, or merged."""
    if article_id == into:
        raise InputError(f"article {article_id} is itself")
    if not merge(connection, article_id, into, at):
        raise InputError(f"article {article_id} or {into} is not there, or is merged into another already")
