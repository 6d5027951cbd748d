from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core import feeds
from worker.model import FeedVerdict

FILES = Path(__file__).parent / "feeds"
URL = "https://herald.example/feeds/world.xml"


utc = partial(datetime, tzinfo=UTC)


def read(name, url=URL, **options):
    return feeds.parse((FILES / name).read_bytes(), headers={}, url=url, **options)


def parse(text, url=URL, **options):
    return feeds.parse(text if isinstance(text, bytes) else text.encode(), headers={}, url=url, **options)


def rss(*items, channel=""):
    return f"<rss version='2.0'><channel><title>T</title>{channel}{''.join(items)}</channel></rss>"


def item(n=1, more=""):
    return f"<item><title>Story {n}</title><link>https://herald.example/{n}</link><guid>g{n}</guid>{more}</item>"


# --- what feeds hold ---------------------------------------------------------------------------------


def test_rss_2():
    feed = read("rss2.xml")
    assert (feed.verdict, feed.title, feed.language) == (FeedVerdict.FEED, "The Quayside Herald – World", "en-GB")
    assert feed.min_interval == 1800
    first, second, third, fourth = feed.entries
    assert first.id == "herald-88121"
    assert first.link == "https://herald.example/2026/03/port-strike?utm_source=rss&page=2"
    assert first.title == "Port strike: 1,400 dockers & 62 ships stand still"
    assert (first.published, first.updated) == (utc(2026, 3, 9, 6, 30), None)
    assert first.summary == "Cranes stood still.\n\nUnions want 7%."
    assert first.text == "The port was silent.\n\n62 ships\n1,400 dockers"
    assert (second.title, second.link) == ("Profit up <5% at Marrow & Sons", "https://herald.example/2026/03/marrow")
    assert second.published == utc(2026, 3, 9, 7)
    assert third.link == third.id == "https://herald.example/2026/03/guid-only"
    assert (fourth.id, fourth.link, fourth.summary) == ("88124", None, "Plain words.")


def test_atom():
    feed = read("atom.xml", "https://tagblatt.example/feeds/atom")
    assert (feed.verdict, feed.title, feed.language) == (FeedVerdict.FEED, "Tagblatt – Nachrichten", "de")
    first, second = feed.entries
    assert first.id == "tag:tagblatt.example,2026:1"
    assert first.link == "https://tagblatt.example/2026/hochwasser"
    assert first.title == "Pegel < 8 Meter: 3.200 Menschen evakuiert"
    assert (first.published, first.updated) == (utc(2026, 2, 17, 17, 42), utc(2026, 2, 17, 18, 10))
    assert first.summary == "Die Leiße steigt."
    assert first.text == "Rund 3.200 Menschen.\n\n45.000 Sandsäcke."
    assert (second.title, second.published, second.updated) == ("Zwölf Millionen Euro Hilfe", None, utc(2026, 2, 16, 8))


def test_rdf():
    feed = read("rdf.xml", "https://courrier.example/rdf")
    first, second = feed.entries
    assert (first.title, first.id, first.published) == (
        "2 600 hectares brûlés", "https://courrier.example/1", utc(2026, 7, 19, 18, 15)
    )  # fmt: skip
    assert (second.title, second.published) == ("Deux blessés", None)


def test_rss_091_with_its_entities():
    feed = read("rss091.xml")
    assert (feed.title, feed.entries[0].title) == ("The Herald", "The Herald turns 100")


def test_json_feed():
    feed = read("feed.json", "https://umikaze.example/feed.json")
    assert (feed.verdict, feed.title, feed.language) == (FeedVerdict.FEED, "海風新聞 <速報>", "ja")
    first, second, third = feed.entries
    assert (first.id, first.link, first.text) == (
        "7001", "https://umikaze.example/7001", "11日未明。\n\n22人を救助。"
    )  # fmt: skip
    assert first.published == utc(2026, 5, 10, 21, 20)
    assert (second.link, second.text, second.summary) == ("https://other.example/x", "A < B & C", "<not markup>")
    assert (third.id, third.link, third.title, third.published) == (None, None, None, None)


def test_reading_twice_gives_the_same():
    assert [read(path.name) for path in sorted(FILES.iterdir())] == [
        read(path.name) for path in sorted(FILES.iterdir())
    ]


# --- what is no feed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   \n ",
        "<!DOCTYPE html><html><body>Please log in</body></html>",
        "<html><head><link rel='alternate' href='/rss'></head><body><p>We moved our <rss> feed.</p></body></html>",
        '{"error": "not found"}',
        '{"version": "https://jsonfeed.org/version/2", "items": []}',
        "[" * 100_000,
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
        "not found",
        "<opml version='2.0'><body/></opml>",
    ],
)
def test_what_is_no_feed(body):
    feed = parse(body)
    assert (feed.verdict, feed.entries) == (FeedVerdict.NOT_A_FEED, ())


def test_a_body_that_names_a_file_is_only_a_body(tmp_path):
    secret = tmp_path / "secret.xml"
    secret.write_text(rss(item()))
    for body in (str(secret), secret.as_uri(), "http://127.0.0.1/feed"):
        assert parse(body).verdict is FeedVerdict.NOT_A_FEED


def test_external_entities_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("xyzzy")
    doctype = f"<!DOCTYPE rss [<!ENTITY e SYSTEM '{secret.as_uri()}'>]>"
    feed = parse(doctype + rss("<item><title>a &e; b</title></item>"))
    assert "xyzzy" not in repr(feed)


def test_entities_that_grow_do_not():
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    feed = parse(f"<!DOCTYPE rss [<!ENTITY l0 'ha'>{laughs}]>" + rss("<item><title>&l9;</title></item>"))
    assert len(repr(feed)) < 10_000


def test_warming_up_twice():
    feeds.warm()
    feeds.warm()


def test_an_empty_feed_is_a_feed():
    assert parse(rss()).verdict is FeedVerdict.FEED


# --- damage ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    ["&#xD800;", "&#x110000;", "&#99999999999;", "&#0;", "&#12;", "&#27;", "\x00", "\x1b", "\x07", "\uffff", "\ud800"],
)
def test_an_illegal_character_costs_no_entry(bad):
    body = rss(item(1), f"<item><title>a{bad}b</title><guid>g2</guid></item>", item(3))
    feed = parse(body.encode("utf-8", "surrogatepass"))
    assert [entry.id for entry in feed.entries] == ["g1", "g2", "g3"]
    assert feed.entries[1].title[0] + feed.entries[1].title[-1] == "ab"
    feed.entries[1].title.encode()


def test_a_broken_byte_costs_no_entry():
    body = rss("<item><title>Größe, Öl</title></item>", "<item><title>a@b</title></item>").encode()
    assert [entry.title for entry in parse(body.replace(b"@", b"\xff")).entries] == ["Größe, Öl", "a\ufffdb"]


def test_a_bare_ampersand_costs_no_entry():
    feed = parse(rss(item(1), "<item><title>B</title><link>https://e.example/?a=1&b=2</link></item>"))
    assert [entry.link for entry in feed.entries] == ["https://herald.example/1", "https://e.example/?a=1&b=2"]


@pytest.mark.parametrize("keep", range(2, 20))
def test_a_truncated_feed_gives_its_whole_entries(keep):
    body = rss(*(item(n, "<description>words and more</description>") for n in range(20)))
    cut = body[: body.index(f"<guid>g{keep}</guid>") - 30]  # in the middle of the title or link before it
    feed = parse(cut)
    assert [entry.id for entry in feed.entries] == [f"g{n}" for n in range(keep)]
    assert feed.detail == "ends before its last entry does"


def test_a_truncated_rdf_gives_its_whole_entries():
    body = (FILES / "rdf.xml").read_bytes()
    feed = parse(body[: body.index(b"Deux")])
    assert [entry.id for entry in feed.entries] == ["https://courrier.example/1"]


def test_a_feed_cut_in_its_first_entry_is_broken():
    assert parse(rss(item(1))[:70]).verdict is FeedVerdict.BROKEN


@pytest.mark.parametrize(
    "head",
    [
        "\ufeff\n\n",
        "<?xml version='1.0'?>" + "\n" * 100_000,
        "<?xml version='1.0'?>\n<?xml version='1.0' encoding='utf-8'?>",
        "<?xml?xml version='1.0' encoding='UTF-8' ??>",
        "<?xml version='1.0'encoding='UTF-8'?>",
        "<br />\n<b>Warning</b>: mysql_connect() in /var/www/feed.php on line 12<br />\n",
        "<!-- generated " + "- " * 5_000 + "-->",
        "<?xml-stylesheet href='a.xsl'?>",
    ],
)
def test_what_stands_before_the_root(head):
    assert [entry.id for entry in parse(head + rss(item(1), item(2))).entries] == ["g1", "g2"]


def test_a_prefix_that_nothing_declares():
    items = "<rss:item><rss:title>A</rss:title></rss:item>"
    feed = parse(f"<rss version=2.0><rss:channel><rss:title>T</rss:title>{items}</rss:channel></rss>")
    assert (feed.verdict, [entry.title for entry in feed.entries]) == (FeedVerdict.FEED, ["A"])


@pytest.mark.parametrize("count", [400, 20_000])
def test_hundreds_of_attributes_are_refused(count):
    attributes = " ".join(f"a{n}='xxxx'" for n in range(count))
    assert parse(rss(f"<item><title {attributes}>A</title></item>")).verdict is FeedVerdict.BROKEN


def test_a_link_with_many_parameters_is_no_reason_to_refuse():
    link = "https://e.example/?" + "&amp;".join(f"parameter{n}={n}" for n in range(200))
    feed = parse(rss(f"<item><title>A</title><link>{link}</link><enclosure url='{link}' type='a/b'/></item>"))
    assert feed.entries[0].link == link.replace("&amp;", "&")


@pytest.mark.parametrize("closed", [True, False])
def test_elements_nested_by_the_hundred_thousand_are_refused(closed):
    body = rss(item(1), "<item>" + "<a>" * 200_000 + ("</a>" * 200_000 + "</item>" if closed else ""))
    assert parse(body).detail == "elements nested by the hundred"


def test_many_elements_side_by_side_are_read():
    body = rss(*(item(n, "<category>c</category>" * 60) for n in range(1_000)))
    assert len(parse(body).entries) == 1_000


def test_a_long_style_attribute_is_text_taken_away():
    feed = parse(
        rss(f"<item><title>A</title><description>&lt;p style='{'a:b;' * 10_000}'&gt;x&lt;/p&gt;</description></item>")
    )
    assert feed.entries[0].summary == "x"


@given(st.text(alphabet="<>/!-[]&;'\" =?rsitemfdlinkchaguxCDAT#0", max_size=150))
def test_no_markup_makes_it_fail(text):
    parse(text)
    parse(f"<rss><channel>{text}</channel></rss>")
    parse(f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{text}</entry></feed>")


# --- size --------------------------------------------------------------------------------------------


def test_entries_beyond_the_cap_are_counted():
    feed = parse(rss(*(item(n) for n in range(5_000))), max_entries=40)
    assert ([entry.id for entry in feed.entries], feed.dropped) == ([f"g{n}" for n in range(40)], 4_960)
    assert feed.verdict is FeedVerdict.FEED


def test_a_truncated_feed_beyond_the_cap():
    body = rss(*(item(n) for n in range(100)))
    feed = parse(body[: body.index("<guid>g90")], max_entries=10)
    assert (len(feed.entries), feed.dropped) == (10, 80)


def test_huge_members_are_cut():
    feed = parse(
        rss(
            f"<item><title>{'x' * 1_000_000}</title><guid>{'y' * 100_000}</guid></item>",
            f"<item><title>B</title><guid>{'y' * 100_001}</guid>{'<category>c</category>' * 10_000}</item>",
        )
    )
    first, second = feed.entries
    assert (len(first.title), first.title[-1]) == (1_000, "…")
    assert first.id != second.id
    assert max(len(first.id), len(second.id)) <= 2_000


# --- identity, links, dates --------------------------------------------------------------------------


def test_equal_guids_are_all_kept():
    feed = parse(rss("<item><title>A</title><guid>x</guid></item>", "<item><title>B</title><guid>x</guid></item>"))
    assert [(entry.id, entry.title) for entry in feed.entries] == [("x", "A"), ("x", "B")]


def test_order_says_nothing_about_an_entry():
    items = [item(n) for n in range(5)] + ["<item><title>no id</title></item>"]
    assert set(parse(rss(*items)).entries) == set(parse(rss(*reversed(items))).entries)


@pytest.mark.parametrize(
    "id_", ["12345", "a b/c?d=ä", "../x", "urn:uuid:1", "HTTP://Example.ORG/A", "https://e.example/a//b"]
)
def test_ids_are_kept_verbatim(id_):
    assert (
        parse(rss(f"<item><title>A</title><link>https://e.example/</link><guid>{id_}</guid></item>")).entries[0].id
        == id_
    )


@pytest.mark.parametrize(
    ("link", "resolved"),
    [
        ("https://e.example/a?x=1&amp;y=2#top", "https://e.example/a?x=1&y=2#top"),
        ("/a/b", "https://herald.example/a/b"),
        ("c.html", "https://herald.example/feeds/c.html"),
        ("//cdn.example/a", "https://cdn.example/a"),
        ("\n https://e.example/a \n", "https://e.example/a"),
        ("javascript:alert(1)", None),
        ("java\tscript:alert(1)", None),
        ("&#1;javascript:alert(1)", None),
        ("mailto:a@b.example", None),
        ("ftp://e.example/a", None),
        ("data:text/html,x", None),
        ("https://user:secret@e.example/", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_links(link, resolved):
    assert parse(rss(f"<item><title>A</title><link>{link}</link></item>")).entries[0].link == resolved


@pytest.mark.parametrize(
    ("stated", "moment"),
    [
        ("Tue, 03 Mar 2026 10:11:12 GMT", utc(2026, 3, 3, 10, 11, 12)),
        ("Wed, 01 Jan 2098 00:00:00 GMT", utc(2098, 1, 1)),
        ("0000-00-00T00:00:00Z", None),
        ("Mon, 30 Feb 2026 10:00:00 GMT", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates_are_what_the_feed_states(stated, moment):
    assert parse(rss(f"<item><title>A</title><pubDate>{stated}</pubDate></item>")).entries[0].published == moment


@pytest.mark.parametrize(
    ("channel", "interval"),
    [
        ("", None),
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl>525600</ttl>", timedelta(days=1)),
        ("<ttl>0</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>soon</ttl>", None),
        ("<ttl>99999999999999999999</ttl>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", timedelta(minutes=15)),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", timedelta(days=1)),
        ("<sy:updatePeriod>whenever</sy:updatePeriod>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", timedelta(hours=1)),
        ("<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", timedelta(hours=1)),
    ],
)
def test_how_often_a_feed_wants_to_be_asked(channel, interval):
    body = rss(item(), channel=channel).replace(
        "<rss ", "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' "
    )
    assert parse(body).min_interval == (interval.total_seconds() if interval else None)


def test_when_a_feed_does_not_want_to_be_asked():
    said = "<skipHours><hour>0</hour><hour> 24 </hour><hour>5</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
    inside = item().replace("<title>", "<skipHours><hour>9</hour></skipHours><title>", 1)
    assert parse(rss(inside, channel=said)).skips == 1 << 0 | 1 << 5 | 1 << 24 + 6
    assert parse(rss(item(), channel="<skipHours><hour>99</hour><hour>x</hour></skipHours>")).skips == 0


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "iso-8859-5", "utf-16", "utf-8"])
def test_charsets(charset):
    body = f'<?xml version="1.0" encoding="{charset}"?>' + rss("<item><title>Эвакуировали 1200 человек</title></item>")
    assert parse(body.encode(charset)).entries[0].title == "Эвакуировали 1200 человек"


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("<![CDATA[<script>alert(1)</script>Rise]]>", "Rise"),
        ("&lt;img src=x onerror=alert(1)&gt;Rise", "Rise"),
        ("Rise of &lt;5%", "Rise of <5%"),
        ("&amp;#39;Rise&amp;#39; to &amp;euro;5", "'Rise' to €5"),
        ("two\n  lines", "two lines"),
        ("\x1b[31mred", "[31mred"),
        ("", None),
    ],
)
def test_titles_are_plain_text(source, title):
    assert parse(rss(f"<item><title>{source}</title><guid>1</guid></item>")).entries[0].title == title
