"""Events and attempts to play with."""

from datetime import UTC, datetime
from decimal import Decimal

from worker.model import Attempt, Bound, Change, ChangeKind, Event, Figure, Lease, Reply, Revision, RevisionKind

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD_SECRET = "whsec_" + "plJ3nmyCDGBKInavdOK15jsl"


def figure(low, subject="soldiers", sentence=None):
    low = Decimal(low)
    return Figure(low, low, Bound.EXACT, None, "soldier", subject, sentence or f"{low} soldiers.", 0, 4)


def revision(old="12", new="31", **changes):
    return Revision(RevisionKind.REVISED, figure(old, **changes), figure(new, **changes), 0.75, "same subject")


def event(kind=ChangeKind.REVISION, position=7, *, told=None, identity=("key", "x"), **article):
    change = Change(position, NOON, kind, 3, 5, 2 if told else None)
    article = {"outlet": "anadolu", "url": "https://anadolu.example/a", "title": "Title"} | article
    return Event(change, **article, identity=identity, revision=told)


def attempt(number=1, **changes):
    options = {"lease": Lease(1, 4), "url": "https://c.example/", "secrets": (SECRET,), "event": event()}
    return Attempt(**options | {"event_id": "msg_1", "number": number} | changes)


def reply(status=200, headers=None, body=b"", fault=None, detail=""):
    return Reply("https://c.example/", status, headers or {}, body=body, fault=fault, detail=detail, seconds=0.2)
