"""Why two figures are held to be one, in words that a person can check against both texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from worker.core.revisions.context import Mention
    from worker.core.revisions.evidence import Evidence
    from worker.core.revisions.withdrawals import Withdrawal

ENOUGH = 0.5  # log-odds from which an observation is worth telling


def because_matched(found: Evidence) -> str:
    """What matched, what did not, and both sentences."""
    speaks = [said for name, value in found.observed.items() if value >= ENOUGH and (said := told(name, found))]
    against = [said for name, value in found.observed.items() if value <= -ENOUGH and (said := told(name, found))]
    reasons = "; ".join(speaks) or "little but its place in the text"
    if against:
        reasons += f"; against it: {'; '.join(against)}"
    return f"{reasons}. Old: “{found.old.sentence.text}” New: “{found.new.sentence.text}”"


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
    "sole": lambda old, _new: f"few figures of {noun(old) if not old.unit else old.figure.unit} could be meant",
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
    "tied": lambda _old, _new: "other figures of the two sentences agree",
    "still shown": lambda _old, _new: "the new version still has the old sentence",
    "alone": lambda _old, _new: "no other figure comes near",
    "last": lambda _old, _new: "every other figure of this unit has found its partner",
    "declared": lambda _old, _new: "a correction notice names both values",
    "old value declared": lambda _old, _new: "a correction notice names the old value",
    "replaces": lambda _old, _new: "the new sentence names the old value as superseded",
    "source": lambda old, new: f"other sources ({old.figure.attribution}; {new.figure.attribution})",
    "other side": lambda old, new: f"claims of two sides ({old.figure.attribution}; {new.figure.attribution})",
    "role": lambda old, new: f"{old.role} became {new.role}",
    "rate or change": lambda old, new: f"{old.role} became {new.role}",
    "superseded": lambda old, new: f"{old.role} became {new.role}",
}
