"""The templates. What they print is escaped, and nothing they print is invisible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from worker import __version__
from worker.core import wording
from worker.site import present

HERE = Path(__file__).parent


def _visible(value: Any) -> Any:
    return wording.visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def environment() -> Environment:
    """Templates with autoescape on for every one, whatever its name ends with."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,  # a misspelled name is an error, not an empty place
        finalize=_visible,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "link": present.safe_link,
        "marked": present.marked,
        "value": wording.value,
        "number": wording.number,
        "moment": present.moment,
        "span": present.span,
        "difference": wording.difference,
    }
    templates.globals |= {"version": __version__, "interval": present.interval}
    return templates
