"""Labelled pairs made a third way: agency pieces and what desks made of them, edited by hand in `desks.txt`.

A pair's label follows from how it was made: the words of the paragraphs that both have, as a share of the shorter
text. Desks whose texts have between `ARGUED` and `COPIED` of it in common are left out: editors would argue.
"""

import random
import re
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from tests.eval.copies.forms import FORMS
from tests.eval.copies.pairs import Pair

COPIED, ARGUED = 0.6, 0.45
FILLED = 6  # pairs of each form, each by two outlets and by one
_SOURCE = re.compile(r"=(?:(?P<other>\w+):)?(?P<number>\d+)")
_SLOT = re.compile(r"\[([^\]]*)\]")


class Edited(NamedTuple):
    """A desk's text and where its paragraphs come from."""

    paragraphs: list[str]
    sources: list[str]  # of each paragraph; its own text where it has none

    @property
    def text(self):
        return "\n\n".join(self.paragraphs)


def blocks(name="desks.txt"):
    """{story: {writer: lines}}."""
    found: dict[str, dict[str, list[str]]] = {}
    for block in re.split(r"^== ", Path(__file__).with_name(name).read_text("utf-8"), flags=re.MULTILINE)[1:]:
        head, *lines = block.split("\n")
        story, writer = head.split()
        found.setdefault(story, {})[writer] = [line for line in lines if line and not line.startswith("#")]
    return found


def edited(story, writer, told):
    made = Edited([], [])
    for line in told[story][writer]:
        text, source = paragraph(line, story, told) if line.startswith("=") else (line, line)
        made.paragraphs.append(text)
        made.sources.append(source)
    return made


def paragraph(line, story, told):
    """The paragraph that a line of directions names, with its phrases exchanged; and its name."""
    source, *exchanges = line.split(" | ") if " | " in line else (line,)
    match = _SOURCE.fullmatch(source.strip())
    assert match, line
    writer = (story, "next") if match["other"] == "next" else (match["other"] or story, "agency")
    text = told[writer[0]][writer[1]][int(match["number"]) - 1]
    for exchange in exchanges:
        old, _, new = exchange.partition(" >")
        assert old in text, (line, old)
        text = text.replace(old, new.removeprefix(" "))
    return text.strip(), f"{writer} {match['number']}"


def shared(one, other):
    """Words of common paragraphs, as a share of the shorter text."""
    words = [sum(len(p.split()) for p, s in zip(*each, strict=True) if s in set(both.sources))
             for each, both in ((one, other), (other, one))]  # fmt: skip
    return max(words) / min(len(each.text.split()) for each in (one, other))


def of_desks(told):
    for story in [story for story in told if "agency" in told[story]]:
        texts = {writer: edited(story, writer, told) for writer in told[story]}
        agency = texts["agency"]
        agency = agency._replace(sources=[f"{(story, 'agency')} {n}" for n, _ in enumerate(agency.paragraphs, 1)])
        desks = {writer: text for writer, text in texts.items() if writer not in {"agency", "rival", "next"}}
        for writer, text in desks.items():
            yield Pair(f"{story}: {writer}", agency.text, text.text, copy=True)
        for (one, a), (other, b) in combinations(desks.items(), 2):
            if not ARGUED < shared(a, b) < COPIED:
                yield Pair(f"{story}: {one} and {other}", a.text, b.text, copy=shared(a, b) >= COPIED)
        for writer, text in {"agency": agency, **desks}.items():
            yield Pair(f"{story}: {writer} and rival", text.text, texts["rival"].text, copy=False)
            for same in (False, True):
                yield Pair(f"{story}: {writer} and next day{', same outlet' * same}", text.text, texts["next"].text,
                           copy=False, same_outlet=same)  # fmt: skip


def filled(lines, dice):
    def choose(slot):
        low, dots, high = slot[1].partition("..")
        return str(dice.randint(int(low), int(high))) if dots else dice.choice(slot[1].split("|"))

    return [_SLOT.sub(choose, line) for line in lines]


def of_forms(told):
    for name, lines in ((story, writers["form"]) for story, writers in told.items() if "form" in writers):
        for number in range(FILLED):
            dice = random.Random(f"{name} {number}")
            one, other = filled(lines, dice), filled(lines, dice)
            for same in (False, True):
                yield Pair(f"{name} {number}: filled in twice{', same outlet' * same}", "\n\n".join(one),
                           "\n\n".join(other), copy=False, same_outlet=same)  # fmt: skip
        yield Pair(f"{name}: cut", "\n\n".join(one), "\n\n".join(one[:-1]), copy=True)
        yield Pair(f"{name}: under a line of ours", "\n\n".join(one),
                   "\n\n".join(["Our reporters are following this.", *one[:1], *one[2:]]), copy=True)  # fmt: skip


def forms_thrown_again(throws):
    """Pairs of the same form, of `desks.txt` and of `forms.py`, with figures and names that no other set has."""
    for name, writers in blocks().items():
        for number in range(100, 100 + throws) if "form" in writers else ():
            dice = random.Random(f"{name} {number}")
            one, other = ("\n\n".join(filled(writers["form"], dice)) for _ in range(2))
            yield Pair(f"{name} {number}", one, other, copy=False)
    for form in FORMS:
        for number in range(100, 100 + throws):
            dice = random.Random(f"{form.__name__} {number}")
            yield Pair(f"{form.__name__} {number}", form(dice), form(dice), copy=False)


def later():
    return list(of_desks(blocks("later.txt")))


def pairs():
    told = blocks()
    made = [*of_desks(told), *of_forms(told)]
    assert len({pair.name for pair in made}) == len(made)
    return made
