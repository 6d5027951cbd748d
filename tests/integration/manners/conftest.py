"""A newsroom, and a desk that follows it."""

import pytest

from tests.harness.databases import SqliteFiles
from tests.integration.manners.desk import Desk
from tests.integration.manners.newsroom import Clock, newsroom
from tests.integration.manners.watched import watched


@pytest.fixture
def room():
    with newsroom(Clock()) as running:
        yield running


@pytest.fixture
def desk(room, tmp_path, _sqlite_files: SqliteFiles):
    """A function that opens a desk on a database of its own, with these feeds."""
    opened = []
    with _sqlite_files.fresh(tmp_path) as url:

        def open_desk(*targets, **options):
            feeds = tuple(t if t.startswith("http") else room.url(t) for t in targets)
            opened.append(Desk(url, room, feeds, **options))
            return opened[-1]

        yield open_desk
        for each in opened:
            each.store.close()


@pytest.fixture(params=["feed", "article"])
def page(request, room, desk):
    """A feed, and then an article's page: rules that hold for both."""
    return watched(request.param, room, desk)


@pytest.fixture
def feed(room, desk):
    """A feed: rules that speak of feeds only."""
    return watched("feed", room, desk)
