"""Figurewatch: keeps every version of news articles and says when a reported figure was revised."""

__version__ = "0.1.0"
