import pytest
from lxml import etree

from worker.core import layout, teasers


def body(inner):
    return etree.fromstring(f"<body>{inner}</body>")


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        (
            "<head>Shops</head><p>Four <hi rend='b'>days</hi> of <ref target='x'>bananas</ref>.</p>",
            "Shops\n\nFour days of bananas.",
        ),
        ("<list><item>a</item><item>b</item></list>", "a\nb"),
        ("<p>Plan:</p><list><item>a<list><item>a1</item></list></item><item>b</item></list>", "Plan:\n\na\n\na1\n\nb"),
        (
            "<table><row><cell>x</cell><cell>1</cell></row><row><cell>y</cell><cell>2</cell></row></table>",
            "x | 1\ny | 2",
        ),
        ("<table><row><cell><p>x</p><p>y</p></cell><cell><list><item>1</item></list></cell></row></table>", "x y | 1"),
        ("<p>one<lb/>two</p>", "one\ntwo"),
        ("<quote><p>said</p></quote>after", "said\n\nafter"),
        ("loose<p>  spaced \n out </p>", "loose\n\nspaced out"),
        ("<p/><p> </p><p>x</p>", "x"),
        ("", ""),
    ],
)
def test_text(tree, text):
    assert layout.text(body(tree)) == text


def test_a_tree_deeper_than_python_recurses():
    tree = body("")
    deepest = tree
    for _ in range(5_000):
        deepest = etree.SubElement(deepest, "div")
    deepest.text = "here"
    assert layout.text(tree) == "here"


STORY = "<p>At least 42 houses were destroyed when the river burst its banks.</p>"


@pytest.mark.parametrize(
    "teaser",
    [
        "<p><ref>Prices up 9 per cent</ref></p>",
        "<p>See: <ref>88 dead in ferry disaster off the coast</ref></p>",
        "<p><hi><ref>Prices up 9 per cent</ref></hi> </p>",
        "<list><item><ref>One story</ref></item><item><ref>Another story</ref></item></list>",
    ],
)
def test_teasers_go(teaser):
    tree = body(STORY + teaser + STORY)
    teasers.remove(tree)
    assert layout.text(tree) == layout.text(body(STORY + STORY))


@pytest.mark.parametrize(
    "kept",
    [
        "<p>The ministry said <ref>at least 2,300 soldiers</ref> were lost.</p>",
        f"<p><ref>{'A sentence that is a link from start to end. ' * 5}</ref></p>",
        "<list><item><ref>Serbia</ref>: 1,200 homes</item><item><ref>Croatia</ref>: 340 homes</item></list>",
        "<table><row><cell><ref>Serbia</ref></cell><cell><ref>1,200</ref></cell></row></table>",
        "<head><ref>Shops feel it first</ref></head>",
        "<p/>",
    ],
)
def test_what_is_no_teaser_stays(kept):
    tree = body(STORY + kept + STORY)
    teasers.remove(tree)
    assert layout.text(tree) == layout.text(body(STORY + kept + STORY))


def test_text_behind_a_teaser_stays():
    tree = body("<p><ref>Read more</ref></p>tail one<p>x</p><p><ref>Read more</ref></p>tail two")
    teasers.remove(tree)
    assert layout.text(tree) == "tail one\n\nx\n\ntail two"
