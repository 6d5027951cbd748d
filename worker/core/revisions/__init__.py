"""Revisions: the figures that two versions of an article report differently."""

from worker.core.revisions.comparison import compare

__all__ = ["compare"]
