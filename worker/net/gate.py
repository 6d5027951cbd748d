"""The one gate for every connect: sees each address that is about to be dialled, after DNS and for every hop."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from aiohttp.abc import AbstractResolver

from worker.net.addresses import refusal

if TYPE_CHECKING:
    from aiohappyeyeballs import AddrInfoType, SocketFactoryType
    from aiohttp.abc import ResolveResult

    from worker.net.addresses import AllowNetworks

# aiohappyeyeballs joins the errors of several addresses of one name into a new OSError and keeps only a number that all
# of them share; no system call and no resolver returns this one.
REFUSED_ERRNO = -7100


class RefusedAddressError(OSError):
    """An address that may not be connected to. An OSError, so that another address of the name may still be tried."""

    def __init__(self, reason: str) -> None:
        super().__init__(REFUSED_ERRNO, reason)

    def __str__(self) -> str:
        return str(self.strerror)


def guarded_sockets(allow: AllowNetworks) -> SocketFactoryType:
    """A socket factory that raises RefusedAddressError instead of making a socket for an address the gate refuses.

    Called with exactly the address that is dialled next, so a name that resolves differently a moment later, an IP
    literal (for which resolvers are skipped) and a redirect all pass through it.
    """

    def make(addr_info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = addr_info
        host, port = address[:2]
        scope = address[3] if len(address) > 3 else 0  # noqa: PLR2004 - (host, port, flow, scope) of IPv6
        reason = refusal(f"{host}%{scope}" if scope else host, port, allow)
        if reason is not None:
            raise RefusedAddressError(reason)
        return socket.socket(family, kind, protocol)

    return make


def sockets_to_proxy(port: int) -> SocketFactoryType:
    """A socket factory for a proxy that the operator named: nothing but its port is dialled.

    The addresses of those who are asked are then the proxy's to look at: it alone resolves their names.
    """

    def make(addr_info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = addr_info
        if address[1] != port:
            raise RefusedAddressError(f"port {address[1]} is not the proxy's")
        return socket.socket(family, kind, protocol)

    return make


class PatientResolver(AbstractResolver):
    """Bounds every lookup: aiohttp has no limit of its own for DNS."""

    def __init__(self, inner: AbstractResolver, seconds: float) -> None:
        self._inner = inner
        self._seconds = seconds

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Addresses of a name. Raises OSError, also when there is no answer in time."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._inner.resolve(host, port, family)
        except TimeoutError as error:  # aiohttp takes a bare TimeoutError for one of the connect
            raise OSError(None, f"no answer in {self._seconds:g} s") from error

    async def close(self) -> None:
        """Close the resolver behind."""
        await self._inner.close()
