"""The outlets file: what is read from it, and how every mistake in it is reported."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker import outlets
from worker.errors import OutletsError
from worker.model import FeedSource, Policy

SHIPPED = Path(__file__).parents[2] / "config" / "outlets.toml"

GOOD = """\
[policy]
poll_seconds = 300

[[outlet]]
slug = "north"
name = "North Post"
homepage = "https://north.example"
country = "NO"
language = "en"
requests_per_hour = 50
[[outlet.feed]]
url = "https://north.example/rss"
[[outlet.feed]]
url = "https://north.example/nb"
language = "nb-NO"
verified = false

[[outlet]]
slug = "south"
name = "South Wire"
homepage = "https://south.example"
country = "NZ"
language = "en-NZ"
poll_seconds = 60
feed = [{ url = "https://south.example/rss" }]
"""


def write(tmp_path, text):
    path = tmp_path / "outlets.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(tmp_path, text):
    with pytest.raises(OutletsError) as caught:
        outlets.load(write(tmp_path, text))
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_reads_outlets_with_their_policy(tmp_path):
    north, south = outlets.load(write(tmp_path, GOOD))
    assert (north.slug, north.name, north.country, north.language) == ("north", "North Post", "NO", "en")
    assert north.feeds == (
        FeedSource("https://north.example/rss"),
        FeedSource("https://north.example/nb", language="nb-NO", verified=False),
    )
    assert north.policy == Policy(poll_seconds=300, requests_per_hour=50)
    assert south.policy == Policy(poll_seconds=60)
    assert south.feeds == (FeedSource("https://south.example/rss"),)


def test_without_policy_the_defaults_of_the_model_hold(tmp_path):
    text = GOOD.replace("[policy]\npoll_seconds = 300\n", "").replace("poll_seconds = 60\n", "")
    north, south = outlets.load(write(tmp_path, text))
    assert north.policy == Policy(requests_per_hour=50)
    assert south.policy == Policy()


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path):
    text = b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()
    assert len(outlets.load(write(tmp_path, text))) == 2


ADDRESS = "must be an http or https address"
COUNTRY = "must be an ISO 3166-1 alpha-2 code such as 'TR'"
FEEDS = "must be one or more [[outlet.feed]] tables"
LANGUAGE = "must be a BCP 47 language tag such as 'en' or 'pt-BR'"
SLUG = "must be lower-case letters, digits and single hyphens"
WEEK = "must be a number of seconds from 0.1 to 604800 (a week)"
NB, SOUTH = "https://north.example/nb", '[{ url = "https://south.example/rss" }]'
NORTH_2 = "14: outlet 'north': feed 2: key 'url'"

# Each case is one edit of GOOD: what is replaced, by what, and the report without the name of the file.
MISTAKES = {
    "unknown key": ("requests_per_hour = 50", "colour = 3", "10: outlet 'north': key 'colour': unknown"),
    "misspelt key, not also reported as missing": (
        'homepage = "https://north',
        'hompage = "https://north',
        "7: outlet 'north': key 'hompage': unknown, did you mean 'homepage'?",
    ),
    "misspelt policy key": (
        "poll_seconds = 300",
        "pol_seconds = 300",
        "2: [policy]: key 'pol_seconds': unknown, did you mean 'poll_seconds'?",
    ),
    "misspelt feed key": (
        "verified = false",
        "verifed = false",
        "16: outlet 'north': feed 2: key 'verifed': unknown, did you mean 'verified'?",
    ),
    "misspelt table": ("[policy]", "[polices]", "1: key 'polices': unknown, did you mean 'policy'?"),
    "policy table in an outlet": (
        "requests_per_hour = 50",
        "policy = { requests_per_hour = 50 }",
        "10: outlet 'north': key 'policy': unknown, an outlet's policy keys stand in its own table",
    ),
    "missing key, at its table": (
        'country = "NZ"\n',
        "",
        f"18: outlet 'south': key 'country': missing, {COUNTRY}",
    ),
    "missing slug, so its number": ('slug = "south"\n', "", f"18: outlet number 2: key 'slug': missing, {SLUG}"),
    "missing address": (f'url = "{NB}"\n', "", f"13: outlet 'north': feed 2: key 'url': missing, {ADDRESS}"),
    "no feed": (SOUTH, "[]", f"25: outlet 'south': key 'feed': {FEEDS}, not an empty array"),
    "feed is one table": (SOUTH, SOUTH[1:-1], f"25: outlet 'south': key 'feed': {FEEDS}, not a table"),
    "feed is no table": (SOUTH, '[\n  "x"]', "26: outlet 'south': feed 1: must be a table, not 'x'"),
    "number in quotes": ("= 60", '= "60"', f"24: outlet 'south': key 'poll_seconds': {WEEK}, not '60'"),
    "truth value as number": ("= 60", "= true", f"24: outlet 'south': key 'poll_seconds': {WEEK}, not true"),
    "zero": ("= 60", "= 0", f"24: outlet 'south': key 'poll_seconds': {WEEK}, not 0"),
    "milliseconds": ("= 60", "= 900_000", f"24: outlet 'south': key 'poll_seconds': {WEEK}, not 900000"),
    "not a number": (
        "poll_seconds = 60",
        "min_gap_seconds = nan",
        "24: outlet 'south': key 'min_gap_seconds': must be a number of seconds from 0 to 3600, not nan",
    ),
    "negative gap": (
        "poll_seconds = 300",
        "min_gap_seconds = -0.5",
        "2: [policy]: key 'min_gap_seconds': must be a number of seconds from 0 to 3600, not -0.5",
    ),
    "broken budget": (
        "= 50",
        "= 50.5",
        "10: outlet 'north': key 'requests_per_hour': must be a whole number from 1 to 1000000, not 50.5",
    ),
    "a date": (
        "= 50",
        "= 2026-01-02",
        "10: outlet 'north': key 'requests_per_hour': must be a whole number from 1 to 1000000, not 2026-01-02",
    ),
    "policy is no table": (
        "[policy]\npoll_seconds = 300",
        "policy = 3",
        "1: key 'policy': must be one [policy] table, not 3",
    ),
    "slug with capitals": (
        '"north"',
        '"North Post"',
        f"5: outlet 'North Post': key 'slug': {SLUG}, not 'North Post'",
    ),
    "empty name": ('"South Wire"', '"  "', "20: outlet 'south': key 'name': must be a name, in quotes, not '  '"),
    "repeated slug": ('"south"', '"north"', "19: outlet 'north': key 'slug': 'north' is already used in line 5"),
    "repeated feed of one outlet": (
        NB,
        "https://north.example/rss",
        f"{NORTH_2}: 'https://north.example/rss' is already used in line 12",
    ),
    "repeated feed of another outlet": (
        "https://south.example/rss",
        NB,
        f"25: outlet 'south': feed 1: key 'url': '{NB}' is already used in line 14",
    ),
    "scheme": (NB, "feed://a/b", f"{NORTH_2}: {ADDRESS}, not 'feed://a/b': its scheme is neither http nor https"),
    "user name": (
        NB,
        "https://me@a/b",
        f"{NORTH_2}: {ADDRESS}, not 'https://me@a/b': it holds a user name or password",
    ),
    "no host": (NB, "https:///b", f"{NORTH_2}: {ADDRESS}, not 'https:///b': it names no host"),
    "port": (NB, "http://a:99999/", f"{NORTH_2}: {ADDRESS}, not 'http://a:99999/': Port out of range 0-65535"),
    "space": (
        NB,
        "https://a/b c",
        f"{NORTH_2}: {ADDRESS}, not 'https://a/b c': it holds a space, a backslash or a control character",
    ),
    "homepage": (
        '"https://south.example"',
        '"south.example"',
        f"21: outlet 'south': key 'homepage': {ADDRESS}, not 'south.example': its scheme is neither http nor https",
    ),
    "country that people write": (
        '"NZ"',
        '"UK"',
        f"22: outlet 'south': key 'country': {COUNTRY}, not 'UK': did you mean 'GB'?",
    ),
    "country in lower case": (
        '"NZ"',
        '"nz"',
        f"22: outlet 'south': key 'country': {COUNTRY}, not 'nz': did you mean 'NZ'?",
    ),
    "country that is none": (
        '"NZ"',
        '"Kiwi"',
        f"22: outlet 'south': key 'country': {COUNTRY}, not 'Kiwi': no country has this code",
    ),
    "underscore in a language": (
        '"en-NZ"',
        '"en_NZ"',
        f"23: outlet 'south': key 'language': {LANGUAGE}, not 'en_NZ': did you mean 'en-NZ'?",
    ),
    "language by name": (
        '"en-NZ"',
        '"english"',
        f"23: outlet 'south': key 'language': {LANGUAGE}, not 'english': not a language tag",
    ),
    "language that is none": (
        '"nb-NO"',
        '"xx"',
        f"15: outlet 'north': feed 2: key 'language': {LANGUAGE}, not 'xx': no language has the code 'xx'",
    ),
    "verified in quotes": (
        "verified = false",
        'verified = "no"',
        "16: outlet 'north': feed 2: key 'verified': must be true or false, not 'no'",
    ),
}


@pytest.mark.parametrize(("old", "new", "report"), MISTAKES.values(), ids=MISTAKES.keys())
def test_one_mistake_is_one_line_with_outlet_key_and_place(tmp_path, old, new, report):
    assert old in GOOD
    assert problems(tmp_path, GOOD.replace(old, new, 1)) == [f"outlets.toml:{report}"]


@pytest.mark.parametrize("code", ["TR", "GB", "XK", "ZZ", "XA", "QM"])
def test_countries_that_are_assigned_or_free_for_invented_ones(tmp_path, code):
    assert outlets.load(write(tmp_path, GOOD.replace('"NZ"', f'"{code}"')))[1].country == code


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant-TW", "es-419", "sl-rozaj", "ckb"])
def test_language_tags(tmp_path, tag):
    assert outlets.load(write(tmp_path, GOOD.replace('"en-NZ"', f'"{tag}"')))[1].language == tag


def test_all_mistakes_are_reported_at_once_in_the_order_of_the_file(tmp_path):
    text = GOOD
    for old, new in (
        ("poll_seconds = 300", "poll_seconds = -1"),
        ('country = "NO"', 'country = "Norway"'),
        ("https://north.example/nb", "ftp://north.example/nb"),
        ('slug = "south"', 'slug = "north"'),
        ("poll_seconds = 60", "polls = 60"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    found = problems(tmp_path, text)
    assert [line.split(": key")[0] for line in found] == [
        "outlets.toml:2: [policy]",
        "outlets.toml:8: outlet 'north'",
        "outlets.toml:14: outlet 'north': feed 2",
        "outlets.toml:19: outlet 'north'",
        "outlets.toml:24: outlet 'north'",
    ]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[policy]\npoll_seconds = 30\n"])
def test_a_file_without_outlets(tmp_path, text):
    assert problems(tmp_path, text) == [
        "outlets.toml:1: key 'outlet': missing, must be one or more [[outlet]] tables",
    ]


def test_one_outlet_in_single_brackets(tmp_path):
    text = '\n[outlet]\nslug = "a"\n'
    assert problems(tmp_path, text) == [
        "outlets.toml:2: key 'outlet': must be one or more [[outlet]] tables, not a table"
    ]


def test_toml_syntax_is_reported_with_its_line(tmp_path):
    (report,) = problems(tmp_path, GOOD.replace('name = "South Wire"', "name = South Wire"))
    assert report.startswith("outlets.toml:20: not TOML: ")


def test_a_string_left_open_is_reported_at_the_end(tmp_path):
    (report,) = problems(tmp_path, '[[outlet]]\nname = """North\nPost\n')
    assert report.startswith("outlets.toml:4: not TOML: ")


def test_a_key_given_twice_is_reported(tmp_path):
    (report,) = problems(tmp_path, GOOD.replace('country = "NO"', 'country = "NO"\ncountry = "SE"'))
    assert report.startswith("outlets.toml:9: not TOML: ")


def test_bytes_that_are_no_utf8(tmp_path):
    assert problems(tmp_path, GOOD.encode().replace(b"South Wire", b"S\xfcdfunk")) == [
        "outlets.toml:20: not UTF-8 text"
    ]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(OutletsError, match="cannot be read: No such file"):
        outlets.load(tmp_path / "none.toml")


def test_a_directory(tmp_path):
    with pytest.raises(OutletsError, match="cannot be read"):
        outlets.load(tmp_path)


# --- lines -------------------------------------------------------------------------------------------

TRICKY = '''\
# [[outlet]] in a comment
note = """
[[outlet]]
slug = "not me" \\" "" still
""""
other = \'\'\'[x]
# no\'\'\'
"quoted key" . sub = 1.5   # [a] = 2
when = 1979-05-27 07:32:00
nested = [ [1, 2], # first
  [ { a = 1, b.c = [
    "]", '}' ] } ],
]
[[outlet]]
[[outlet.feed]]
url = "x # y"
[outlet.extra]
deep = {}
[[outlet]] # the second
feed = [
  { url = "a" },

  { url = "b" }]
'''


def places(value, place=()):
    if place:
        yield place
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*place, key))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from places(item, (*place, i))


def test_lines_of_a_file_full_of_traps():
    lines = outlets._lines(TRICKY)
    assert set(lines) == set(places(tomllib.loads(TRICKY)))
    expected = {
        ("note",): 2,
        ("other",): 6,
        ("quoted key", "sub"): 8,
        ("when",): 9,
        ("nested", 1): 11,
        ("nested", 1, 0, "b", "c"): 11,
        ("nested", 1, 0, "b", "c", 1): 12,
        ("outlet",): 14,
        ("outlet", 0): 14,
        ("outlet", 0, "feed", 0, "url"): 16,
        ("outlet", 0, "extra", "deep"): 18,
        ("outlet", 1): 19,
        ("outlet", 1, "feed", 1, "url"): 23,
    }
    assert {place: lines[place] for place in expected} == expected


KEYS = st.sampled_from(["a", "b-1", "_c", "9", "d e", "#", 'q"', "[x]", "é"])
TEXTS = st.text(st.sampled_from("ab \"'\\[]{}=,.#\n\t\x7fé"), max_size=8)
SCALARS = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.dates(), TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=3)
DOCUMENTS = st.tuples(TABLES, st.dictionaries(KEYS, st.lists(TABLES, min_size=1, max_size=3), max_size=2))


def quoted(text):
    return json.dumps(text).replace("\x7f", "\\u007f")


def long_quoted(text):
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').replace("\x7f", "\\u007f")
    return f'"""\n{escaped.removesuffix(chr(34))}{chr(92) + chr(34) if escaped.endswith(chr(34)) else ""}"""'


class Writer:
    """Writes a document as TOML in one of many spellings, and notes the line of each thing as it goes."""

    def __init__(self, draw):
        self.draw, self.text, self.lines = draw, "", {}

    def put(self, text):
        self.text += text

    def note(self, place):
        self.lines[place] = self.text.count("\n") + 1

    def gap(self):
        self.put(self.draw(st.sampled_from(["", " ", "\n", " # ] } \" '\n", "\r\n"])))

    def key(self, key):
        self.put(key if key.isascii() and key.replace("-", "").replace("_", "").isalnum() else quoted(key))

    def value(self, place, value):
        if isinstance(value, dict):
            self.put("{")
            for i, (key, item) in enumerate(value.items()):
                self.put(", " if i else " ")
                self.pair((*place, key), item)
            self.put("}")
        elif isinstance(value, list):
            self.put("[")
            for i, item in enumerate(value):
                self.gap()
                self.note((*place, i))
                self.value((*place, i), item)
                self.gap()
                self.put(",")
            self.gap()
            self.put("]")
        elif isinstance(value, str):
            self.put(self.draw(st.sampled_from([quoted, long_quoted]))(value))
        else:
            self.put(json.dumps(value) if isinstance(value, bool) else str(value))

    def pair(self, place, value):
        self.note(place)
        self.key(place[-1])
        self.put(" = ")
        self.value(place, value)

    def pairs(self, table, place):
        for key, item in table.items():
            self.pair((*place, key), item)
            self.put(self.draw(st.sampled_from(["\n", " # x = 1\n", "\n\n"])))

    def document(self, head, arrays):
        self.pairs(head, ())
        for name, tables in arrays.items():
            for i, table in enumerate(tables):
                if i == 0:
                    self.note((name,))
                self.note((name, i))
                self.put("[[")
                self.key(name)
                self.put("]]\n")
                self.pairs(table, (name, i))


@given(document=DOCUMENTS, data=st.data())
def test_every_place_of_any_file_has_its_line(document, data):
    head, arrays = document
    arrays = {name: tables for name, tables in arrays.items() if name not in head}
    writer = Writer(data.draw)
    writer.document(head, arrays)
    parsed = tomllib.loads(writer.text)
    assert parsed == {**head, **arrays}
    assert outlets._lines(writer.text) == writer.lines
    assert set(writer.lines) == set(places(parsed))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["slug", "name", "homepage", "country", "language", "poll_seconds", "feed", "zzz"]), SCALARS
        ),
        max_size=6,
        unique_by=lambda pair: pair[0],
    )
)
def test_any_file_is_either_loaded_or_reported_with_lines(tmp_path_factory, pairs):
    text = "[[outlet]]\n" + "".join(f"{key} = {rendered(value)}\n" for key, value in pairs)
    path = tmp_path_factory.mktemp("outlets") / "outlets.toml"
    path.write_text(text, newline="")
    with pytest.raises(OutletsError) as caught:  # no such file is ever complete: no feed is a table
        outlets.load(path)
    last = text.count("\n") + 1
    for line in caught.value.problems:
        name, number, _ = line.split(":", 2)
        assert name == "outlets.toml"
        assert 1 <= int(number) <= last


def rendered(value):
    writer = Writer(lambda _: quoted)
    writer.value((), value)
    return writer.text


# --- the shipped file --------------------------------------------------------------------------------


def test_the_shipped_file_is_valid_and_as_large_as_promised():
    found = outlets.load(SHIPPED)
    assert len(found) >= 34
    assert sum(len(outlet.feeds) for outlet in found) >= 70
    assert len({outlet.country for outlet in found}) >= 10
    assert not any(feed.verified for outlet in found for feed in outlet.feeds)  # until somebody has fetched them
    wanted = {
        "anadolu", "daily-sabah", "bbc", "guardian", "npr", "aljazeera", "dw", "france24", "un-news", "reliefweb",
        "yonhap", "kyodo", "abc-au", "cbc", "the-hindu", "premium-times",
    }  # fmt: skip
    assert wanted <= {outlet.slug for outlet in found}


# --- where the text is read -------------------------------------------------------------------------


@pytest.mark.parametrize("value", ['"summary"', "true", '"FEED"', '""'])
def test_the_text_is_of_the_page_or_of_the_feed(tmp_path, value):
    path = tmp_path / "outlets.toml"
    path.write_text(f'[policy]\ntext = {value}\n[[outlet]]\nslug = "a"\n')
    with pytest.raises(OutletsError) as caught:
        outlets.load(path)
    assert any(
        "line" not in p and ":2: [policy]: key 'text': must be 'page' or 'feed'" in p for p in caught.value.problems
    )
