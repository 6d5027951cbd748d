"""`compare`: two text files, or batches of pairs, without a database."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.errors import InputError
from worker.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from rich.text import Text as Line

    from worker.model import Revision

Language = Annotated[str, typer.Option(help="Language of the texts, as in BCP 47.")]


def compare(
    old: Annotated[str | None, typer.Argument(help="The old version: a title, a blank line, the text.")] = None,
    new: Annotated[str | None, typer.Argument(help="The new version.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    batch: Annotated[
        bool,
        typer.Option("--batch", help='Read JSON lines {"id","old":{"title","text"},"new":{…}} from a file or "-".'),
    ] = False,
    language: Language = "en",
) -> None:
    """Compare two versions of an article: one revision of a reported figure per line."""
    if batch:
        if new is not None:
            raise InputError("--batch takes one file of JSON lines, or - for standard input")
        raise typer.Exit(compare_batch(old or "-", language))
    from worker.core import revisions

    found = revisions.compare(read_version(old), read_version(new), language=language)
    if as_json:
        from worker.core.revisions.wire import revision_to_json

        for revision in found:
            print(json.dumps(revision_to_json(revision), ensure_ascii=False))
        return
    from worker.cli import render

    console = render.console()
    for revision in found:
        console.print(line_of(revision))
    if not found and console.is_terminal:
        console.print("No figure was revised.", style="dim")


def line_of(revision: Revision) -> Line:
    """A revision in one line: kind, values, subject, confidence."""
    from rich.text import Text as Line

    from worker.cli import render
    from worker.core import wording

    return Line.assemble(
        (f"{revision.kind.value:12}", render.KIND_STYLE[revision.kind]),
        render.change(revision),
        f"  {wording.visible(revision.old.subject)}".rstrip(),
        (f"  ({revision.confidence:.2f}{', declared' if revision.declared else ''})", "dim"),
    )


def read_version(name: str | None) -> Text:
    """A version from a text file: the first line is the title, the text follows after a blank line."""
    if name is None:
        raise InputError("give two files, OLD and NEW, or --batch")
    content = read_text(name).removeprefix("\ufeff").replace("\r\n", "\n")
    title, _, text = content.partition("\n")
    return Text(title.strip(), text.strip("\n"))


def read_text(name: str) -> str:
    """The content of a file, or of standard input for "-"."""
    try:
        if name == "-":
            return sys.stdin.buffer.read().decode()
        with open(name, "rb") as file:  # noqa: PTH123 -- "/dev/fd/63" and plain names alike, as given
            return file.read().decode()
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: not UTF-8 at byte {error.start}") from error


def compare_batch(name: str, language: str) -> int:
    """Compare every pair of a file of JSON lines; 1 when a line could not be used, else 0."""
    from worker.core import revisions
    from worker.core.revisions.wire import revision_to_json

    status = 0
    for number, line in lines_of(name):
        if not line.strip():
            continue
        try:
            identity, old, new = pair_of(line)
        except InputError as error:
            print(f"figurewatch: line {number}: {error}", file=sys.stderr)
            status = 1
            continue
        found = revisions.compare(old, new, language=language)
        answer = {"id": identity, "revisions": [revision_to_json(revision) for revision in found]}
        print(json.dumps(answer, ensure_ascii=False))
    return status


def lines_of(name: str) -> Iterator[tuple[int, bytes]]:
    """Numbered lines, read one at a time so that an endless pipe may be compared as it comes."""
    if name == "-":
        yield from numbered(sys.stdin.buffer)
        return
    try:
        with open(name, "rb") as file:  # noqa: PTH123 -- as above
            yield from numbered(file)
    except OSError as error:
        raise InputError(f"{name}: {error.strerror}") from error


def numbered(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines from 1."""
    yield from enumerate(file, 1)


def pair_of(line: bytes) -> tuple[Any, Text, Text]:
    """Id and both versions of a line; `InputError` says what is wrong with it."""
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}") from error
    if not isinstance(item, dict):
        raise InputError("not a JSON object")
    if not isinstance(item.get("id"), str | int):
        raise InputError("'id' is missing")
    return item["id"], version_of(item, "old"), version_of(item, "new")


def version_of(item: dict[str, Any], side: str) -> Text:
    """One version of a pair."""
    version = item.get(side)
    if not isinstance(version, dict):
        raise InputError(f"'{side}' must be an object with 'title' and 'text'")
    for key in ("title", "text"):
        if not isinstance(version.get(key), str):
            raise InputError(f"'{side}.{key}' must be a string")
    return Text(version["title"], version["text"])
