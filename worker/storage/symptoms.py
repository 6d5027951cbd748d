"""Articles that seem to have lost something, which tells a broken extraction from a newsroom's edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from worker.core import drift
from worker.model import Health
from worker.storage.database import insert_into
from worker.storage.tables import articles, outlets, symptoms

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from worker.model import ArticleIntent


def health(connection: Connection, outlet_id: int, article_id: int | None, now: datetime) -> Health:
    """How the articles of an outlet were read lately, but for one."""
    since = now - drift.WINDOW
    suspect = select(func.count()).where(symptoms.c.outlet_id == outlet_id, symptoms.c.at >= since)
    suspects: int = connection.execute(suspect.where(symptoms.c.article_id != (article_id or 0))).scalar_one()
    if not suspects:  # as good as always; counting what was read looks at every article of the outlet
        return Health()
    lately = articles.c.outlet_id == outlet_id, articles.c.last_capture_at >= since, articles.c.id != (article_id or 0)
    read: int = connection.execute(select(func.count()).select_from(articles).where(*lately)).scalar_one()
    return Health(suspects, read)


def write(connection: Connection, intent: ArticleIntent) -> None:
    """What the newest reading of an article showed."""
    if intent.symptom is None:
        connection.execute(delete(symptoms).where(symptoms.c.article_id == intent.article_id))
        return
    outlet_id = select(articles.c.outlet_id).where(articles.c.id == intent.article_id).scalar_subquery()
    found = {"kind": intent.symptom, "at": intent.at}
    insert = insert_into(connection, symptoms).values(article_id=intent.article_id, outlet_id=outlet_id, **found)
    connection.execute(insert.on_conflict_do_update(index_elements=["article_id"], set_=found))


def broken_outlets(connection: Connection, now: datetime) -> tuple[str, ...]:
    """Slugs of the outlets whose extraction is broken."""
    suspects = (
        select(outlets.c.id, outlets.c.slug)
        .join_from(symptoms, outlets, symptoms.c.outlet_id == outlets.c.id)
        .where(symptoms.c.at >= now - drift.WINDOW)
        .group_by(outlets.c.id, outlets.c.slug)
        .having(func.count() >= drift.ARTICLES)
        .order_by(outlets.c.slug)
    )
    rows = connection.execute(suspects).all()
    return tuple(row.slug for row in rows if drift.is_broken(health(connection, row.id, None, now)))
