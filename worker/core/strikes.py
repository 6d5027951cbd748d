"""Text that is crossed out on a page: shown to readers, and no longer said.

It stays in the stored text between two tildes on either side, as GitHub Flavored Markdown writes it, so that a version
is what the outlet showed; what reads figures and words passes over it, and a figure in it is a declared correction.
"""

from __future__ import annotations

import re

MARK = "~~"
TAGS = frozenset({"s", "strike", "del"})
PASSAGE = re.compile(r"~~([^\n]+?)~~")


def marked(run: str) -> str:
    """A run of text as crossed out; blanks around it stay outside."""
    inner = run.strip()
    before, _, after = run.partition(inner)
    return f"{before}{MARK}{inner}{MARK}{after}" if inner else run


def unmarked(run: str) -> str:
    """A run of text that is not crossed out, whatever tildes stand in it."""
    return run if MARK not in run else re.sub(r"~{2,}", "~", run)


def masked(text: str) -> str:
    """The text with blanks for what is crossed out; every other character stays where it is."""
    return PASSAGE.sub(lambda match: " " * len(match[0]), text) if MARK in text else text
