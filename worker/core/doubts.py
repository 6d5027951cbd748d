"""Whether a text can be what became of the one before, or must be seen again first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.core import copies
from worker.core.text import comparable
from worker.model import Doubt

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from worker.model import HeldText

# Characters; of a flash, anything may become, but in its script.
_FLASH = 400
# Lengths are compared with that of the text before.
_HALF = 0.5
_TEASER = 0.7
_KEPT = 0.9  # of a body whose end was not proved
# Share of a teaser that stands, in order, at the beginning of the text before; the rest is an offer.
_BEGINNING = 0.8
# Share of what is said in one text that is said in the other: below it they have nothing to do with each other. Two
# unrelated English news texts share 3 to 6 % of their runs of eight characters.
_COMMON = 0.12
_RUN = 8  # characters
_COMPARED = 20_000  # characters of each text
# Different letters of a text, and the share of them that texts of one script have in common at least: of 420 pairs of
# short texts in ten languages none has less, of 348 in two scripts each has.
_LETTERS, _SAME_SCRIPT = 8, 0.1
_VISITS = 2  # that show the same doubtful text, for it to be believed


def doubt(old: str, new: str, *, whole: bool) -> Doubt | None:
    """What speaks against a text as the successor of another; None when nothing does.

    `whole` is False when the transfer could not prove the end of the body.
    """
    before, after = comparable(old), comparable(new)
    if not whole and len(after) < _KEPT * len(before):
        return Doubt.CUT
    if len(before) < _FLASH:
        return Doubt.UNRELATED if _in_another_script(before, after) else None
    if len(after) < _TEASER * len(before) and _begins(before, after):
        return Doubt.TEASER
    if _common(before, after) < _COMMON:
        return Doubt.UNRELATED
    return Doubt.SHORTER if len(after) < _HALF * len(before) else None


def is_related(old: str, new: str) -> bool:
    """Whether most of what one text says is said in the other."""
    return _common(comparable(old), comparable(new)) >= _HALF


def is_confirmed(found: Doubt, content_hash: str, held: HeldText | None, modified_at: datetime | None) -> bool:
    """Whether a doubtful text has been seen before, unchanged.

    A teaser is not confirmed by coming again, as a paywall stays: only the page's own word that it was modified since
    does that.
    """
    if held is None or held.content_hash != content_hash or held.visits + 1 < _VISITS:
        return False
    return found is not Doubt.TEASER or (modified_at is not None and modified_at > held.first_seen_at)


def sketch(text: str) -> tuple[int, ...]:
    """Keys of a text's sentences, figures aside: what notices of one site have in common, whatever is filled in."""
    return copies.bands(copies.read(text))


def confirm_each_other(earlier: str, later: str, elsewhere: AbstractSet[int]) -> bool:
    """Whether two doubted visits showed one article that changed in between, so that neither text will come again.

    `elsewhere` are the keys of what waits at other articles of the host: a sentence that is also there is the site's.
    A text without sentences tells nothing.
    """
    one, other = sketch(earlier), sketch(later)
    if not one or not other or not elsewhere.isdisjoint((*one, *other)):
        return False
    return is_related(earlier, later)


def _in_another_script(one: str, other: str) -> bool:
    """Whether two texts share hardly a letter: a variant for readers of another language.

    Between languages of one script nothing short tells a translation from news: two unrelated flashes in Arabic or
    German share no more short words than a Turkish and a Hungarian one.
    """
    letters = [{c for c in text.casefold() if c.isalpha()} for text in (one, other)]
    fewer = min(map(len, letters))
    return fewer >= _LETTERS and len(letters[0] & letters[1]) < _SAME_SCRIPT * fewer


def _begins(before: str, after: str) -> bool:
    """Whether most of the new text is the beginning of the old one."""
    length = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(after))
    return bool(after) and length >= _BEGINNING * len(after)


def _common(one: str, other: str) -> float:
    """The share of the runs of characters of one text that are in the other, the larger of both ways."""
    first, second = _runs(one), _runs(other)
    shared = len(first & second)
    return max(shared / len(first), shared / len(second)) if first and second else 0.0


def _runs(text: str) -> set[str]:
    text = text[:_COMPARED].casefold()
    return {text[i : i + _RUN] for i in range(max(1, len(text) - _RUN + 1))}
