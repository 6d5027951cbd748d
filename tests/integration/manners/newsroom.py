"""A newsroom on loopback that answers as a test scripts it, and logs every request with the time of the play."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    """The time of the play, moved by hand."""

    time: datetime = START

    def __call__(self) -> datetime:
        return self.time

    @property
    def http(self) -> str:
        return format_datetime(self.time, usegmt=True)


@dataclass(frozen=True)
class Request:
    """One line of the log."""

    at: datetime
    method: str
    host: str  # without its port
    target: str
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str | None:
        values = [v for n, v in self.headers if n.lower() == name.lower()]
        assert len(values) <= 1, values
        return values[0] if values else None

    @property
    def validators(self) -> tuple[str | None, str | None]:
        return self.header("If-None-Match"), self.header("If-Modified-Since")

    @property
    def conditional(self) -> bool:
        return self.validators != (None, None)


@dataclass(frozen=True)
class Answer:
    """What the newsroom says; header values are sent as they stand."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    type: str = "text/html; charset=utf-8"
    endless: bool = False  # no length: the connection is closed behind it, as HTTP/1.0 does

    def with_headers(self, **headers: str | None) -> Answer:
        added = tuple((name.replace("_", "-"), value) for name, value in headers.items() if value is not None)
        return Answer(self.body, self.status, self.headers + added, self.type, self.endless)


Script = Callable[[Request], Answer]


@dataclass
class Newsroom:
    """A running server: `pages` holds the script of each target, or of each (host, target)."""

    clock: Clock
    port: int = 0
    pages: dict[str | tuple[str, str], Script] = field(default_factory=dict)
    log: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        script = self.pages.get((request.host, request.target)) or self.pages.get(request.target)
        return script(request) if script else Answer(b"nothing here", 404)

    def url(self, target: str, host: str = "daily.example") -> str:
        return f"http://{host}:{self.port}{target}"

    def requests(self, target: str, host: str | None = None) -> list[Request]:
        return [r for r in self.log if r.target == target and host in (None, r.host)]

    def gaps(self, target: str, host: str | None = None) -> list[float]:
        times = [r.at for r in self.requests(target, host)]
        return [(b - a).total_seconds() for a, b in pairwise(times)]


@contextmanager
def newsroom(clock: Clock, host: str = "127.0.0.1") -> Iterator[Newsroom]:
    """Serve until the end of the block, at an address of this machine."""
    room = Newsroom(clock)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            host = (self.headers["Host"] or "").partition(":")[0]
            request = Request(clock(), self.command, host, self.path, tuple(self.headers.items()))
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            room.log.append(request)
            answer = room.answer(request)
            self.send_response_only(answer.status)
            names = {name.lower() for name, _ in answer.headers}
            if answer.status != 304:
                self.send_header("Content-Type", answer.type)
                if not answer.endless:
                    self.send_header("Content-Length", str(len(answer.body)))
            if "date" not in names:
                self.send_header("Date", clock.http)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD" and answer.status != 304:
                self.wfile.write(answer.body)
                self.close_connection = self.close_connection or answer.endless

        do_GET = do_HEAD = do_POST = do_OPTIONS = answer  # noqa: N815 - names of http.server

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    room.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield room
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# --- scripts -----------------------------------------------------------------------------------------


def revalidated(answer: Answer | Callable[[], Answer]) -> Script:
    """304 when both validators of the answer of the moment come back byte for byte, as far as it has any."""

    def script(request: Request) -> Answer:
        now = answer if isinstance(answer, Answer) else answer()
        held = {name.lower(): value for name, value in now.headers}
        validators = held.get("etag"), held.get("last-modified")
        same = validators != (None, None) and request.validators == validators
        return Answer(status=304, headers=now.headers) if same else now

    return script


def always(answer: Answer) -> Script:
    return lambda _: answer


def turns(*answers: Answer | Script) -> Script:
    """One answer after the other; the last one is repeated."""
    left = list(answers)

    def script(request: Request) -> Answer:
        answer = left.pop(0) if len(left) > 1 else left[0]
        return answer if isinstance(answer, Answer) else answer(request)

    return script


def rss(*links: str, extra: str = "", title: str = "The Daily Example") -> Answer:
    """A feed of articles."""
    items = "".join(f"<item><title>Story {n}</title><link>{link}</link></item>" for n, link in enumerate(links))
    text = '<?xml version="1.0"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
    text += f"<title>{title}</title><link>http://daily.example/</link>{extra}{items}</channel></rss>"
    return Answer(text.encode(), type="application/rss+xml")


def story(count: int = 12) -> Answer:
    """A page that reads as an article."""
    return Answer(
        f"""<!doctype html><html lang="en"><head><title>Fire at the old mill in Velmark</title>
<meta property="og:type" content="article"></head>
<body><article>
<h1>Fire at the old mill in Velmark</h1>
<p>At least {count} people were injured on Saturday when a fire broke out at the old mill in the centre of Velmark, the
governor of the province told reporters at the scene, adding that the cause was not yet known to the authorities.</p>
<p>Firefighters from three towns worked through the night to keep the flames from the houses next to the mill, which was
built more than a century ago and has stood empty since the company that owned it moved its machines to the coast.</p>
<p>Residents said they had warned the town council of the danger for years. A spokeswoman for the council said
that the owner had been asked to secure the building, and that an inquiry would begin once the ruins were safe.</p>
</article></body></html>""".encode()
    )


def after(seconds: float, clock: Clock) -> str:
    """An HTTP date so far from now."""
    return format_datetime(clock() + timedelta(seconds=seconds), usegmt=True)
