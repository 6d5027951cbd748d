"""What stands on a page besides the article is left out, and nothing of the article with it."""

import pytest

from worker.core import extraction

URL = "https://news.example/2026/05/flood"
STORY = [
    "At least 42 houses were destroyed when the river burst its banks on Monday, the district governor said.",
    "Some 1,300 people were taken to schools and sports halls. The army sent 25 lorries and two helicopters.",
    "Forecasters expect another 30 millimetres of rain by Wednesday night, after which the water should fall.",
]


def read(*parts, head=""):
    first, *rest = STORY
    inner = "".join([f"<p>{first}</p>", *parts, *(f"<p>{p}</p>" for p in rest)])
    page = f"<html lang='en'><head><title>River floods</title>{head}</head><body><article><h1>River floods</h1>{inner}"
    return extraction.extract(f"{page}</article></body></html>".encode(), headers={}, url=URL)


FURNITURE = {
    "hidden": "<div hidden><p>As many as 777 readers cannot see this sentence, which nobody reported.</p></div>",
    "display none": "<p style='display: none'>As many as 777 readers cannot see this sentence at all.</p>",
    "off screen": "<p style='position:absolute; left:-9999px'>As many as 777 readers cannot see this sentence.</p>",
    "for screen readers": "<span class='sr-only'>Opens in 777 new windows</span>",
    "complementary": "<div role='complementary'><p>Floods in the region killed 777 people in the year 1962.</p></div>",
    "aside": "<aside><p>Floods in the region killed 777 people in the year 1962, the worst on record.</p></aside>",
    "fact box": "<div class='story-fact-box'><p>The dam is 777 metres long and was built in the sixties.</p></div>",
    "camel case": "<div class='InfoBox'><p>The dam is 777 metres long and was built in the sixties.</p></div>",
    "custom element": "<x-factbox><p>The dam is 777 metres long and was built in the sixties.</p></x-factbox>",
    "newsletter": "<div class='c-inline-signup'><p>Join 777,000 readers who get the news every morning.</p></div>",
    "most read": "<section class='most-read'><ol><li>777 cats rescued</li><li>Dog wins prize</li></ol></section>",
    "related": "<div class='related'><h4><a href='/x'>Storm kills 777 in neighbouring country</a></h4></div>",
    "author": "<div class='author-bio'><p>Jo Doe has written 777 articles about rivers, dams and the sea.</p></div>",
    "cards": "<div>"
    + "".join(
        f"<div class='k9'><h3><a href='/{n}'>Story {n} about 777 people</a></h3><p>What happened to the 777.</p></div>"
        for n in range(3)
    )
    + "</div>",
    "label and link": "<p><strong>READ ALSO | <a href='/x'>777 flee floods in the south</a></strong></p>",
    "label over link": "<h4>Read more</h4><h3><a href='/x'>Court throws out 777 million verdict</a></h3>",
    "sign-up line": "<p>Get 777 stories a day in your inbox. <a href='/n'>Sign up for our newsletter</a>.</p>",
}


@pytest.mark.parametrize("name", FURNITURE)
def test_furniture_is_left_out_and_all_of_the_article_stays(name):
    found = read(FURNITURE[name])
    assert "777" not in found.text
    assert all(paragraph in found.text for paragraph in STORY)


KEPT = {
    "a list": "<ul><li>777 houses in the north</li><li>31 houses in the south</li></ul>",
    "a table": "<table><tr><th>Town</th><th>Houses</th></tr><tr><td>Aberton</td><td>777</td></tr></table>",
    "a linked product": "<h3><a href='/p'>Pump 777</a></h3><p>It moves a cubic metre of water in a minute or two.</p>",
    "a sentence that is a link in part": "<p>It holds <a href='/dam'>777 million cubic metres of water</a> now.</p>",
    "a report on a newsletter": "<p>The agency has told 777 people to sign up for its newsletter on floods.</p>",
    "an excerpt without links": "<div class='lead-excerpt'><p>He counted 777 flooded cellars on Monday.</p></div>",
}


@pytest.mark.parametrize("name", KEPT)
def test_what_only_looks_like_furniture_stays(name):
    assert "777" in read(KEPT[name]).text


def test_what_holds_most_of_the_prose_is_the_article_whatever_it_is_called():
    inner = "".join(f"<p>{p}</p>" for p in STORY)
    page = f"<html lang='en'><body><h1>River floods</h1><div class='recent-news related'>{inner}</div></body></html>"
    found = extraction.extract(page.encode(), headers={}, url=URL)
    assert all(paragraph in found.text for paragraph in STORY)


def test_deep_nesting_of_furniture_costs_one_walk():
    deep = "<div class='related'>" * 5_000 + "<a href='/x'>777</a>" + "</div>" * 5_000
    assert STORY[0] in read(deep).text


# --- embedded posts ----------------------------------------------------------------------------------

TWEET = (
    "<div class='social-embed'><blockquote class='twitter-tweet'><p>We counted 512 cellars under water."
    " <a href='https://t.example/a'>pic.social.example/PbK0B7Uj</a></p>&mdash; Fire Brigade 26 (@brigade26)"
    " <a href='https://social.example/1'>May 18, 2026</a></blockquote></div>"
)


def test_of_a_post_stays_what_it_says():
    text = read(TWEET).text
    assert "We counted 512 cellars under water." in text
    assert "brigade26" not in text
    assert "2026" not in text
    assert "PbK0B7Uj" not in text


def test_a_block_that_is_the_platforms_goes():
    block = "<blockquote class='instagram-media'><p>A post shared on Nov 5, 2019 at 3:00pm PST</p></blockquote>"
    assert "2019" not in read(block).text


# --- standfirst --------------------------------------------------------------------------------------

LEAD = "A dam upstream gave way at 5.40 in the morning, and the warning came 20 minutes late."


@pytest.mark.parametrize("tag", ["p", "div", "h2"])
def test_a_standfirst_in_the_header_is_the_first_paragraph(tag):
    head = f"<meta property='og:description' content='{LEAD}'>"
    inner = "".join(f"<p>{p}</p>" for p in STORY)
    page = (
        f"<html lang='en'><head><title>River floods</title>{head}</head><body><article><header><h1>River floods</h1>"
        f"<{tag} class='standfirst'>{LEAD}</{tag}></header><div class='article-body'>{inner}</div></article></body>"
    )
    found = extraction.extract(page.encode(), headers={}, url=URL)
    assert found.text.split("\n\n") == [LEAD, *STORY]


def test_a_description_that_no_reader_sees_is_no_lead():
    assert LEAD not in read(head=f"<meta name='description' content='{LEAD}'>").text


def test_a_lead_is_not_said_twice():
    found = read(head=f"<meta name='description' content='{STORY[0]}'>")
    assert found.text.count(STORY[0]) == 1


# --- captions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "markup",
    [
        "<figure><img src='a.jpg'><figcaption>{}</figcaption></figure>",
        "<div class='wp-caption'><img src='a.jpg'><p class='wp-caption-text'>{}</p></div>",
        "<div class='InlineImage-imageCaption'>{}</div>",
        "<span itemprop='caption'>{}</span>",
    ],
)
def test_captions_are_kept_apart(markup):
    caption = "Soldiers carry 512 sandbags to the bridge at Aberton on Monday."
    found = read(markup.format(caption))
    assert found.captions == (caption,)
    assert "512" not in found.text
    assert all(paragraph in found.text for paragraph in STORY)


def test_a_caption_of_another_story_is_nobodys():
    card = (
        "<a href='/x'><figure><figcaption>777 people fled floods in the neighbouring country</figcaption></figure></a>"
    )
    assert read(card).captions == ()


def test_a_credit_is_no_caption():
    assert read("<figure><figcaption>Photo: Jo Doe</figcaption></figure>").captions == ()


def test_a_lead_is_not_looked_for_in_what_holds_half_the_page():
    wide = "<div>" * 150 + "<span></span>" * 20_000 + f"<p>{LEAD}</p>" + "</div>" * 150
    assert LEAD in read(wide, head=f"<meta name='description' content='{LEAD}'>").text
