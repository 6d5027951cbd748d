"""Many rows at once: their keys and values go to the database in one piece.

SQLAlchemy binds the rows of an `executemany` one by one and by name, and psycopg sends a message for each; for a group
of visits that took longer than to write them (tests/bench/net/test_visit_cost.py).
"""

from __future__ import annotations

from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

import orjson
from sqlalchemy import ARRAY, BigInteger, Boolean, Text, bindparam, cast, column, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Dialect, Table, Update
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.types import TypeEngine

Row: TypeAlias = "Mapping[str, Any]"
Given: TypeAlias = "dict[str, ColumnElement[Any]]"  # what a row gives, by the name of the column
Binds: TypeAlias = "list[tuple[str, Callable[[Any], Any]]]"  # what makes a value one that the driver takes, by name


class BulkUpdate:
    """An UPDATE of rows by their key, with values of their own; put together once.

    One statement over a JSON document on PostgreSQL; on SQLite, where that takes three times as long, a statement that
    runs for each row.
    """

    def __init__(
        self,
        table: Table,
        *names: str,
        values: Callable[[Given], Row] = dict,
        where: Callable[[Given], ColumnElement[bool]] | None = None,
    ) -> None:
        """`names`: the columns that rows give. `values`: what is set; by default they are, to what is given."""
        self._table = table
        (self._key,) = table.primary_key
        self._types = {name: table.c[name].type for name in names}
        self._values = values
        self._where = where

    def __call__(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Update rows in their order; each has its `key`, and a value for every name."""
        if not rows:
            return
        if connection.dialect.name == "sqlite":
            sql, in_order, binds = self._for_each
            connection.exec_driver_sql(sql, [in_order(_bound(row, binds)) for row in rows])
        else:
            statement, binds = self._for_all
            connection.execute(statement, {"rows": orjson.dumps([_bound(row, binds) for row in rows]).decode()})

    @cached_property
    def _for_each(self) -> tuple[str, Callable[[Row], tuple[Any, ...]], Binds]:
        dialect = sqlite.dialect()
        given: Given = {name: bindparam(name, type_=type_) for name, type_ in self._types.items()}
        compiled = self._statement(bindparam("key"), given).compile(dialect=dialect)
        return str(compiled), itemgetter(*(compiled.positiontup or ())), _binds(self._types, dialect)

    @cached_property
    def _for_all(self) -> tuple[Update, Binds]:
        typed = [column("key", BigInteger), *(column(name, type_) for name, type_ in self._types.items())]
        rows = func.json_to_recordset(cast(bindparam("rows", type_=Text), postgresql.JSON))
        given = rows.table_valued(*typed, name="given").render_derived(name="given", with_types=True)
        statement = self._statement(given.c.key, {name: given.c[name] for name in self._types})
        return statement, _binds(self._types, postgresql.dialect())  # type: ignore[no-untyped-call]

    def _statement(self, key: ColumnElement[Any], given: Given) -> Update:
        statement = update(self._table).where(self._key == key).values(self._values(given))
        return statement if self._where is None else statement.where(self._where(given))


def _binds(types: Mapping[str, TypeEngine[Any]], dialect: Dialect) -> Binds:
    made = ((name, type_.dialect_impl(dialect).bind_processor(dialect)) for name, type_ in types.items())
    return [(name, bind) for name, bind in made if bind is not None]


def _bound(row: Row, binds: Binds) -> Row:
    return {**row, **{name: bind(row[name]) for name, bind in binds}}


class Keys(TypeDecorator["Collection[int]"]):
    """Whole numbers as one parameter, for `among`."""

    impl = ARRAY(BigInteger)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite has no arrays, but reads JSON."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else ARRAY(BigInteger))

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        """The numbers as the database takes them."""
        keys = list(value or ())
        return orjson.dumps(keys).decode() if dialect.name == "sqlite" else keys


def among(one: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """Whether a column is one of the numbers that the parameter `name` holds.

    The statement is the same however many there are, so it is compiled and planned once; that of an IN is not.
    """
    return _Among(one, bindparam(name, type_=Keys))


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()


@compiles(_Among, "sqlite")
def _among_sqlite(element: _Among, compiler: SQLCompiler, **said: Any) -> str:
    one, keys = (compiler.process(part, **said) for part in element.clauses)
    return f"{one} IN (SELECT value FROM json_each({keys}))"  # noqa: S608 - of expressions, not of values


@compiles(_Among, "postgresql")
def _among_postgresql(element: _Among, compiler: SQLCompiler, **said: Any) -> str:
    one, keys = (compiler.process(part, **said) for part in element.clauses)
    return f"{one} = ANY ({keys})"
