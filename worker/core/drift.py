"""When the extraction of an outlet breaks: many of its articles lose the same thing at once.

One article may lose its title, half of its text or all of its figures by its newsroom's hand. Several of one outlet at
once do so because its template changed, and what our reader makes of them then is no revision.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from worker.core.text import comparable
from worker.model import Symptom, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worker.model import Extract, Figure, Health, StoredVersion

WINDOW = timedelta(hours=12)  # a change of template reaches what is revisited within half a day
ARTICLES = 3  # with a symptom: two can be chance
SHARE = 0.5  # of the articles read within the window; a template is that of most
_HALF = 0.5
_TEXTLESS = frozenset({Verdict.FAILED, Verdict.EMPTY})


def symptom(stored: StoredVersion | None, extract: Extract, found: Sequence[Figure] | None) -> Symptom | None:
    """What a known article seems to have lost; None for a healthy one, and for one that is not known yet.

    `found` are the figures of the extract, None where nobody read them.
    """
    if stored is None:
        return None
    if extract.verdict in _TEXTLESS:
        return Symptom.TEXT
    if extract.verdict is not Verdict.ARTICLE:
        return None
    if stored.title and not extract.title:
        return Symptom.TITLE
    if len(comparable(extract.text)) < _HALF * len(comparable(stored.text)):
        return Symptom.TEXT
    return Symptom.FIGURES if stored.figures and found is not None and not found else None


def is_broken(health: Health, *, more: int = 0) -> bool:
    """Tell whether an outlet's articles show symptoms as only a broken extraction does.

    `more`: articles with a symptom that `health` does not know of.
    """
    suspects = health.suspects + more
    return suspects >= ARTICLES and suspects >= SHARE * (health.read + more)
