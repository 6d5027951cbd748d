"""Versions made from real ones by one known edit: a figure altered, a passage cut. What must come out is known, too."""

import json
import re
from dataclasses import replace
from pathlib import Path

from worker.core.figures import read
from worker.core.revisions.words import sentence_spans
from worker.model import Part, Text

GOLD = Path(__file__).parent / "gold"
DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
FEWEST = 3  # sentences or paragraphs of a text from which one is cut


def pairs():
    """Id, old and new version of the pairs that the project may look at, and the revisions expected of each."""
    for name in ("pairs.jsonl", "blind-pairs.jsonl"):
        for line in (GOLD / name).read_text(encoding="utf-8").splitlines():
            pair = json.loads(line)
            yield pair["id"], Text(**pair["old"]), Text(**pair["new"]), pair["expected"]


def altered(version):
    """Each copy of a version in which one figure of the text has another value, with both values.

    A figure whose value the version has twice is left alone, and so is what is not printed in digits or no longer
    read alike with other ones: which revision these should make is not known.
    """
    figures = read(version)
    values = [figure.low for figure in figures]
    for number, figure in enumerate(figures):
        printed = DIGITS.search(version.text, figure.start, figure.end)
        if figure.part is Part.TITLE or figure.change or printed is None or values.count(figure.low) > 1:
            continue
        text = version.text[: printed.start()] + other_digits(printed[0]) + version.text[printed.end() :]
        new = read(replace(version, text=text))
        if len(new) != len(figures) or new[number].low in values:
            continue
        if [alike(one) for one in figures] == [alike(one) for one in new]:
            yield replace(version, text=text), figure.low, new[number].low


def alike(figure):
    """What an altered value leaves as it was."""
    return figure.part, figure.unit, figure.noun, figure.bound, figure.high is None or figure.high == figure.low


def other_digits(printed):
    """A number of the same form, about a tenth to a half away: its first digit one up, a leading nine one down."""
    first = int(printed[0])
    return f"{first - 1 if first == 9 else first + 1}{printed[1:]}"


def cut(version):
    """Each copy of a version without one of its paragraphs, or one of its sentences, that has figures of its own."""
    figures = [figure for figure in read(version) if figure.part is Part.TEXT]
    for kind, spans in (("paragraph", paragraphs(version.text)), ("sentence", sentences(version.text))):
        for start, end in spans if len(spans) >= FEWEST else ():
            if any(start <= figure.start < end for figure in figures):
                yield kind, replace(version, text=(version.text[:start] + version.text[end:]).strip())


def paragraphs(text):
    return [match.span() for match in re.finditer(r"[^\n]+\n*", text)]


def sentences(text):
    starts = [span.start for span in sentence_spans(text)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def values_of(revision):
    """Old and new value of a revision."""
    return revision.old.low, revision.new.low if revision.new else None
