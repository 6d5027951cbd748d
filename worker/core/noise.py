"""What differs between two captures of a page that show the same text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.model import Noise

if TYPE_CHECKING:
    from worker.model import Layers


def rule(before: Layers, now: Layers) -> Noise:
    """By the innermost layer that differs; what is inside of that is equal, or was folded to be compared."""
    if now.document == before.document:
        return Noise.ENCODING
    if now.shown == before.shown:
        return Noise.MARKUP
    if now.article == before.article:
        return Noise.FURNITURE
    return Noise.STAMPS if now.text == before.text else Noise.TYPOGRAPHY
