"""The text that structured data carry, beside the one that was extracted."""

import json

import pytest

from worker.core import extraction, witness
from worker.model import Verdict, Witness

STORY = [
    "At least 42 houses were destroyed when the river burst its banks on Monday, the governor said.",
    "Some 1,300 people were taken to schools. The army sent 25 lorries and two helicopters.",
    "Forecasters expect another 30 millimetres of rain by Wednesday night, then the water should fall.",
    "The bridge of 1911 is closed. Repairs will cost 12 million, the ministry of transport said.",
]
WHOLE = "\n\n".join(STORY)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (["Two lines.\nOf text."], "Two lines.\n\nOf text."),
        (["<p>Marked &amp; up.</p><p>12&nbsp;%</p><script>x</script>"], "Marked & up.\n\n12 %"),
        (["One.", "", "Two."], "One.\n\nTwo."),
        (["5 < 6 and 7 > 3 &quot;yes&quot;"], '5 < 6 and 7 > 3 "yes"'),
        (["nul\x00 and \ud800 half"], "nul and half"),
        ([], ""),
    ],
)
def test_a_body_is_plain_text(stated, said):
    assert witness.body(stated) == said


def test_a_huge_body_is_cut():
    assert len(witness.body(["word " * 1_000_000])) <= 500_000


@pytest.mark.parametrize(
    ("text", "body", "found", "missing"),
    [
        (WHOLE, "", Witness.SILENT, ()),
        (WHOLE, WHOLE, Witness.AGREES, ()),
        (WHOLE, WHOLE.replace("12 million", "13 million"), Witness.DISAGREES, ("13",)),
        (WHOLE, STORY[0], Witness.TEASER, ()),
        ("\n\n".join(STORY[:2]), WHOLE, Witness.USED, ("30", "1911", "12")),
        ("", WHOLE, Witness.USED, ("42", "1,300", "25", "30", "1911", "12")),
    ],
)
def test_what_the_two_say(text, body, found, missing):
    heard = witness.hear(text, body)
    assert (heard.witness, heard.missing) == (found, missing)
    assert heard.text == (body if found is Witness.USED else text)


def test_a_longer_body_of_another_story_is_not_used():
    other = "The council met for 7 hours and voted 11 to 9 on the budget of 88 million. " * 8
    assert witness.hear("\n\n".join(STORY[:2]), other).witness is Witness.DISAGREES


def page(shown, data, *, broken=False):
    script = json.dumps(data)[: -5 if broken else None]
    head = f"<title>River</title><script type='application/ld+json'>{script}</script>"
    return f"<html><head>{head}</head><body><h1>River</h1>{''.join(f'<p>{p}</p>' for p in shown)}</body></html>"


ARTICLE = {"@type": ["Thing", "NewsArticle"], "headline": "River", "articleBody": WHOLE}


@pytest.mark.parametrize(
    "data",
    [
        ARTICLE,
        [{"@type": "Organization"}, ARTICLE],
        {"@graph": [{"@type": "WebSite"}, ARTICLE]},
        [{"@type": "Article", "headline": "River"}, ARTICLE, {**ARTICLE, "headline": "Fire", "articleBody": "Fire."}],
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {**ARTICLE, "articleBody": STORY},
        {**ARTICLE, "articleBody": "".join(f"<p>{p}</p>" for p in STORY)},
    ],
)
def test_a_broken_extraction_is_mended_whatever_the_shape_of_the_data(data):
    found = read(page(STORY[:2], data))
    assert (found.verdict, found.text, found.witness) == (Verdict.ARTICLE, WHOLE, Witness.USED)


@pytest.mark.parametrize("data", [{**ARTICLE, "articleBody": {"@value": 1}}, {**ARTICLE, "articleBody": None}, 7])
def test_data_of_no_use_change_nothing(data):
    assert read(page(STORY, data)).text == WHOLE


def test_broken_json_changes_nothing():
    found = read(page(STORY, ARTICLE, broken=True))
    assert (found.text, found.witness) == (WHOLE, Witness.SILENT)


def read(html):
    return extraction.extract(html.encode("utf-8", "replace"), headers={}, url="https://news.example/2026/river")
