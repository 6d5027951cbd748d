# ruff: noqa: PLR2004 - sizes of small windows
"""From the tokens of a sentence to drafts of figures: quantity, hedges and noun, without what stands around them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from worker.core.figures import ages, hedges, nouns, quantities, units, vetoes
from worker.core.figures.quantities import Quantity
from worker.model import Bound

if TYPE_CHECKING:
    from worker.core.figures.hedges import Hedge
    from worker.core.figures.lexicon import Lexicon
    from worker.core.figures.tokens import Tokens


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


def find(t: Tokens, candidates: list[int], lex: Lexicon, *, first: bool) -> list[Draft]:
    """The drafts of a sentence, in order; `first`: it opens a line, where a list may be numbered."""
    if is_furniture(t, lex):
        return []
    blocked = vetoes.Blocked(t.text, first=first)
    drafts: list[Draft] = []
    done = 0
    for i in candidates:
        if i < done:
            continue
        t.floor = done
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
    words = {w for w in t.low[: t.count] if w.isalpha()}
    furniture = lex.words["dates.furniture"]
    return not words.isdisjoint(furniture) and words <= furniture | lex.words["dates.furniture_beside"]


def _draft(t: Tokens, i: int, lex: Lexicon, done: int) -> Draft | None:
    quantity = _quantity(t, i, lex, done)
    if quantity is None or not _counts(t, quantity, lex):
        return None
    draft = _qualified(t, _grown(t, quantity, lex), lex)
    return draft if draft.start >= done else _without_hedge(draft, done)


def _quantity(t: Tokens, i: int, lex: Lexicon, done: int) -> Quantity | None:
    word = t.low[i]
    if word in lex.words["ages.tail"]:
        return ages.year_old(t, i, lex) if i - 2 >= done else None
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
    if q.end - q.start == 1 and before in lex.words["numerals.not_halves"]:
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
    if q.symbol is None and ages.is_age(t, q, lex):
        return q._replace(symbol="year", dimension=units.AGE)
    if q.dimension == "time" and q.symbol and lex.ages_before.before(t.low, q.start):
        return q._replace(dimension=units.AGE)
    return q


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
