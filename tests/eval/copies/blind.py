"""Labelled pairs that the rules for copies were not fitted to, made in another way than those of `pairs.py`.

Two sources. Versions of one article by two hands that had nothing to do with copies (`gold/pairs.jsonl` and
`gold/blind-pairs.jsonl`): each is a copy of the other when most of their words agree in order (`RATIO`, by difflib,
which the rules do not use); the same class of news from another article is not. And desks of ten languages at work on
the stories of `gold/sites/sites.toml`.
"""

import difflib
import json
import random
import re

from tests.eval import sites
from tests.eval.copies.pairs import Pair

GOLD = sites.GOLD.parents[1]
RATIO = 0.6  # of two versions; those between this and a third are left out: editors would argue
UNLIKE = 0.33
FEWEST_WORDS = 25
STRANGERS = 2  # of the same class, for each article


def versions():
    """(name, class, old text, new text) of articles that are long enough to be copied."""
    for name in ("pairs.jsonl", "blind-pairs.jsonl"):
        for line in (GOLD / name).read_text(encoding="utf-8").splitlines():
            pair = json.loads(line)
            old, new = pair["old"]["text"], pair["new"]["text"]
            if min(len(old.split()), len(new.split())) >= FEWEST_WORDS and old != new:
                yield pair["id"], pair["class"], old, new


def ratio(one, other):
    return difflib.SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def of_versions():
    told = list(versions())
    dice = random.Random("versions")
    for name, kind, old, new in told:
        alike = ratio(old, new)
        if alike >= RATIO:
            yield Pair(f"version {name}", old, new, copy=True)
        elif alike < UNLIKE:
            yield Pair(f"rewrite {name}", old, new, copy=False)
        strangers = [other for other in told if other[1] == kind and other[0] != name]
        for stranger in dice.sample(strangers, min(STRANGERS, len(strangers))):
            if ratio(old, stranger[3]) < UNLIKE:
                yield Pair(f"stranger {name} {stranger[0]}", old, stranger[3], copy=False)


def of_desks():
    told = list(sites.outlets())
    for n, outlet in enumerate(told):
        story, dice = outlet.text, random.Random(outlet.language)
        whole, wire = "\n\n".join(story), outlet.language.upper()
        other = told[(n + 1) % len(told)]
        copies = {
            "one paragraph": " ".join(story),
            "turned round": "\n\n".join([story[1], story[0], story[3], story[2]]),
            "credited above and below": f"{outlet.brief[0]} (dpr)\n\n{whole}\n\n© dpr 2026. {outlet.wall[1]}",
            "in a round-up": "\n\n".join([outlet.brief[1], *story[:3], outlet.about[1], outlet.about[2]]),
            "typeset": typeset(whole),
            "one word in each sentence": reworded(story, outlet, dice),
            "half behind an offer": "\n\n".join([*story[:2], outlet.wall[0], outlet.wall[1]]),
        }
        for name, text in copies.items():
            yield Pair(f"{wire}: {name}", whole, text, copy=True)
        listed = [f"{headline}." for headline in outlet.headlines]
        around = "\n\n".join([*listed[:5], outlet.consent[2], outlet.wall[1]])
        yield Pair(f"{wire}: other story of the desk", whole, "\n\n".join([*outlet.about, outlet.brief[1]]), copy=False,
                   same_outlet=True)  # fmt: skip
        yield Pair(f"{wire}: same furniture", f"{around}\n\n{whole}", f"{outlet.about[1]}\n\n{around}", copy=False,
                   same_outlet=True)  # fmt: skip
        yield Pair(f"{wire}: a translation", whole, "\n\n".join(other.text), copy=False)
        yield Pair(f"{wire}: one sentence quoted", whole, "\n\n".join([*outlet.about[1:], story[3]]), copy=False)


def typeset(text):
    """Other quotes, dashes, groups of digits and blanks."""
    text = re.sub(r"(\d)[.,  ](\d{3})\b", "\\1\u202f\\2", text)
    return text.replace(", ", ",\u00a0").replace("'", "\u2019").replace(" - ", " \u2014 ")


def reworded(story, outlet, dice):
    """A word of each sentence gives way to one of the day's headlines."""
    spare = " ".join(outlet.headlines).split()
    made = []
    for paragraph in story:
        sentences = []
        for sentence in re.split(r"(?<=[.。])\s*", paragraph):
            words = sentence.split()
            if len(words) > 4:
                words[dice.randrange(1, len(words) - 1)] = dice.choice(spare)
            sentences.append(" ".join(words))
        made.append(" ".join(sentences))
    return "\n\n".join(made)


def pairs():
    made = [*of_versions(), *of_desks()]
    return list({pair.name: pair for pair in made}.values())
