"""`figurewatch db`: the schema of the database."""

from __future__ import annotations

import os

import typer

from worker import settings as settings_

app = typer.Typer(help="The schema of the database.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Bring the schema to this version; safe to repeat and to run from several places at once."""
    from worker.storage import migrate

    settings = settings_.load(os.environ)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(settings.database)
    print("the schema is this version's")


@app.command()
def check() -> None:
    """Tell whether the schema is the one this version needs; exit status 2 when it is not."""
    from worker.storage import migrate

    migrate.check(settings_.load(os.environ).database)
    print("the schema is this version's")
