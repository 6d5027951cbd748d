"""The line a newsroom prints once all its ports answer, and how its parent reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Ready:
    """Where a newsroom serves."""

    ports: Mapping[str, int]  # by name of the site
    outlets: Path | None  # the outlets file it wrote
    allow_networks: str  # the value of FIGUREWATCH_ALLOW_NETWORKS that lets its ports through
    started_at: datetime | None  # None: the clock starts with the first request

    def line(self) -> str:
        """Itself as one line of JSON."""
        return json.dumps(
            {
                "ready": True,
                "ports": dict(self.ports),
                "outlets": str(self.outlets) if self.outlets else None,
                "allow_networks": self.allow_networks,
                "started_at": self.started_at.isoformat() if self.started_at else None,
            }
        )

    @classmethod
    def parse(cls, line: str) -> Ready:
        """Read such a line. Raises ValueError or KeyError for any other."""
        data = json.loads(line)
        return cls(
            ports=data["ports"],
            outlets=Path(data["outlets"]) if data["outlets"] else None,
            allow_networks=data["allow_networks"],
            started_at=datetime.fromisoformat(data["started_at"]) if data["started_at"] else None,
        )
