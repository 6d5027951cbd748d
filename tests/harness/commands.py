"""Commands in this process; `figurewatch.py` beside this runs them as processes of their own."""

import structlog
from typer.testing import CliRunner

from worker.cli import app
from worker.ops import logs


def invoke(*words, **options):
    """A command's result; what it raised is raised, but for its exit. How it sets up the log ends with it."""
    before = structlog.get_config()
    try:
        result = CliRunner().invoke(app, words, **options)
    finally:
        structlog.configure(**before)
        logs.logger.cache_clear()
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
