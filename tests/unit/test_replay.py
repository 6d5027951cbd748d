"""Reading history again: a better reader never looks like a newsroom's revision."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import true, update

from tests.unit.test_pipeline import PAGE, Newsdesk, page
from worker.core import extraction, replaying
from worker.errors import StaleLease
from worker.model import RawPage, RevisionKind
from worker.pipeline.replaying import replay
from worker.storage.tables import figures, observations, versions

WORSE = "worse reader 0"


@pytest.fixture
def desk(tmp_path):
    newsdesk = Newsdesk(tmp_path)
    newsdesk.cycle()  # the feed
    newsdesk.cycle()  # the page
    yield newsdesk
    newsdesk.store.close()


def revise(desk, toll):
    desk.network.answers[PAGE] = page(toll)
    desk.clock.advance(minutes=5)
    desk.cycle()


def as_if_read_worse(desk, find="At least", say="As many as 4 of at least", *, where=None):
    """What is stored as a worse reader would have stored it."""

    def worsen(connection):
        for row in connection.execute(versions.select().where(true() if where is None else where)).all():
            worse = {"text": row.text.replace(find, say), "extractor": WORSE, "content_hash": "0" * 64}
            connection.execute(update(versions).where(versions.c.id == row.id).values(worse))

    desk.store.database.write(worsen)


def replay_all(desk):
    now = desk.clock()
    for article_id in desk.store.replays.lease(now, now + timedelta(minutes=1), 100):
        replay(article_id, desk.world)


def events(desk):
    return [change.kind.value for change in desk.store.changes.after(0, 100)]


def test_a_new_reader_reads_the_old_version_again_before_it_compares(desk):
    as_if_read_worse(desk)
    revise(desk, 31)
    (row,) = desk.store.queries.revisions(10)
    assert (row.kind, row.old.low, row.new.low) == (RevisionKind.REVISED, 12, 31)
    assert events(desk) == ["article", "version", "reread", "version", "revision"]
    old, new = desk.store.queries.article(row.article_id).versions
    assert "4 of" not in old.text
    assert old.extractor == new.extractor == extraction.EXTRACTOR


def test_a_new_reader_alone_makes_no_version_and_no_revision(desk):
    as_if_read_worse(desk, "12", "13")
    desk.network.answers[PAGE] = page(12) + "<!-- other bytes -->"
    desk.clock.advance(minutes=5)
    desk.cycle()
    assert desk.census().versions == 1
    assert desk.store.queries.revisions(10) == ()


def test_without_its_bytes_a_version_stays_and_nothing_is_compared_with_it(desk):
    as_if_read_worse(desk)
    desk.store.database.write(lambda connection: connection.execute(update(versions).values(capture_id=None)))
    revise(desk, 31)
    assert desk.census().versions == 2
    assert desk.store.queries.revisions(10) == ()


def test_a_replay_finds_what_was_missed_and_retracts_what_is_not_there(desk):
    revise(desk, 31)
    as_if_read_worse(desk, "killed", "married")
    (found,) = desk.store.queries.revisions(10)
    assert desk.store.replays.request(extraction.EXTRACTOR) == 1
    replay_all(desk)
    assert desk.store.queries.revisions(10) == (found,)  # says the same: it stands, with its id
    # A reader that saw another number once made a revision that today's does not find.
    as_if_read_worse(desk, "31", "30", where=versions.c.ordinal == 2)
    desk.store.database.write(_say_thirty)
    desk.store.replays.request(extraction.EXTRACTOR)
    replay_all(desk)
    (row,) = desk.store.queries.revisions(10)
    assert (row.old.low, row.new.low) == (12, 31)
    assert row.revision_id != found.revision_id
    assert events(desk)[-2:] == ["retraction", "revision"]
    assert desk.store.queries.tally("retraction") == 1


def _say_thirty(connection):
    connection.execute(update(figures).where(figures.c.low == Decimal(31)).values(low=Decimal(30), high=Decimal(30)))


def test_a_replay_twice_changes_nothing_the_second_time(desk):
    revise(desk, 31)
    as_if_read_worse(desk)
    for _ in range(2):
        desk.store.replays.request(extraction.EXTRACTOR, everything=True)
        replay_all(desk)
        seen = events(desk), desk.store.queries.revisions(10), desk.census().figures
    assert seen == (events(desk), desk.store.queries.revisions(10), desk.census().figures)
    assert events(desk).count("reread") == 2  # once for each version


def test_a_version_that_came_in_between_is_not_overlooked(desk):
    as_if_read_worse(desk)
    desk.store.replays.request(extraction.EXTRACTOR)
    history = desk.store.replays.begin(1, desk.clock() + timedelta(minutes=1), 3)
    intent = replaying.intent(history, desk.clock())
    revise(desk, 31)  # takes the replay over, and appends
    with pytest.raises(StaleLease):
        desk.store.replays.apply(intent)
    assert desk.census().revisions == 1


def test_what_is_no_article_to_the_new_reader_stays_as_it_is(desk):
    as_if_read_worse(desk)
    desk.store.replays.request(extraction.EXTRACTOR)
    history = desk.store.replays.begin(1, desk.clock() + timedelta(minutes=1), 3)
    (past,) = history.versions
    gone = RawPage(b"<html><title>404 Not found</title><body>Not found</body></html>", PAGE, {}, whole=True)
    intent = replaying.intent(replace(history, versions=(replace(past, page=gone),)), desk.clock())
    assert intent.unreadable == 1
    assert intent.readings[0].text == past.text
    assert not intent.readings[0].changed


def test_a_history_that_kills_its_reader_is_given_up(desk):
    as_if_read_worse(desk)
    desk.store.replays.request(extraction.EXTRACTOR)
    for _ in range(3):
        assert desk.store.replays.begin(1, desk.clock(), 3) is not None
    assert desk.store.replays.begin(1, desk.clock(), 3) is None
    progress = desk.store.replays.progress()
    assert (progress.waiting, progress.done, progress.failed) == (0, 0, 1)
    assert desk.store.replays.request(extraction.EXTRACTOR) == 1  # by hand it is tried again


def test_dispatch_sends_history_when_the_news_is_read(desk):
    as_if_read_worse(desk)
    desk.store.replays.request(extraction.EXTRACTOR)
    assert desk.dispatch().replays == (1,)
    assert desk.dispatch().replays == ()  # leased
    desk.clock.advance(minutes=3)
    assert desk.dispatch().replays == (1,)


def observed(desk):
    """The values of each series, oldest first."""
    page = desk.store.story_queries.story(1)
    assert page is not None
    return sorted([int(seen.figure.low) for seen in line.observations] for line in page.series)


def test_series_go_on_with_what_was_read_again(desk):
    revise(desk, 31)
    assert observed(desk) == [[12, 31]]
    as_if_read_worse(desk, "At least", "More words of the page. At least")  # figures stand elsewhere
    worse = versions.c.extractor == WORSE
    moved = update(figures).where(
        figures.c.version_id.in_(versions.select().with_only_columns(versions.c.id).where(worse))
    )
    desk.store.database.write(
        lambda connection: connection.execute(moved.values(start_offset=figures.c.start_offset + 24))
    )
    desk.store.replays.request(extraction.EXTRACTOR)
    replay_all(desk)
    assert observed(desk) == [[12, 31]]
    ids = {seen.figure_id for line in desk.store.story_queries.story(1).series for seen in line.observations}
    current = {
        row.id for row in desk.store.database.read(lambda c: c.execute(figures.select().where(figures.c.current)).all())
    }
    assert ids <= current
    desk.clock.advance(minutes=5)
    desk.cycle()
    assert observed(desk) == [[12, 31]]


def test_what_the_old_reader_saw_wrongly_leaves_its_series_and_what_it_missed_begins_one(desk):
    def misread(connection):
        connection.execute(update(figures).values(low=Decimal(99), start_offset=0, end_offset=2))
        connection.execute(update(versions).values(extractor=WORSE))

    desk.store.database.write(misread)
    desk.store.replays.request(extraction.EXTRACTOR)
    replay_all(desk)
    desk.clock.advance(minutes=5)
    desk.cycle()
    rows = desk.store.database.read(lambda connection: connection.execute(observations.select()).all())
    low = {row.id: int(row.low) for row in desk.store.database.read(lambda c: c.execute(figures.select()).all())}
    assert [low[row.figure_id] for row in rows] == [12]
