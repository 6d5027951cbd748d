"""The pages: the newest revisions, one article with its versions and copies, and copies with an old figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, HTTPException, Path, Query
from fastapi.responses import HTMLResponse

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from jinja2 import Environment

    from worker.site.reading import Queries, Store

PAGE = 30  # revisions on a page
LAGGING = 200  # copies on the page of those that still print the old figure
LARGEST_KEY = 2**63 - 1
READING = ["GET", "HEAD"]
Key = Annotated[int, Path(ge=1, le=LARGEST_KEY)]
Before = Annotated[int | None, Query(ge=1, le=LARGEST_KEY)]
Slug = Annotated[str, Query(max_length=200)]


def router(store: Store, templates: Environment, clock: Callable[[], datetime], silence: timedelta) -> APIRouter:
    """Routes of the pages; `silence`: how long without a dispatch is still normal."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    def newest(before: Before = None, outlet: Slug = "") -> HTMLResponse:
        queries, now = store.queries, clock()
        found = queries.revisions(limit=PAGE + 1, before=before, outlet=outlet or None)
        last_dispatch = queries.last_dispatch_at()
        return HTMLResponse(
            templates.get_template("newest.html").render(
                rows=found[:PAGE],
                next=found[PAGE - 1].revision_id if len(found) > PAGE else None,
                first=before is None,
                names=outlet_names(queries),
                outlet=outlet,
                census=queries.census(),
                backlog=queries.backlog(now),
                idle=(now - last_dispatch).total_seconds() if last_dispatch else None,
                silence=silence.total_seconds(),
                now=now,
            )
        )

    def article(article_id: Key) -> HTMLResponse:
        found = store.queries.article(article_id)
        if found is None:
            raise HTTPException(404)
        page = templates.get_template("article.html")
        story = store.story_queries.story_of(article_id)
        copies = store.queries.copies(article_id)
        names = outlet_names(store.queries)
        return HTMLResponse(page.render(article=found, story=story, copies=copies, names=names))

    def behind() -> HTMLResponse:
        page = templates.get_template("copies.html")
        return HTMLResponse(page.render(rows=store.queries.ripples(LAGGING), names=outlet_names(store.queries)))

    routes.add_api_route("/", newest, methods=READING)
    routes.add_api_route("/articles/{article_id}", article, methods=READING)
    routes.add_api_route("/copies", behind, methods=READING)
    return routes


def outlet_names(queries: Queries) -> dict[str, str]:
    """Names of outlets by slug."""
    return {outlet.slug: outlet.name for outlet in queries.outlets()}
