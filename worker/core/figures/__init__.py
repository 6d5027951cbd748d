"""Reading the figures that an article reports (`revision-pairs`: what a figure is is told in README.md beside this file)."""

from worker.core.figures.reader import read, read_text

__all__ = ["read", "read_text"]
