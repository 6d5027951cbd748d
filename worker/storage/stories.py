"""Stories and series: what deciding on them needs, and writing what was decided."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, literal, select, text, update

from worker.core import stories as core
from worker.core.series.wire import profile_from_json, profile_to_json
from worker.core.stories.placing import CAP
from worker.errors import Outdated
from worker.model import Candidates, ChangeKind, Observation, RevisionKind, Series, Story
from worker.storage import observing
from worker.storage.columns import UtcDateTime
from worker.storage.database import insert_into
from worker.storage.figures import FigureKeys, from_row
from worker.storage.tables import (
    articles,
    changes,
    figures,
    observations,
    outlets,
    revisions,
    series,
    stories,
    story_articles,
    story_terms,
)
from worker.storage.tables.stories import NEWEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select, TextClause

    from worker.model import Followed, StoryIntent
    from worker.storage.database import Database

FOLLOWED = 300  # series of a story that a new article is compared with, those that last had news
NEW_STORY_LOCK = 0x46696775_72650002  # two articles on one event must not both find that there is no story yet


class Stories:
    """`ports.Stories` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_article(self, article_id: int) -> Story | None:
        """The story that an article is in; None when it is in none."""
        known = select(stories).join(story_articles).where(story_articles.c.article_id == article_id)
        row = self._database.read(lambda connection: connection.execute(known).one_or_none())
        return _story(row) if row else None

    def candidates(self, language: str, terms: Mapping[str, float]) -> Candidates:
        """The stories in a language that share most with an article about these terms."""
        return self._database.read(lambda connection: _candidates(connection, language, terms))

    def series(self, story_id: int) -> tuple[Series, ...]:
        """The series of a story that last had news, each with its newest figure by outlet."""
        return self._database.read(lambda connection: _series(connection, story_id))


def _story(row: Row[Any]) -> Story:
    return Story(row.id, row.terms, row.articles, row.last_at, row.token)


def _keyed(language: str, term: str) -> str:
    return f"{language.partition('-')[0].lower()} {term}"


def _candidates(connection: Connection, language: str, terms: Mapping[str, float]) -> Candidates:
    newest_id = int(connection.execute(select(func.coalesce(func.max(stories.c.id), 0))).scalar_one())
    if not terms:
        return Candidates((), {}, newest_id)
    terms_of = {_keyed(language, term): term for term in terms}
    found: dict[str, list[int]] = defaultdict(list)
    for term, story_id in _newest_of_each(connection, list(terms_of)):
        found[terms_of[term]].append(story_id)
    ids = core.shortlist(terms, found)
    rows = connection.execute(select(stories).where(stories.c.id.in_(ids)))
    return Candidates(tuple(map(_story, rows)), {term: len(each) for term, each in found.items()}, newest_id)


# SQLite has no LATERAL, and PostgreSQL reads and plans forty subqueries for longer than it runs them.
NEWEST_OF_EACH = text("""
SELECT wanted.term, found.story_id FROM unnest(CAST(:terms AS text[])) AS wanted (term)
CROSS JOIN LATERAL (
    SELECT story_id FROM story_term WHERE story_term.term = wanted.term ORDER BY story_id DESC LIMIT :cap
) AS found""")


def _newest_of_each(connection: Connection, terms: list[str]) -> Iterable[Row[str, int]]:
    """The newest stories under each term."""
    if connection.dialect.name == "postgresql":
        return connection.execute(NEWEST_OF_EACH, {"terms": terms, "cap": CAP})
    return connection.execute(_united(len(terms)), dict(_numbered(terms)))


@cache
def _united(terms: int) -> TextClause:
    """The same for so many terms, as text: put together of constructs it costs 15 ms a page."""
    newest = (
        "SELECT * FROM (SELECT term, story_id FROM story_term WHERE term = :{0} ORDER BY story_id DESC LIMIT {1}) t{0}"
    )
    return text(" UNION ALL ".join(newest.format(f"term_{number}", CAP) for number in range(terms)))


def _numbered(terms: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((f"term_{number}", term) for number, term in enumerate(terms))


def _series(connection: Connection, story_id: int) -> tuple[Series, ...]:
    of_story = series.c.story_id == story_id
    wanted = select(series).where(of_story).order_by(series.c.last_at.desc(), series.c.id.desc()).limit(FOLLOWED)
    rows = connection.execute(wanted).all()
    newest = _newest(connection, wanted.with_only_columns(series.c.id))
    return tuple(Series(row.id, profile_from_json(row.profile), newest[row.id]) for row in rows if row.id in newest)


def _newest(connection: Connection, wanted: Select[int]) -> dict[int, dict[str, Observation]]:
    """For each series its newest observation by outlet; `wanted` selects the ids.

    Found by the database again: three hundred numbers as parameters cost PostgreSQL more to read than to look up.
    """
    of, ids = observations.c, wanted.subquery("wanted")
    query = (
        select(of.series_id, of.version_id, of.article_id, of.at, outlets.c.slug, figures)
        .join_from(ids, observations, of.series_id == ids.c.id)
        .join(figures, figures.c.id == of.figure_id)
        .join(outlets, outlets.c.id == of.outlet_id)
        .where(NEWEST)
        .order_by(of.id)
    )
    found: dict[int, dict[str, Observation]] = defaultdict(dict)
    for row in connection.execute(query):
        figure = from_row(row._mapping)  # noqa: SLF001 - public by SQLAlchemy's word
        seen = Observation(row.article_id, row.version_id, row.slug, row.at, figure, row.id)
        found[row.series_id][row.slug] = seen
    return found


# --- writing -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Teller:
    """The version whose story is written."""

    article_id: int
    version_id: int
    detected_at: datetime


def write(connection: Connection, told: StoryIntent, teller: Teller) -> Counter[tuple[str, str]]:
    """Write what a version adds to its story; what was counted.

    Raises Outdated when it was decided on something else.
    """
    known, joins = told.placement.story_id, told.newest_id is not None
    story_id = _open(connection, told) if known is None else _go_on(connection, told, known)
    counted = Counter({("story", "new" if known is None else "known"): 1 if joins else 0})
    if joins:
        _join(connection, told, story_id, teller)
    if told.followed:
        keys = FigureKeys(connection, teller.version_id)
        _observe_all(connection, told, story_id, keys, teller)
        counted += _supersede(connection, told.followed, keys, teller)
    return counted


def _open(connection: Connection, told: StoryIntent) -> int:
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(select(func.pg_advisory_xact_lock(NEW_STORY_LOCK)))
    newest_id = connection.execute(select(func.coalesce(func.max(stories.c.id), 0))).scalar_one()
    if newest_id != told.newest_id:
        raise Outdated(f"story {newest_id} is new, and may be the one")
    opened = stories.insert().values(
        language=told.language,
        title=told.title,
        terms=dict(told.placement.terms),
        articles=1,
        first_at=told.at,
        last_at=told.at,
        token=1,
    )
    story_id = int(connection.execute(opened.returning(stories.c.id)).scalar_one())
    _index(connection, told, story_id)
    return story_id


def _go_on(connection: Connection, told: StoryIntent, story_id: int) -> int:
    known, at, joins = stories.c, literal(told.at, UtcDateTime()), told.newest_id is not None
    values: dict[str, Any] = {
        "token": known.token + 1,
        "first_at": case((known.first_at > at, at), else_=known.first_at),
        "last_at": case((known.last_at < at, at), else_=known.last_at),
    }
    if joins:
        values |= {"articles": known.articles + 1, "terms": dict(told.placement.terms)}
    gone_on = update(stories).where(known.id == story_id, known.token == told.token).values(values)
    if connection.execute(gone_on).rowcount != 1:
        raise Outdated(f"story {story_id} has got news meanwhile")
    if joins:
        _index(connection, told, story_id)
    return story_id


def _index(connection: Connection, told: StoryIntent, story_id: int) -> None:
    terms = [{"term": _keyed(told.language, term), "story_id": story_id} for term in sorted(told.placement.terms)]
    if terms:
        insert = insert_into(connection, story_terms)
        connection.execute(insert.on_conflict_do_nothing(index_elements=["term", "story_id"]), terms)


def _join(connection: Connection, told: StoryIntent, story_id: int, teller: Teller) -> None:
    row = {"article_id": teller.article_id, "story_id": story_id, "at": told.at}
    why = {"score": told.placement.score, "because": told.placement.because}
    connection.execute(story_articles.insert().values(**row, **why))
    if told.placement.story_id is None:
        return  # a story of one article is no news
    event = {"article_id": teller.article_id, "version_id": teller.version_id, "story_id": story_id}
    connection.execute(changes.insert().values(kind=ChangeKind.STORY, at=teller.detected_at, **event))


def _observe_all(connection: Connection, told: StoryIntent, story_id: int, keys: FigureKeys, teller: Teller) -> None:
    outlet_id = connection.execute(select(articles.c.outlet_id).where(articles.c.id == teller.article_id)).scalar_one()
    seen = {
        "article_id": teller.article_id,
        "version_id": teller.version_id,
        "outlet_id": int(outlet_id),
        "at": told.at,
    }
    for each in told.followed:
        figure_id = keys.of(each.figure)
        series_id = _follow(connection, each, story_id, figure_id, told.at)
        newest = observing.make_room(connection, series_id, int(outlet_id), told.at)
        row = {"series_id": series_id, "figure_id": figure_id, "newest": newest}
        connection.execute(observations.insert().values(**row, **seen))


def _follow(connection: Connection, each: Followed, story_id: int, figure_id: int, when: datetime) -> int:
    """The series of a figure, opened or brought up to date."""
    known, at, profile = series.c, literal(when, UtcDateTime()), profile_to_json(each.profile)
    if each.series_id is None:
        opened = series.insert().values(
            story_id=story_id,
            profile=profile,
            observations=1,
            first_at=when,
            last_at=when,
            newest_figure_id=figure_id,
        )
        return int(connection.execute(opened.returning(known.id)).scalar_one())
    gone_on = {
        "profile": profile,
        "observations": known.observations + 1,
        "newest_figure_id": case((known.last_at <= at, figure_id), else_=known.newest_figure_id),
        "last_at": case((known.last_at < at, at), else_=known.last_at),
    }
    connection.execute(update(series).where(known.id == each.series_id).values(gone_on))
    return each.series_id


def _supersede(
    connection: Connection, followed: Sequence[Followed], keys: FigureKeys, teller: Teller
) -> Counter[tuple[str, str]]:
    """The revisions of kind `superseded`, each from the version that printed the old figure, and their events."""
    places: Counter[int] = Counter()
    rows = []
    for each in followed:
        if each.superseded is None:
            continue
        old = each.superseded.old
        row = {
            "article_id": teller.article_id,
            "old_version_id": old.version_id,
            "new_version_id": teller.version_id,
            "position": places[old.version_id],
            "kind": RevisionKind.SUPERSEDED,
            "old_figure_id": old.figure_id,
            "new_figure_id": keys.of(each.figure),
            "confidence": each.superseded.confidence,
            "because": each.superseded.because,
            "declared": False,
            "detected_at": teller.detected_at,
        }
        places[old.version_id] += 1
        rows.append(row)
    if not rows:
        return Counter()
    ids = connection.execute(revisions.insert().returning(revisions.c.id, sort_by_parameter_order=True), rows).scalars()
    event = {"kind": ChangeKind.REVISION, "article_id": teller.article_id, "version_id": teller.version_id}
    events = [{**event, "at": teller.detected_at, "revision_id": id_} for id_ in ids]
    connection.execute(changes.insert(), events)
    return Counter({("revision", RevisionKind.SUPERSEDED.value): len(rows)})
