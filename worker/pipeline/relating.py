"""Relate a version to what other articles say: copies, stories, series, corrections."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from worker.core import copies, corrections, identity, stories
from worker.errors import OperatorError, Outdated, StaleLease
from worker.model import Declaration, RelationIntent, Text

if TYPE_CHECKING:
    from datetime import datetime

    from worker.model import StoryIntent, Subject
    from worker.ports import World


DECISIONS = 5  # on one version, when others keep changing its story
MOST_NEIGHBOURS = 30  # texts compared with one; agency copy printed by more outlets is linked through these


def relate(version_id: int, world: World) -> None:
    """Relate a version to what other articles say; run right after `read`, and again for what that left behind.

    Each relation is decided by a function of `core` from what the store lends; all are written in one transaction,
    which a repeat does not get into.
    """
    now = world.clock()
    subject = world.relations.begin(version_id, now + world.lease, world.read_attempts)
    if subject is None:
        world.log("relate.skipped", version_id=version_id)
        return
    try:
        _relate(subject, world, now)
    except StaleLease:
        world.log("relate.stale", version_id=version_id, level="warning")
        return
    except OperatorError:  # not the fault of the text
        raise
    except Exception as error:  # noqa: BLE001 - a text that cannot be related is kept, counted and tried again
        reason = f"{type(error).__name__}: {error}"
        world.relations.fail(subject.lease, world.clock(), reason)
        world.log("relate.failed", version_id=version_id, url=subject.url, reason=reason, level="warning")
        return
    world.changes.sequence()
    world.log("relate.done", outlet=subject.outlet, article_id=subject.article_id, version_id=version_id)


def _relate(subject: Subject, world: World, now: datetime) -> None:
    """Decide and write, again when what was decided on has changed. Raises Outdated when it always had."""
    for attempt in range(1, DECISIONS + 1):
        try:
            world.relations.apply(_relations(subject, world, now))
        except Outdated:
            if attempt == DECISIONS:
                raise
        else:
            return


def _relations(subject: Subject, world: World, now: datetime) -> RelationIntent:
    declarations = _declarations(subject, world)
    intent = RelationIntent(
        subject.lease, subject.article_id, now, story=_story(subject, world), declarations=declarations
    )
    return _with_copies(intent, subject, world)


def _declarations(subject: Subject, world: World) -> tuple[Declaration, ...]:
    """The notes of the version, each with the revisions that it declares."""
    found = corrections.notes(Text(subject.title, subject.text), subject.language)
    revised = world.corrections.revisions_of(subject.version_id) if found else {}
    return tuple(Declaration(note, corrections.link(note, revised)) for note in found)


def _story(subject: Subject, world: World) -> StoryIntent:
    """The story of the version's article, and which of its figures go on with a series there."""
    read = stories.read(subject)
    story = world.stories.of_article(read.subject.article_id)
    if story is not None:
        return stories.go_on(read, story, world.stories.series(story.story_id))
    lent = world.stories.candidates(read.subject.language, read.terms)
    placement = stories.choose(read, lent)
    known = world.stories.series(placement.story_id) if placement.story_id is not None else ()
    return stories.join(read, placement, lent, known)


def _with_copies(intent: RelationIntent, subject: Subject, world: World) -> RelationIntent:
    """Its copies, who published them first, how revisions go through them, and whether one is the same article.

    The article is in the index before it looks for others there: of two that are related at once, one sees the other.
    """
    prose = copies.read(subject.text)
    bands = copies.bands(prose)
    world.relations.index(subject.article_id, bands)
    neighbours = world.relations.neighbours(subject.article_id, bands, MOST_NEIGHBOURS)
    found = tuple(copies.find(subject, prose, neighbours))
    links = {link.other_id: link for link in (*world.relations.copies(subject.article_id), *found)}
    kin = {one.article_id: one for one in world.relations.kin((subject.article_id, *links))}
    article, others = kin.pop(subject.article_id, None), tuple(kin.values())
    if article is None:  # merged into another
        return intent
    return replace(
        intent,
        copies=found,
        origins=copies.origins(article, others, links),
        ripples=tuple(copies.follow(article, others)),
        merges=identity.merges(subject.article_id, links, world.relations.claimed(subject.article_id)),
    )
