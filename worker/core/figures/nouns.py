# ruff: noqa: PLR2004 - sizes of small windows, digits of printed numbers
"""The thing that is counted: the noun phrase behind a number, its head, and its singular."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from worker.core.figures.lexicon import Lexicon
    from worker.core.figures.tokens import Tokens

_LONGEST = 6  # words of a noun phrase


class Phrase(NamedTuple):
    """A noun phrase: tokens [start, end), and the counted noun in the singular with what specifies it."""

    start: int
    end: int
    noun: str | None


def singular(word: str, lex: Lexicon) -> str:
    """The singular of a noun; the word itself where it is none that ends like a plural."""
    low = word.lower()
    if low in lex.irregular:
        return lex.irregular[low]
    if low in lex.words["words.not_plural"]:
        return word
    if not _ends_like_plural(low, lex):
        return word
    for plural, one in lex.plurals:
        if low.endswith(plural) and len(low) > len(plural) + 1:
            return word[: -len(plural)] + one
    return word


def is_plural(word: str, lex: Lexicon) -> bool:
    """Tell whether a word in lower case looks like a plural."""
    return word in lex.irregular or (_ends_like_plural(word, lex) and word not in lex.words["words.not_plural"])


def _ends_like_plural(word: str, lex: Lexicon) -> bool:
    return len(word) > 3 and word.endswith(lex.plurals[-1][0]) and not word.endswith(lex.no_plurals)


def after(t: Tokens, j: int, lex: Lexicon, *, one: bool, part: bool) -> Phrase | None:
    """The noun phrase behind a number that ends at token j: "six command posts", "two of the deputies"."""
    if t.raw[j] == "-" and t.glued(j) and t.glued(j + 1):
        return _hyphened(t, j + 1, lex)
    start = _behind_of(t, j, lex)
    if start is None:
        return None
    if (
        t.raw[start + 1] == "-" and t.raw[start + 2].isdecimal() and t.glued(start + 2) and t.capital(start)
    ):  # "12 F-16s"
        return Phrase(
            start, start + 3 + (t.low[start + 3] == "s" and t.glued(start + 3)), f"{t.raw[start]}-{t.raw[start + 2]}"
        )
    of = start > j
    words = _run(t, start, lex, one=one and not of)
    if not words:
        return None
    head = _head(t, words, lex, one=one and not of, part=part)
    if head < 0:
        return None
    noun = _noun(t, [head] if lex.head_first else [k for k in words if k <= head], lex)
    return Phrase(start, head + 1, noun)


def _hyphened(t: Tokens, j: int, lex: Lexicon) -> Phrase | None:
    """Read "a four-story block": the noun is the word behind the hyphen."""
    if t.low[j] in lex.words["nouns.hyphen"]:  # "a 4,000-strong workforce"
        words = _run(t, j + 1, lex, one=False)
        return Phrase(j + 1, words[-1] + 1, _noun(t, words[-1:], lex)) if words else None
    if not t.raw[j].isalpha() or t.low[j] in lex.words["words.stop"]:
        return None
    return Phrase(j, j + 1, singular(t.low[j], lex))


def _behind_of(t: Tokens, j: int, lex: Lexicon) -> int | None:
    """Where the noun phrase starts: behind "of the", at once otherwise; None where nothing can be counted."""
    if t.low[j] in lex.words["nouns.more"]:
        j += 1
    if t.low[j] in lex.words["nouns.half_of"]:
        j += 1
    if t.low[j] not in lex.words["numerals.of"]:
        return j
    k = j + 1
    while (
        k < j + 4
        and (t.low[k] in lex.words["nouns.determiners"] or t.raw[k].endswith("'s"))
        and not t.raw[k - 1].endswith("'s")
    ):
        k += 1
    if k > j + 1 and (t.raw[k][:1].isdecimal() or t.low[k] in lex.starters):  # "four of the seven members"
        k += 1
    return k if t.raw[k][:1].isalpha() else None


def _run(t: Tokens, start: int, lex: Lexicon, *, one: bool) -> list[int]:
    """Tokens of a noun phrase from `start`: words up to one that cannot be inside it."""
    words: list[int] = []
    plural = False
    k, stop, verbs = start, lex.words["words.stop"], lex.words["words.verbs"]
    while len(words) < _LONGEST:
        word = t.low[k]
        if not word or not word[0].isalpha():
            break
        if word in stop and t.raw[k] not in {"US", "IT"} and not _hyphenates(t, k):
            break
        if words and word in lex.words["nouns.nominal"]:
            break
        if word in verbs and not _noun_after_all(t, k, start, lex, one=one, plural=plural):
            break
        if word.endswith(lex.adverbs) and word not in lex.words["words.adverbs_keep"] and not _goes_on(t, k + 1, lex):
            break
        if _is_participle(t.low[k], lex) and _opens_clause(t, k, lex, first=not words):
            break
        words.append(k)
        plural = plural or is_plural(word, lex)
        k += 1
        if t.low[k] in lex.joiners and not plural and plural_ahead(t, k + 1, lex):  # "Kia and Hyundai vehicles"
            k += 1
        if t.raw[k] == "-" and t.glued(k) and t.glued(k + 1):
            k += 1
    return words


def _hyphenates(t: Tokens, k: int) -> bool:
    """Tell whether token k is the first part of a compound such as "off-duty"."""
    return t.raw[k + 1] == "-" and t.glued(k + 1) and t.glued(k + 2)


def _goes_on(t: Tokens, k: int, lex: Lexicon) -> bool:
    return t.raw[k].isalpha() and t.low[k] not in lex.words["words.stop"]


def _noun_after_all(t: Tokens, k: int, start: int, lex: Lexicon, *, one: bool, plural: bool) -> bool:
    """Tell whether what may be a verb is a noun here: "47 wounded", "job cuts", "three cut flowers"."""
    if t.low[k] in lex.irregular:
        return True
    if k == start:  # a number but one takes no verb in -s: "345 runs"
        return is_plural(t.low[k + 1], lex) or (not one and is_plural(t.low[k], lex))
    return not (one or plural) and is_plural(t.low[k], lex)


def _is_participle(word: str, lex: Lexicon) -> bool:
    return (
        word.endswith(lex.participles) and word not in lex.irregular and word not in lex.words["words.not_participles"]
    )


def _opens_clause(t: Tokens, k: int, lex: Lexicon, *, first: bool) -> bool:
    """Tell whether a participle starts a clause ("8 estimates compiled by") or describes ("300 recorded songs")."""
    if first:
        return not plural_ahead(t, k + 1, lex)
    return is_plural(t.low[k - 1], lex) or not _goes_on(t, k + 1, lex)


def _head(t: Tokens, words: list[int], lex: Lexicon, *, one: bool, part: bool) -> int:
    """The token of the counted noun among the words of a phrase; -1 for none."""
    if one:
        return _singular_head(t, words, lex)
    if lex.head_first:
        return next((k for k in words if is_plural(t.low[k], lex)), words[0] if part else -1)
    for n, k in enumerate(words):
        if is_plural(t.low[k], lex) and not (
            n + 1 < len(words) and _is_countable(t.low[words[n + 1]], lex) and _adjacent(words, n)
        ):
            return (
                k
                if not (t.raw[k + 1] == "-" and t.glued(k + 1)) or n + 1 == len(words)
                else _head(t, words[n + 1 :], lex, one=False, part=part)
            )
    if part:
        return words[-1]
    if t.low[words[0]] in lex.words["nouns.attributive"] or len(words) > 2:  # "a 12 page letter"
        return words[0]
    return (
        words[-1] if len(words) > 1 or t.capital(words[0]) else -1
    )  # a lone word that is no plural is a verb or an adverb


def _is_countable(word: str, lex: Lexicon) -> bool:
    return is_plural(word, lex) and word not in lex.words["nouns.nominal"]


def _adjacent(words: list[int], n: int) -> bool:
    return words[n + 1] == words[n] + 1


def _singular_head(t: Tokens, words: list[int], lex: Lexicon) -> int:
    """Behind "one": the last word before one in -s, which would be a verb ("one proposal asks")."""
    kept: list[int] = []
    for k in words:
        if kept and is_plural(t.low[k], lex) and t.low[k] not in lex.irregular:
            break
        kept.append(k)
    return kept[-1]


def _noun(t: Tokens, words: list[int], lex: Lexicon) -> str | None:
    """The counted noun: its head in the singular behind the words that specify it, without origin and manner."""
    head = words[-1]
    parts = []
    for k in words[:-1]:
        if _is_modifier(t, k, lex):
            parts.append(t.low[k] if not t.raw[k].isupper() or len(t.raw[k]) < 2 else t.raw[k])
            if t.raw[k + 1] == "-" and t.glued(k + 1):
                parts[-1] += "-"
    noun = singular(t.low[head], lex)
    return " ".join([*parts, noun]).replace("- ", "-")


def _is_modifier(t: Tokens, k: int, lex: Lexicon) -> bool:
    word = t.low[k]
    if word in lex.words["words.demonyms"] or word in lex.words["nouns.more"]:
        return False
    if t.raw[k + 1] == "-" or t.raw[k - 1] == "-":
        return True
    if word.endswith(lex.adverbs) and word not in lex.words["words.adverbs_keep"]:
        return False
    return not (word.endswith(lex.participles[0]) and len(word) > 4 and word not in lex.words["words.not_participles"])


def plural_ahead(t: Tokens, k: int, lex: Lexicon, *, lower: bool = False) -> bool:
    """Tell whether a plural stands within three words that may belong to one noun phrase; `lower`: none capitalised."""
    stop, verbs = lex.words["words.stop"], lex.words["words.verbs"]
    for j in range(k, k + 3):
        word = t.low[j]
        if not word.isalpha() or word in stop or word in verbs or (lower and not t.raw[j].islower()):
            return False
        if is_plural(word, lex):
            return True
    return False
