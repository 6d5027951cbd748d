"""Statements compiled once in a test process.

Each test opens an engine of its own, and SQLAlchemy keeps what it compiled by engine and dialect object; compiling the
same statements again for each test was 60 % of what the suites on a database cost. A process of the product opens one.
"""

from sqlalchemy import util
from sqlalchemy.engine import Engine, default

_compiled: dict[type, util.LRUCache[object, object]] = {}


def compile_once():
    """Have all engines of one dialect share what they compiled."""
    shared = property(lambda self: _compiled.setdefault(type(self.dialect), util.LRUCache(5000)), lambda *_: None)
    Engine._compiled_cache = shared  # type: ignore[assignment]
    default.DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    default.DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
