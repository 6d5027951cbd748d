"""What observations weigh: log-odds and the curves to confidences, fitted by `tests/eval/fitting.py`, read once."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

# Section of `weights.toml` → its table.
FITTED: dict[str, dict[str, Any]] = tomllib.loads((files(__package__) / "weights.toml").read_text(encoding="utf-8"))
