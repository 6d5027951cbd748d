"""Corrections: a note with its revision, a note alone, a note about what nobody saw, and the table of outlets."""

import pytest

from tests.contract.storage.given import ATTEMPTS, MINUTE, Cast, figure, revision, rows
from worker.core import corrections
from worker.model import Declaration, NoteKind, RelationIntent, Text

NOTE = "Correction: An earlier version of this article said 12 soldiers died. The number is 31."


def relate(cast, capture):
    """What the pipeline does with the newest version of a capture."""
    store = cast.store
    for version_id in store.relations.waiting(capture.lease.id):
        subject = store.relations.begin(version_id, cast.now + MINUTE, ATTEMPTS)
        revised = store.corrections.revisions_of(version_id)
        notes = corrections.notes(Text(subject.title, subject.text), subject.language)
        told = tuple(Declaration(note, corrections.link(note, revised)) for note in notes)
        store.relations.apply(RelationIntent(subject.lease, subject.article_id, cast.now, declarations=told))


@pytest.fixture
def cast(store):
    return Cast(store)


def begin(cast, text="12 soldiers died."):
    capture = cast.article()
    cast.keep(capture, text=text, figures=[figure(12)])
    relate(cast, capture)


def following(cast, **version):
    capture = cast.capture_later()
    ids = cast.keep(capture, **version)
    relate(cast, capture)
    return ids


def test_a_note_and_a_changed_figure_are_linked(store, cast):
    begin(cast)
    changed = [revision(figure(12), figure(31))]
    (revision_id,) = following(cast, text=f"31 soldiers died.\n\n{NOTE}", figures=[figure(31)], revisions=changed)
    (note,) = store.corrections.newest(10)
    assert (note.kind, note.text, note.revision_ids) == (NoteKind.CORRECTION, NOTE, (revision_id,))
    assert store.queries.revisions(10)[0].declared is True
    (line,) = store.corrections.transparency()
    assert (line.revisions, line.declared, line.undeclared, line.corrections, line.unseen) == (1, 1, 0, 1, 0)


def test_a_note_alone_makes_no_revision(store, cast):
    begin(cast)
    assert following(cast, text=f"12 soldiers died.\n\n{NOTE}", figures=[figure(12)]) == ()
    (line,) = store.corrections.transparency()
    assert (line.revisions, line.corrections, line.unseen) == (0, 1, 1)


def test_a_revision_without_a_note_is_undeclared(store, cast):
    begin(cast)
    following(cast, text="31 soldiers died.", figures=[figure(31)], revisions=[revision(figure(12), figure(31))])
    (line,) = store.corrections.transparency()
    assert (line.revisions, line.declared, line.undeclared, line.corrections) == (1, 0, 1, 0)


def test_a_note_on_the_first_version_tells_of_a_value_that_nobody_saw(store, cast):
    begin(cast, text=f"31 soldiers died.\n\n{NOTE}")
    (row,) = rows(store, "correction")
    assert [(each["low"], each["wrong"]) for each in row["stated"]] == [(12, True), (31, False)]
    assert store.corrections.transparency()[0].unseen == 1


def test_a_note_that_stays_is_kept_once(store, cast):
    begin(cast, text=f"31 soldiers died.\n\n{NOTE}")
    following(cast, text=f"31 soldiers died on Monday.\n\n{NOTE}", figures=[figure(31)])
    assert len(rows(store, "correction")) == 1
    assert store.queries.tally("correction", "correction") == 1


def test_of_one_outlet(store, cast):
    begin(cast, text=NOTE)
    assert len(store.corrections.newest(10, outlet="anadolu")) == 1
    assert store.corrections.newest(10, outlet="other") == ()
