"""What a feed lists becomes articles: found again by what they are called, or made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select, update

from worker.core import identity, schedule
from worker.model import ChangeKind, KnownArticle, ResourceKind
from worker.storage import recent, versions
from worker.storage.captures import finish, hold
from worker.storage.database import insert_into
from worker.storage.followed import follow
from worker.storage.hosts import add_hosts
from worker.storage.recording import NO_VALIDATORS, next_status
from worker.storage.tables import AliasKind, ResourceStatus, aliases, articles, changes, resources, sightings
from worker.storage.tally import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from worker.model import ArticleDraft, FeedIntent

Key = TypeVar("Key", str, int)
EVERYWHERE = 0  # scope of a URL alias; a guid means something only within its outlet
REVISITED = (ResourceStatus.ACTIVE, ResourceStatus.SETTLED)
RECENT = 5_000  # headlines that a feed has listed; far more than any feed holds
CHUNK = 1_000  # keys in one IN list; SQLite takes 32,766 variables


@dataclass(slots=True)
class _Names:
    """By what articles are known, as far as these drafts need it, and as they become known on the way.

    An article is its id, or, as long as it is to be made, the `url_key` it will be made under.
    """

    by_url: dict[str, int | str]
    by_guid: dict[str, tuple[int | str, str]]  # and the title of the entry that last bore the guid
    moved: Mapping[str, int] = field(default_factory=dict)  # by url_key: known articles that got new names
    listed: dict[int | str, ArticleDraft] = field(default_factory=dict)  # the last draft of each article


def apply_feed(connection: Connection, intent: FeedIntent) -> int:
    """Write what a feed said, and finish its capture; the number of new articles."""
    if hold(connection, intent.capture).done:
        return 0
    outlet_id = _outlet_of(connection, intent.resource_id)
    drafts = identity.without_shared_guids(intent.articles)
    names = _known(connection, outlet_id, intent.resource_id, drafts)
    aliased = [_name(draft, names) for draft in drafts]
    made = _make(connection, outlet_id, intent, [names.listed[key] for key in _unmade(names)])
    ids = {article: made.ids[article] if isinstance(article, str) else article for article in names.listed}
    _write_aliases(connection, outlet_id, zip(drafts, aliased, strict=True), ids)
    _write_sightings(connection, intent, {ids[article]: draft for article, draft in names.listed.items()})
    follow(connection, intent)
    _write_feed(connection, intent)
    by_id = {ids[article]: draft for article, draft in names.listed.items()}
    _move_pages(connection, intent, names)
    counted = _keep_texts(connection, intent, by_id)
    _visit_pages(connection, by_id)
    _bring_forward(connection, intent, by_id)
    _count(connection, intent, counted, listed=len(names.listed), made=made.new)
    return made.new


def known(
    connection: Connection, resource_id: int, drafts: Sequence[ArticleDraft], at: datetime
) -> dict[str, KnownArticle]:
    """What is known at a time of the articles with a version that a feed lists, by `url_key` of the draft."""
    outlet_id = _outlet_of(connection, resource_id)
    names = _known(connection, outlet_id, resource_id, identity.without_shared_guids(drafts))
    found = {draft.url_key: _name(draft, names).article for draft in identity.without_shared_guids(drafts)}
    articles_known: dict[int | str, KnownArticle] = {}
    for chunk in _chunks(sorted({article for article in found.values() if isinstance(article, int)})):
        newest = versions.newest_of(connection, chunk)
        history = recent.of_listed(connection, [*newest], resource_id, at)
        articles_known |= {id_: KnownArticle(version, history[id_]) for id_, version in newest.items()}
    return {key: articles_known[article] for key, article in found.items() if article in articles_known}


def _outlet_of(connection: Connection, resource_id: int) -> int:
    return int(connection.execute(select(resources.c.outlet_id).where(resources.c.id == resource_id)).scalar_one())


# --- finding -----------------------------------------------------------------------------------------


def _known(connection: Connection, outlet_id: int, resource_id: int, drafts: tuple[ArticleDraft, ...]) -> _Names:
    urls = _aliases(connection, AliasKind.URL, EVERYWHERE, {d.url_key for d in drafts})
    guids = _aliases(connection, AliasKind.GUID, outlet_id, {d.guid_key for d in drafts if d.guid_key})
    by_url = {row.key: row.article_id for row in urls}
    by_guid = {row.key: (row.article_id, row.title) for row in guids}
    unknown = [d for d in drafts if d.url_key not in by_url and by_guid.get(d.guid_key or "", (0, None))[1] != d.title]
    return _Names(by_url, by_guid, _moved(connection, resource_id, unknown, len(drafts)))


def _moved(connection: Connection, resource_id: int, unknown: list[ArticleDraft], listed: int) -> Mapping[str, int]:
    """Whether the feed lists what it listed before, all under other names."""
    if not identity.suspicious(len(unknown), listed):
        return {}
    titles = select(sightings.c.title, sightings.c.article_id).where(sightings.c.resource_id == resource_id)
    recent = titles.order_by(sightings.c.last_seen_at.desc()).limit(RECENT)
    return identity.moved(unknown, [(row.title, row.article_id) for row in connection.execute(recent)])


def _aliases(connection: Connection, kind: AliasKind, scope: int, keys: set[str]) -> Iterator[Any]:
    for chunk in _chunks(sorted(keys)):
        of_keys = aliases.c.kind == kind, aliases.c.scope == scope, aliases.c.key.in_(chunk)
        yield from connection.execute(select(aliases.c.key, aliases.c.article_id, aliases.c.title).where(*of_keys))


def _chunks(keys: list[Key]) -> Iterator[list[Key]]:
    return (keys[i : i + CHUNK] for i in range(0, len(keys), CHUNK))


@dataclass(frozen=True, slots=True)
class _Aliased:
    """What has to be written for the names of one draft."""

    article: int | str
    new_url: bool
    new_guid: bool


def _name(draft: ArticleDraft, names: _Names) -> _Aliased:
    """Find the article of a draft, or name the one to be made.

    The URL is the stronger evidence. A guid counts while the title is the one it last came with: when link and title
    both differ, the outlet has used the guid for something else, and it belongs to that from now on.
    """
    by_guid = names.by_guid.get(draft.guid_key) if draft.guid_key else None
    article = names.by_url.get(draft.url_key)
    new_url = article is None
    if article is None:
        known = by_guid[0] if by_guid and by_guid[1] == draft.title else None
        article = known or names.moved.get(draft.url_key) or draft.url_key
    names.by_url[draft.url_key] = article
    new_guid = draft.guid_key is not None and by_guid != (article, draft.title)
    if draft.guid_key is not None:
        names.by_guid[draft.guid_key] = (article, draft.title)
    if article not in names.listed or not isinstance(article, str):
        names.listed[article] = draft
    return _Aliased(article, new_url, new_guid)


def _unmade(names: _Names) -> list[str]:
    return sorted(article for article in names.listed if isinstance(article, str))


# --- making ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Made:
    ids: dict[str, int]  # by url_key
    new: int  # the others were made by another feed at the same time


def _make(connection: Connection, outlet_id: int, intent: FeedIntent, drafts: list[ArticleDraft]) -> _Made:
    if not drafts:
        return _Made({}, 0)
    insert = insert_into(connection, articles).on_conflict_do_nothing(index_elements=["url_key"])
    rows = [_article(outlet_id, draft, intent) for draft in drafts]
    new = dict(connection.execute(insert.returning(articles.c.url_key, articles.c.id), rows).all())
    _make_resources(connection, outlet_id, intent, [(new[d.url_key], d) for d in drafts if d.url_key in new])
    if new:
        events = [{"at": intent.at, "kind": ChangeKind.ARTICLE, "article_id": id_} for id_ in sorted(new.values())]
        connection.execute(changes.insert(), events)
    return _Made(new | _made_meanwhile(connection, [d.url_key for d in drafts if d.url_key not in new]), len(new))


def _article(outlet_id: int, draft: ArticleDraft, intent: FeedIntent) -> dict[str, Any]:
    return {
        "outlet_id": outlet_id,
        "url": draft.url,
        "url_key": draft.url_key,
        "title": draft.title,
        "language": draft.language,
        "published_at": draft.published_at,
        "first_seen_at": intent.at,
        "last_seen_at": intent.at,
    }


def _make_resources(
    connection: Connection, outlet_id: int, intent: FeedIntent, made: list[tuple[int, ArticleDraft]]
) -> None:
    if not made:
        return
    host_ids = add_hosts(connection, {draft.host for _, draft in made}, intent.at)
    rows = [
        {
            "outlet_id": outlet_id,
            "host_id": host_ids[draft.host],
            "article_id": article_id,
            "kind": ResourceKind.ARTICLE,
            "url": draft.url,
            "url_key": draft.url_key,
            "status": ResourceStatus.ACTIVE if draft.first_visit_at else ResourceStatus.SETTLED,
            "next_visit_at": draft.first_visit_at,
            "first_seen_at": intent.at,
        }
        for article_id, draft in made
    ]
    connection.execute(resources.insert(), rows)


def _made_meanwhile(connection: Connection, url_keys: list[str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for chunk in _chunks(url_keys):
        found = select(articles.c.url_key, articles.c.id).where(articles.c.url_key.in_(chunk))
        ids |= dict(connection.execute(found).all())
    return ids


def _move_pages(connection: Connection, intent: FeedIntent, names: _Names) -> None:
    """The pages of articles that were moved are visited at their new addresses, unconditionally at first."""
    drafts = {names.moved[d.url_key]: d for d in intent.articles if d.url_key in names.moved}
    host_ids = add_hosts(connection, {draft.host for draft in drafts.values()}, intent.at)
    for article_id, draft in sorted(drafts.items()):
        there = {"url": draft.url, "url_key": draft.url_key, "host_id": host_ids[draft.host], **NO_VALIDATORS}
        connection.execute(update(resources).where(resources.c.article_id == article_id).values(there))
    if drafts:
        count(connection, Counter({("feed_moved", ""): 1, ("article_moved", ""): len(drafts)}))


# --- remembering -------------------------------------------------------------------------------------


def _write_aliases(
    connection: Connection, outlet_id: int, aliased: Iterable[tuple[ArticleDraft, _Aliased]], ids: dict[int | str, int]
) -> None:
    rows: dict[tuple[str, int, str], dict[str, Any]] = {}
    for draft, found in aliased:
        common = {"article_id": ids[found.article], "title": draft.title}
        if found.new_url:
            rows[AliasKind.URL, EVERYWHERE, draft.url_key] = {"name": draft.url, **common}
        if found.new_guid and draft.guid_key is not None:
            rows[AliasKind.GUID, outlet_id, draft.guid_key] = {"name": draft.guid, **common}
    if not rows:
        return
    insert = insert_into(connection, aliases)
    # A URL never changes its article; a guid follows the entry that bears it.
    moved = {"article_id": insert.excluded.article_id, "title": insert.excluded.title, "name": insert.excluded.name}
    upsert = insert.on_conflict_do_update(
        index_elements=["kind", "scope", "key"], set_=moved, where=aliases.c.kind == AliasKind.GUID
    )
    keyed = [{"kind": kind, "scope": scope, "key": key, **row} for (kind, scope, key), row in sorted(rows.items())]
    connection.execute(upsert, keyed)


def _write_sightings(connection: Connection, intent: FeedIntent, listed: dict[int, ArticleDraft]) -> None:
    if not listed:
        return
    rows = [
        {
            "resource_id": intent.resource_id,
            "article_id": article_id,
            "first_seen_at": intent.at,
            "last_seen_at": intent.at,
            "guid": draft.guid,
            "title": draft.title,
        }
        for article_id, draft in sorted(listed.items())
    ]
    insert = insert_into(connection, sightings)
    latest = {name: insert.excluded[name] for name in ("last_seen_at", "guid", "title")}
    upsert = insert.on_conflict_do_update(
        index_elements=["resource_id", "article_id"],
        set_=latest,
        where=sightings.c.last_seen_at < insert.excluded.last_seen_at,
    )
    connection.execute(upsert, rows)


def _write_feed(connection: Connection, intent: FeedIntent) -> None:
    values: dict[str, Any] = {
        "next_visit_at": intent.next_visit_at,
        "status": next_status(intent.next_visit_at, gone=False),
        "misreads": intent.misreads,
        "min_interval": intent.min_interval,
        "skips": intent.skips,
    }
    if intent.drop_validators:
        values |= NO_VALIDATORS
    connection.execute(update(resources).where(resources.c.id == intent.resource_id).values(values))
    finish(connection, intent.capture, intent.verdict.value, intent.detail)


def _keep_texts(
    connection: Connection, intent: FeedIntent, listed: dict[int, ArticleDraft]
) -> Counter[tuple[str, str]]:
    """Write the versions that the entries are, where the feed carries the text; what is to be counted."""
    counted: Counter[tuple[str, str]] = Counter()
    for article_id, draft in sorted(listed.items()):
        if draft.version is not None or draft.seen is not None:
            shown = versions.Shown(
                article_id, intent.at, draft.seen, draft.version, draft.published_at, language=draft.language
            )
            versions.keep(connection, shown, intent.capture.id, counted)
        if draft.text is not None:
            told = recent.Told(
                article_id, intent.resource_id, intent.at, draft.held, draft.recurrence, draft.detail, is_article=True
            )
            recent.keep(connection, told, intent.capture.id, counted)
    return counted


def _visit_pages(connection: Connection, listed: dict[int, ArticleDraft]) -> None:
    """Pages that were never visited since the feed carried their text are due once it no longer does."""
    due = {id_: draft.first_visit_at for id_, draft in listed.items() if draft.first_visit_at is not None}
    for chunk in _chunks(sorted(due)):
        unvisited = update(resources).where(
            resources.c.article_id.in_(chunk),
            resources.c.status == ResourceStatus.SETTLED,
            resources.c.last_visited_at.is_(None),
        )
        connection.execute(unvisited.values(status=ResourceStatus.ACTIVE, next_visit_at=due[chunk[0]]))


def _bring_forward(connection: Connection, intent: FeedIntent, listed: dict[int, ArticleDraft]) -> None:
    """Visit soon what the outlet says it changed since we looked, be it settled; not what fails or is away."""
    stated = {id_: draft.updated_at for id_, draft in listed.items() if draft.updated_at and draft.first_visit_at}
    for chunk in _chunks(sorted(stated)):
        rows = connection.execute(
            select(resources.c.id, resources.c.article_id, resources.c.last_visited_at, resources.c.next_visit_at)
            .where(resources.c.article_id.in_(chunk), resources.c.last_visited_at.is_not(None))
            .where(resources.c.status.in_(REVISITED), resources.c.failures == 0, resources.c.losses == 0)
            .order_by(resources.c.id)
            .with_for_update(key_share=True)
        ).all()
        for row in rows:
            soon = schedule.after_hint(
                stated[row.article_id],
                visited_at=row.last_visited_at,
                due_at=row.next_visit_at,
                floor=intent.revisit_seconds,
                now=intent.at,
            )
            if soon != row.next_visit_at:
                forward = {"next_visit_at": soon, "status": ResourceStatus.ACTIVE}
                connection.execute(update(resources).where(resources.c.id == row.id).values(forward))


def _count(
    connection: Connection, intent: FeedIntent, counted: Counter[tuple[str, str]], *, listed: int, made: int
) -> None:
    entries = {
        ("entry", "new"): made,
        ("entry", "known"): listed - made,
        ("entry", "repeated"): len(intent.articles) - listed,  # named twice by one feed
        ("entry", "dropped"): intent.dropped,
    }
    count(connection, Counter({("read_feed", intent.verdict.value): 1, **entries}) + counted)
