"""Log events: constant names, fields instead of sentences, control characters never reach the terminal.

Names are documented in `worker/ops/README.md`; a test says so.
"""

from __future__ import annotations

import json
import logging
import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TextIO, cast

import orjson
import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

NOISY = (
    "celery.worker.strategy",
    "celery.app.trace",
    "celery.beat",
    "trafilatura",
    "htmldate",
    "httpx",
    "aiohttp",
    "alembic",
)


def configure(form: Literal["auto", "console", "json"], level: str) -> None:
    """Send structlog and the standard library through one renderer to standard error."""
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = (
        [escape_controls, console_renderer()]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(level.upper())
    for name in NOISY:  # one line a task or page says nothing that our own events do not
        logging.getLogger(name).setLevel(logging.WARNING)
    # Straight to the stream: by way of the standard library, which looks for the caller of each, a line cost 0.2 ms.
    structlog.configure(
        processors=[*shared, *last],
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _Stream(sys.stderr))),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        cache_logger_on_first_use=True,
    )
    logger.cache_clear()


def _json(event: EventDict, **options: Any) -> str:
    """As `json.dumps`, which escapes all that is not ASCII; a line of nothing else takes a twentieth of its time."""
    with suppress(orjson.JSONEncodeError):  # a lone surrogate, or a number beyond 64 bits
        line = orjson.dumps(event, **options)
        if line.isascii():
            return line.decode()
    return json.dumps(event, **options)


class _Stream:
    """What cannot be written, on a full disk or to a closed pipe, must not end the work that it is about."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # the latter: it is closed
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()


def console_renderer() -> structlog.dev.ConsoleRenderer:
    """For people; tracebacks without the values of local variables, among which may be passwords."""
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)


def escape_controls(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Titles and addresses come from strangers: an escape sequence in them must not drive a terminal."""
    return {
        key: _visible(value) if isinstance(value, str) and key != "exception" else value for key, value in event.items()
    }


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def log(event: str, **fields: object) -> None:
    """Say that something happened; `level="warning"` where somebody should look."""
    level = str(fields.pop("level", "info"))
    getattr(logger(), level)(event, **fields)


@cache
def logger() -> Any:
    """What events go to; kept, since to bind one for each line took a fifth of its time.

    Who configures structlog in any other way than by `configure` clears this cache.
    """
    return structlog.get_logger()
