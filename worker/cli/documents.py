"""`extract` and `parse-feed`: what the readers make of saved files, without a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli import saved
from worker.cli.comparing import lines_of
from worker.errors import InputError
from worker.model import FeedVerdict, Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from worker.model import Entry, Extract, Feed, Figure

Url = Annotated[str, typer.Option(help="Where it came from; relative links count from there.")]
ContentType = Annotated[str, typer.Option(help="The Content-Type it was served with, for its charset.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per line.")]
DEFAULT_LANGUAGE = "en"  # of figures on a page that names no language, when the caller does not either


def extract(
    file: Annotated[str, typer.Argument(help='A saved page, gzipped or not; "-" for standard input.')] = "-",
    *,
    url: Url = "",
    content_type: ContentType = "",
    language: Annotated[str | None, typer.Option(help="BCP 47, for a page that does not say.")] = None,
    as_json: AsJson = False,
    batch: Annotated[
        bool, typer.Option("--batch", help='Read JSON lines {"id","file","url"} from a file or "-".')
    ] = False,
) -> None:
    """Read a saved article page: verdict, title, text, dates and figures.

    With --batch, exit status 1 when a line or its file could not be read.
    """
    if batch:
        raise typer.Exit(extract_batch(file, language))
    found = _extracted(saved.read(file), url, content_type, language)
    if as_json:
        _print_json(extract_to_json(found))
    else:
        print(_described(found))


def parse_feed(
    file: Annotated[str, typer.Argument(help='A saved feed, gzipped or not; "-" for standard input.')],
    *,
    url: Url = "",
    content_type: ContentType = "",
    as_json: AsJson = False,
) -> None:
    """Read a saved feed: its entries in its own order. Exit status 1 when it is no feed, or broken beyond reading."""
    from worker.core import feeds

    feed = feeds.parse(saved.read(file), headers=_headers(content_type), url=url)
    if feed.detail:
        print(f"{file}: {feed.verdict.value}: {feed.detail}", file=sys.stderr)
    if feed.verdict is not FeedVerdict.FEED:
        raise typer.Exit(1)
    for entry in feed.entries:
        if as_json:
            _print_json(entry_to_json(entry))
        else:
            print(_listed(entry))
    if not as_json:
        print(_summary(feed))


def extract_batch(name: str, language: str | None) -> int:
    """Read every page of a file of JSON lines; 1 when one could not be read, else 0."""
    from rich.console import Console
    from rich.progress import track

    lines: Iterable[tuple[int, bytes]] = lines_of(name)
    if name != "-":
        lines = list(lines)  # the bar wants to know how many
    status = 0
    for number, line in track(lines, "pages", console=Console(stderr=True), disable=not sys.stderr.isatty()):
        if not line.strip():
            continue
        try:
            _print_json(_extract_line(line, Path(name).parent, language))
        except InputError as error:
            print(f"figurewatch: line {number}: {error}", file=sys.stderr)
            status = 1
    return status


def extract_to_json(found: Extract, identity: object = None) -> dict[str, Any]:
    """An extract as the commands print it, and what more is known behind what was promised."""
    from worker.core.figures.wire import figure_to_json

    return {
        "id": identity,
        "verdict": found.verdict.value,
        "title": found.title,
        "text": found.text,
        "published_at": _iso(found.published_at),
        "modified_at": _iso(found.modified_at),
        "authors": list(found.authors),
        "language": found.language,
        "figures": [figure_to_json(figure) for figure in _figures(found)],
        "captions": list(found.captions),
        "canonical_url": found.canonical_url,
        "extractor": found.extractor,
        "detail": found.detail,
        "doubt": found.doubt,
        "witness": found.witness.value,
        "missing": list(found.missing),
    }


def entry_to_json(entry: Entry) -> dict[str, Any]:
    """An entry as the commands print it; null where the feed has none."""
    return {
        "id": entry.id,
        "link": entry.link,
        "title": entry.title,
        "published": _iso(entry.published),
        "updated": _iso(entry.updated),
        "summary": entry.summary,
        "text": entry.text,
    }


def _extract_line(line: bytes, directory: Path, language: str | None) -> dict[str, Any]:
    """The page that a line of a batch names; InputError when there is none."""
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}") from error
    if not isinstance(item, dict) or not isinstance(item.get("id"), str | int):
        raise InputError("'id' is missing")
    for key in ("file", "url"):
        if not isinstance(item.get(key), str):
            raise InputError(f"'{key}' must be a string")
    found = _extracted(saved.read(_located(item["file"], directory)), item["url"], "", language)
    return extract_to_json(found, item["id"])


def _located(name: str, directory: Path) -> str:
    """A file of a batch: from the current directory, else from that of the batch."""
    beside = directory / name
    return str(beside) if not Path(name).exists() and beside.exists() else name


def _extracted(body: bytes, url: str, content_type: str, language: str | None) -> Extract:
    from worker.core import extraction

    return extraction.extract(body, headers=_headers(content_type), url=url, language=language)


def _figures(found: Extract) -> tuple[Figure, ...]:
    from worker.core import figures

    return figures.read(Text(found.title, found.text), found.language or DEFAULT_LANGUAGE)


def _headers(content_type: str) -> dict[str, str]:
    return {"content-type": content_type} if content_type else {}


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _described(found: Extract) -> str:
    """An extract for people."""
    from worker.core import wording

    facts = {
        "verdict": found.verdict.value + (f" ({found.detail})" if found.detail else ""),
        "doubt": found.doubt,
        "only data": ", ".join(found.missing),
        "published": _iso(found.published_at),
        "modified": _iso(found.modified_at),
        "authors": ", ".join(found.authors),
        "language": found.language,
        "canonical": found.canonical_url,
    }
    listed = [f"  {wording.value(figure)}  {figure.subject}" for figure in _figures(found)]
    stated = [f"{name:>9}: {fact}" for name, fact in facts.items() if fact]
    return "\n".join([found.title, *stated, "", found.text, "", f"{len(listed)} figures", *listed])


def _listed(entry: Entry) -> str:
    """An entry for people, in two lines."""
    moment = entry.published or entry.updated
    date = f"{moment:%Y-%m-%d %H:%M}Z" if moment else "(no date)"
    return f"{date:18} {entry.title or '(no title)'}\n{'':18} {entry.link or '(no link)'}"


def _summary(feed: Feed) -> str:
    title = f" of “{feed.title}”" if feed.title else ""
    dropped = f", {feed.dropped} more beyond the limit" if feed.dropped else ""
    return f"{len(feed.entries)} entries{title}{dropped}"
