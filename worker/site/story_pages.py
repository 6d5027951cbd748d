"""The pages of stories, of one story with the figures followed through it, and of who declares what was revised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from worker.site.pages import READING, Before, Key, outlet_names

if TYPE_CHECKING:
    from jinja2 import Environment

    from worker.site.reading import Store

PAGE = 50  # stories on a page


def router(store: Store, templates: Environment) -> APIRouter:
    """Routes of the pages."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    def stories(before: Before = None) -> HTMLResponse:
        lines = store.story_queries.stories(PAGE + 1, before=before)
        following = lines[PAGE - 1].story_id if len(lines) > PAGE else None
        page = templates.get_template("stories.html")
        return HTMLResponse(page.render(lines=lines[:PAGE], next=following, first=before is None))

    def story(story_id: Key) -> HTMLResponse:
        found = store.story_queries.story(story_id)
        if found is None:
            raise HTTPException(404)
        page = templates.get_template("story.html")
        return HTMLResponse(page.render(story=found, names=outlet_names(store.queries)))

    def transparency() -> HTMLResponse:
        return HTMLResponse(templates.get_template("transparency.html").render(lines=store.corrections.transparency()))

    routes.add_api_route("/transparency", transparency, methods=READING)
    routes.add_api_route("/stories", stories, methods=READING)
    routes.add_api_route("/stories/{story_id}", story, methods=READING)
    return routes
