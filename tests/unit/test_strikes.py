"""What a page crosses out: kept in the text as such, no figure of the article, and a correction that is declared."""

import pytest

from tests.unit.test_pipeline import PAGE, Newsdesk, page
from worker.core import corrections, extraction, figures, markup, revisions, strikes
from worker.model import NoteKind, Text

OLD = "Police in the capital said that 12 people were hurt when the bus overturned on the coastal road."


def read(sentence, around="Words of a paragraph that has some length, with commas, about the bus and the road. "):
    body = f"<p>{around * 3}</p><p>{sentence}</p><p>{around * 2}</p>"
    html = f"<html lang='en'><head><title>Bus overturns</title></head><body><article>{body}</article></body></html>"
    return extraction.extract(html.encode(), headers={"content-type": "text/html"}, url="https://a.example/bus").text


def values(text):
    return [(int(figure.low), figure.noun) for figure in figures.read(Text("", text), "en")]


@pytest.mark.parametrize(
    "crossed",
    [
        "<s>12</s>",
        "<del>12</del>",
        "<strike>12</strike>",
        "<del><b>12</b></del>",
        "<span style='color: red; text-decoration: line-through'>12</span>",
    ],
)
def test_a_crossed_out_figure_is_kept_as_such_and_not_read(crossed):
    text = read(OLD.replace("12", f"{crossed} <ins>14</ins>"))
    assert "said that ~~12~~ 14 people were hurt" in text
    assert values(text) == [(14, "person")]


def test_the_revision_is_seen_and_its_note_declares_it():
    old, new = read(OLD), read(OLD.replace("12", "<s>12</s> 14"))
    found = revisions.compare(Text("Bus", old), Text("Bus", new), language="en")
    ((kind, before, after),) = [(each.kind, int(each.old.low), each.new and int(each.new.low)) for each in found]
    assert (kind.value, before, after) == ("revised", 12, 14)
    (note,) = corrections.notes(Text("Bus", new), "en")
    assert (note.kind, int(note.stated[0].figure.low), note.stated[0].wrong) == (NoteKind.CORRECTION, 12, True)
    assert note.stated[0].figure.noun == "person"  # read in the place of the figure that stands for it
    assert corrections.link(note, dict(enumerate(found))) == (0,)


def test_a_sentence_crossed_out_whole():
    text = read(f"<del>{OLD}</del> The bus was empty, police said later, and nobody was hurt at all.")
    assert values(text) == []
    (note,) = corrections.notes(Text("Bus", text), "en")
    assert [(int(each.figure.low), each.wrong) for each in note.stated] == [(12, True)]


@pytest.mark.parametrize(
    "sentence",
    ["The kettle costs <s>$99</s> $79 at the shop this week.", "He called it a <s>mess</s> challenge for 40 people."],
)
def test_an_offer_and_a_joke_are_no_corrections(sentence):
    assert corrections.notes(Text("", markup.plain(f"<p>{sentence}</p>")), "en") == ()


def test_paragraphs_crossed_out_together_and_tildes_of_the_writer():
    assert (
        markup.plain("<del><p>12 people</p><p>13 dogs</p></del> ~~5~~ cats")
        == "~~12 people~~\n\n~~13 dogs~~\n\n~5~ cats"
    )
    assert values("~~12 people~~\n~~13 dogs~~\n5 cats ~~ 6 hats") == [(5, "cat"), (6, "hat")]


def test_offsets_stay_true():
    text = "Of ~~12~~ 14 people 3 died, ~~4~~ 5\u200b were hurt."
    for figure in figures.read(Text("", text), "en"):
        assert int(text[figure.start]) or figure.low == int(text[figure.start : figure.end].split(maxsplit=1)[0])
    assert len(strikes.masked(text)) == len(text)


def test_through_the_journey_it_is_declared(tmp_path):
    desk = Newsdesk(tmp_path)
    desk.cycle()
    desk.cycle()
    desk.network.answers[PAGE] = page(31).replace("31", "<s>12</s> 31", 1)
    desk.clock.advance(minutes=5)
    desk.cycle()
    (revision,) = desk.store.queries.revisions(10)
    assert revision.new
    assert (int(revision.old.low), int(revision.new.low), revision.declared) == (12, 31, True)
    assert desk.store.corrections.transparency()[0].declared == 1
    desk.store.close()
