"""Whole pages: layouts and languages, hostile markup, encodings."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from worker.core import extraction
from worker.core.text import content_hash
from worker.model import Verdict

PAGES = Path(__file__).parent / "pages"
URL = "https://news.example/2026/05/flood"
STORY = [
    "At least 42 houses were destroyed when the river burst its banks on Monday, the district governor said.",
    "Some 1,300 people were taken to schools and sports halls. The army sent 25 lorries and two helicopters.",
    "Forecasters expect another 30 millimetres of rain by Wednesday night, after which the water should fall.",
]


def page(*paragraphs, before="", after="", head="", title="River floods 42 houses"):
    body = "".join(f"<p>{p}</p>" for p in paragraphs or STORY)
    article = f"<article><h1>{title}</h1>{before}{body}{after}</article>"
    return f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>{head}</head><body>{article}</body></html>"


def extract(html, **options):
    body = html if isinstance(html, bytes) else html.encode()
    return extraction.extract(body, **({"headers": {}, "url": URL} | options))


utc = partial(datetime, tzinfo=UTC)


# --- layouts and languages ---------------------------------------------------------------------------

EXPECTED: dict[str, dict[str, Any]] = {
    "en-semantic": {
        "title": "Harbour strike enters second week as 1,400 dockers walk out",
        "language": "en-GB",
        "published_at": utc(2026, 3, 9, 6, 30),
        "modified_at": utc(2026, 3, 9, 10, 5),
        "authors": ("Maud Verhoeven", "Idris Kane"),
        "canonical_url": "https://herald.example/news/2026/03/harbour-strike",
        "has": ["an offer of 3.5% more pay.", "at least 1,400 dockers", "£41.5 million", "between 10 and 15 per cent"],
        "lacks": ["93", "85 trees", "9.9%", "0771234", "Home"],
    },
    "de-divs": {
        "title": "Hochwasser an der Leiße: 3.200 Menschen verlassen ihre Häuser",
        "language": "de",
        "published_at": utc(2026, 2, 17, 17, 42),
        "modified_at": None,
        "authors": ("Jördis Falkner",),
        "canonical_url": None,
        "has": ["Rund 3.200 Menschen", "7,84 Metern", "45.000 Sandsäcke", "12,5 Millionen Euro", "60 bis 80 Litern"],
        "lacks": ["1,99", "125 Jahre", "Impressum"],
    },
    "es-table": {
        "title": "El paro baja al 11,4 % y suma 96.300 empleos en el trimestre",
        "language": "es",
        "published_at": utc(2026, 1, 27, 9),
        "modified_at": utc(2026, 1, 27, 12, 30),
        "authors": (),
        "canonical_url": None,
        "has": [
            "Sector | Empleos | Variación\nServicios | 69.800 | +0,4 %\n",
            "Construcción | −4.500 | −0,3 %",
            "\n120 millones de euros para formación;\n",
        ],
        "lacks": ["18 meses", "Portada"],
    },
    "fr-wordpress": {
        "title": "Incendie du massif des Arnes : 2 600 hectares brûlés",
        "language": "fr-FR",
        "published_at": utc(2026, 7, 19, 18, 15),
        "modified_at": None,
        "authors": ("Solène Barthas",),
        "canonical_url": None,
        "has": ["Quelque 2 600 hectares", "14,2 millions", "« Nous n’avons pas vu cela depuis 1989 »"],
        "lacks": ["41,3", "Facebook", "3 km"],
    },
    "tr-short": {
        "title": "Yangında 17 kişi hastaneye kaldırıldı",
        "language": "tr",
        "published_at": utc(2026, 4, 2, 0, 12),
        "modified_at": None,
        "authors": (),
        "canonical_url": None,
        "has": ["en az 17 kişi"],
        "lacks": ["7.412", "3 gol"],
    },
    "ja-news": {
        "title": "港で貨物船が座礁、乗員22人を救助",
        "language": "ja",
        "published_at": utc(2026, 5, 10, 21, 20),
        "modified_at": None,
        "authors": ("海風新聞",),
        "canonical_url": None,
        "has": ["(4,980トン)", "少なくとも12キロリットル", "340台"],
        "lacks": ["7億円", "6日早く"],
    },
    "ar-news": {
        "title": "انهيار جسر يودي بحياة ٩ عمال ويصيب ٢٤",
        "language": "ar",
        "published_at": utc(2026, 6, 1, 11),
        "modified_at": None,
        "authors": (),
        "canonical_url": None,
        "has": ["قُتل ٩ عمال", "٨٠ مليون دولار"],
        "lacks": ["٢٠٢٦"],
    },
}


def test_every_page_has_its_expectation():
    assert {path.stem for path in PAGES.glob("*.html")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_pages(name):
    expected = EXPECTED[name]
    found = extract((PAGES / f"{name}.html").read_bytes())
    assert found.verdict is Verdict.ARTICLE
    for key in ("title", "language", "published_at", "modified_at", "authors", "canonical_url"):
        assert getattr(found, key) == expected[key], key
    assert [words for words in expected["has"] if words not in found.text] == []
    assert [words for words in expected["lacks"] if words in found.text] == []
    assert expected["title"] not in found.text  # a figure in it would be counted twice
    assert extract((PAGES / f"{name}.html").read_bytes()) == found


def test_paragraphs_are_separated_by_a_blank_line():
    assert extract(page()).text == "\n\n".join(STORY)


def test_the_extractor_is_named_with_its_version():
    assert extract(page()).extractor.startswith("trafilatura 2.3.")


def test_the_language_of_the_outlet_where_the_page_names_none():
    html = page().replace(" lang='en'", "")
    assert extract(html, language="en-ZA").language == "en-ZA"


def test_the_day_in_the_address_where_the_page_names_none():
    assert extract(page(), url="https://news.example/2026/05/04/flood").published_at == utc(2026, 5, 4)


# --- what must not be lost, and what must not come in ------------------------------------------------


def test_figures_inside_links_stay_in_their_sentence():
    linked = "The ministry said <a href='/x'>at least 2,300 soldiers</a> and <a href='/y'>130 tanks</a> were lost."
    assert "The ministry said at least 2,300 soldiers and 130 tanks were lost." in extract(page(*STORY, linked)).text


def test_a_lead_in_a_div_is_kept():
    lead = "The worst flood in 60 years has left 1,300 people homeless in the valley, officials say."
    assert extract(page(before=f"<div class='lead'>{lead}</div>")).text.startswith("The worst flood in 60 years")


def test_an_article_cut_in_parts_is_whole():
    story = "".join(f"<p>{p}</p>" for p in STORY)
    parts = "".join(f"<div class='body__part'>{story.replace('4', str(n))}</div><div>Ad</div>" for n in range(3))
    body = f"<main><h1>Cut</h1><div class='page'>{parts}</div></main>"
    text = extract(f"<html><head><title>Cut</title></head><body>{body}</body></html>").text
    assert [f"At least {n}2 houses" in text for n in range(3)] == [True] * 3


def test_articles_one_after_the_other_are_not_joined():
    second = [p.replace("42", "99") for p in STORY]
    body = "".join(
        f"<div class='article-body'><h1>{title}</h1>{''.join(f'<p>{p}</p>' for p in story)}</div>"
        for title, story in (("First", STORY), ("Second", second))
    )
    assert (
        "99 houses"
        not in extract(f"<html><head><title>First</title></head><body><main>{body}</main></body></html>").text
    )


def test_links_to_other_stories_between_paragraphs_are_left_out():
    more = "<p><strong><a href='/z'>Read more: 77 roads closed after storm</a></strong></p>"
    related = (
        "<ul><li><a href='/p'>88 dead in ferry disaster</a></li><li><a href='/q'>Prices up 9 per cent</a></li></ul>"
    )
    text = extract(page(STORY[0], after=f"{more}<p>{STORY[1]}</p>{related}<p>{STORY[2]}</p>")).text
    assert text == "\n\n".join(STORY)


CARDS = "".join(
    f"<div class='card'><h3><a href='/x'>Another</a></h3><p>It says that {n} people did something last week.</p></div>"
    for n in range(200, 230)
)


@pytest.mark.parametrize("paragraphs", [1, 2], ids=["one paragraph", "two paragraphs"])
@pytest.mark.parametrize("holder", ["article", "div", "section", "td"])
def test_a_flash_stays_short_on_a_page_full_of_teasers(holder, paragraphs):
    flash = [STORY[0], "This story will be updated."][:paragraphs]
    html = page(*flash).replace("article>", f"{holder}>").replace("</body>", f"<div class='more'>{CARDS}</div></body>")
    assert extract(html).text == "\n\n".join(flash)


@pytest.mark.parametrize("holder", ["div class='x1'", "section", "td", "div id='b'"])
def test_a_story_in_an_element_without_a_name_is_whole(holder):
    body = f"<h2>At night</h2><ul><li>1,300 people in schools</li></ul>{''.join(f'<p>{p}</p>' for p in STORY)}"
    teaser = "<article><h3><a href='/x'>Another story</a></h3><p>It says that 99 people did something.</p></article>"
    html = (
        f"<table><tr><{holder}>{body}</{holder.split()[0]}></tr></table>"
        if holder == "td"
        else f"<{holder}>{body}</div>"
    )
    text = extract(f"<html><head><title>River</title></head><body>{teaser}<h1>River</h1>{html}</body></html>").text
    assert text == "\n\n".join(["At night", "1,300 people in schools", *STORY])


def test_a_page_that_a_script_fills_is_read_from_its_structured_data():
    body = "\\n\\n".join(STORY)
    node = f'{{"@type":"NewsArticle","headline":"River","articleBody":"{body}"}}'
    head = f'<title>River</title><script type="application/ld+json">{node}</script>'
    html = f"<html><head>{head}</head><body><div id='app'></div></body></html>"
    found = extract(html)
    assert (found.verdict, found.text) == (Verdict.ARTICLE, "\n\n".join(STORY))


def test_comments_of_readers_are_left_out():
    comment = "<p>I counted 4711 frogs in my cellar, and nobody from the paper asked me.</p>"
    assert "4711" not in extract(page(after=f"<div id='comments' class='comments'>{comment}</div>")).text


# --- hostile and broken markup -----------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["&#12;", "&#27;", "&#0;", "&#xD800;", "&#x110000;", "\x00", "\x1b", "\x07", "\uffff"])
def test_an_illegal_character_costs_nothing(bad):
    found = extract(page(*STORY, f"The bridge{bad}cost 12 million."))
    assert found.text.startswith("\n\n".join(STORY))
    assert found.text.endswith("cost 12 million.")
    assert "\x1b" not in found.text
    assert all(character.isprintable() or character == "\n" for character in found.text)


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote", "ul><li", "dl><dd", "table><tr><td", "section"])
@pytest.mark.parametrize("place", ["before", "after"])
@pytest.mark.parametrize("depth", [300, 700, 5_000])
def test_deep_nesting_keeps_the_text(tag, place, depth):
    assert STORY[0] in extract(page(**{place: f"<{tag}>" * depth})).text


def test_lists_deeper_than_trafilatura_recurses_fail_in_order():
    found = extract(page(after="<ul><li>x" * 1_000, head="<meta property='og:type' content='article'>"))
    assert (found.verdict, found.text) == (Verdict.FAILED, "")


def test_warming_up_twice():
    extraction.warm()
    extraction.warm()


@pytest.mark.parametrize(
    "bait",
    [
        '{"@type":"NewsArticle",' + '"name\\": \\"' * 3_000 + "}",
        '{"@type":"NewsArticle","author":{"name":"' + '\\"name\\": \\"' * 3_000 + '"}}',
        '{"@graph":' * 5_000,
        "[" * 100_000,
        '{"@type":["DiscussionForumPosting"' * 2_000,
        "null",
        '"text"',
        '{"@type":{"@type":[[[]]]},"headline":{"a":1},"datePublished":[null,5],"author":[{"name":{"name":7}}]}',
    ],
)
def test_structured_data_made_to_hurt(bait):
    head = f'<script type="application/ld+json">{bait}</script>'
    found = extract(page(head=head))
    assert (found.verdict, found.text) == (Verdict.ARTICLE, "\n\n".join(STORY))


@pytest.mark.parametrize(
    "quirk",
    [
        "<base href='javascript:alert(1)'>",
        "<base href='https://evil.example/'>",
        "<meta http-equiv='refresh' content='0;url=http://127.0.0.1/'>",
        "<link rel='canonical' href='http://[::1'>",
        "<link rel='canonical' href='javascript:alert(1)'>",
        "<noscript><img src=x></noscript>",
        "<script>var open = '<p>At least 9999 houses'",
        "<plaintext>",
        "<title></title><title>b</title>",
        f"<meta name='author' content='{'by and ' * 5_000}'>",
        f"<meta property='article:published_time' content='{'9' * 5_000}'>",
    ],
)
def test_quirks_in_the_head(quirk):
    html = page(head=quirk)
    found = extract(html)
    assert found == extract(html)
    assert "9999" not in found.text
    assert found.canonical_url is None


@pytest.mark.parametrize(
    "quirk", ["<plaintext>", "<script>var a = 1;", "<!-- open", "<textarea>", "<style>p {", "<noscript>"]
)
def test_quirks_behind_the_text(quirk):
    html = page(after=quirk)
    assert extract(html) == extract(html)
    assert STORY[0] in extract(html).text


def test_markup_in_a_title_is_text():
    found = extract(page(title="Rise &lt;script&gt;alert(1)&lt;/script&gt; of 5%&#27;[31m"))
    assert found.title == "Rise <script>alert(1)</script> of 5%[31m"


def test_a_text_without_end_is_cut():
    assert len(extract(page("The number was 12,345 people. " * 30_000)).text) <= 500_000


# --- one text is one text ----------------------------------------------------------------------------


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "iso-8859-1", "utf-16", "utf-8-sig", "iso-8859-15"])
def test_six_encodings_make_one_version(charset):
    text = "Der Präsident kündigte in Köln 1.500 neue Stellen und Ausgaben von 3,5 Millionen für Öfen an."
    label = charset.removesuffix("-sig")
    html = page(text, text.replace("Köln", "Jülich"), head=f"<meta charset={label}>", title="Größere Öfen")
    served = extract(html.encode(charset), headers={"content-type": f"text/html; charset={label}"})
    reference = extract(html.replace(f"charset={label}", "charset=utf-8"))
    assert content_hash(served.title, served.text) == content_hash(reference.title, reference.text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("At least", "At\u200b least\u2060"),
        ("destroyed", "de\xadstroyed"),
        ("1,300 people", "1,300&nbsp;people"),
        ("1,300", "\u202a1,300\u202c"),
        ("governor", "gover&shy;nor"),
        ("two helicopters", "two  \n helicopters"),
        ("two helicopters", "<b>two</b> <i>helicopters</i>"),
        ("The army", "<a href='/army'>The army</a>"),
    ],
)
def test_noise_makes_no_version(old, new):
    plain = extract(page())
    noisy = extract(page(*(p.replace(old, new) for p in STORY)))
    assert content_hash(noisy.title, noisy.text) == content_hash(plain.title, plain.text)


@pytest.mark.parametrize(("old", "new"), [("42", "43"), ("1,300", "1,3000"), ("30 millimetres", "-30 millimetres")])
def test_another_figure_makes_one(old, new):
    plain = extract(page())
    revised = extract(page(*(p.replace(old, new) for p in STORY)))
    assert content_hash(revised.title, revised.text) != content_hash(plain.title, plain.text)


def test_the_same_page_twenty_times_in_one_process():
    assert len({extract(page()) for _ in range(20)}) == 1
