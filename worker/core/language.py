"""Languages as documents name them."""

from __future__ import annotations

import re

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}", re.IGNORECASE)


def tag(stated: object) -> str | None:
    """A BCP 47 tag from what a document calls its language ("en_GB"), None for anything else."""
    text = stated.strip().replace("_", "-") if isinstance(stated, str) else ""
    return text if _TAG.fullmatch(text) else None
