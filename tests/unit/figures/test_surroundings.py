"""What stands around a figure: noun, subject, source, place and time."""

from dataclasses import replace

import pytest

from worker.core.figures import locate, read, read_text
from worker.model import Part, Text

NOUNS = [
    ("Six command posts were hit.", ["command post"]),
    ("Some 130 tanks and armored vehicles were hit.", ["tank"]),
    ("They hit 200 artillery and missile systems.", ["artillery missile system"]),
    ("About 500 Russian tanks were hit.", ["tank"]),
    ("They found 50 anti-tank guns.", ["anti-tank gun"]),
    ("The city has 20 decently sized coal-fired power plants.", ["coal-fired power plant"]),
    ("He knew 300 recorded songs.", ["song"]),
    ("There were 47 dead and 203 wounded.", ["dead", "wounded"]),
    ("It cut thousands of job cuts.", ["job cut"]),
    ("It was read by 8 analysts polled in June.", ["analyst"]),
    ("A four-story block fell.", ["story"]),
    ("A 12 page letter came.", ["page"]),
    ("A 4,000-strong crowd came.", ["crowd"]),
    ("Two of the minister's deputies left, and eight other employees followed.", ["deputy", "other employee"]),
    ("Seven children, three men and two sheep were found.", ["child", "man", "sheep"]),
    ("It is around 73 raising the prospect of rain.", [None]),
    ("It measures 12 km.", [None]),
]


@pytest.mark.parametrize(("text", "nouns"), NOUNS, ids=[c[0] for c in NOUNS])
def test_nouns(text, nouns):
    assert [f.noun for f in read_text(text)] == nouns


SUBJECTS = [
    ("At least 31 people were killed in Sarvan.", ["people were killed in Sarvan"]),
    ("Losses exceeded $4 billion.", ["Losses"]),
    ("Inflation eased to 3.2%.", ["Inflation eased"]),
    ("The death toll rose to 41,000.", ["death toll rose"]),
    ("A strike killed 8.", ["strike killed"]),
    ("A quake killed 12 people and injured 140, it said.", ["people killed", "injured"]),
    ("Police arrested 41 people.", ["people arrested"]),
    ("The army lost six command posts.", ["command posts lost"]),
    ("Twelve people died and another 30 were hurt.", ["people died", "people were hurt"]),
    ("Revenue rose to $7 billion from $6 billion.", ["Revenue rose", "Revenue rose"]),
    ("Ann Poe, 34, was rescued.", ["Ann Poe"]),
]


@pytest.mark.parametrize(("text", "subjects"), SUBJECTS, ids=[c[0] for c in SUBJECTS])
def test_subjects(text, subjects):
    assert [f.subject for f in read_text(text)] == subjects


SOURCES = [
    ("The ministry said 12 people died.", ["The ministry"]),
    ("Twelve people died, the ministry said.", ["the ministry"]),
    ("Twelve people died, according to the ministry.", ["the ministry"]),
    ("“Twelve people died,” said Ann Poe.", ["Ann Poe"]),
    ("Police said 10,000 people came, organisers said 50,000.", ["Police", "organisers"]),
    ("Police said 10,000 people came; organisers put the figure at 50,000.", ["Police", "organisers"]),
    ("Ann Poe, a resident of the town, said 12 people died.", ["Ann Poe"]),
    ("There were 12 confirmed cases and 5 reported deaths.", [None, None]),
    ("Twelve people died.", [None]),
]


@pytest.mark.parametrize(("text", "sources"), SOURCES, ids=[c[0] for c in SOURCES])
def test_sources(text, sources):
    assert [f.attribution for f in read_text(text)] == sources


SCOPES = [
    ("Some 31 people died in Odisha.", "Odisha", None),
    ("In the Kolpara district 9 people died on Monday.", "Kolpara", "on Monday"),
    ("Some 2,300 soldiers have died since Sept. 27.", None, "since Sept. 27"),
    ("It sold 5,000 cars in the third quarter of 2023.", None, "in the third quarter of 2023"),
    ("It earned $5 a year earlier.", None, "a year earlier"),
    ("Some 31 people died.", None, None),
]


@pytest.mark.parametrize(("text", "place", "period"), SCOPES, ids=[c[0] for c in SCOPES])
def test_scopes(text, place, period):
    (figure,) = read_text(text)
    assert (figure.place, figure.period) == (place, period)


def test_a_document_gives_title_then_text_each_with_its_own_offsets():
    document = Text("Quake kills 12", "At least 12 people died.\n\nSome 140 were hurt.")
    figures = read(document)
    assert [f.part for f in figures] == [Part.TITLE, Part.TEXT, Part.TEXT]
    assert document.title[figures[0].start : figures[0].end] == "12"
    assert [document.text[f.start : f.end] for f in figures[1:]] == ["At least 12", "Some 140"]
    assert figures[2].sentence == "Some 140 were hurt."


def test_a_figure_is_found_in_its_sentence():
    figure = read_text("First. Then 12 of 15 boats sank.")[1]
    span = locate(figure)
    assert span is not None
    assert figure.sentence[slice(*span)] == "15"


def test_a_figure_whose_sentence_does_not_hold_it_is_not_found():
    (figure,) = read_text("Then 12 boats sank.")
    (other,) = read_text("Then 13 boats sank.")
    assert locate(replace(figure, sentence=other.sentence)) is None
