"""The site process: pages, read API, metrics and health. It reads, and never writes."""

from __future__ import annotations

import socket
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.trustedhost import TrustedHostMiddleware

from worker import __version__
from worker.errors import OperatorError
from worker.ops import logs
from worker.site import about, api, api_stories, errors, guard, pages, probes, story_pages, templating
from worker.site.reading import LazyStore
from worker.storage import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from worker.settings import Settings
    from worker.site.reading import Store

GRACE = 2  # seconds for open answers when asked to end; the supervisor waits for 3


def now() -> datetime:
    """The current time, aware and in UTC."""
    return datetime.now(UTC)


def normal_silence(settings: Settings) -> timedelta:
    """How long the heartbeat may be away: dispatch waits while every thread of the visit workers walks a lane."""
    return timedelta(seconds=settings.lane_seconds + settings.request_seconds + 3 * settings.tick_seconds)


def create(settings: Settings, store: Store, clock: Callable[[], datetime] = now) -> FastAPI:
    """The application. It touches neither the store nor Redis before the first request that needs them."""
    templates = templating.environment()
    silence = normal_silence(settings)
    site = FastAPI(
        title="Figurewatch",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # a redirect would repeat the Host header
    )
    site.include_router(probes.router(probes.Watch(store, settings.broker, clock, silence)))
    site.include_router(api.router(store))
    site.include_router(api_stories.router(store))
    site.include_router(pages.router(store, templates, clock, silence))
    site.include_router(story_pages.router(store, templates))
    site.include_router(about.router(templates, settings))
    site.mount("/static", StaticFiles(directory=templating.HERE / "static"))
    names = guard.allowed_hosts(settings.site_host)
    site.add_middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False)
    site.add_middleware(guard.SecurityHeaders)
    errors.add(site, templates)
    return site


def listen(host: str, port: int) -> socket.socket:
    """A socket that already takes connections; port 0 takes any free one. Raises OperatorError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise OperatorError(
            f"the site cannot listen on {host}:{port} ({error.strerror or error}); "
            "set FIGUREWATCH_SITE_HOST and FIGUREWATCH_SITE_PORT"
        ) from error


def address(listening: socket.socket) -> str:
    """The URL of a listening socket."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def server(site: FastAPI) -> uvicorn.Server:
    """A server for it, which says nothing about itself, and believes no forwarding header."""
    return uvicorn.Server(
        uvicorn.Config(
            site,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=GRACE,
        )
    )


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM. Raises OperatorError when the address is taken."""
    logs.configure(settings.log_format, settings.log_level)
    store = LazyStore(lambda: open_store(settings.database))
    with listen(settings.site_host, settings.site_port) as listening:
        logs.log("site.listening", url=address(listening))
        with suppress(KeyboardInterrupt):  # uvicorn passes SIGINT on after a clean end, which was asked for
            server(create(settings, store)).run(sockets=[listening])
