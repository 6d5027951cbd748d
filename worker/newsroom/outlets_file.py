"""Writes an outlets file whose feeds point at the ports of a running newsroom."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from worker.model import Outlet


def outlets_toml(outlets: Iterable[Outlet]) -> str:
    """Outlets in the format of `config/outlets.toml`, each with its policy."""
    return "\n".join(_outlet(outlet) for outlet in outlets)


def _outlet(outlet: Outlet) -> str:
    keys = {key: getattr(outlet, key) for key in ("slug", "name", "homepage", "country", "language")}
    keys |= asdict(outlet.policy)
    feeds = "".join(f"[[outlet.feed]]\nurl = {_toml(feed.url)}\n" for feed in outlet.feeds)
    return "[[outlet]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in keys.items()) + feeds


def _toml(value: str | float) -> str:
    """A string or number as TOML; of strings without control characters, JSON is a subset."""
    return json.dumps(value, ensure_ascii=False)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees all of it or nothing."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
