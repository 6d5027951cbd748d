"""From what an HTTP client raises to the faults we store."""

import asyncio
import ssl
from unittest.mock import Mock

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from worker.model import Fault, Validators
from worker.net import faults
from worker.net.fetch import Fetcher
from worker.net.gate import REFUSED_ERRNO, RefusedAddressError

KEY = ConnectionKey("example.org", 443, True, True, None, None, None)
REFUSED = RefusedAddressError("10.0.0.1 is not on the public internet (private)")


@pytest.mark.parametrize(
    ("error", "fault", "detail"),
    [
        (aiohttp.ConnectionTimeoutError("Connection timeout to host …"), Fault.CONNECT, "no connection in time"),
        (aiohttp.ClientConnectorError(KEY, OSError(111, "Connect call failed")), Fault.CONNECT, "Connect call failed"),
        (
            aiohttp.ClientConnectorError(KEY, OSError("Multiple exceptions: a, b")),
            Fault.CONNECT,
            "Multiple exceptions: a, b",
        ),
        (aiohttp.ClientConnectorError(KEY, OSError(24, "Too many open files")), Fault.CONNECT, "Too many open files"),
        (aiohttp.ClientConnectorError(KEY, REFUSED), Fault.REFUSED, str(REFUSED)),
        (aiohttp.ClientConnectorError(KEY, OSError(REFUSED_ERRNO, "both")), Fault.REFUSED, "both"),
        (
            aiohttp.ClientConnectorDNSError(KEY, OSError(None, "Domain name not found")),
            Fault.DNS,
            "Domain name not found",
        ),
        (aiohttp.ClientConnectorCertificateError(KEY, ssl.CertificateError("expired")), Fault.TLS, "('expired',)"),
        (aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "wrong version")), Fault.TLS, "wrong version"),
        (aiohttp.ServerDisconnectedError(), Fault.PROTOCOL, "the server closed the connection without an answer"),
        (
            aiohttp.ClientOSError(104, "Connection reset by peer"),
            Fault.PROTOCOL,
            "[Errno 104] Connection reset by peer",
        ),
        (
            aiohttp.ClientResponseError(Mock(), (), status=400, message="Bad status line:\n\n  b'SSH'\n    ^"),
            Fault.PROTOCOL,
            "Bad status line",
        ),
        (aiohttp.ClientError(), Fault.PROTOCOL, "ClientError"),
    ],
)
def test_before_a_status_line(error, fault, detail):
    assert faults.of_client(error, status_read=False)[0] is fault
    assert detail in faults.of_client(error, status_read=False)[1]


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientPayloadError("Response payload is not completed"),
        aiohttp.ClientOSError(104, "reset"),
        aiohttp.ServerDisconnectedError(),
    ],
)
def test_after_it_only_the_body_can_have_gone_wrong(error):
    assert faults.of_client(error, status_read=True)[0] is Fault.INCOMPLETE


def test_details_are_short():
    assert len(faults.of_client(aiohttp.ClientPayloadError("x" * 10_000), status_read=True)[1]) == 200


def test_a_fetcher_is_used_inside_its_block():
    fetcher = Fetcher(user_agent="x")
    with pytest.raises(RuntimeError, match="async with"):
        asyncio.run(fetcher.get("https://example.org/", Validators(), accept="*/*"))
