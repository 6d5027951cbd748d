"""What all tests share: no socket in unit tests, and real servers, each started once and only where it is asked for."""

from pathlib import Path

import pytest
import pytest_socket

from tests.harness import postgresql as postgresql_server
from tests.harness import valkey as valkey_server

UNIT = Path(__file__).parent / "unit"


@pytest.fixture(autouse=True)
def _no_socket_in_unit_tests(request):
    """Unix sockets stay: every asyncio loop has a pair of them."""
    if not request.path.is_relative_to(UNIT):
        yield
        return
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()


@pytest.fixture(scope="session")
def postgresql():
    """A running PostgreSQL: `with postgresql.database() as url`."""
    with postgresql_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def valkey():
    """A running Valkey on TCP, shared by the session; `tests.harness.valkey.running()` gives one of your own."""
    with valkey_server.running() as server:
        yield server
