"""`figurewatch prune`: delete what nobody reads any more."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated

import typer

from worker import clock
from worker.cli.running import configured

COUNTED = ("captures", "bytes", "sketches", "deliveries")  # fields of `Pruned`
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say how much would go.")]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON instead of text for people.")]


def prune(dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Delete raw bytes that no version was read from, old articles of the index of copies, and the record of webhooks.

    For a daily timer. How long each is kept is set by FIGUREWATCH_KEEP_…_DAYS. What the views show stays. Safe to run
    beside everything.
    """
    from worker import storage

    settings = configured(log_level="warning")
    now = clock.now()
    raw_before = now - timedelta(days=settings.keep_raw_days) if settings.keep_raw_days else None
    store = storage.open_store(settings.database)
    gone = [*store.pruning.captures(now - timedelta(days=settings.keep_capture_days), raw_before, dry_run=dry_run)]
    gone += store.pruning.sketches(now - timedelta(days=settings.keep_sketch_days), dry_run=dry_run)
    gone += store.pruning.deliveries(now - timedelta(days=settings.keep_delivery_days), dry_run=dry_run)
    counted = {name: sum(getattr(each, name) for each in gone) for name in COUNTED}
    store.close()
    if as_json:
        print(json.dumps({**counted, "dry_run": dry_run}))
        return
    would = "would be deleted" if dry_run else "deleted"
    print(f"{counted['captures']:,} captures {would} ({counted['bytes']:,} bytes)")
    print(f"{counted['sketches']:,} entries of the index of copies {would}")
    print(f"{counted['deliveries']:,} deliveries of webhooks {would}")
