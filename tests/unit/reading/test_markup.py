import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core import markup


@pytest.mark.parametrize(
    ("source", "cleaned"),
    [
        ("a&#xD800;b", "a\ufffdb"),
        ("a&#x110000;b", "a\ufffdb"),
        ("a&#99999999999;b", "a\ufffdb"),
        (f"a&#{'9' * 5000};b", "a\ufffdb"),
        ("a&#0;b", "a\ufffdb"),
        ("a&#12;b", "a b"),
        ("a&#27;b", "ab"),
        ("a&#xFFFF;b", "ab"),
        ("it&#146;s 5&#150;6", "it’s 5–6"),
        ("caf&#233;", "café"),
        ("&#60;b&#62; &#38;amp; &#34;", "&#60;b&#62; &#38;amp; &#34;"),
        ("line&#10;break", "line&#10;break"),
        ("&#x1F600;", "\U0001f600"),
        ("&amp;#xD800; &nbsp; &#; &#x; &#xZZ;", "&amp;#xD800; &nbsp; &#; &#x; &#xZZ;"),
        ("a\x00b\x07c\x1bd\x7fe\uffff\ufdd0f", "abcdef"),
        ("a\x0cb\x0bc", "a b c"),
        ("a\tb\nc\rd", "a\tb\nc\rd"),
        ("a\ud800b\udfffc", "abc"),
    ],
)
def test_clean(source, cleaned):
    assert markup.clean(source) == cleaned


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_clean_leaves_nothing_that_xml_forbids(text):
    cleaned = markup.clean(text + "&#x" + text[:4] + ";")
    cleaned.encode()
    assert not [c for c in cleaned if unicodedata.category(c) == "Cc" and c not in "\t\n\r\x85"]


def words(page):
    tree = markup.document(page)
    assert tree is not None
    return tree.text_content()


@given(st.integers(0, 0x1FFFFF))
def test_every_reference_becomes_legal(number):
    text = words(markup.clean(f"<p>a&#{number};b&#x{number:x};c</p>"))
    assert text[0] + text[-1] == "ac"


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("plain words", "plain words"),
        ("AT&amp;T &lt;5%", "AT&T <5%"),
        ("profit < 5% and loss > 3", "profit < 5% and loss > 3"),
        ("<b>Rise</b> of <5% today", "Rise of <5% today"),
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>", "a 1\nb 2"),
        ("x<script>alert(1)</script>y<style>p{}</style>z", "xyz"),
        ("<img src=x onerror=alert(1)>", ""),
        ("<svg onload=alert(1)><title>t</title></svg>ok", "ok"),
        ("unclosed <b>bold <i>both", "unclosed bold both"),
        ("</div></body>late", "late"),
        ("<!-- no -->yes", "yes"),
        ("a\n\n  b\t c", "a b c"),
        ("", ""),
    ],
)
def test_plain(fragment, text):
    assert markup.plain(fragment) == text


@given(st.text(alphabet="<>/&;#x12 abpdiv='\"!-[]", max_size=80))
def test_plain_never_fails_and_leaves_no_element(fragment):
    assert "<script" not in markup.plain(f"{fragment}<script>1</script>").lower() or "<" in fragment


def test_deep_nesting_keeps_the_text():
    assert words(f"<html><body>{'<div>' * 20_000}<p>At least 42 houses.</p></body></html>") == "At least 42 houses."


def test_a_root_that_looks_closed():
    assert words("<html lang='en' /><body><p>words</p></body>") == "words"


@pytest.mark.parametrize("text", ["", "   ", "<!-- only a comment -->"])
def test_nothing_to_parse(text):
    assert markup.document(text) is None
