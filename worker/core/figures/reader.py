# ruff: noqa: PLR2004 - sizes of small windows, digits of printed numbers
"""Reading the figures of a text: the way from sentences to `model.Figure`, top to bottom."""

from __future__ import annotations

from dataclasses import replace
from decimal import Context, Decimal
from typing import TYPE_CHECKING, NamedTuple

from worker.core.figures import context, hedges, names, nouns, quantities, units, vetoes
from worker.core.figures.lexicon import load
from worker.core.figures.quantities import Quantity
from worker.core.figures.tokens import Tokens, clean, sentences
from worker.model import Bound, Figure, Part

if TYPE_CHECKING:
    from worker.core.figures.hedges import Hedge
    from worker.core.figures.lexicon import Lexicon
    from worker.model import Text

# A third has no end; a database keeps 15 digits of a number exactly.
_STORED = Context(prec=15)


_ONE = Decimal(1)
OLDEST = 119  # years; the oldest person whose age is proved lived to 122


class Original(NamedTuple):
    """A part as it was given, and where the characters of the cleaned text stand in it."""

    text: str
    origin: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A span of the cleaned text in the original."""
        if self.origin is None or start >= end:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


class Draft(NamedTuple):
    """A figure before its surroundings are read: tokens [start, end) with the hedges."""

    quantity: Quantity
    start: int
    end: int
    noun: str | None
    noun_end: int
    before: Hedge | None
    after: Hedge | None
    bound: Bound


def read(document: Text, language: str = "en") -> tuple[Figure, ...]:
    """The figures of a title and a text, in order; offsets count from the start of the part each stands in."""
    lex = load(language)
    title = _read_part(document.title, lex)
    return (*(replace(f, part=Part.TITLE) for f in title), *_read_part(document.text, lex))


def read_text(text: str, language: str = "en") -> tuple[Figure, ...]:
    """The figures of a text without a title."""
    return tuple(_read_part(text, load(language)))


def locate(figure: Figure) -> tuple[int, int] | None:
    """Where in its own sentence a figure stands; None where the sentence does not hold it (any more)."""
    for found in read_text(figure.sentence):
        if (found.low, found.high, found.unit, found.bound) == (figure.low, figure.high, figure.unit, figure.bound):
            return found.start, found.end
    return None


def _read_part(text: str, lex: Lexicon) -> list[Figure]:
    cleaned = clean(text)
    found: list[Figure] = []
    first = True
    original = Original(text, cleaned.origin)
    for start, end in sentences(cleaned.text, lex.words["sentences.abbreviations"]):
        found += _read_sentence(cleaned.text[start:end], original, start, lex, first=first)
        first = cleaned.text[end - 1] == "\n"
    return found


def _read_sentence(text: str, original: Original, start: int, lex: Lexicon, *, first: bool) -> list[Figure]:
    t = Tokens(text)
    starters = lex.starters
    candidates = [i for i in range(t.count) if t.raw[i][-1].isdecimal() or t.low[i] in starters]
    if not candidates:
        return []
    drafts = _drafts(t, candidates, lex, first=first)
    if not drafts:
        return []
    return _figures(t, drafts, original, start, lex)


def _drafts(t: Tokens, candidates: list[int], lex: Lexicon, *, first: bool) -> list[Draft]:
    if is_furniture(t, lex):
        return []
    blocked = vetoes.Blocked(t.text, first=first)
    drafts: list[Draft] = []
    done = 0
    for i in candidates:
        if i < done:
            continue
        end = vetoes.skip(t, i, lex, blocked)
        if end:
            done = end
            continue
        draft = _draft(t, i, lex, done)
        if draft and drafts:
            draft = _listed(t, drafts[-1], draft, lex)
            drafts[-1] = _of_whole(t, drafts[-1], draft, lex)
        if draft:
            drafts.append(draft)
            done = max(draft.end, draft.quantity.end)
    return drafts


def _listed(t: Tokens, last: Draft, draft: Draft, lex: Lexicon) -> Draft:
    """Let a bare number take over what the one before it in a list measures: "aged 19, 22 and 25", "to 7 km from 6"."""
    if draft.quantity.symbol or draft.noun or not last.quantity.symbol or draft.quantity.part:
        return draft
    between = t.low[last.end : draft.start]
    listed = len(between) <= 2 and all(w == "," or w in lex.joiners for w in between)
    aged = listed and last.quantity.dimension == units.AGE
    from_ = t.low[draft.start - 1] in lex.words["ranges.openers_from"] and len(between) <= 3
    if not aged and not (from_ and last.quantity.symbol != quantities.SCORE):
        return draft
    return draft._replace(
        quantity=draft.quantity._replace(symbol=last.quantity.symbol, dimension=last.quantity.dimension)
    )


def _of_whole(t: Tokens, part: Draft, whole: Draft, lex: Lexicon) -> Draft:
    """Give a part the noun of its whole: "57 of 88 transformers", "nineteen out of 23 provinces"."""
    between = t.low[part.end : whole.start]
    bare = part.noun is None and part.quantity.symbol is None and part.noun_end == part.end
    if bare and 0 < len(between) <= 2 and between[-1] in lex.words["numerals.of"]:  # "of", "out of"
        return part._replace(noun=whole.noun)
    return part


def is_furniture(t: Tokens, lex: Lexicon) -> bool:
    """Tell whether a line is page furniture ("5 min read · 12 comments") rather than a sentence."""
    if t.count > 12:
        return False
    words = [w for w in t.low[: t.count] if w.isalpha()]
    return bool(words) and lex.words["dates.furniture"].issuperset(words)


def _draft(t: Tokens, i: int, lex: Lexicon, done: int) -> Draft | None:
    quantity = _quantity(t, i, lex, done)
    if quantity is None or not _counts(t, quantity, lex):
        return None
    draft = _qualified(t, _grown(t, quantity, lex), lex)
    return draft if draft.start >= done else _without_hedge(draft, done)


def _quantity(t: Tokens, i: int, lex: Lexicon, done: int) -> Quantity | None:
    word = t.low[i]
    if word in lex.words["ages.tail"]:
        return _year_old(t, i, lex) if i - 2 >= done else None
    if word in lex.words["zero.determiner"] and word not in lex.zeros:
        return _zero(t, i, lex)
    article = t.low[i - 1] in lex.articles and i > done
    return (quantities.read(t, i - 1, lex) if article else None) or quantities.read(t, i, lex)


def _without_hedge(draft: Draft, done: int) -> Draft | None:
    """A draft that leaves the figure before it what belongs to that: "5 or more than 6"."""
    q = draft.quantity
    if q.start < done:
        return None
    bound = Bound.VAGUE if q.vague else draft.after.bound if draft.after else Bound.EXACT
    return draft._replace(start=q.start, before=None, bound=bound)


def _year_old(t: Tokens, i: int, lex: Lexicon) -> Quantity | None:
    """Read "a year old", "a century old": the article is the number."""
    unit = i - 1 - (t.raw[i - 1] == "-")
    found = lex.names.at(t.low, unit) if t.low[unit - 1] in lex.articles and unit > 0 else None
    if found is None or found[1].dimension != "time":
        return None
    return Quantity(_ONE, _ONE, unit - 1, i + 1, unit, symbol=found[1].symbol, dimension=units.AGE)


def _zero(t: Tokens, i: int, lex: Lexicon) -> Quantity | None:
    """Read "no casualties" as nought of what is named."""
    for k in range(i + 1, i + 4):
        if t.low[k] in lex.words["zero.nouns"]:
            return Quantity(Decimal(0), Decimal(0), i, i + 1, i + 1)
        if not t.low[k].isalpha() or t.low[k] in lex.words["words.stop"]:
            return None
    return None


def _counts(t: Tokens, q: Quantity, lex: Lexicon) -> bool:
    """Tell whether number words count something here; a fraction needs a whole, an article a scale."""
    if q.digits or q.symbol or q.dimension:
        return True
    behind = t.low[q.end]
    if q.part:
        return _fraction_counts(t, q, behind, lex)
    if q.vague:
        return (
            q.end - q.start > 1
            or t.low[q.start] not in lex.words["vague_only.of"]
            or behind in lex.words["numerals.of"]
        )
    return behind not in lex.words["numerals.not_before"]


def _fraction_counts(t: Tokens, q: Quantity, behind: str, lex: Lexicon) -> bool:
    before, word = t.low[q.start - 1], t.low[q.end - 1]
    if before in lex.words["numerals.not_halves"]:
        return False
    if behind in lex.words["numerals.whole"]:
        return True
    if word in lex.half:
        return before in lex.words["numerals.cut"] or behind in lex.words["numerals.half_of"]
    if q.end - q.start > 1 and t.low[q.start] not in lex.articles:
        return True
    if t.low[q.start] in lex.articles:
        return before in lex.words["numerals.cut"] or behind in lex.words["numerals.compared"]
    return q.end - q.start == 1 and word not in lex.fractions


def _grown(t: Tokens, q: Quantity, lex: Lexicon) -> Quantity:
    """Take over the unit behind "of" ("hundreds of miles", "half an hour"), and see ages by the words around."""
    if q.symbol is None and (q.vague or q.part):
        k = q.end + (t.low[q.end] in lex.words["numerals.of"])
        k += t.low[k] in lex.articles and q.part
        found = lex.money.at(t.low, k) or lex.names.at(t.low, k)
        if found and (q.vague or k > q.end):
            symbol = found[1] if isinstance(found[1], str) else found[1].symbol
            dimension = units.MONEY if isinstance(found[1], str) else found[1].dimension
            per = units.rate(t, k + found[0], lex)
            return q._replace(
                symbol=symbol, dimension=dimension, end=per[1] if per else k + found[0], per=per[0] if per else None
            )
    if q.symbol is None and _is_age(t, q, lex):
        return q._replace(symbol="year", dimension=units.AGE)
    if q.dimension == "time" and q.symbol and lex.ages_before.before(t.low, q.start):
        return q._replace(dimension=units.AGE)
    return q


def _is_age(t: Tokens, q: Quantity, lex: Lexicon) -> bool:
    """Tell whether a bare number is an age: "aged 25", "at the age of 91", "Jamie Armstrong, 25, said"."""
    if _of_a_group(t, q, lex):
        return True
    if q.high is None or not 0 <= q.low <= OLDEST or q.part or q.low != q.low.to_integral_value():
        return False
    start = q.start - (1 if q.opened else 0)
    spoken = start - (t.low[start - 1] in lex.words["ages.between"])
    if lex.ages_before.before(t.low, start) or lex.ages_before.before(t.low, spoken):
        return True
    return q.plain and t.raw[q.start - 1] == "," and _apposed(t, q, lex)


def _apposed(t: Tokens, q: Quantity, lex: Lexicon) -> bool:
    """Tell whether a number between commas is the age of the person before: "Ann Poe, 34,", "her sons, 6 and 9,"."""
    before, closed = q.start - 2, t.raw[q.end] in {",", ".", ")", "", ";"}
    if nouns.singular(t.low[before], lex) in lex.words["ages.persons"]:
        return closed or (t.low[q.end] in lex.joiners and t.raw[q.end + 1].isdecimal())
    if closed and q.low >= 3 and names.capitalised(t, before):
        return t.low[before] not in lex.words["dates.months"]
    return t.raw[q.end] == "," and q.low >= 16 and t.low[before - 1] in lex.words["ages.articles"]  # "the pilot, 58,"


def _of_a_group(t: Tokens, q: Quantity, lex: Lexicon) -> bool:
    """Tell whether a limit is one of age: "people over 65"."""
    if not (q.digits and q.plain and 3 <= q.low <= OLDEST) or nouns.after(t, q.end, lex, one=False, part=False):
        return False
    return t.low[q.start - 1] in lex.words["ages.group_hedges"] and t.low[q.start - 2] in lex.words["ages.groups"]


def _qualified(t: Tokens, q: Quantity, lex: Lexicon) -> Draft:
    """Read the noun and the hedges around a quantity."""
    phrase = None
    if q.symbol == quantities.SCORE:
        noun = t.low[q.end] if t.low[q.end] in lex.words["scores.nouns"] else None
        return Draft(q, q.start, q.end, noun, q.end, None, None, Bound.EXACT)
    if t.low[q.start - 1] in lex.words["nouns.prefix"] or (
        t.raw[q.start - 1] == "-" and t.low[q.start - 2] in lex.words["nouns.prefix"]
    ):
        return Draft(
            q, q.start, q.end, t.low[q.start - 1 - (t.raw[q.start - 1] == "-")], q.end, None, None, Bound.EXACT
        )
    if q.symbol is None:
        phrase = nouns.after(t, q.end, lex, one=q.low == 1 and not q.digits and not q.part, part=q.part)
    noun_end = phrase.end if phrase else q.end
    start, before = _hedge_before(t, q, lex, counted=phrase is not None)
    after = hedges.after(t, q.end, lex) or (hedges.after(t, q.number_end, lex) if q.number_end != q.end else None)
    if after is None and phrase:
        after = hedges.after(t, noun_end, lex)
    per = units.rate(t, noun_end, lex) if phrase and q.per is None else None
    q = q._replace(per=per[0]) if per else q
    if after and after.start == q.end and q.symbol is None:
        q, phrase, noun_end = _behind_hedge(t, q, after, lex)
    noun = phrase.noun if phrase else None
    end = max(q.end, after.end if after and after.start <= q.end else 0)
    bound = Bound.VAGUE if q.vague else before.bound if before else after.bound if after else Bound.EXACT
    return Draft(q, before.start if before else start, end, noun, noun_end, before, after, bound)


def _hedge_before(t: Tokens, q: Quantity, lex: Lexicon, *, counted: bool) -> tuple[int, Hedge | None]:
    """Where a quantity starts, and the hedge before it; a range may hold one between opener and number."""
    inner = hedges.before(t, q.start, lex, counted=counted)
    if not q.opened or inner:
        return q.start, inner
    return q.start - 1, hedges.before(t, q.start - 1, lex, counted=counted)


def _behind_hedge(t: Tokens, q: Quantity, after: Hedge, lex: Lexicon) -> tuple[Quantity, nouns.Phrase | None, int]:
    """Read the noun or unit behind a hedge: "100,000-plus customers", "10 or more years"."""
    found = (
        lex.names.at(t.low, after.end) or lex.symbols.at(t.raw, after.end)
        if t.raw[after.end].isalpha() and len(t.raw[after.end]) > 1
        else None
    )
    if found:
        return (
            q._replace(symbol=found[1].symbol, dimension=found[1].dimension, end=after.end + found[0]),
            None,
            after.end + found[0],
        )
    phrase = nouns.after(t, after.end, lex, one=False, part=q.part)
    return q, phrase, phrase.end if phrase else q.end


# --- figures ---------------------------------------------------------------------------------------


class Surroundings(NamedTuple):
    """What all figures of a sentence share."""

    original: Original
    offset: int  # of the sentence in the cleaned part
    sentence: str
    sources: list[tuple[int, int, str]]
    places: list[tuple[int, str]]
    periods: list[tuple[int, str]]


def _figures(t: Tokens, drafts: list[Draft], original: Original, offset: int, lex: Lexicon) -> list[Figure]:
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
    for n, draft in enumerate(drafts):
        edge = (drafts[n - 1].noun_end if n else 0, drafts[n + 1].start if n + 1 < len(drafts) else t.count)
        figure = _figure(t, draft, edge, around, lex)
        if n and draft.noun is None:
            figure = _elliptic(t, (drafts[n - 1], draft), figures[-1], figure, lex)
        if draft.quantity.parts:
            figure = replace(
                figure, change=tuple(_old_or_new(t, figure, part, around) for part in draft.quantity.parts)
            )
        if figures and _converts(t, drafts[n - 1], draft):
            figures[-1] = _with_conversion(figures[-1], figure)
        else:
            figures.append(figure)
    return figures


def _elliptic(t: Tokens, drafts: tuple[Draft, Draft], before: Figure, figure: Figure, lex: Lexicon) -> Figure:
    """Give a figure without a subject of its own that of the figure before it: "… and another 30 were hurt"."""
    last, draft = drafts
    if figure.dimension == units.AGE:
        return figure
    noun = before.noun if figure.unit is None and not draft.quantity.part and _inherits(t, draft, before, lex) else None
    if not figure.subject:
        return replace(figure, subject=before.subject, noun=noun)
    if noun and last.noun and context.coordinated(t, draft.start, lex):
        counted = context.span(t, last.end, last.noun_end)
        return replace(figure, noun=noun, subject=f"{counted} {context.behind(t, draft.end, lex)}".strip())
    return replace(figure, noun=noun) if noun else figure


def _inherits(t: Tokens, draft: Draft, before: Figure, lex: Lexicon) -> bool:
    """Tell whether a count without a noun can be of the things counted before it; victims are people."""
    if before.unit is not None or before.noun in lex.words["nouns.nominal"]:
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
