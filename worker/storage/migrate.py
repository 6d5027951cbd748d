"""How to bring a database to the schema of this code, and whether it is still that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import func, select

from worker.errors import SchemaError
from worker.storage.database import Database
from worker.storage.schema import require_current, require_known
from worker.storage.tables import METADATA

if TYPE_CHECKING:
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADE_LOCK = 0x46696775_72650002  # of PostgreSQL's advisory locks; see changes.SEQUENCER_LOCK


def upgrade(url: str) -> str:
    """Bring a database to the schema of this code, in one transaction; two at once wait for each other.

    Returns the revision it has now. Raises SchemaError when it is newer than this code, Unreachable, InputError.
    """
    database = Database(url)
    try:
        return database.write(_upgrade)
    finally:
        database.close()


def check(url: str) -> str:
    """Compare a database with this code, column by column; its revision when they are equal.

    Raises SchemaError for any difference, Unreachable, InputError.
    """
    database = Database(url)
    try:
        revision = database.read(require_current)
        database.read(_require_equal)
        return revision
    finally:
        database.close()


def _upgrade(connection: Connection) -> str:
    if connection.dialect.name == "postgresql":  # SQLite's write lock is held already
        connection.execute(select(func.pg_advisory_xact_lock(UPGRADE_LOCK)))
    require_known(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return require_current(connection)


def _require_equal(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    if differences := compare_metadata(context, METADATA):
        raise SchemaError("\n".join(["the tables were altered by other hands:", *map(str, differences)]))


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))  # a ConfigParser reads it
    return config
