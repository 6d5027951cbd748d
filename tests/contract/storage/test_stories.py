"""Stories and series: what is lent, what is written, and that nothing is decided on an older state."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.contract.storage.given import ATTEMPTS, HOUR, MINUTE, Cast, draft, everything, outlet, rows
from worker.core import stories as core
from worker.errors import Outdated, StaleLease
from worker.model import ChangeKind, RelationIntent, RevisionKind
from worker.storage import observing

FIRST = "An earthquake killed at least {} people in Tarsin on Sunday, the governor of Tarsin said."


class Desk(Cast):
    """Articles that are kept and related, one after the other."""

    def subjects(self, *texts):
        """The first versions of that many articles, begun to be related."""
        self.store.frontier.sync([outlet()], self.now)
        self.feed(*(draft(f"{n}", first_visit_at=self.now) for n, _ in enumerate(texts)))
        for each in texts:
            capture = self.capture_later()
            self.keep(capture, text=each)
            (version_id,) = self.store.relations.waiting(capture.lease.id)
            yield self.store.relations.begin(version_id, self.now + MINUTE, ATTEMPTS)

    def intent(self, subject):
        """What the pipeline decides."""
        read = core.read(subject)
        story = self.store.stories.of_article(subject.article_id)
        if story is not None:
            told = core.go_on(read, story, self.store.stories.series(story.story_id))
        else:
            lent = self.store.stories.candidates(subject.language, read.terms)
            placed = core.choose(read, lent)
            known = self.store.stories.series(placed.story_id) if placed.story_id else ()
            told = core.join(read, placed, lent, known)
        return RelationIntent(subject.lease, subject.article_id, self.now, story=told)

    def tell(self, *texts):
        for subject in self.subjects(*texts):
            self.store.relations.apply(self.intent(subject))


@pytest.fixture
def desk(store):
    return Desk(store)


def test_an_article_opens_a_story_and_the_next_one_joins_and_supersedes(store, desk):
    desk.tell(FIRST.format(14), FIRST.format(31))
    (story,) = rows(store, "story")
    assert (story["articles"], story["title"], story["token"]) == (2, "Title", 2)
    (series,) = rows(store, "series")
    assert series["observations"] == 2
    assert [row["at"] for row in rows(store, "observation")] == [desk.now - HOUR, desk.now]
    (revision,) = store.queries.revisions(10)
    assert (revision.kind, revision.old.low, revision.new.low) == (RevisionKind.SUPERSEDED, 14, 31)
    assert revision.old_article_id != revision.article_id
    assert revision.series_id == series["id"]
    assert revision.changed_after < revision.changed_before
    assert store.queries.tally("story", "new") == store.queries.tally("story", "known") == 1
    assert store.queries.tally("revision", "superseded") == 1


def test_the_change_feed_tells_of_it(store, desk):
    desk.tell(FIRST.format(14), FIRST.format(31))
    store.changes.sequence()
    told = [(each.kind, each.story_id) for each in store.changes.after(0, 100)]
    assert told[-2:] == [(ChangeKind.STORY, 1), (ChangeKind.REVISION, None)]
    assert [kind for kind, _ in told].count(ChangeKind.STORY) == 1  # who opens a story joins nobody


def test_another_event_is_another_story(store, desk):
    desk.tell(FIRST.format(14), "A wildfire burned 800 hectares of forest in the Dorrin hills, rangers of Dorrin said.")
    assert [row["articles"] for row in rows(store, "story")] == [1, 1]
    assert store.queries.revisions(10) == ()


def test_what_was_decided_on_an_older_story_is_not_written(store, desk):
    one, two, three = desk.subjects(*(FIRST.format(n) for n in (14, 19, 31)))
    store.relations.apply(desk.intent(one))
    stale, fresh = desk.intent(two), desk.intent(three)
    store.relations.apply(fresh)
    before = everything(store)
    with pytest.raises(Outdated):
        store.relations.apply(stale)
    assert everything(store) == before
    store.relations.apply(desk.intent(two))
    assert [row["articles"] for row in rows(store, "story")] == [3]


def test_two_that_both_found_no_story_do_not_open_two(store, desk):
    one, two = desk.subjects(FIRST.format(14), FIRST.format(14))
    both = desk.intent(one), desk.intent(two)
    store.relations.apply(both[0])
    with pytest.raises(Outdated):
        store.relations.apply(both[1])
    store.relations.apply(desk.intent(two))
    assert [row["articles"] for row in rows(store, "story")] == [2]


def test_a_repeat_writes_nothing(store, desk):
    (subject,) = desk.subjects(FIRST.format(14))
    intent = desk.intent(subject)
    store.relations.apply(intent)
    before = everything(store, but=("tally",))
    with pytest.raises(StaleLease):
        store.relations.apply(intent)
    assert everything(store, but=("tally",)) == before


def test_a_later_version_goes_on_with_its_articles_series(store, desk):
    desk.tell(FIRST.format(14))
    capture = desk.capture_later()
    desk.keep(capture, text=FIRST.format(19))
    (version_id,) = store.relations.waiting(capture.lease.id)
    subject = store.relations.begin(version_id, desk.now + MINUTE, ATTEMPTS)
    store.relations.apply(desk.intent(subject))
    (series,) = rows(store, "series")
    assert series["observations"] == 2
    assert store.queries.revisions(10) == ()
    (known,) = store.stories.series(1)
    assert known.newest["anadolu"].figure.low == 19


def test_the_newest_figure_of_an_outlet_is_known_whatever_comes_late_or_goes(store, desk):
    desk.tell(FIRST.format(14))
    capture = desk.capture_later()
    desk.keep(capture, text=FIRST.format(19))
    (version_id,) = store.relations.waiting(capture.lease.id)
    store.relations.apply(desk.intent(store.relations.begin(version_id, desk.now + MINUTE, ATTEMPTS)))
    old, new = rows(store, "observation")
    assert (old["newest"], new["newest"]) == (False, True)
    late = (new["series_id"], new["outlet_id"], old["at"])
    assert not store.database.write(lambda connection: observing.make_room(connection, *late))
    store.database.write(lambda connection: observing.follow(connection, {new["figure_id"]: None}))
    (left,) = rows(store, "observation")
    assert (left["id"], left["newest"]) == (old["id"], True)
    (known,) = store.stories.series(1)
    assert known.newest["anadolu"].figure.low == 14


def test_an_article_with_nothing_to_tell_is_related_too(store, desk):
    desk.tell("", "12")
    assert [row["articles"] for row in rows(store, "story")] == [1, 1]
    assert rows(store, "series") == []


def test_only_the_newest_stories_with_a_term_are_looked_at(store, desk):
    desk.tell(FIRST.format(14))
    (kept,) = rows(store, "story")
    row = {key: kept[key] for key in kept if key != "id"}
    add = "INSERT INTO story_term (term, story_id) SELECT 'en ^tarsin', id FROM story WHERE id > 1"

    def fill(connection):
        from worker.storage.tables import stories  # noqa: PLC0415 - beside what it is for

        connection.execute(stories.insert(), [row | {"terms": {}} for _ in range(120)])
        connection.execute(text(add))

    store.database.write(fill)
    lent = store.stories.candidates("en", {"^tarsin": 1.0})
    assert lent.spread == {"^tarsin": 50}
    assert len(lent.stories) == 30
    assert lent.newest_id == 121


def test_stories_are_told_in_one_language(store, desk):
    desk.tell(FIRST.format(14))
    assert store.stories.candidates("es", {"^tarsin": 1.0}).stories == ()
    assert len(store.stories.candidates("en-GB", {"^tarsin": 1.0}).stories) == 1


def test_a_date_in_the_future_is_not_believed(store, desk):
    (subject,) = desk.subjects(FIRST.format(14))
    assert core.read(replace(subject, published_at=desk.now + timedelta(days=400))).at == subject.seen_at
    early = desk.now - timedelta(days=1)
    assert core.read(replace(subject, published_at=early)).at == early
    assert core.read(replace(subject, published_at=early, ordinal=2)).at == subject.seen_at
