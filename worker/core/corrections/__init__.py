"""Corrections: what an outlet itself says that it changed."""

from worker.core.corrections.linking import link
from worker.core.corrections.notes import notes

__all__ = ["link", "notes"]
