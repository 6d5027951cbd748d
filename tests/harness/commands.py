"""Commands in this process; `figurewatch.py` beside this runs them as processes of their own."""

from typer.testing import CliRunner

from worker.cli import app


def invoke(*words, **options):
    """A command's result; what it raised is raised, but for its exit."""
    result = CliRunner().invoke(app, words, **options)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result
