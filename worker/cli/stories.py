"""`stories`, `series`: articles on one event across outlets, and figures followed through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from worker.cli import render
from worker.cli.looking import JsonOption, _json, open_here
from worker.core import wording
from worker.core.figures import wire
from worker.core.wording import visible
from worker.errors import InputError

if TYPE_CHECKING:
    from worker.model import Observation, SeriesLine, StoryArticle, StoryLine

Limit = Annotated[int, typer.Option(min=1, max=10_000)]
Before = Annotated[int | None, typer.Option(help="Only with ids below this.")]


def stories(
    story_id: Annotated[int | None, typer.Argument(help="Show this story with its articles and series.")] = None,
    single: Annotated[bool, typer.Option("--single", help="Stories of one article too.")] = False,
    limit: Limit = 20,
    before: Before = None,
    as_json: JsonOption = False,
) -> None:
    """Show the stories that several articles tell, newest first."""
    if story_id is not None:
        return _show_story(story_id, as_json=as_json)
    lines = open_here().story_queries.stories(limit, before=before, single=single)
    if as_json:
        for line in lines:
            print(_json(story_json(line)))
        return None
    console = render.console()
    for line in lines:
        console.print(_headline(line))
    if not lines:
        console.print("no stories yet")
    return None


def _show_story(story_id: int, *, as_json: bool) -> None:
    page = open_here().story_queries.story(story_id)
    if page is None:
        raise InputError(f"no story {story_id}")
    if as_json:
        told = {"articles": list(map(article_json, page.articles)), "series": list(map(series_json, page.series))}
        print(_json(story_json(page.line) | told))
        return
    console = render.console()
    console.print(_headline(page.line))
    for article in page.articles:
        console.print(
            Text.assemble(
                (f"{article.at:%Y-%m-%d %H:%M}  ", "dim"), (article.outlet, "bold"), f"  {visible(article.title)}"
            )
        )
    for line in page.series:
        console.print(series_block(line))


def series(
    series_id: Annotated[int | None, typer.Argument(help="Show this series only.")] = None,
    limit: Limit = 20,
    before: Before = None,
    as_json: JsonOption = False,
) -> None:
    """Show the figures followed through articles, newest series first."""
    queries = open_here().story_queries
    if series_id is None:
        lines = queries.series(limit, before=before)
    elif (found := queries.one_series(series_id)) is not None:
        lines = (found,)
    else:
        raise InputError(f"no series {series_id}")
    if as_json:
        for line in lines:
            print(_json(series_json(line)))
        return
    console = render.console()
    for line in lines:
        console.print(series_block(line))
    if not lines:
        console.print("no series yet")


def _headline(line: StoryLine) -> Text:
    counts = f"{line.articles} articles, {line.series} series, {line.first_at:%Y-%m-%d} to {line.last_at:%Y-%m-%d}"
    return Text.assemble((f"{line.story_id}  ", "dim"), (visible(line.title), "bold"), (f"  ({counts})", "dim"))


def series_block(line: SeriesLine) -> Text:
    """A series: what it counts, and each value with where and when it was told."""
    newest = line.observations[-1].figure
    says = f", {visible(newest.attribution)}" if newest.attribution else ""
    head = Text.assemble((f"{line.series_id}  ", "dim"), (visible(newest.subject), "bold"), says)
    return Text("\n").join([head, *map(_observed, line.observations)])


def _observed(seen: Observation) -> Text:
    return Text.assemble(
        (f"  {seen.at:%Y-%m-%d %H:%M}  ", "dim"),
        (f"{wording.value(seen.figure)}  ", "green"),
        (f"{seen.outlet}, article {seen.article_id}", "dim"),
    )


def story_json(line: StoryLine) -> dict[str, Any]:
    """A story as JSON, named as in `v1_stories`."""
    return {
        "story_id": line.story_id,
        "title": line.title,
        "language": line.language,
        "articles": line.articles,
        "series": line.series,
        "first_at": line.first_at.isoformat(),
        "last_at": line.last_at.isoformat(),
    }


def article_json(article: StoryArticle) -> dict[str, Any]:
    """An article of a story as JSON, named as in `v1_story_articles`."""
    return {
        "article_id": article.article_id,
        "outlet": article.outlet,
        "url": article.url,
        "title": article.title,
        "at": article.at.isoformat(),
        "score": article.score,
        "because": article.because,
    }


def series_json(line: SeriesLine) -> dict[str, Any]:
    """A series as JSON."""
    return {
        "series_id": line.series_id,
        "story_id": line.story_id,
        "observations": [
            {
                "article_id": seen.article_id,
                "version_id": seen.version_id,
                "figure_id": seen.figure_id,
                "outlet": seen.outlet,
                "at": seen.at.isoformat(),
                "figure": wire.figure_to_json(seen.figure),
            }
            for seen in line.observations
        ],
    }
