"""From what an HTTP client raises to the faults we store."""

from __future__ import annotations

import aiohttp

from worker.model import Fault
from worker.net.gate import REFUSED_ERRNO


class FetchError(Exception):
    """A request that has failed by a decision of ours; never leaves this package."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault
        self.detail = detail


def of_client(error: aiohttp.ClientError, *, status_read: bool) -> tuple[Fault, str]:
    """Fault and detail for people; once a status line was read, only the body can have gone wrong."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return Fault.TLS, str(error.certificate_error)
        case aiohttp.ClientConnectorSSLError():
            return Fault.TLS, str(error.os_error)
        case aiohttp.ClientConnectorDNSError():
            return Fault.DNS, str(error.os_error.strerror or error.os_error)
        case aiohttp.ClientConnectorError():
            refused = error.os_error.errno == REFUSED_ERRNO
            return Fault.REFUSED if refused else Fault.CONNECT, str(error.os_error.strerror or error.os_error)
        case aiohttp.ConnectionTimeoutError() | aiohttp.ClientHttpProxyError():
            return Fault.CONNECT, _not_connected(error)
        case aiohttp.ServerDisconnectedError():
            what = "the server closed the connection without an answer"
        case aiohttp.ClientResponseError():
            what = error.message
        case _:
            what = str(error)
    return (Fault.INCOMPLETE if status_read else Fault.PROTOCOL), _line(what or type(error).__name__)


def _not_connected(error: aiohttp.ClientError) -> str:
    if isinstance(error, aiohttp.ClientHttpProxyError):  # it answered CONNECT with something else than 200
        return f"the proxy said {error.status} {_line(error.message)}".rstrip()
    return "no connection in time"


def _line(text: str) -> str:
    """The first words of a message; aiohttp's parser adds lines that quote and point at the server's bytes."""
    return " ".join(text.split("\n", 1)[0].split())[:200].rstrip(":")
