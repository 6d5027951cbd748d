"""The labelled pairs: which of two texts is a copy of the other, and which only looks like one.

Made from `stories.txt` and `forms.py` by the habits in `editing.py`, the same every time. A third of the stories
(`HELD_OUT`) was not looked at while thresholds were chosen.
"""

import random
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from tests.eval.copies import editing as edit
from tests.eval.copies.forms import FORMS

HELD_OUT = {"reactor", "bank", "budget", "incendie"}
FOLLOWED = 0.42  # of a follow-up's words at most repeat the article of the day before


@dataclass(frozen=True)
class Pair:
    name: str
    a: str
    b: str
    copy: bool
    same_outlet: bool = False
    held_out: bool = False


def stories():
    """{story: {writer: text}}."""
    found: dict[str, dict[str, str]] = {}
    for block in Path(__file__).with_name("stories.txt").read_text(encoding="utf-8").split("\n== ")[1:]:
        head, _, body = block.partition("\n")
        story, writer = head.split()
        found.setdefault(story, {})[writer] = edit.joined(line for line in body.split("\n") if line)
    return found


def pairs():
    told = stories()
    made = [pair for story in told for pair in (*_copies(story, told), *_lookalikes(story, told))]
    made += [*_across(told), *_forms()]
    assert len({pair.name for pair in made}) == len(made)
    return made


def _copies(story, told):
    dice = random.Random(story)
    wire = told[story]["a"]
    plain = edit.without_dateline(wire)
    styled = edit.house_style(plain, story)
    others = [texts["b"] for other, texts in told.items() if other != story]
    report = edit.joined([*dice.sample(others, 2), edit.cut(plain, 0.6), dice.choice(others)])
    half = edit.cut(plain, 0.5)
    versions = {
        "verbatim": edit.credited(wire),
        "styled": styled,
        "half": half,
        "third": edit.cut(plain, 0.35),
        "styled half": edit.cut(styled, 0.6),
        "middle": edit.middle(plain),
        "relocalised": edit.relocalised(plain, dice),
        "new lead": edit.new_lead(styled, dice),
        "merged": edit.merged(styled),
        "touched up": edit.touched_up(plain, dice),
        "reordered": edit.reordered(edit.touched_up(plain, dice, 0.03)),
        "one figure": edit.refigured(edit.credited(wire), dice),
        "two figures": edit.refigured(styled, dice, 2),
        "everything": edit.merged(edit.relocalised(edit.refigured(styled, dice), dice)),
        "in a live report": report,
        "with footer": edit.footed(edit.cut(plain, 0.7)),
    }
    for name, text in versions.items():
        yield Pair(f"{story}: {name}", wire, text, copy=True, held_out=story in HELD_OUT)
    desks = [("half", "one figure"), ("relocalised", "styled"), ("merged", "touched up"), ("styled half", "verbatim")]
    for one, other in desks:
        yield Pair(f"{story}: {one} and {other}", versions[one], versions[other], copy=True, held_out=story in HELD_OUT)


def _lookalikes(story, told):
    dice = random.Random(story)
    held_out = story in HELD_OUT
    wire, other, new = (edit.without_dateline(told[story][writer]) for writer in ("a", "b", "next"))
    followed = _followed(new, wire)
    plain = {
        "another writer": (wire, other),
        "another writer, styled": (edit.house_style(wire, story), edit.touched_up(other, dice)),
        "another writer and a copy": (edit.cut(wire, 0.5), edit.relocalised(other, dice)),
        "the day after": (wire, new),
        "a follow-up": (wire, followed),
        "a follow-up, styled": (edit.house_style(wire, story), edit.footed(followed)),
        "another writer and a follow-up": (other, followed),
    }
    for name, (a, b) in plain.items():
        yield Pair(f"{story}: {name}", a, b, copy=False, held_out=held_out)
    for name in ("a follow-up", "another writer"):
        a, b = plain[name]
        yield Pair(
            f"{story}: {name}, same outlet", edit.footed(a), edit.footed(b), copy=False, same_outlet=True,
            held_out=held_out,
        )  # fmt: skip


def _followed(new, wire):
    """A follow-up: its own news, and as much of yesterday's background as fits."""
    words = len(new.split())
    background: list[str] = []
    room = words * FOLLOWED / (1 - FOLLOWED)
    for paragraph in reversed(edit.paragraphs(wire)):
        if len(paragraph.split()) <= room:
            background.insert(0, paragraph)
            room -= len(paragraph.split())
    return edit.joined([new, *background])


def _across(told):
    """Two stories that share what their outlet puts around them."""
    for one, other in combinations(sorted(told), 2):
        a, b = (edit.cut(edit.without_dateline(told[s]["a"]), 0.25) for s in (one, other))
        held_out = one in HELD_OUT
        if hash_of(one + other) % 2:
            yield Pair(f"{one}, {other}: footer", edit.footed(a), edit.footed(b), copy=False, same_outlet=True,
                       held_out=held_out)  # fmt: skip
        else:
            yield Pair(f"{one}, {other}: editions", edit.listed(a), edit.listed(b), copy=False, same_outlet=True,
                       held_out=held_out)  # fmt: skip


def hash_of(text):
    return sum(map(ord, text))


def _forms():
    for form in FORMS:
        name = form.__name__
        for number in range(14):
            dice = random.Random(f"{name} {number}")
            one, other = form(dice), form(dice)
            held_out = number % 3 == 0
            for outlet in ("same", "other"):
                yield Pair(f"{name} {number}: filled in anew, {outlet} outlet", one, other, copy=False,
                           same_outlet=outlet == "same", held_out=held_out)  # fmt: skip
            if number < 6:
                styled = edit.touched_up(edit.house_style(one, name), dice, 0.02)
                yield Pair(f"{name} {number}: copied", one, styled, copy=True, held_out=held_out)
                yield Pair(f"{name} {number}: corrected", one, edit.refigured(one, dice), copy=True, held_out=held_out)
