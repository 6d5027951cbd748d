"""`status`, `revisions`, `article`, `diff`: look at what the database holds."""

from __future__ import annotations

import difflib
import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from worker import clock
from worker import settings as settings_
from worker.cli import render
from worker.core import urls
from worker.core.wording import visible
from worker.errors import InputError
from worker.model import RevisionKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from worker.storage import Queries, Store
    from worker.storage.ailing import AilingFeed
    from worker.storage.queries import Article, OutletOverview, Version

JsonOption = Annotated[bool, typer.Option("--json", help="JSON lines instead of text for people.")]


def open_here() -> Store:
    """The store of this installation. Raises InputError before anything was kept."""
    from worker.storage import open_store

    settings = settings_.load(os.environ)
    if settings.database_url is None and not (settings.data_dir / settings_.SQLITE).exists():
        raise InputError(f"nothing is kept in {settings.data_dir.absolute()} yet; `figurewatch up` begins")
    return open_store(settings.database)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


# --- status ----------------------------------------------------------------------------------------


def status(as_json: JsonOption = False) -> None:
    """How much is held, what is waiting, and how each outlet is doing."""
    queries = open_here().queries
    now = clock.now()
    census, backlog, overview = queries.census(), queries.backlog(now), queries.outlets()
    beat, outage, ailing = queries.last_dispatch_at(), queries.outage_since(), queries.ailing_feeds()
    if as_json:
        told = {**asdict(census), **asdict(backlog), "last_dispatch_at": beat and beat.isoformat()}
        told |= {"outage_since": outage and outage.isoformat(), "ailing_feeds": [asdict(feed) for feed in ailing]}
        print(_json({**told, "outlets": [asdict(outlet) for outlet in overview]}))
        return
    console = render.console()
    console.print(
        f"{census.outlets} outlets, {census.feeds} feeds, {census.articles} articles, {census.versions} versions, "
        f"{census.figures} figures, {census.revisions} revisions"
    )
    console.print(
        f"{backlog.due} due (the oldest for {backlog.due_lag_seconds:.0f} s), {backlog.unread} to be read, "
        f"{backlog.quarantined} in quarantine; work was last handed out {_ago(beat, now)}"
    )
    if outage is not None:
        console.print(f"nobody at all can be reached since {_ago(outage, now)}: is this machine online?", style="red")
    if backlog.quarantined_visits:
        given_up = f"{backlog.quarantined_visits} feeds or pages end whoever visits them: see `quarantine list`"
        console.print(given_up, style="red")
    if said := _webhooks(backlog.endpoints):
        console.print(said)
    if backlog.broken_outlets:
        broken = ", ".join(backlog.broken_outlets)
        console.print(Text(f"extraction is broken, no versions are made: {broken}", style="red"))
    console.print(_outlets_table(overview, now))
    if ailing:
        console.print(_ailing_table(ailing, now))


def _webhooks(endpoints: Mapping[str, int]) -> Text | None:
    """How the endpoints of webhooks are doing; None when there is none."""
    if not any(endpoints.values()):
        return None
    failing, disabled = endpoints["failing"], endpoints["disabled"]
    told = f"{sum(endpoints.values())} webhook endpoints, {failing} failing, {disabled} disabled"
    if not failing + disabled:
        return Text(told)
    return Text(f"{told}: see `webhooks list`", style="red")


def _outlets_table(overview: tuple[OutletOverview, ...], now: datetime) -> Table:
    titles = "outlet", "country", "feeds", "articles", "last success", "last outcome", "failing", "disallowed"
    table = Table(*titles, box=None)
    for outlet in overview:
        style = "red" if outlet.failing else ""
        table.add_row(
            outlet.slug,
            outlet.country,
            str(outlet.feeds),
            str(outlet.articles),
            _ago(outlet.last_success_at, now),
            outlet.last_outcome or "not visited yet",
            str(outlet.failing) if outlet.failing else "",
            str(outlet.disallowed) if outlet.disallowed else "",
            style=style,
        )
    return table


def _ailing_table(ailing: tuple[AilingFeed, ...], now: datetime) -> Table:
    table = Table("feed to look at", "state", "times", "last success", "why", box=None)
    for feed in ailing:
        times = str(feed.failures) if feed.failures else ""
        why = Text(visible(feed.detail))
        table.add_row(Text(visible(feed.url)), feed.state, times, _ago(feed.last_success_at, now), why)
    return table


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    seconds = (now - moment).total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit} ago"
    return f"{max(0.0, seconds):.0f} s ago"


# --- revisions -------------------------------------------------------------------------------------


def revisions(
    outlet: Annotated[str | None, typer.Option(help="Only of this outlet (slug).")] = None,
    kind: Annotated[RevisionKind | None, typer.Option(help="Only of this kind.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 20,
    after: Annotated[int | None, typer.Option(help="Only with ids above this, oldest first.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the revised figures, newest first."""
    queries = open_here().queries
    if after is None:
        rows = queries.revisions(limit, outlet=outlet, kind=kind)
    else:
        rows = queries.revisions_after(after, limit, outlet=outlet, kind=kind)
    if as_json:
        for row in rows:
            print(_json(render.revision_json(row)))
        return
    console = render.console()
    for row in rows:
        console.print(render.revision_block(row))
    if not rows:
        console.print("no revisions yet")


# --- article and diff ------------------------------------------------------------------------------


def _article(id_or_url: str) -> Article:
    return find(open_here().queries, id_or_url)


def find(queries: Queries, id_or_url: str) -> Article:
    """An article by its number or any of its addresses. Raises InputError when there is none."""
    if id_or_url.isdecimal():
        article_id: int | None = int(id_or_url)
    else:
        canonical = urls.canonical(id_or_url)
        if canonical is None:
            raise InputError(f"{id_or_url!r} is neither an article's number nor a web address")
        article_id = queries.article_id(urls.key(canonical))
    found = queries.article(article_id) if article_id is not None else None
    if found is None:
        raise InputError(f"no article {id_or_url}")
    return found


def article(
    id_or_url: Annotated[str, typer.Argument(metavar="ID_OR_URL")],
    as_json: JsonOption = False,
) -> None:
    """Show an article: its versions and the revisions between them."""
    found = _article(id_or_url)
    if as_json:
        told = asdict(found) | {"revisions": [render.revision_json(row) for row in found.revisions]}
        print(_json(told))
        return
    console = render.console()
    console.print(Text(visible(found.title), style="bold"))
    console.print(
        Text(f"{visible(found.url)}  ({found.outlet}, article {found.article_id}, {found.status})", style="dim")
    )
    if found.last_detail:
        console.print(Text(f"last visit: {found.last_outcome} ({visible(found.last_detail)})", style="yellow"))
    console.print(_found(found))
    for version in found.versions:
        console.print(
            f"version {version.ordinal}: {_came(version)}, last seen {version.last_seen_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"{len(version.text.split())} words"
        )
    for row in found.revisions:
        console.print(render.revision_block(row))
    if found.versions:
        console.print(Text("\n" + visible(found.versions[-1].text)))


def _found(article: Article) -> str:
    """How soon after its publication it was found."""
    seen = f"first seen {article.first_seen_at:%Y-%m-%d %H:%M:%S} UTC"
    return seen if article.published_at is None else f"published {article.published_at:%Y-%m-%d %H:%M:%S}, {seen}"


def _came(version: Version) -> str:
    said = f" (said to be of {version.modified_at:%Y-%m-%d %H:%M:%S})" if version.modified_at else ""
    if version.changed_after is None:
        return f"first seen {version.first_seen_at:%Y-%m-%d %H:%M:%S}{said}"
    return f"changed {render.interval(version.changed_after, version.first_seen_at)}{said}"


def diff(
    id_or_url: Annotated[str, typer.Argument(metavar="ARTICLE")],
    old: Annotated[int | None, typer.Argument(metavar="[FROM]", help="Version; default: the one before.")] = None,
    new: Annotated[int | None, typer.Argument(metavar="[TO]", help="Version; default: the newest.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what changed between two versions of an article, paragraph by paragraph."""
    found = _article(id_or_url)
    after = _version(found, new if new is not None else len(found.versions))
    before = _version(found, old if old is not None else after.ordinal - 1)
    changed = list(_changed(before, after))
    if as_json:
        for sign, line in changed:
            print(_json({"op": {"-": "delete", "+": "insert", " ": "equal"}[sign], "text": line}))
        return
    console = render.console()
    console.print(Text(f"{visible(found.url)}: version {before.ordinal} to {after.ordinal}", style="bold"))
    for sign, line in changed:
        if sign != " ":
            console.print(Text(f"{sign} {visible(line)}", style="red" if sign == "-" else "green"))
    if all(sign == " " for sign, _ in changed):
        console.print("no difference in the text")


def _version(found: Article, ordinal: int) -> Version:
    for version in found.versions:
        if version.ordinal == ordinal:
            return version
    raise InputError(f"article {found.article_id} has versions 1 to {len(found.versions)}, and no version {ordinal}")


def _changed(before: Version, after: Version) -> Iterator[tuple[str, str]]:
    old, new = ([v.title, *v.text.split("\n\n")] for v in (before, after))
    for op, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            yield from ((" ", line) for line in old[i:j])
        else:
            yield from (("-", line) for line in old[i:j])
            yield from (("+", line) for line in new[k:m])
