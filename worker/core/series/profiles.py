"""The figures that an article reports, each with what it counts, where, when and on whose word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from worker.core.revisions.context import Role
from worker.core.revisions.evidence import SURE_DISTANCE
from worker.core.revisions.headlines import covered, tells_names
from worker.core.revisions.units import Values, same_value
from worker.core.series.clauses import (
    concept_of,
    head_of,
    is_age,
    is_partitive,
    is_whole,
    owner_of,
    place_of,
    sources_of,
    stands_by,
    told_concept,
)
from worker.core.series.phrases import is_apart
from worker.core.series.times import day_of, periods_of
from worker.model import Bound, Part, Profile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from worker.core.revisions.context import Mention, Sentence, Version
    from worker.core.revisions.words import Lexicon, Token
    from worker.model import Figure

MOST = 40  # figures of one article that are followed; beyond them stand tables
MOST_WORDS = 12
NO_NAMES = frozenset({"it", "he", "she", "that", "there", "here", "what", "today", "yesterday", "tomorrow"})
# What any source may be called: "officials said" contradicts nobody.
ANY_SOURCE = frozenset({
    "official", "authority", "authoriti", "company", "report", "media", "news", "agency", "statement", "source",
    "spokesman", "spokeswoman", "spokesperson", "local", "state", "people", "office", "lender", "operator", "chief",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reported:
    """A figure of an article, ready to be followed."""

    figure: Figure
    profile: Profile


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an article says of all its figures."""

    names: frozenset[str]  # stems that are names
    setting: frozenset[str]  # of them, those in headline and lead
    event: date | None  # the day that it opens with
    apart: bool  # it opens with a second event of its kind


def reported(version: Version, at: date, lexicon: Lexicon) -> tuple[Reported, ...]:
    """The levels that a described version reports, each once, in reading order; `at` is the day of the article."""
    body = Values(mention for mention in version.mentions if mention.figure.part is Part.TEXT)
    names = names_of(version, lexicon)
    around = Surroundings(names, setting_of(version, names), event_day(version, at), is_apart(opening_of(version)))
    found: list[tuple[Mention, Profile]] = []
    for mention in version.mentions:
        if not followable(mention, version, lexicon) or covered(mention, body):
            continue
        profile = profile_of(mention, around, at, lexicon)
        if not any(repeats(mention, profile, *other) for other in found):
            first = all(known.concept != profile.concept or known.unit != profile.unit for _, known in found)
            first = first and profile.near and mention.figure.part is Part.TEXT
            found.append((mention, replace(profile, first=first)))
    return tuple(Reported(mention.figure, profile) for mention, profile in found[:MOST])


def told(version: Version) -> frozenset[Decimal]:
    """The values that a version tells as levels, followed or not."""
    return frozenset(mention.figure.low for mention in version.mentions if mention.role is Role.LEVEL)


def followable(mention: Mention, version: Version, lexicon: Lexicon) -> bool:
    """Whether a figure tells how much there is: no change, yardstick, addition or distance in time."""
    if mention.role not in {Role.LEVEL, Role.CHANGE} or mention.unit == "time":
        return False
    if mention.figure.part is Part.TITLE and mention.figure.bound is Bound.VAGUE:
        return False  # "Tens of thousands march" sums up what several say below
    if mention.role is Role.CHANGE and mention.unit in {"%", "points"}:
        return False
    if is_age(mention, lexicon):
        return False
    if mention.more:
        return adds_nothing(mention, version)
    return mention.concept is not None or mention.noun is not None or bool(mention.unit)


def adds_nothing(mention: Mention, version: Version) -> bool:
    """Whether "a further 210 were injured" only passes from one thing to the next: nothing like it is told."""
    return all(
        other.concept != mention.concept
        for other in version.mentions
        if other is not mention
        and other.unit == mention.unit
        and other.figure.part is Part.TEXT
        and not is_whole(other)
    )


def repeats(mention: Mention, profile: Profile, other: Mention, known: Profile) -> bool:
    """Whether a figure was told before in the same article."""
    if mention.unit != other.unit or not same_value(mention.figure, other.figure):
        return False
    same_thing = profile.concept == known.concept or None in (profile.concept, known.concept)
    return same_thing and (profile.place == known.place or not profile.place or not known.place)


def names_of(version: Version, lexicon: Lexicon) -> frozenset[str]:
    """Stems that are capitalised inside a sentence, or possess something at its head ("Karvia's army")."""
    return frozenset(
        token.stem
        for sentence in version.sentences
        if sentence.part is Part.TEXT or tells_names(sentence)
        for token in (*sentence.tokens[1:], *filter(is_possessive, sentence.tokens[:1]))
        if token.capital and token.stem not in lexicon.weekdays and token.word not in lexicon.months
    )


def is_possessive(token: Token) -> bool:
    """As in "Karvia's"; "it's" and "today's" are no names."""
    return token.word.endswith(("'s", "\u2019s")) and token.stem not in NO_NAMES


def setting_of(version: Version, names: frozenset[str]) -> frozenset[str]:
    """Stems of the names in headline and lead."""
    return frozenset(
        token.stem
        for sentence in opening_of(version)
        for token in sentence.tokens
        if token.capital and token.stem in names
    )


def opening_of(version: Version) -> list[Sentence]:
    """Headline and lead."""
    lead = next((sentence for sentence in version.sentences if sentence.part is Part.TEXT), None)
    title = [sentence for sentence in version.sentences if sentence.part is Part.TITLE]
    return [*title, lead] if lead else title


def event_day(version: Version, at: date) -> date | None:
    """The day that the lead dates its figures with: that of the event."""
    for mention in version.mentions:
        if mention.figure.part is Part.TEXT and not mention.running and (day := day_of(mention.period, at)):
            return day
    return None


def profile_of(mention: Mention, around: Surroundings, at: date, lexicon: Lexicon) -> Profile:
    """Everything that tells a figure apart from others."""
    words = sorted(mention.words.items(), key=lambda item: (-item[1], item[0]))[:MOST_WORDS]
    own, sources = day_of(mention.period, at), sources_of(mention, lexicon)
    running = mention.running or head_of(mention, lexicon) is not None
    return Profile(
        unit=mention.unit,
        per=mention.figure.per,
        noun=None if mention.borrowed else mention.noun,
        group=None if mention.borrowed else mention.group,
        concept=concept_of(mention, lexicon),
        near=mention.concept_distance <= SURE_DISTANCE or told_concept(mention, lexicon) is not None,
        contrasts=dict(mention.contrasts),
        part=mention.unit != "%" and (mention.part or is_partitive(mention)),  # "33 percent of the vote"
        first=False,
        place=place_of(mention),
        names=mention.names,
        setting=around.setting,
        owner=owner_of(mention),
        sources=frozenset(word for word in sources if word not in ANY_SOURCE and len(word) > 2),  # noqa: PLR2004
        named=not sources.isdisjoint(around.names),
        side=mention.side,
        periods=periods_of(mention, at, dated=stands_by(mention, lexicon)),
        day=None if running else own or around.event,
        dated=own is not None and not running and stands_by(mention, lexicon),
        running=running,
        words=dict(words),
        apart=around.apart,
    )


def merged(known: Profile, newer: Profile) -> Profile:
    """The profile of a series with its newest figure: the thing stays, what is said around it is the newest's."""
    return replace(
        newer,
        noun=known.noun or newer.noun,
        group=known.group or newer.group,
        concept=known.concept
        or (newer.concept if newer.near and (known.noun == newer.noun or not known.noun) else None),
        near=newer.near or known.near,
        contrasts={**known.contrasts, **newer.contrasts},
        place=newer.place or known.place,
        names=newer.names or known.names,
        owner=newer.owner or known.owner,
        sources=newer.sources or known.sources,
        named=newer.named if newer.sources else known.named,
        side=known.side if newer.side is None else newer.side,
        periods=newer.periods or known.periods,
        day=newer.day if newer.dated or not known.day else known.day,
        dated=newer.dated or known.dated,
        words=blended(known.words, newer.words),
        apart=known.apart or newer.apart,
    )


def blended(known: Mapping[str, float], newer: Mapping[str, float]) -> dict[str, float]:
    """Half of what was known, half of what is new, the strongest words."""
    both = {word: (known.get(word, 0.0) + newer.get(word, 0.0)) / 2 for word in {*known, *newer}}
    strongest = sorted(both.items(), key=lambda item: (-item[1], item[0]))
    return dict(strongest[: 2 * MOST_WORDS])
