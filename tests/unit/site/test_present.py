from datetime import timedelta
from decimal import Decimal

import pytest

from tests.harness.site import NOW, figure, revision
from worker.core import wording
from worker.model import Bound
from worker.site import present


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain — “text” 2 300 ☃", "plain — “text” 2 300 ☃"),
        ("\x00\x1b[31m\x7f", "␀␛[31m␡"),
        ("\x9b31m", "[U+009B]31m"),
        ("a\tb\nc", "a b\nc"),
        ("\u202egnp.exe\u2066", "[U+202E]gnp.exe[U+2066]"),
        ("2\u00a0300 2\u2009300", "2 300 2 300"),
        ("kil\u00adled\u200b\ufeff", "killed"),
        ("می\u200cدهند \u200fא", "می\u200cدهند \u200fא"),
        ("half \ud83d", "half \ufffd"),
        ("line\u2028two", "line[U+2028]two"),
    ],
)
def test_nothing_hides_or_reorders(text, shown):
    assert wording.visible(text) == shown
    assert wording.visible(shown) == shown


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a?b=1&c=%20#d",
        "http://127.0.0.1:8001/x",
        "https://пример.example/статья",
        "https://[2001:db8::1]/",
    ],
)
def test_addresses_of_web_servers_are_links(url):
    assert present.safe_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "//news.example/",
        "/articles/1",
        "https:news.example",
        "https://",
        "https:///path",
        "https://news.example\\@evil.example/",
        "https://news.example@evil.example/",
        "https://news.example/\r\nSet-Cookie: a=b",
        "https://news.example/\u202egnp.exe",
        "https://[::1",
        "",
    ],
)
def test_anything_else_is_not(url):
    assert present.safe_link(url) is None


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"low": "2300", "bound": Bound.AT_LEAST}, "at least 2,300"),
        ({"low": "6"}, "6"),
        ({"low": "1.0"}, "1"),
        ({"low": "20", "high": Decimal(25), "unit": "%"}, "20 to 25%"),
        ({"low": "1250000000", "unit": "USD"}, "USD 1.25 billion"),
        ({"low": "1234567", "unit": "USD"}, "USD 1,234,567"),
        ({"low": "5", "unit": "km", "bound": Bound.ABOUT}, "about 5 km"),
        ({"low": "12", "unit": "year"}, "12 years"),
        ({"low": "1", "unit": "year"}, "1 year"),
        ({"low": "24", "high": None, "bound": Bound.VAGUE}, "some 24 or more"),
        ({"low": "-0.2", "unit": "pp"}, "-0.2 pp"),
        ({"low": "1E+13"}, "10 trillion"),
        ({"low": "0.333333333333333"}, "0.333333"),
    ],
)
def test_a_figure_in_few_words(given, shown):
    assert wording.value(figure(sentence="x", printed="x", **given)) == shown


@pytest.mark.parametrize("text", ["999999", "1000000", "1000000.0", "1000500", "1000499.5", "123456789012", "0.000001"])
def test_no_digit_is_rounded_away(text):
    digits, _, scale = wording.number(Decimal(text)).replace(",", "").partition(" ")
    assert Decimal(digits) * {"": 1, "million": 10**6, "billion": 10**9, "trillion": 10**12}[scale] == Decimal(text)


@pytest.mark.parametrize("size", ["1E+40", "-1E+40", "1E-40", "123456789012345E+20", "1E+400"])
def test_no_size_is_too_much(size):
    row = change("0.000001", size)
    assert wording.number(Decimal(size))
    assert wording.difference(row)


def change(old, new, **fields):
    return revision(old=figure(old, "x", "x", **fields), new=figure(new, "x", "x", **fields))


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (change("2300", "2730"), "+430 (+18.7%)"),
        (change("1200000", "930000"), "\u2212270,000 (\u221222.5%)"),
        (change("3.5", "3.2", unit="%"), "\u22120.3 points"),
        (change("6", "5", unit="%"), "\u22121 point"),
        (change("0", "4"), "+4"),
        (change("-2", "4"), "+6"),
        (change("4", "4"), None),
        (change("4", "6", high=Decimal(9)), None),
        (change("4", "6", high=None), None),
        (revision(new=None), None),
    ],
)
def test_how_far_it_moved(row, shown):
    assert wording.difference(row) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(-3, "0 s"), (0.4, "0 s"), (59.9, "59 s"), (60, "1 min"), (7300, "2 h"), (200_000, "2 d")]
)
def test_durations_in_their_largest_unit(seconds, shown):
    assert present.span(seconds) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (40, "between 14 Mar 2026, 08:50 UTC and 09:30 UTC"),
        (24 * 60, "between 13 Mar 2026, 09:30 UTC and 14 Mar 2026, 09:30 UTC"),
        (0.5, "within a minute before 14 Mar 2026, 09:30 UTC"),
    ],
)
def test_intervals_are_as_long_as_they_are(minutes, shown):
    assert present.interval(NOW - timedelta(minutes=minutes), NOW) == shown


def test_moments_are_said_in_utc():
    assert present.moment(NOW) == "14 Mar 2026, 09:30 UTC"
    assert present.moment(NOW.replace(day=2)) == "2 Mar 2026, 09:30 UTC"


def test_the_figure_is_marked_in_its_sentence():
    marked = present.marked(figure("130", "They counted at least 130 tanks.", "at least 130", bound=Bound.AT_LEAST))
    assert marked == "They counted <mark>at least 130</mark> tanks."


def test_each_piece_is_escaped_before_it_is_marked():
    marked = present.marked(figure("130", "<img src=x onerror=alert(1)> at 130 <b>\u202e", "130"))
    assert marked == "&lt;img src=x onerror=alert(1)&gt; at <mark>130</mark> &lt;b&gt;[U+202E]"


def test_a_sentence_without_end_is_cut():
    marked = present.marked(figure("130", "130 <men> and " * 20_000, "130"))
    assert marked.startswith("130 &lt;men&gt; and ")
    assert marked.endswith(" […]")
    assert len(marked.unescape()) == present.LONGEST_SENTENCE + len(" […]")


def test_a_figure_that_cannot_be_found_leaves_the_sentence_whole():
    assert present.marked(figure("130", "<no number here>", "here")) == "&lt;no number here&gt;"
