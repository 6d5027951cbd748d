"""What each figure counts, when, and in which role: read from the words around it.

The figures of a sentence share its words: those between two figures are weighed by their distance, and
crossing "and" or a comma makes a word farther away ("killed 47 and injured 12" gives each its own verb).
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain, takewhile
from typing import TYPE_CHECKING

from worker.core.revisions.context import FIGURE, PEOPLE, Mention, Role, Version
from worker.core.revisions.periods import SPANS, Kind, date_figure, dates_in
from worker.core.revisions.roles import bound_of, continued, is_more, is_part, is_rate, role_of
from worker.core.revisions.units import kind_of, value_key
from worker.core.revisions.words import WORD, stem
from worker.model import Part

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from worker.core.revisions.context import Sentence
    from worker.core.revisions.periods import Date
    from worker.core.revisions.words import Lexicon, Token

BREAKS = frozenset({",", ";", ":", "(", ")", "—", "–"}) | frozenset(  # noqa: RUF001 -- dashes as printed
    [
        "and",
        "but",
        "while",
        "when",
        "as",
        "after",
        "because",
        "since",
        "before",
        "until",
        "although",
        "though",
        "which",
    ],
)
CLAUSE_STARTS = BREAKS - {"and"}
OF_THINGS = frozenset({"destroyed", "damaged", "outage"})  # what people are not: "burnt to death"
VERB_REACH = 5  # words between a verb and the counted noun that follows it
OF_BONUS = 3  # words by which what follows "of" comes nearer
CROSSING = 4  # words that a break counts for
PASSING = 6  # words that another figure counts for
WINDOW = 24  # words looked at on each side
NEAR = 8  # words on each side in which a clause says what a figure does
FAR = 16  # distance up to which a word still describes a figure
FADING = 5.0  # words after which one counts for a third
NEARNESS = tuple(math.exp((1 - distance) / FADING) for distance in range(FAR + 1))
BESIDE = 4  # words on each side that can only belong to it
OPENING = 4  # sentences, headline included, in which a report says what day it was made
LONGEST_OF = 3  # words of "of all the" between a part and its whole


def names_in(versions: Iterable[Version]) -> frozenset[str]:
    """Stems that are capitalised inside a sentence of the text; headlines may capitalise anything."""
    return frozenset(
        chain.from_iterable(
            [
                sentence.wording.names
                for version in versions
                for sentence in version.sentences
                if sentence.part is Part.TEXT
            ]
        )
    )


@dataclass(slots=True)
class _Passage:
    """What reading a version from top to bottom remembers."""

    live: bool  # newest first: what stands above is newer
    previous: Mention | None = None
    seen: set[tuple[str | None, str]] = field(default_factory=set)
    newer: dict[tuple[str | None, str], Sentence] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)  # that the paragraph has named last
    paragraph: int | None = None

    def enter(self, sentence: Sentence, dates: Iterable[Date]) -> dict[str, str]:
        """The days that were told of before this sentence."""
        if sentence.span.paragraph != self.paragraph or sentence.part is Part.TITLE:
            self.days, self.paragraph = {}, sentence.span.paragraph
        before = self.days
        self.days = {date.kind: date.key for date in dates if date.kind in {Kind.DAY, Kind.DATE}} or before
        return before

    def take(self, mention: Mention) -> None:
        """Note a figure: whether it is the first of its kind, and whether one above is newer."""
        self.previous = mention
        if mention.sentence.part is not Part.TEXT:
            return
        counted = (mention.concept, mention.unit)
        if mention.role is Role.LEVEL and not mention.more and counted not in self.seen:
            self.seen.add(counted)
            mention.first = True
        if self.live:
            for key in (counted, (mention.noun, mention.unit)):
                if key[0]:
                    mention.stale = mention.stale or self.newer.get(key, mention.sentence) is not mention.sentence
                    self.newer.setdefault(key, mention.sentence)


def describe(version: Version, names: Container[str], lexicon: Lexicon, *, everything: bool) -> None:
    """Fill in what the words around each figure say of it; `names` are the stems that are names.

    Without `everything`, sentences that both versions have are left out: their figures are paired already.
    """
    dated = _dated(version, lexicon)
    years = frozenset(date.key for dates, _ in dated for date in dates if date.kind == Kind.YEAR)
    told = " ".join(sorted(set().union(*(days for _, days in dated[:OPENING]))))
    passage = _Passage(version.live)
    following = [*version.sentences[1:], None][: len(version.sentences)]
    for sentence, after, (dates, _) in zip(version.sentences, following, dated, strict=True):
        sentence.years = years
        told_of = passage.enter(sentence, dates)
        if not everything and sentence.repeated and (after is None or after.repeated):
            continue  # not even the next sentence needs it
        for mention in sentence.mentions:
            mention.told_of = told_of
            _describe_figure(mention, passage.previous, (dates, told), names, lexicon)
            passage.take(mention)
        _sum_up(sentence)


def _dated(version: Version, lexicon: Lexicon) -> list[tuple[list[Date], set[str]]]:
    """The dates of each sentence that has figures or opens the text; those of the whole version are noted in it."""
    dated = [
        _dates_of(sentence, lexicon) if sentence.mentions or number < OPENING else ([], set())
        for number, sentence in enumerate(version.sentences)
    ]
    version.days = frozenset(date.key for dates, _ in dated[1:OPENING] for date in dates if date.kind == Kind.DAY)
    version.months = frozenset(date.key for dates, _ in dated[:OPENING] for date in dates if date.kind in SPANS)
    return dated


def _dates_of(sentence: Sentence, lexicon: Lexicon) -> tuple[list[Date], set[str]]:
    """As `dates_in`, which the other version may have asked for already."""
    wording = sentence.wording
    if wording.dates is None:
        wording.dates = dates_in(wording.tokens, lexicon)
    return wording.dates


def _describe_figure(
    mention: Mention,
    previous: Mention | None,
    dated: tuple[list[Date], str],
    names: Container[str],
    lexicon: Lexicon,
) -> None:
    """What its own sentence and the figure before say of one; `dated`: the sentence's dates, the report's days."""
    left, right = segments(mention)
    read_thing(mention, left, right, names, lexicon)
    mention.role = role_of(mention, left, right, lexicon)
    mention.bound = bound_of(mention, left, right, lexicon)
    mention.rate = mention.figure.per is not None or is_rate(right, lexicon)
    mention.part, mention.more = is_part(left, right, lexicon), is_more(mention, left, right, lexicon)
    date_figure(mention, *dated, (left, right), lexicon)
    mention.subject = subject_of(mention.sentence.tokens[: mention.at], lexicon)
    read_whole(mention, right, lexicon)
    borrow(mention, previous, left, right, lexicon)
    mention.role = continued(mention, previous, left)


def _sum_up(sentence: Sentence) -> None:
    """What the figures of a sentence are together."""
    divide_words(sentence)
    sentence.owners = frozenset(mention.owner for mention in sentence.mentions)
    sentence.superseded = frozenset(
        value_key(mention.figure) for mention in sentence.mentions if mention.role is Role.SUPERSEDED
    )
    sentence.baselines = frozenset(
        value_key(mention.figure)
        for mention in sentence.mentions
        if mention.role is Role.BASELINE and not mention.period
    )


def read_thing(
    mention: Mention, left: Sequence[Token], right: Sequence[Token], names: Container[str], lexicon: Lexicon
) -> None:
    """What is counted, by whom it is told, and the words around it."""
    around = surroundings(mention)
    read_noun(mention, left, right, lexicon)
    read_concept(mention, around, lexicon)
    read_source(mention, lexicon)
    read_words(mention, around, names, lexicon)
    mention.owner = owner_of(mention, left, right, names, lexicon)


def segments(mention: Mention) -> tuple[list[Token], list[Token]]:
    """The words from the figure back to the one before it, nearest first, and on to the one after it."""
    tokens, at = mention.sentence.tokens, mention.at
    begin, end = at, at + 1
    while begin > max(0, at - WINDOW) and tokens[begin - 1].word is not FIGURE:
        begin -= 1
    while end < min(len(tokens), at + WINDOW) and tokens[end].word is not FIGURE:
        end += 1
    return tokens[begin:at][::-1], tokens[at + 1 : end]


def surroundings(mention: Mention) -> list[tuple[int, int, Token]]:
    """The telling words around a figure: distance with breaks and figures counted, side (0: after it), and the word."""
    tokens, at = mention.sentence.tokens, mention.at
    found: list[tuple[int, int, Token]] = []
    sides = (tokens[at + 1 : at + WINDOW], tokens[max(0, at - WINDOW) : at][::-1])
    for side, words in enumerate(sides):
        distance = 0
        for token in words:
            if token.telling:
                distance += CROSSING if token.word in BREAKS else 1
                found.append((distance, side, token))
            else:
                word = token.word
                distance += PASSING if word is FIGURE else CROSSING if word in BREAKS else 1
    return found


def read_concept(mention: Mention, around: Sequence[tuple[int, int, Token]], lexicon: Lexicon) -> None:
    """The counted noun, or the nearest word that names an event or state; what follows wins over what leads."""
    named = lexicon.concepts.get(mention.noun or "")
    if named and not mention.borrowed:
        mention.concept, mention.concept_distance = named, 0
        return
    if mention.concept:  # that of "the number of people killed"
        return
    named_by = [item for item in around if item[2].concept]
    if not named_by:
        return
    barred = OF_THINGS if mention.group in PEOPLE else frozenset()
    following = mention.sentence.tokens[mention.at + 1 : mention.at + 2]
    of = OF_BONUS if following and following[0].word == "of" else 0  # "61 percent of the votes"
    unit = kind_of(mention.unit)
    found = [
        (distance - (0 if side else of), side, concept)
        for distance, side, token in named_by
        if (concept := token.concept) and concept not in barred and unit in lexicon.concept_units.get(concept, {unit})
    ]
    own = mention.noun is not None and not mention.borrowed
    found = [item for item in found if not (own and item[1] and item[0] > VERB_REACH)]
    if found:
        mention.concept_distance, _, mention.concept = min(found)


def read_noun(mention: Mention, left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon) -> None:
    """The counted noun and its group; where the reader named none, a plural behind the figure or "the number of …".

    A noun that does not follow the figure is that of another one: "Four dead, 12 hurt".
    """
    noun = mention.figure.noun
    if noun:
        mention.noun = stem(noun.lower().split()[-1])
        mention.borrowed = all(lexicon.singular(token.stem) != lexicon.singular(mention.noun) for token in right[:NEAR])
    elif not mention.unit and right and right[0].word.endswith("s") and right[0].word not in lexicon.stopwords:
        mention.noun = right[0].stem
    elif not mention.unit:
        mention.noun, mention.concept = numbered(left, lexicon)
        mention.concept_distance = 1 if mention.concept else mention.concept_distance
    mention.group = lexicon.nouns.get(mention.noun) if mention.noun else None
    mention.topic = lexicon.topic(mention.noun) if mention.noun else None


def numbered(left: Sequence[Token], lexicon: Lexicon) -> tuple[str | None, str | None]:
    """Noun and concept of "the number of houses destroyed went up to 16", "the count of the injured"."""
    words = left[::-1]
    for at, token in enumerate(words[:-1]):
        if token.word in lexicon.numbering and words[at + 1].word == "of":
            counted = words[at + 2 : at + 2 + BESIDE]
            concepts = (lexicon.concepts[word.stem] for word in counted if word.stem in lexicon.concepts)
            plurals = (word.stem for word in counted if is_plural(word, lexicon))
            return next(plurals, None), next(concepts, None)
    return None, None


def is_plural(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word looks like a plural, or is one that the lexicon knows."""
    return (token.word.endswith("s") or token.stem in lexicon.nouns) and token.word not in lexicon.stopwords


def read_source(mention: Mention, lexicon: Lexicon) -> None:
    """Who says so: the words of the attribution that tell sources apart."""
    if mention.figure.attribution:
        said = WORD.findall(mention.figure.attribution.lower())
        mention.sources = frozenset([stem(word) for word in said if word not in lexicon.stopwords])
        mention.side = next((lexicon.sides[word] for word in sorted(mention.sources) if word in lexicon.sides), None)


def owner_of(
    mention: Mention, left: Sequence[Token], right: Sequence[Token], names: Container[str], lexicon: Lexicon
) -> str | None:
    """Whose figure it is: "40.2 percent for the Union", else the last name before it in its clause.

    A name that only tells who says so is no owner; a pronoun stands for the last name before it.
    """
    if right and right[0].word in lexicon.owner_behind:
        for token in right[1:BESIDE]:
            if token.capital and token.stem in names:
                return token.stem
    direct = list(takewhile(lambda token: token.capital and token.stem in names, right))
    if direct:  # "44 percent would choose Lund and 39 percent Osk"
        return direct[-1].stem
    for token in left:
        if token.word in lexicon.pronouns:
            subject = mention.sentence.tokens[max(0, mention.at - 2 * WINDOW) : mention.at][::-1]
            return next((other.stem for other in subject if other.capital and other.stem in names), None)
        if token.word in CLAUSE_STARTS or token.word in lexicon.reporting:
            return None
        if token.capital and token.stem in names:
            return token.stem
    return None


def read_words(
    mention: Mention, around: Sequence[tuple[int, int, Token]], names: Container[str], lexicon: Lexicon
) -> None:
    """Topic words, names and contrasts near the figure."""
    near = sorted([item for item in around if item[0] <= FAR and item[2].topical])
    words = mention.words
    for distance, _, token in near:
        if token.word not in lexicon.reporting and token.topic not in words:
            words[token.topic] = NEARNESS[distance]
        if distance <= BESIDE and (contrast := lexicon.contrasts.get(token.stem)):
            mention.contrasts.setdefault(*contrast)
    mention.names = frozenset(
        [token.stem for _, _, token in near if token.stem in names and token.stem not in mention.sources]
    )


def subject_of(leading: Sequence[Token], lexicon: Lexicon) -> str | None:
    """The topic of the first word of a sentence that carries one and says nothing of time: who or what it is about."""
    for token in leading:
        if token.word is FIGURE:
            return None
        if token.word[0].isalpha() and token.word not in lexicon.stopwords and token.word not in lexicon.weekdays:
            return token.topic
    return None


def divide_words(sentence: Sentence) -> None:
    """Give each topic word of a sentence to the figure of a unit that it stands nearest to.

    "Schools get £840m, hospitals £1.2bn": which words each figure is next to tells the figures of a list apart.
    """
    by_unit: dict[str, list[Mention]] = defaultdict(list)
    for mention in sentence.mentions:
        by_unit[mention.unit].append(mention)
    for mentions in by_unit.values():
        if len(mentions) == 1:
            mentions[0].own = dict(mentions[0].words)
        else:
            divide(mentions)
        for mention in mentions:
            mention.nearest = max(mention.own, key=mention.own.__getitem__, default=None)


def divide(mentions: Iterable[Mention]) -> None:
    """Give each word to the nearest of several figures, and tell the others which are not theirs."""
    best: dict[str, float] = {}
    for mention in mentions:
        for word, near in mention.words.items():
            if near > best.get(word, 0.0):
                best[word] = near
    for mention in mentions:
        mention.own = {word: near for word, near in mention.words.items() if near >= best[word]}
        mention.others = frozenset(best.keys() - mention.own.keys())


def borrow(
    mention: Mention, before: Mention | None, left: Sequence[Token], right: Sequence[Token], lexicon: Lexicon
) -> None:
    """An elliptic figure ("33 of them", "The islands reported 21.") counts what the one before it counted."""
    if before is None or mention.unit != before.unit or mention.sentence.index - before.sentence.index > 1:
        return
    same_paragraph = mention.sentence.span.paragraph == before.sentence.span.paragraph
    own = len(left) > 1 and left[0].word == "of" and left[1].word not in lexicon.cumulative  # "its capacity of 75"
    near = mention.sentence is before.sentence or mention.at <= BESIDE or len(right) <= 1 or mention.part
    if mention.unit == "" and mention.noun is None and same_paragraph and near and not own:
        mention.noun, mention.group, mention.topic = before.noun, before.group, before.topic
        mention.borrowed = True
        if mention.concept is None or mention.concept_distance > NEAR:
            mention.concept, mention.concept_distance = before.concept, NEAR
    if not mention.period and same_paragraph and mention.sentence is not before.sentence:
        mention.period = told_by(before).period


def told_by(last: Mention) -> Mention:
    """The figure whose time the next sentence goes on with: the first, in "4.7 billion in June, after 4.1 in May"."""
    return next((one for one in last.sentence.mentions if one.period), last)


def read_whole(mention: Mention, right: Sequence[Token], lexicon: Lexicon) -> None:
    """In "68 of the 150 seats" both figures count seats."""
    mentions = mention.sentence.mentions
    if mention.noun or mention.unit or not right or right[0].word != "of" or len(right) > LONGEST_OF:
        return
    whole = mentions[mention.slot + 1] if mention.slot + 1 < len(mentions) else None
    if whole and not whole.unit and whole.figure.noun:
        mention.noun = stem(whole.figure.noun.lower().split()[-1])
        mention.group = lexicon.nouns.get(mention.noun)
        mention.topic = lexicon.topic(mention.noun)
        mention.part = True
