"""A receiver of webhooks in a thread, that misbehaves now and then and keeps what it was sent."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from standardwebhooks import Webhook

# Of each so many requests one is refused with 500, and one answered by half and hung up on; never two in a row, after
# which the schedule waits for minutes.
ROUND, FAILS, HANGS_UP = 16, 7, 13


@dataclass
class Receiver:
    """What was sent, each verified when it came, in the order of its coming."""

    secret: str
    port: int = 0
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # id, payload
    problems: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    def take(self, headers: dict[str, str], content: bytes) -> None:
        try:
            event = Webhook(self.secret).verify(content, headers)
        except Exception as error:  # noqa: BLE001 - whatever the library says of it
            self.problems.append(repr(error))
        else:
            self.events.append((headers["webhook-id"], event))

    @property
    def duplicates(self) -> int:
        return len(self.events) - len({event_id for event_id, _ in self.events})

    def audit(self, positions: list[int]) -> list[str]:
        """What is wrong, given the positions of the change feed: lost, out of order, two ids, one id for two."""
        ids = {event["data"]["position"]: event_id for event_id, event in self.events}
        first = list(dict.fromkeys(event["data"]["position"] for _, event in self.events))
        wrong = list(self.problems)
        if first != positions:
            wrong.append(f"came as {first}, not {positions}")
        if len({(event_id, event["data"]["position"]) for event_id, event in self.events}) != len(ids):
            wrong.append("one event came under two ids")
        if len(set(ids.values())) != len(ids):
            wrong.append("two events came under one id")
        return wrong


@contextmanager
def receiving(secret: str):
    """Serve on loopback until the end of the block."""
    receiver, number = Receiver(secret), count(1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            receiver.take(dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])))
            this = next(number) % ROUND
            self.send_response(500 if this == FAILS else 200)
            self.send_header("Content-Length", "2" if this == HANGS_UP else "0")
            self.end_headers()
            self.close_connection = this == HANGS_UP

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
