"""The page for publishers: who asks, how, and how to be left alone. The User-Agent may point here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from worker.core.robots import AGENT

if TYPE_CHECKING:
    from jinja2 import Environment

    from worker.settings import Settings


def router(templates: Environment, settings: Settings) -> APIRouter:
    """The route of the page."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    def about() -> HTMLResponse:
        page = templates.get_template("about.html")
        said = {"user_agent": settings.user_agent, "contact": settings.contact, "agent": AGENT}
        return HTMLResponse(page.render(**said, allowed=settings.allow_networks))

    routes.add_api_route("/about", about, methods=["GET", "HEAD"])
    return routes
