"""The same fresh, upgraded database on either engine, for suites that run on both."""

from contextlib import contextmanager

from worker import storage

ENGINES = ("sqlite", "postgresql")


@contextmanager
def database_url(engine, folder, postgresql):
    """A fresh, empty database; `postgresql` is a running server, called only where it is needed."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}/figurewatch.db"
        return
    with postgresql().database() as url:
        yield url


@contextmanager
def store(url):
    """The database at the newest schema, opened."""
    storage.upgrade(url)
    opened = storage.open_store(url)
    try:
        yield opened
    finally:
        opened.close()
