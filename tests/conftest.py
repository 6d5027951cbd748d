"""What all tests share: no socket in unit tests, and real servers, each started once and only where it is asked for."""

import gc
import os
import sys
from pathlib import Path

import pytest
import pytest_socket
from hypothesis import settings

from tests.harness import databases, scheduling
from tests.harness import postgresql as postgresql_server
from tests.harness import valkey as valkey_server
from tests.harness.statements import compile_once

UNIT = Path(__file__).parent / "unit"

# Machines are shared and slow at times; and a change must not fail for what chance found elsewhere in the code.
settings.register_profile("figurewatch", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("figurewatch")

compile_once()
# Hundreds of processes run the same code: without kept bytecode each compiles all of it anew, a third of all time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_collection_modifyitems(items):
    """Plays first."""
    items.sort(key=lambda item: scheduling.order(item.nodeid))


def pytest_collection_finish():
    """Half a million objects that last to the end: looking through them again and again takes a tenth of all time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """How the tests are shared out."""
    return scheduling.PlaysInRows(config, log)


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


@pytest.fixture(scope="session")
def postgresql_database(postgresql):
    """A PostgreSQL database at the newest schema; `postgresql_database.fresh(folder)` empties it."""
    with databases.postgresql_database(postgresql) as database:
        yield database


@pytest.fixture(scope="session")
def _sqlite_files(tmp_path_factory):
    return databases.SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(params=databases.ENGINES)
def database_url(request, tmp_path):
    """The URL of an empty database at the newest schema; the test runs once on each engine, and leaves the schema."""
    kind = "_sqlite_files" if request.param == databases.SQLITE else "postgresql_database"
    with request.getfixturevalue(kind).fresh(tmp_path) as url:
        yield url


@pytest.fixture
def store(database_url):
    """An empty store; the test runs once on each engine."""
    with databases.opened(database_url) as opened:
        yield opened


@pytest.fixture(params=databases.ENGINES)
def bare_database_url(request, tmp_path):
    """The URL of a database without any table, to do with as one likes; the test runs once on each engine."""
    if request.param == databases.SQLITE:
        yield f"sqlite:///{tmp_path}/bare.db"
        return
    with request.getfixturevalue("postgresql").database() as url:
        yield url
