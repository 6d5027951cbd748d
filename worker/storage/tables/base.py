"""What all tables have in common."""

# No `from __future__ import annotations` here: SQLModel reads the annotations when the class is made.

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CheckConstraint, Index, MetaData, Table, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from worker.storage.columns import KEY

# Every constraint has a name that both databases agree on, or a later migration could not drop it on SQLite.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Partial indexes are used only where a query repeats these words.
WAITING = text("state = 'waiting'")


def one_of(column: str, words: Iterable[StrEnum]) -> CheckConstraint:
    """The column holds one of these words."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(w.value) for w in words)})", name=column)


def key(**options: Any) -> Any:
    """A number that the database gives and never gives again."""
    return Field(default=None, primary_key=True, sa_type=KEY, **options)


def reference(target: str, **options: Any) -> Any:
    """The key of a row of another table."""
    return Field(foreign_key=f"{target}.id", sa_type=KEY, **options)


def partial(name: str, *columns: str, where: Any, unique: bool = False) -> Index:
    """An index over some rows only."""
    return Index(name, *columns, unique=unique, postgresql_where=where, sqlite_where=where)


NUMBERED = {"sqlite_autoincrement": True}  # without it SQLite gives the number of a deleted last row again


class Stored(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """Base of all tables, with metadata of their own."""


def table(model: type[Stored]) -> Table:
    """The table of a row."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined] # SQLAlchemy adds it, no stub says so
