"""What speaks for a page and against it, and the products that give themselves away."""

import json
from dataclasses import replace

import pytest
from lxml.html import document_fromstring

from worker.core import balance, metadata, signs, vendors, verdict
from worker.core.balance import Evidence
from worker.model import Verdict

URL = "https://news.example/2026/05/flood"
SENTENCE = "At least 42 houses were destroyed when the river burst its banks on Monday. "


def evidence(body, *, title="Flood", head="", text="", **known):
    html = f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    tree = document_fromstring(html)
    seen = signs.read(tree)
    page = metadata.read(tree, URL)
    return Evidence(page, text, seen, {}, known.pop("url", URL), marks=vendors.found(seen.names), **known)


@pytest.mark.parametrize(
    ("markup", "product", "alone"),
    [
        ("<script>window._cf_chl_opt={}</script>", "Cloudflare", True),
        ("<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>", None, None),
        ("<script>var dd={'host':'geo.captcha-delivery.com'}</script>", "DataDome", True),
        ("<script src='https://ct.captcha-delivery.com/tags.js'></script>", "DataDome", False),
        ("<iframe src='/_Incapsula_Resource?SWUDNSAI=31'></iframe>", "Imperva", True),
        ("<div class='g-recaptcha'></div>", "reCAPTCHA", False),
        ("<div id='sp_message_container_1'></div>", "Sourcepoint", False),
        ('<script type=\'application/ld+json\'>{"name": "gokuProps"}</script>', None, None),
        ("<p>_cf_chl_opt is how a challenge of Cloudflare calls its options</p>", None, None),
    ],
)
def test_products_are_known_by_their_marks_not_by_being_written_about(markup, product, alone):
    marks = vendors.found(signs.read(document_fromstring(f"<html><body>{markup}</body></html>")).names)
    assert (marks[0].product, marks[0].alone) == (product, alone) if product else marks == ()


def test_signs_of_a_page():
    body = (
        "<h1>Flood</h1><p>Some words.</p><a href='/1'>A link that reads like a headline</a><a href='/2'>short</a>"
        "<form><input type='password'><button>go</button></form><script>not to be read</script>"
    )
    head = "<meta name='robots' content='NOINDEX'><meta http-equiv='refresh' content='5'>"
    seen = evidence(body, head=head).signs
    assert (seen.cards, seen.passwords, seen.buttons, seen.noindex, seen.refreshes) == (1, 1, 1, True, True)
    assert (seen.headings, "not to be read" in seen.words) == (("Flood",), False)
    assert 0.6 < seen.links < 0.8


def test_scripts_without_blanks_say_more_in_a_character():
    assert signs.size("港の浚渫費") == 12.5
    assert signs.size("harbour") == 7


def test_the_announced_headline_is_found_by_words_numbers_and_pairs():
    found = evidence("<h1>Harbour dredging climbs to 48 million</h1>", title="x", expected="Dredging bill hits 48m")
    assert balance.announced(found) == balance.Announced(2, 1.0)
    assert balance.announced(replace(found, expected="")) is None
    in_japanese = balance.announced(evidence("<h1>港の浚渫費</h1>", expected="浚渫費が膨らむ"))
    assert in_japanese is not None
    assert in_japanese.words == 2


def test_one_word_may_be_the_name_of_the_outlet():
    found = evidence("<h1>Nothing</h1>", title="The Harbour Post", expected="Harbour dredging bill climbs once more")
    named = balance.announced(found)
    assert named is not None
    assert not named.shown


def test_a_long_text_outweighs_what_speaks_against_it():
    odd = "<meta name='robots' content='noindex'>"
    assert balance.weigh(evidence("<p>x</p>", head=odd, text=SENTENCE * 20)).is_article
    assert not balance.weigh(evidence("<p>x</p>", head=odd, text=SENTENCE)).is_article


def test_little_is_neither_believed_nor_thrown_away():
    found = verdict.judge(evidence(f"<p>{SENTENCE}</p>", title="Monday", text=SENTENCE))
    assert found.verdict is Verdict.ARTICLE
    assert found.doubt


def test_a_redirect_to_another_story_is_doubted_whatever_its_length():
    story = evidence("<h1>Strike</h1>", title="Strike", text=SENTENCE * 30, expected="Election called for October")
    assert verdict.judge(replace(story, asked="https://news.example/2026/05/election")).doubt
    assert not verdict.judge(replace(story, asked=URL)).doubt
    assert not verdict.judge(replace(story, asked="https://news.example/1", expected="Strike")).doubt
    reworded = replace(story, asked="https://news.example/1", expected="Houses lost as river floods")
    assert not verdict.judge(reworded).doubt  # under another headline, but the text tells of it


PART = {"@type": "NewsArticle", "hasPart": [{"isAccessibleForFree": "False"}]}


@pytest.mark.parametrize(
    "head",
    [
        f"<script type='application/ld+json'>{json.dumps(PART)}</script>",
        '<meta property="article:content_tier" content="locked">',
    ],
)
def test_a_part_that_has_to_be_paid_for_is_not_free(head):
    found = evidence("<h1>Flood</h1>", head=head, text=SENTENCE)
    assert found.page.free is False
    assert verdict.judge(found).verdict is Verdict.PAYWALL


def test_a_short_text_below_the_count_of_its_words_and_above_a_password_is_a_teaser():
    node = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Flood","wordCount":640}</script>'
    found = evidence("<h1>Flood</h1><input type='password'>", head=node, text=SENTENCE)
    assert verdict.judge(found).verdict is Verdict.PAYWALL
