"""What an endpoint is sent: an id that never changes, a thin payload, and signatures."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING, Any

from standardwebhooks import Webhook

from worker.core.figures.wire import number_to_json
from worker.model import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from worker.model import Event, Figure, Revision

TYPES = {
    ChangeKind.ARTICLE: "article.created",
    ChangeKind.VERSION: "version.created",
    ChangeKind.REVISION: "revision.created",
    ChangeKind.RETRACTION: "revision.retracted",
    ChangeKind.STORY: "story.joined",
    ChangeKind.REREAD: "version.reread",
    ChangeKind.MERGE: "article.merged",
}
TEST_TYPE = "webhook.test"
SECRET_BYTES = 32  # the specification asks for 24 to 64
# Characters of what strangers wrote: with the longest URL, all of them such that JSON needs six bytes for each, a
# payload stays under the 20 KB of the specification.
LONGEST_TITLE, LONGEST_SUBJECT, LONGEST_SENTENCE = 300, 200, 500


def new_secret(random: bytes) -> str:
    """A secret from `SECRET_BYTES` random bytes, as consumers' libraries take it."""
    return "whsec_" + base64.b64encode(random).decode()


def event_id(event: Event) -> str:
    """The key by which consumers know an event that they have seen, of any endpoint.

    Made of what the change says and not of its position or a number of this database: a database restored from a
    backup that sees the same again gives it the same id.
    """
    said = json.dumps([event.change.kind, *event.identity]).encode()
    return "msg_" + hashlib.sha256(said).hexdigest()[:32]


def body(event: Event, site: str) -> bytes:
    """The payload: ids of the views, what was revised in short, and where there is more; always under 20 KB.

    `site` is the address of the site, without a slash at its end.
    """
    change = event.change
    data = {
        "position": change.position,
        "article_id": change.article_id,
        "version_id": change.version_id,
        "revision_id": change.revision_id,
        "story_id": change.story_id,
        "outlet": _cut(event.outlet, LONGEST_TITLE),
        "url": event.url,
        "title": _cut(event.title, LONGEST_TITLE),
        "revision": None if event.revision is None else _revision(event.revision),
        "links": {
            "article": f"{site}/articles/{change.article_id}",
            "change": f"{site}/api/v1/changes?after={change.position - 1}&limit=1",
        },
    }
    return payload(TYPES[change.kind], change.at, data)


def payload(type_: str, at: datetime, data: dict[str, Any]) -> bytes:
    """The envelope that the specification recommends."""
    moment = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    told = {"type": type_, "timestamp": moment, "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def headers(event_id: str, content: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """What a receiver verifies: the signatures are for this attempt, one for each secret in use."""
    signed = (Webhook(secret).sign(event_id, now, content.decode()) for secret in secrets)
    return {
        "Content-Type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signed),
    }


def _revision(revision: Revision) -> dict[str, Any]:
    """The names of `v1_revisions`, flat."""
    old, new = revision.old, revision.new
    return {
        "kind": revision.kind,
        **_values("old", old),
        **_values("new", new),
        "unit": old.unit and _cut(old.unit, LONGEST_SUBJECT),
        "subject": _cut(old.subject, LONGEST_SUBJECT),
        "old_sentence": _cut(old.sentence, LONGEST_SENTENCE),
        "new_sentence": new and _cut(new.sentence, LONGEST_SENTENCE),
        "confidence": round(revision.confidence, 3),
        "declared": revision.declared,
    }


def _values(side: str, figure: Figure | None) -> dict[str, Any]:
    return {
        f"{side}_low": figure and number_to_json(figure.low),
        f"{side}_high": figure and number_to_json(figure.high),
        f"{side}_bound": figure and figure.bound,
    }


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
