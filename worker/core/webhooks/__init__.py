"""Webhooks by the Standard Webhooks specification 1.0.0 (standardwebhooks.com): what is sent, and when again."""

from worker.core.webhooks.attempts import LONGEST_REPLY, MOST_ATTEMPTS, classify, decide, describe, spent, wait
from worker.core.webhooks.message import (
    SECRET_BYTES,
    TEST_TYPE,
    body,
    event_id,
    headers,
    new_secret,
    payload,
)

__all__ = [
    "LONGEST_REPLY",
    "MOST_ATTEMPTS",
    "SECRET_BYTES",
    "TEST_TYPE",
    "body",
    "classify",
    "decide",
    "describe",
    "event_id",
    "headers",
    "new_secret",
    "payload",
    "spent",
    "wait",
]
