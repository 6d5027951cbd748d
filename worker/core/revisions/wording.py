"""Why two figures are held to be one, in words that a person can check against both texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from worker.core.revisions.context import Mention
    from worker.core.revisions.evidence import Evidence
    from worker.core.revisions.withdrawals import Withdrawal

ENOUGH = 0.5  # log-odds from which an observation is worth telling
NEARLY = 1.0  # log-odds within which another pair is worth telling

# What both have in common never speaks against them: a weight is negative where others beside it count the same again.
AGREEMENTS = frozenset({
    "same sentence", "sentence", "words", "own words", "sole", "place", "noun group", "concept", "first", "names",
    "owner", "left over", "left of kind", "same noun", "same source", "hedged alike", "tied", "grows", "close",
    "both open",
})  # fmt: skip


def because_matched(found: Evidence) -> str:
    """What matched, what did not, and both sentences."""
    speaks = [said for name, value in found.observed.items() if value >= ENOUGH and (said := told(name, found))]
    against = [
        said
        for name, value in found.observed.items()
        if value <= -ENOUGH and name not in AGREEMENTS and (said := told(name, found))
    ]
    reasons = "; ".join(speaks) or "little but its place in the text"
    if against:
        reasons += f"; against it: {'; '.join(against)}"
    if found.rival and found.rival.score > found.score - NEARLY:
        reasons += f"; nearly as likely: {pair_of(found.rival)}"
    return f"{reasons}. Old: “{found.old.sentence.text}” New: “{found.new.sentence.text}”"


def pair_of(found: Evidence) -> str:
    """Two figures as printed, and their sentences."""
    return (
        f"{as_printed(found.old)} → {as_printed(found.new)} (“{found.old.sentence.text}” “{found.new.sentence.text}”)"
    )


def because_withdrawn(item: Withdrawal) -> str:
    """The old sentence and the new one that speaks for the withdrawal."""
    reason = (
        "the new version says that a figure was taken back or is not known"
        if item.said
        else "the new version tells the same without the figure"
    )
    return f"{reason}. Old: “{item.old.sentence.text}” New: “{item.sentence.text}”"


def told(name: str, found: Evidence) -> str:
    """An observation in words; empty for those that a person could not check."""
    say = SAID.get(name)
    return say(found.old, found.new) if say else ""


def noun(mention: Mention) -> str:
    """The counted noun as printed."""
    return mention.figure.noun or mention.noun or "things"


def listed(words: Iterable[str]) -> str:
    """At most five words in alphabetical order."""
    return ", ".join(sorted(words)[:5]) or "none"


def printed(stems: Collection[str], *mentions: Mention) -> str:
    """At most five words, given by stem or topic, as the sentences of the mentions print them, in their order there."""
    words: dict[str, str] = {}
    for mention in mentions:
        for token in mention.sentence.tokens:
            if token.stem in stems or token.topic in stems:
                words.setdefault(token.topic, token.word.capitalize() if token.capital else token.word)
    return ", ".join(list(words.values())[:5]) or "none"


def sentences(old: Mention, new: Mention) -> str:
    """The words that two sentences share."""
    return f"sentences alike ({printed(old.sentence.bag.keys() & new.sentence.bag.keys(), old)})"


def as_printed(mention: Mention) -> str:
    """The figure as its sentence prints it."""
    start = mention.sentence.span.start
    return mention.sentence.text[max(0, mention.figure.start - start) : mention.figure.end - start]


def of_kind(mention: Mention) -> str:
    """What it could be mistaken for: its unit, or the noun that it counts."""
    return mention.figure.unit or noun(mention)


def in_unit(mention: Mention) -> str:
    """Its unit; counts have none."""
    return f"in {mention.figure.unit}" if mention.figure.unit else "that count things"


def crossed(old: Mention, new: Mention) -> str:
    """Words that one version puts next to the figure and the other one next to another figure."""
    one, two = old.own.keys() & new.others, new.own.keys() & old.others
    return f"words next to another figure there ({printed({*one, *two}, old, new)})"


def times(old: Mention, new: Mention) -> str:
    """What dates the two figures."""
    return f"other times ({listed(old.period.values())}; {listed(new.period.values())})"


def events(old: Mention, new: Mention) -> str:
    """What the two figures tell of."""
    return f"{old.concept} became {new.concept}"


def owners(old: Mention, new: Mention) -> str:
    """Whose figures they are."""
    return f"{printed({old.owner or ''}, old)} became {printed({new.owner or ''}, new)}"


SAID: Mapping[str, Callable[[Mention, Mention], str]] = {
    "same sentence": lambda _old, _new: "the same sentence but for the figures",
    "other place in it": lambda _old, _new: "another place in the sentence",
    "sentence": sentences,
    "words": lambda old, new: f"the same words beside it ({printed(old.words.keys() & new.words.keys(), old)})",
    "no words": lambda _old, _new: "no word beside it is the same",
    "sole": lambda old, _new: f"few figures of {of_kind(old)} could be meant",
    "place": lambda old, _new: f"both in {old.figure.place}",
    "other place": lambda old, new: f"other places ({old.figure.place}; {new.figure.place})",
    "age of another": lambda _old, _new: "no name says that both are one person's age",
    "other unit": lambda old, new: f"other units ({old.figure.unit}; {new.figure.unit})",
    "noun group": lambda old, new: f"{noun(old)} and {noun(new)}",
    "other noun": lambda old, new: f"{noun(old)} became {noun(new)}",
    "concept": lambda old, _new: f"both tell of: {old.concept}",
    "first": lambda old, _new: f"both are the first figure on: {old.concept}",
    "other concept": events,
    "other weak concept": events,
    "contrast": lambda _old, _new: "words that exclude each other",
    "names": lambda old, new: f"the same names ({printed(old.names & new.names, old)})",
    "other names": lambda old, new: f"other names ({printed(old.names, old)}; {printed(new.names, new)})",
    "owner": lambda old, _new: f"both of {printed({old.owner or ''}, old)}",
    "other owner": owners,
    "owners crossed": owners,
    "other period": times,
    "other clock": times,
    "year on one side": times,
    "next report": lambda _old, _new: "the new version reports on another day",
    "lead retold": lambda _old, _new: "the new version tells what opened the old one as background",
    "of its day": lambda _old, _new: "the versions tell of other days, and such figures belong to one",
    "told of another day": lambda _old, _new: "their paragraphs tell of other days",
    "rate against count": lambda _old, _new: "one is a rate, the other a count",
    "swapped": lambda _old, _new: "the words next to it stand next to another figure now",
    "old value beside": lambda _old, _new: "the old value stands beside the new one",
    "tied": lambda _old, _new: "other figures of the two sentences agree",
    "still shown": lambda _old, _new: "the new version still has the old sentence",
    "other month": times,
    "own words": lambda old, new: f"next to the same words ({printed(old.own.keys() & new.own.keys(), old)})",
    "words crossed": crossed,
    "nearest word crossed": crossed,
    "left over": lambda old, _new: f"few figures {in_unit(old)} are left without a partner",
    "left of kind": lambda old, _new: f"few figures of {of_kind(old)} are left without a partner",
    "same noun": lambda old, _new: f"both count {noun(old)}",
    "same source": lambda old, _new: f"both told by {old.figure.attribution}",
    "hedged alike": lambda old, _new: f"both hedged ({old.figure.hedge or old.figure.bound})",
    "replaces baseline": lambda _old, _new: "the new sentence measures the new value against the old one",
    "old value stays": lambda old, _new: f"the new version still gives {as_printed(old)}",
    "old value dated": lambda old, _new: f"the new version gives {as_printed(old)} for another time",
    "new value known": lambda _old, new: f"the old version had {as_printed(new)} already",
    "history": lambda _old, _new: "what opened the old version is told as past in the new one",
    "other month told": lambda _old, _new: "the versions open with other months or quarters",
    "grows": lambda old, _new: f"such counts grow: {old.concept}",
    "close": lambda _old, _new: "the values are close",
    "magnitude": lambda _old, _new: "the values are far apart",
    "both open": lambda _old, _new: "both open their version",
    "elsewhere": lambda _old, _new: "far apart in the two versions",
    "other people": lambda old, new: f"{noun(old)} became {noun(new)}",
    "common value": lambda old, _new: f"{as_printed(old)} stands in several places",
    "declared": lambda _old, _new: "a correction notice names both values",
    "old value declared": lambda _old, _new: "a correction notice names the old value",
    "replaces": lambda _old, _new: "the new sentence names the old value as superseded",
    "source": lambda old, new: f"other sources ({old.figure.attribution}; {new.figure.attribution})",
    "other side": lambda old, new: f"claims of two sides ({old.figure.attribution}; {new.figure.attribution})",
    "role": lambda old, new: f"{old.role} became {new.role}",
    "rate or change": lambda old, new: f"{old.role} became {new.role}",
    "superseded": lambda old, new: f"{old.role} became {new.role}",
}
