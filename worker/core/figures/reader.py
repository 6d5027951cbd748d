"""Reading the figures of a text: the way from sentences to `model.Figure`, top to bottom."""

from __future__ import annotations

from dataclasses import replace
from decimal import Context
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from worker.core.figures import context, drafts, units
from worker.core.figures.lexicon import load
from worker.core.figures.tokens import TOKEN, Tokens, clean, sentences
from worker.model import Bound, Figure, Part

if TYPE_CHECKING:
    from worker.core.figures.drafts import Draft
    from worker.core.figures.lexicon import Lexicon
    from worker.core.figures.quantities import Quantity
    from worker.model import Text

    Known = dict[tuple[str, bool], tuple[int, list[Figure]]]
# A third has no end; a database keeps 15 digits of a number exactly.
_STORED = Context(prec=15)


class Original(NamedTuple):
    """A part as it was given, and where the characters of the cleaned text stand in it."""

    text: str
    origin: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A span of the cleaned text in the original."""
        if self.origin is None or start >= end:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


@lru_cache(maxsize=4)  # a version is read when it comes, and right after that when it is related to others
def read(document: Text, language: str = "en") -> tuple[Figure, ...]:
    """The figures of a title and a text, in order; offsets count from the start of the part each stands in."""
    return _read(document, load(language), None)


def read_versions(old: Text, new: Text, language: str = "en") -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """The figures of two versions of one article: sentences that both have are read once."""
    lex = load(language)
    known: Known = {}
    return _read(old, lex, known), _read(new, lex, known)


def _read(document: Text, lex: Lexicon, known: Known | None) -> tuple[Figure, ...]:
    title = _read_part(document.title, lex, known)
    return (*(replace(f, part=Part.TITLE) for f in title), *_read_part(document.text, lex, known))


def read_text(text: str, language: str = "en") -> tuple[Figure, ...]:
    """The figures of a text without a title."""
    return tuple(_read_part(text, load(language), None))


def locate(figure: Figure) -> tuple[int, int] | None:
    """Where in its own sentence a figure stands; None where the sentence does not hold it (any more)."""
    for found in read_text(figure.sentence):
        if (found.low, found.high, found.unit, found.bound) == (figure.low, figure.high, figure.unit, figure.bound):
            return found.start, found.end
    return None


def _read_part(text: str, lex: Lexicon, known: Known | None) -> list[Figure]:
    """`known` are sentences of parts without invisible characters that were read before, and where they began."""
    cleaned = clean(text)
    found: list[Figure] = []
    first = True
    original = Original(text, cleaned.origin)
    if cleaned.origin is not None:
        known = None
    for start, end in sentences(cleaned.text, lex.words["sentences.abbreviations"]):
        sentence = cleaned.text[start:end]
        if known is None:
            found += _read_sentence(sentence, original, start, lex, first=first)
        else:
            key = (text[start:end], first)
            if key not in known:
                known[key] = start, _read_sentence(sentence, original, start, lex, first=first)
            before, figures = known[key]
            found += figures if before == start else [_moved(figure, start - before) for figure in figures]
        first = cleaned.text[end - 1] == "\n"
    return found


def _moved(figure: Figure, by: int) -> Figure:
    """The figure of a sentence that stands elsewhere in another text."""
    return replace(
        figure,
        start=figure.start + by,
        end=figure.end + by,
        conversion=_moved(figure.conversion, by) if figure.conversion else None,
        change=tuple([_moved(part, by) for part in figure.change]),
    )


def _read_sentence(text: str, original: Original, start: int, lex: Lexicon, *, first: bool) -> list[Figure]:
    if not lex.may_number(text):
        return []
    raw = TOKEN.findall(text)
    low = [word.lower() for word in raw]
    starters = lex.starters
    candidates = [i for i, word in enumerate(low) if word in starters or word[-1].isdecimal()]
    if not candidates:
        return []
    t = Tokens(text, raw, low)
    found = drafts.find(t, candidates, lex, first=first)
    return _figures(t, found, original, start, lex) if found else []


# --- figures ---------------------------------------------------------------------------------------


class Surroundings(NamedTuple):
    """What all figures of a sentence share."""

    original: Original
    offset: int  # of the sentence in the cleaned part
    sentence: str
    sources: list[tuple[int, int, str]]
    places: list[tuple[int, str]]
    periods: list[tuple[int, str]]


def _figures(t: Tokens, found: list[Draft], original: Original, offset: int, lex: Lexicon) -> list[Figure]:
    start, end = original.span(offset, offset + len(t.text))
    around = Surroundings(
        original,
        offset,
        original.text[start:end].strip(),
        context.sources(t, lex),
        context.places(t, lex),
        context.periods(t, lex),
    )
    figures: list[Figure] = []
    for n, draft in enumerate(found):
        edge = (found[n - 1].noun_end if n else 0, found[n + 1].start if n + 1 < len(found) else t.count)
        figure = _figure(t, draft, edge, around, lex)
        if n and draft.noun is None:
            figure = _elliptic(t, (found[n - 1], draft), figures[-1], figure, lex)
        if draft.quantity.parts:
            figure = replace(
                figure, change=tuple(_old_or_new(t, figure, part, around) for part in draft.quantity.parts)
            )
        if figures and _converts(t, found[n - 1], draft):
            figures[-1] = _with_conversion(figures[-1], figure)
        else:
            figures.append(figure)
    return figures


def _elliptic(t: Tokens, pair: tuple[Draft, Draft], before: Figure, figure: Figure, lex: Lexicon) -> Figure:
    """Give a figure without a subject of its own that of the figure before it: "… and another 30 were hurt"."""
    last, draft = pair
    if figure.dimension == units.AGE:
        return figure
    noun = before.noun if figure.unit is None and not draft.quantity.part and _inherits(t, pair, before, lex) else None
    if not figure.subject:
        return replace(figure, subject=before.subject, noun=noun)
    if noun and last.noun and context.coordinated(t, draft.start, lex):
        counted = context.span(t, last.end, last.noun_end)
        return replace(figure, noun=noun, subject=f"{counted} {context.behind(t, draft.end, lex)}".strip())
    return replace(figure, noun=noun) if noun else figure


def _inherits(t: Tokens, pair: tuple[Draft, Draft], before: Figure, lex: Lexicon) -> bool:
    """Tell whether a count without a noun can be of the things counted before it; victims are people."""
    last, draft = pair
    attributive = t.raw[last.quantity.number_end] == "-"  # "an 18-hole course"
    if attributive or before.unit is not None or before.noun in lex.words["nouns.nominal"]:
        return False
    behind = t.low[draft.end + (t.low[draft.end] in lex.words["words.stop"])]
    return behind not in lex.words["nouns.casualties"] or before.noun in lex.persons


def _old_or_new(t: Tokens, whole: Figure, part: Quantity, around: Surroundings) -> Figure:
    start, end = around.original.span(around.offset + t.start[part.start], around.offset + t.end[part.end - 1])
    return replace(
        whole,
        low=_STORED.plus(part.low),
        high=None if part.high is None else _STORED.plus(part.high),
        start=start,
        end=end,
    )


def _with_conversion(figure: Figure, conversion: Figure) -> Figure:
    """Hang a conversion to a figure, behind the conversions it has; a bound holds in every unit."""
    if figure.conversion:
        return replace(figure, conversion=_with_conversion(figure.conversion, conversion))
    if conversion.bound is Bound.EXACT:
        conversion = replace(conversion, bound=figure.bound)
    return replace(figure, conversion=conversion)


def _converts(t: Tokens, old: Draft, new: Draft) -> bool:
    """Tell whether a quantity in brackets says the one before it in another unit: "15 km (9 miles)", "€6 (US$7)"."""
    q, p = new.quantity, old.quantity
    return (
        t.raw[new.start - 1] in {"(", "/", "[", ";"}
        and new.start - 1 in {old.end, old.noun_end}
        and (t.raw[new.start - 1] != ";" or t.raw[old.start - 1] == "(")
        and p.symbol is not None
        and q.symbol is not None
        and p.symbol != q.symbol
        and p.dimension == q.dimension
    )


def _figure(t: Tokens, draft: Draft, edge: tuple[int, int], around: Surroundings, lex: Lexicon) -> Figure:
    q = draft.quantity
    start, end = around.original.span(around.offset + t.start[draft.start], around.offset + t.end[draft.end - 1])
    hedge = draft.before or draft.after
    return Figure(
        low=_STORED.plus(q.low),
        high=None if q.high is None else _STORED.plus(q.high),
        bound=draft.bound,
        unit=q.symbol,
        noun=draft.noun,
        subject=_subject(t, draft, edge, lex),
        sentence=around.sentence,
        start=start,
        end=end,
        hedge=context.span(t, hedge.start, hedge.end) if hedge else None,
        attribution=context.attributed(around.sources, draft.start, t) if around.sources else None,
        dimension=q.dimension,
        per=q.per,
        place=context.nearest(around.places, draft.start, draft.noun_end, edge),
        period=context.nearest(around.periods, draft.start, draft.noun_end, edge),
    )


def _subject(t: Tokens, draft: Draft, edge: tuple[int, int], lex: Lexicon) -> str:
    if draft.quantity.dimension == units.AGE and t.raw[draft.start - 1] == ",":
        return context.aged(t, draft.start)
    return context.subject(t, draft.start, draft.end, edge, lex, noun_end=max(draft.noun_end, draft.end))
