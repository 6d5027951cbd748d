"""Fresh databases at the newest schema, on either engine, for suites that run on both."""

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from worker import storage

SQLITE, POSTGRESQL = ENGINES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class SqliteFiles:
    """Copies of one upgraded file."""

    folder: Path

    @contextmanager
    def fresh(self, folder: Path):
        """A fresh database in `folder`; its URL."""
        template = self.folder / "template.db"
        if not template.exists():
            storage.upgrade(f"sqlite:///{template}")
        copy = folder / "figurewatch.db"
        shutil.copy(template, copy)
        yield f"sqlite:///{copy}"


@dataclass(frozen=True, slots=True)
class PostgresqlCopies:
    """Copies of one upgraded database."""

    server: Any
    template: str

    @contextmanager
    def fresh(self, _folder: Path):
        """A fresh database; its URL."""
        with self.server.database(template=self.template) as url:
            yield url


@contextmanager
def postgresql_copies(server):
    """Upgrade a database once, to be copied from."""
    with server.database() as url:
        storage.upgrade(url)
        yield PostgresqlCopies(server, make_url(url).database or "")


@contextmanager
def opened(url):
    """A store that is closed again."""
    store = storage.open_store(url)
    try:
        yield store
    finally:
        store.close()
