# ruff: noqa: RUF001 - dashes, minus and multiplication signs as they are printed
"""What stands around a figure: its subject in the article's words, who says so, the place and time that scope it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.core.figures.dates import looks_like_year

if TYPE_CHECKING:
    from worker.core.figures.lexicon import Lexicon
    from worker.core.figures.tokens import Tokens

_BREAKS = frozenset({",", ";", ":", "(", ")", "—", "–", '"', "“", "”", ".", "?", "!", ""})
_BEHIND = 9  # words of a subject behind the noun
_AHEAD = 9  # words of a subject before the number
_NEXT = 3  # words before a figure that belong to it: "and injured 140"
_SOURCE = 7  # words of a source


def span(t: Tokens, start: int, end: int) -> str:
    """The text of tokens [start, end), as printed."""
    return t.text[t.start[start] : t.end[end - 1]] if start < end else ""


def subject(t: Tokens, start: int, end: int, edge: tuple[int, int], lex: Lexicon, *, noun_end: int) -> str:
    """The words that tell what is counted or measured.

    `start`, `end` bound hedge, number and unit; `edge` is where the figures before and behind it end and start;
    `noun_end` is behind the counted noun, or `end` where there is none.
    """
    behind_end = _behind(t, noun_end, min(edge[1], noun_end + _BEHIND), lex)
    if noun_end > end:
        words = span(t, _noun_start(t, end, lex), behind_end) or span(t, end, noun_end)
        done = t.low[start - 1] if behind_end <= noun_end and start > edge[0] else ""
        acted = done in lex.words["words.past"] or (done.endswith(lex.participles[0]) and len(done) > 4)  # noqa: PLR2004
        return f"{words} {done}" if acted else words  # "killed 12 people" are people killed
    before = _before(t, start, max(edge[0], start - _AHEAD, 0), lex)
    behind = span(t, noun_end, behind_end)
    return " ".join(x for x in (before, behind) if x)


def aged(t: Tokens, start: int) -> str:
    """The person whose age stands behind a comma: "Ann Poe, 34"."""
    j = start - 1
    while j > 0 and t.raw[j - 1] not in _BREAKS and (t.capital(j - 1) or j == start - 1):
        j -= 1
    return span(t, j, start - 1)


def coordinated(t: Tokens, start: int, lex: Lexicon) -> bool:
    """Tell whether a figure opens a clause of its own behind another: "and 30 were", "; two died"."""
    j = start
    while t.low[j - 1] in lex.words["nouns.more"] or t.low[j - 1] in lex.words["scope.inside"]:
        j -= 1
    return t.low[j - 1] in lex.joiners or t.raw[j - 1] in {",", ";"}


def behind(t: Tokens, j: int, lex: Lexicon) -> str:
    """The words behind a figure up to the next break."""
    return span(t, j, _behind(t, j, j + _BEHIND, lex))


def _noun_start(t: Tokens, end: int, lex: Lexicon) -> int:
    k = end
    while t.low[k] in lex.words["numerals.of"] or t.low[k] in lex.words["nouns.determiners"] or t.raw[k] == "-":
        k += 1
    return k


def _behind(t: Tokens, j: int, limit: int, lex: Lexicon) -> int:
    """Where the words behind a noun that still tell what it is end."""
    k = j
    while k < limit and t.raw[k] not in _BREAKS:
        verb_of_next = limit - k <= _NEXT and limit < t.count and t.low[k] in lex.joiners
        if verb_of_next or t.low[k] in lex.words["attribution.strong"]:
            break  # "12 people [and injured] 140"
        k += 1
    while k > j and (t.low[k - 1] in lex.words["words.dangling"] or t.raw[k - 1] in {"$", "€", "£", "-"}):
        k -= 1
    return k


def _before(t: Tokens, start: int, limit: int, lex: Lexicon) -> str:
    k = start
    while k > limit and t.raw[k - 1] not in _BREAKS:
        k -= 1
    while start > k and t.low[start - 1] in lex.words["words.dangling"]:
        start -= 1
    while k < start and t.low[k] in lex.words["words.dangling"]:
        k += 1
    return span(t, k, start)


# --- attribution -----------------------------------------------------------------------------------


def sources(t: Tokens, lex: Lexicon) -> list[tuple[int, int, str]]:
    """Who says something in this sentence: (first token, last token of the verb or phrase, the source as printed)."""
    found: list[tuple[int, int, str]] = []
    strong = lex.words["attribution.strong"]
    for k in range(t.count):
        word = t.low[k]
        if word in strong:
            source = _speaker(t, k, lex)
            if source:
                found.append((k, k, source))
        elif word in lex.words["attribution.openers"]:
            to = t.low[k + 1] in lex.words["attribution.to"]
            source = _named_behind(t, k + 1 + to, lex) if to or not lex.words["attribution.to"] else ""
            if source:
                found.append((k, k + to, source))
    return found


def _speaker(t: Tokens, k: int, lex: Lexicon) -> str:
    """Read "the ministry said" or "said the ministry"."""
    while t.low[k - 1] in lex.words["attribution.adverbs"]:
        k -= 1
    j = k
    while (
        j > max(0, k - _SOURCE) and t.raw[j - 1] not in _BREAKS and t.low[j - 1] not in lex.words["attribution.before"]
    ):
        j -= 1
    words = span(t, j, k)
    if t.low[k] in lex.words["attribution.ambiguous"] and not _claims(t, k + 1, lex):
        return ""
    if words:
        counted = any(w[:1].isdecimal() for w in t.raw[j:k])  # "62 percent said yes"
        return "" if counted or t.low[k - 1] in lex.words["attribution.not_speakers"] else words
    behind = _named_behind(t, k + 1, lex)
    if (behind and t.capital(k + 1)) or (t.low[k + 1] in lex.words["scope.articles"] and _ends_at_break(t, k + 1, lex)):
        return behind
    return _first_name(t, k) if t.raw[k - 1] == "," else ""


def _ends_at_break(t: Tokens, j: int, lex: Lexicon) -> bool:
    k = j
    while k < j + _SOURCE and t.raw[k] not in _BREAKS and t.low[k] not in lex.words["attribution.ends"]:
        k += 1
    return t.raw[k] in _BREAKS


def _first_name(t: Tokens, k: int) -> str:
    """The name that opens a sentence before an apposition: "Yevhen Zosin, 74, a resident, said"."""
    j = 0
    while j < min(k, _SOURCE) and t.raw[j] not in _BREAKS:
        j += 1
    return span(t, 0, j) if 0 < j < _SOURCE and t.capital(0) else ""


def _claims(t: Tokens, k: int, lex: Lexicon) -> bool:
    """Tell whether what follows "confirmed", "reported" … is what somebody says, so that the word is a verb."""
    word = t.low[k]
    return (
        word in lex.words["attribution.claims"]
        or word[:1].isdecimal()
        or lex.hedges.at(t.low, k) is not None
        or word in lex.small
    )


def _named_behind(t: Tokens, j: int, lex: Lexicon) -> str:
    k = j + (t.low[j] in lex.words["scope.articles"])
    while k < j + _SOURCE and t.raw[k] not in _BREAKS and t.low[k] not in lex.words["attribution.ends"]:
        k += 1
    return span(t, j, k)


def attributed(found: list[tuple[int, int, str]], at: int, t: Tokens) -> str | None:
    """The source of the figure at token `at`: the one speaking before it in the clause, else the next one behind it."""
    before = [s for s in found if s[0] < at]
    behind = [s for s in found if s[0] > at]
    if not before:
        return behind[0][2] if behind else None
    verb, end, source = before[-1]
    between = t.raw[end:at]
    if ";" in between:
        return behind[0][2] if behind else None
    if behind and "," in between and t.raw[verb - 1] != ",":
        return behind[0][2]
    return source


# --- scope -----------------------------------------------------------------------------------------


def places(t: Tokens, lex: Lexicon) -> list[tuple[int, str]]:
    """The places that a sentence names, each with its token: "in Odisha"."""
    found: list[tuple[int, str]] = []
    words, articles = lex.words["scope.place"], lex.words["scope.articles"]
    for k in range(t.count - 1):
        if t.low[k] in words and not t.raw[k].isupper():
            j = k + 1 + (t.low[k + 1] in articles)
            if _is_name(t, j, lex):
                found.append((k, span(t, j, _name_end(t, j, lex))))
    return found


def nearest(marks: list[tuple[int, str]], start: int, end: int, edge: tuple[int, int]) -> str | None:
    """Of marks with their tokens the one that scopes the figure [start, end): behind it first, before it otherwise."""
    before = None
    for k, text in marks:
        if end <= k < edge[1]:
            return text
        if edge[0] <= k < start:
            before = text
    return before


def _is_name(t: Tokens, j: int, lex: Lexicon) -> bool:
    return t.capital(j) and t.low[j] not in lex.words["scope.period_words"] and t.raw[j].isalpha()


def _name_end(t: Tokens, j: int, lex: Lexicon) -> int:
    k = j + 1
    while k < j + 5 and (_is_name(t, k, lex) or (t.low[k] in lex.words["numerals.of"] and _is_name(t, k + 1, lex))):
        k += 1
    return k


def periods(t: Tokens, lex: Lexicon) -> list[tuple[int, str]]:
    """The times that a sentence names, each with its token: "since Sept. 27", "on Monday", "last year", "in 2019"."""
    found: list[tuple[int, str]] = []
    words, openers = lex.words["scope.period_words"], lex.words["scope.period"]
    for k in range(t.count):
        if t.low[k] in words and (t.capital(k) or t.low[k] not in lex.words["dates.ambiguous"]):
            found.append((k, _period_span(t, k, lex)))
        elif t.low[k] in openers and looks_like_year(t.raw[k + 1]):
            found.append((k, span(t, k, k + 2)))
    return found


def _period_span(t: Tokens, k: int, lex: Lexicon) -> str:
    """The words around the word of time at token k: "since Sept. 27", "a year earlier", "the third quarter of 2023"."""
    words = lex.words
    dated = t.low[k] in words["dates.months"]
    j = k - (dated and t.raw[k - 1].isdecimal())
    while j > max(0, k - 4) and (t.low[j - 1] in words["scope.period"] or t.low[j - 1] in words["scope.inside"]):
        j -= 1
    e = k + 1
    while e < k + 5 and (
        t.low[e] in words["scope.period_words"]
        or t.low[e] in words["scope.after"]
        or (dated and _date_goes_on(t, e))
        or (t.low[e] in words["numerals.of"] and looks_like_year(t.raw[e + 1]))
        or (t.low[e - 1] in words["numerals.of"] and t.raw[e].isdecimal())
    ):
        e += 1
    return span(t, j, e)


def _date_goes_on(t: Tokens, e: int) -> bool:
    text = t.raw[e + (t.raw[e] in {".", ","})]
    return text.isdecimal() and len(text) in {1, 2, 4}
