"""The one gate to the network, as the settings describe it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from worker.net.addresses import AllowNetworks
from worker.net.fetch import Fetcher, Limits

if TYPE_CHECKING:
    from worker.settings import Settings


def fetcher(settings: Settings) -> Fetcher:
    """A client, to be entered with `async with`."""
    return Fetcher(
        limits=Limits(
            total_seconds=settings.request_seconds,
            max_wire_bytes=settings.max_wire_bytes,
            max_decoded_bytes=settings.max_decoded_bytes,
        ),
        allow=replace(AllowNetworks.parse(settings.allow_networks), ours=settings.endpoints),
        user_agent=settings.user_agent,
        proxy=settings.proxy,
    )
