"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, DateTime, Integer, Numeric, String, Text
from sqlalchemy.types import TypeDecorator, UserDefinedType

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

# A BIGINT primary key is no alias of the rowid on SQLite, and so would not number itself.
KEY = BigInteger().with_variant(Integer(), "sqlite")
HASH = String(64)  # SHA-256 in hex


class _NumericAffinity(UserDefinedType[Decimal]):
    """A column that SQLite compares as a number, whatever it was bound as."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "NUMERIC"


class Number(TypeDecorator[Decimal]):
    """An exact decimal.

    NUMERIC on PostgreSQL. SQLite has none: the value is bound as text, which NUMERIC affinity turns into an integer
    or a double without loss up to 15 significant digits (sqlite.org/datatype3.html, 3), and comes back through `str`,
    the shortest text that gives the same double. Longer numbers are refused before they are written.
    """

    impl = Numeric
    cache_ok = True
    EXACT_DIGITS = 15

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column's own type on that database."""
        return dialect.type_descriptor(_NumericAffinity() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Raises ValueError for what would not come back the same."""
        if value is None:
            return None
        if not value.is_finite() or len(value.normalize().as_tuple().digits) > self.EXACT_DIGITS:
            raise ValueError(f"not a number of at most {self.EXACT_DIGITS} digits: {value}")
        # Without an exponent: an integer above 2**53 spelt with one would pass through a double, and change.
        return f"{value.normalize():f}" if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The number as it was written, apart from trailing zeros."""
        del dialect
        return value if value is None or isinstance(value, Decimal) else Decimal(str(value))


class Words(TypeDecorator[str]):
    """Text of any length from anywhere.

    NUL, which PostgreSQL refuses, and lone surrogates, which have no UTF-8, become U+FFFD: one bad character of a
    stranger's page must not lose the transaction. Lengths stay, so offsets into the text do too.
    """

    impl = Text
    cache_ok = True
    _UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text with what no database stores replaced."""
        del dialect
        return None if value is None else self._UNSTORABLE.sub("\ufffd", value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, in UTC on both sides; on SQLite it is text that sorts by time."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column's own type on that database."""
        return dialect.type_descriptor(DateTime(timezone=True))

    def bind_processor(self, dialect: Dialect) -> Any:
        """On SQLite as SQLAlchemy writes it, `2026-11-22 12:00:00.000000`, in a fifth of its time."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)

        def text(value: datetime | None) -> str | None:
            moment = self.process_bind_param(value, dialect)
            return None if moment is None else moment.isoformat(" ", "microseconds")

        return text

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises ValueError for a naive value: guessing its zone would shift it silently."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone: {value.isoformat()}")
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)
