"""Which schema a database has; each process asks at its start, so Alembic's 50 modules are not needed for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from worker.errors import SchemaError

if TYPE_CHECKING:
    from sqlalchemy import Connection

REVISIONS = ("0001",)  # of `migrations/versions`, in their order
HEAD = REVISIONS[-1]


def require_current(connection: Connection) -> str:
    """Compare the schema's revision with this code's. Raises SchemaError."""
    found = require_known(connection)
    if found is None:
        raise SchemaError("the database has no tables yet; run `figurewatch db upgrade`")
    if found != HEAD:
        raise SchemaError(f"the database is older ({found}) than this version ({HEAD}); run `figurewatch db upgrade`")
    return found


def require_known(connection: Connection) -> str | None:
    """The schema's revision, None for an empty database. Raises SchemaError when it is newer than this code."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found is not None and found not in REVISIONS:
        raise SchemaError(f"the database is newer ({found}) than this version; upgrade Figurewatch")
    return found
