"""Operator commands. Standard output carries results, standard error everything else.

Exit status: 0 done, 1 done but something is wrong with what was looked at, 2 it could not be done.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from worker import __version__
from worker.cli import (
    comparing,
    copies,
    corrections,
    database,
    demo,
    documents,
    explaining,
    figures,
    looking,
    once,
    outlets,
    prune,
    quarantine,
    replay,
    running,
    stories,
    webhooks,
)
from worker.errors import OperatorError

app = typer.Typer(
    name="figurewatch",
    help="Watches news articles and says when a reported figure was revised.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback is for the log, not for a painted box
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"figurewatch {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version_: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass


RUN, LOOK, TRY, OPERATE = "Run", "Look", "Try on files", "Operate"
app.command("up", rich_help_panel=RUN)(running.up)
app.command("demo", rich_help_panel=RUN)(demo.demo)
app.command("run-once", rich_help_panel=RUN)(once.run_once)
app.command("worker", rich_help_panel=RUN)(running.worker)
app.command("beat", rich_help_panel=RUN)(running.beat)
app.command("site", rich_help_panel=RUN)(running.site)
app.command("status", rich_help_panel=LOOK)(looking.status)
app.command("revisions", rich_help_panel=LOOK)(looking.revisions)
app.command("article", rich_help_panel=LOOK)(looking.article)
app.command("diff", rich_help_panel=LOOK)(looking.diff)
app.command("stories", rich_help_panel=LOOK)(stories.stories)
app.command("series", rich_help_panel=LOOK)(stories.series)
app.command("corrections", rich_help_panel=LOOK)(corrections.corrections)
app.command("transparency", rich_help_panel=LOOK)(corrections.transparency)
app.command("copies", rich_help_panel=LOOK)(copies.copies)
app.command("figures", rich_help_panel=TRY)(figures.figures)
app.command("compare", rich_help_panel=TRY)(comparing.compare)
app.command("explain", rich_help_panel=TRY)(explaining.explain)
app.command("extract", rich_help_panel=TRY)(documents.extract)
app.command("parse-feed", rich_help_panel=TRY)(documents.parse_feed)
app.add_typer(outlets.app, name="outlets", rich_help_panel=OPERATE)
app.command("replay", rich_help_panel=OPERATE)(replay.replay)
app.command("prune", rich_help_panel=OPERATE)(prune.prune)
app.add_typer(quarantine.app, name="quarantine", rich_help_panel=OPERATE)
app.add_typer(webhooks.app, name="webhooks", rich_help_panel=OPERATE)
app.command("merge", rich_help_panel=OPERATE)(copies.merge)
app.add_typer(database.app, name="db", rich_help_panel=OPERATE)


def main() -> None:
    """Run the command line; what a person must change is said in one place, without a traceback."""
    try:
        app()
        sys.stdout.flush()
    except BrokenPipeError:  # `figurewatch revisions | head`: the reader has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OperatorError as error:
        print(f"figurewatch: {error}", file=sys.stderr)
        sys.exit(2)
