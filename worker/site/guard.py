"""What every answer of the site carries, errors included."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    # Nothing but our own style sheet and icon; no script at all, not even our own.
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",  # outlets are not told who reads about them
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}


class SecurityHeaders:
    """ASGI middleware that adds HEADERS to each response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers added."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers)


def allowed_hosts(host: str) -> list[str]:
    """Names the site may be called by when it listens on `host`.

    On loopback only those of this machine: a page elsewhere could have its name resolve to 127.0.0.1 and read
    on (DNS rebinding). Elsewhere any: no answer contains the name, and a proxy in front knows which are right.
    """
    if host != "localhost" and not _is_loopback(host):
        return ["*"]
    return ["localhost", "127.0.0.1", "::1", "[::1]", host]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
