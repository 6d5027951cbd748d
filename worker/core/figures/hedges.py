"""How an article qualifies a value: the words before and behind a number, and what a negation makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from worker.model import Bound

if TYPE_CHECKING:
    from worker.core.figures.lexicon import Lexicon
    from worker.core.figures.tokens import Tokens

_NEGATED = {
    Bound.MORE_THAN: Bound.AT_MOST,
    Bound.AT_LEAST: Bound.LESS_THAN,
    Bound.LESS_THAN: Bound.AT_LEAST,
    Bound.AT_MOST: Bound.MORE_THAN,
}
_BOUNDS = {b.value: b for b in Bound}


class Hedge(NamedTuple):
    """A bound and the tokens [start, end) that print it."""

    bound: Bound
    start: int
    end: int


def before(t: Tokens, i: int, lex: Lexicon, *, counted: bool) -> Hedge | None:
    """The hedge that ends before token i, skipping words that change nothing ("at least another 30")."""
    j = i
    found = lex.hedges.before(t.low, j)
    if found and t.low[i - 1] in lex.words["hedges.hyphen"]:
        return Hedge(_BOUNDS[found[1]], i - found[0], i)
    while found is None and i - j < 2 and t.low[j - 1] in lex.words["hedges.transparent"]:  # noqa: PLR2004 - "at least the first 30"
        j -= 1
        found = lex.hedges.before(t.low, j)
    if found is None or j - found[0] < 0:
        return None
    length, name = found
    start = j - length
    if j < i and name in lex.words["hedges.direct"] and t.low[i - 1] in lex.words["hedges.articles"]:
        return None
    if _is_direction(t, start, j, lex, counted=counted):
        return None
    hedge = _composed(t, Hedge(_BOUNDS[name], start, i), lex)
    if hedge.start == start and _forbidden(t, start, lex):
        return Hedge(_NEGATED.get(hedge.bound, hedge.bound), start, i)
    return hedge


def _is_direction(t: Tokens, start: int, end: int, lex: Lexicon, *, counted: bool) -> bool:
    """Tell whether the words are no bound here: "inched up to 4.8", "passed 5 bills", "the top 10 teams"."""
    first = t.low[start]
    if end - start == 1 and first in lex.words["hedges.particles"] and t.low[start - 1] in lex.words["hedges.phrasal"]:
        return True
    if end - start == 1 and first in lex.words["hedges.bare"]:
        if first in lex.words["hedges.not_nouns"]:
            before = t.low[start - 1]
            return before not in lex.words["hedges.modals"] and not before.endswith("n't")
        return counted
    return (
        end - start > 1
        and first in lex.words["hedges.directions"]
        and t.low[start - 1] in lex.words["hedges.not_after"]
    )


def _forbidden(t: Tokens, start: int, lex: Lexicon) -> bool:
    """Tell whether a negation far before turns a limit round: "no bus is permitted to carry more than 62"."""
    permitted = False
    for k in range(start - 1, max(-1, start - 10), -1):
        word = t.low[k]
        if word in lex.words["hedges.far_negators"]:
            return permitted or (word in lex.words["hedges.permission"] and start - k <= 4)  # noqa: PLR2004 - "never paid out"
        if not t.raw[k].isalpha():
            return False
        permitted = permitted or word in lex.words["hedges.permission"]
    return False


def _composed(t: Tokens, hedge: Hedge, lex: Lexicon) -> Hedge:
    """Let a negation before a hedge turn it round: "did not exceed", "has not yet surpassed"."""
    j = hedge.start
    for _ in range(3):
        word = t.low[j - 1]
        if word in lex.words["hedges.negators"] or word.endswith("n't"):
            return Hedge(_NEGATED.get(hedge.bound, hedge.bound), j - 1, hedge.end)
        if word not in lex.words["hedges.auxiliaries"] and (
            word in lex.words["attribution.verbs"] or word not in lex.words["words.verbs"]
        ):
            break
        j -= 1
    outer = lex.hedges.before(t.low, hedge.start)
    if outer and hedge.bound in {Bound.ABOUT, Bound.NEARLY} and hedge.start >= outer[0]:
        return Hedge(_stronger(_BOUNDS[outer[1]], hedge.bound), hedge.start - outer[0], hedge.end)
    return hedge


def _stronger(outer: Bound, inner: Bound) -> Bound:
    """Of "at least about 300" the first word counts, of "about nearly 300" the second."""
    return outer if outer in _NEGATED else inner


def after(t: Tokens, i: int, lex: Lexicon) -> Hedge | None:
    """The hedge that starts at token i: "or more", "-plus", "or so"."""
    found = lex.hedges_after.at(t.low, i)
    if found is None:
        return None
    length, name = found
    behind = i + length
    if t.low[i] in lex.words["ranges.and"] and t.raw[behind][:1].isdigit():  # "487 carriers and over 640 trucks"
        return None
    if (t.raw[i] == "+" and not t.glued(i)) or (t.raw[behind] == "-" and t.glued(behind)):  # "and over-65s"
        return None
    if (
        length == 1
        and t.low[i] in lex.words["hedges.glued"]
        and not t.glued(i)
        and t.low[i + 1] in lex.words["words.stop"] | {""}
    ):
        return None
    if length == 1 and t.low[i] in lex.words["hedges.final"] and t.low[i + 1] not in {"", ".", ",", ")", ";"}:
        return None
    return Hedge(_BOUNDS[name], i, i + length)
