"""One strict reading of a URL, one spelling to store, one key for an article."""

import ipaddress
import re
from urllib.parse import urlsplit

import pytest
import yarl
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.core import urls

REFUSED = [
    # scheme
    "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "data:text/html,x", "javascript:alert(1)",
    "mailto:a@example.org", "feed://example.org/rss", "http:example.org", "http:/example.org", "http:///example.org",
    "http://", "http:", "https:///x", "//example.org/x", "/x", "x", "", "example.org", "http//example.org",
    # user information
    "http://public@127.0.0.1/", "http://u:p@example.org/", "http://@example.org/", "http://example.org:80@evil.example/",
    # characters parsers disagree about
    "http://example.org\\@evil.example/", "http:\\\\example.org/", "http://example.org/a\\b", " http://example.org/",
    "http://example.org/ ", "\thttp://example.org/", "http://exa\tmple.org/", "http://example.org/a\nb",
    "http://example.org/\r\nHost: evil", "http://example.org/\x00", "http://exam ple.org/", "http://example.org /",
    "http://example.org/\u2028", "http://example.org/\x85", "http://example.org/\ud800", "\u00a0http://example.org/",
    # ports
    "http://example.org:0/", "http://example.org:65536/", "http://example.org:99999/", "http://example.org:-1/",
    "http://example.org:8o/", "http://example.org:٨٠/", "http://example.org:80:80/", "http://example.org:000080/",
    # zone identifiers and broken brackets
    "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[::1", "http://::1/", "http://[::1]x/", "http://[]/",
    "http://[127.0.0.1]/", "http://[v1.x]/",
    # numbers in any spelling but a dotted quad
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/", "http://127.0.1/",
    "http://1.2.3.4.5/", "http://256.0.0.1/", "http://127.0.0.01/", "http://0/", "http://example.0x1/", "http://a.1/",
    "http://127.0.0.1./",
    # names that turn into other names
    "http://１２７.0.0.1/", "http://①②⑦.0.0.1/", "http://127。0。0。1/", "http://ｅxample.org/", "http://example．org/",
    "http://exa℀mple.org/", "http://ex\u00adample.org/", "http://ex\u200bample.org/", "http://ü\ufe0f.example/",
    "http://\u00ad.example.org/", "http://-a.example.org/", "http://a-.example.org/", "http://a..b/",
    "http://.example.org/", "http://" + "a" * 64 + ".org/", "http://" + "a." * 130 + "org/", "http://a%2eb.org/",
    "http://exa<mple.org/", "http://exa,mple.org/", "http://*.example.org/", "http://☃.example.org:x/",
    # length
    "http://example.org/" + "a" * 8_000,
]  # fmt: skip

READ = {
    "http://example.org": "http://example.org/",
    "HTTPS://Example.ORG:443/A": "https://example.org/A",
    "https://example.org:80/": "https://example.org:80/",
    "http://example.org:/": "http://example.org/",
    "http://example.org.:8080/x": "http://example.org:8080/x",
    "http://example.org/a#b?c#d": "http://example.org/a",
    "http://example.org?q=1": "http://example.org/?q=1",
    "http://example.org/?": "http://example.org/?",
    "http://example.org/a/./b/../c/..": "http://example.org/a/",
    "http://example.org/../../x": "http://example.org/x",
    "http://example.org/a//b/": "http://example.org/a//b/",
    "http://example.org/@name/x": "http://example.org/@name/x",
    "http://example.org/a b?c d": "http://example.org/a%20b?c%20d",
    "http://example.org/ü?q=ü": "http://example.org/%C3%BC?q=%C3%BC",
    "http://example.org/%c3%bc%zz": "http://example.org/%c3%bc%zz",
    "http://bücher.example/": "http://xn--bcher-kva.example/",
    "http://Bücher.example/": "http://xn--bcher-kva.example/",
    "http://пример.испытание/": "http://xn--e1afmkfd.xn--80akhbyknj4f/",
    "http://a_b.example.org/": "http://a_b.example.org/",
    "http://127.0.0.1:8001/x": "http://127.0.0.1:8001/x",
    "http://[::1]:8001/x": "http://[::1]:8001/x",
    "http://[2001:DB8:0:0::1]/": "http://[2001:db8::1]/",
    "http://localhost/": "http://localhost/",
}

JOINED = [
    ("b", "http://example.org/x/a", "http://example.org/x/b"),
    ("../b", "http://example.org/x/a", "http://example.org/b"),
    ("/b", "http://example.org/x/a", "http://example.org/b"),
    ("?b", "http://example.org/x/a?c", "http://example.org/x/a?b"),
    ("//other.example/b", "https://example.org/", "https://other.example/b"),
    ("http://other.example/b", "https://example.org/", "http://other.example/b"),
    ("http://other.example/b", "nonsense", "http://other.example/b"),
    ("///b", "https://example.org/", None),
    ("http:b", "http://example.org/", None),
    ("javascript:alert(1)", "http://example.org/", None),
    ("b", None, None),
    ("b", "nonsense", None),
    ("", "http://example.org/", None),
    ("//u:p@other.example/", "http://example.org/", None),
    ("\\\\other.example\\x", "http://example.org/", None),
]

CANONICAL = {
    # feeds and campaigns
    "https://www.bbc.com/news/articles/c1d?at_medium=RSS&at_campaign=rss": "https://www.bbc.com/news/articles/c1d",
    "http://www.dw.com/en/t/a-64882038?maca=en-rss-en-all-1573-rdf": "http://www.dw.com/en/t/a-64882038",
    "https://a.example/x?traffic_source=rss": "https://a.example/x",
    "https://a.example/x.html?wt_mc=rss.ho.beitrag.rdf": "https://a.example/x.html",
    "https://a.example/x?utm_source=a&utm_medium=b&UTM_Campaign=c": "https://a.example/x",
    "https://a.example/x?fbclid=1&gclid=2&mc_cid=3&_hsenc=4": "https://a.example/x",
    "https://a.example/x?CMP=share_btn_tw": "https://a.example/x",
    "https://a.example/x?partner=rss&emc=rss&ref=RSS": "https://a.example/x",
    # identity stays
    "https://a.example/x?id=5&utm_source=a": "https://a.example/x?id=5",
    "https://a.example/?p=12": "https://a.example/?p=12",
    "https://a.example/x?source=ministry&page=2": "https://a.example/x?page=2&source=ministry",
    "https://a.example/x?sid=77": "https://a.example/x?sid=77",
    "https://a.example/?feed=rss2": "https://a.example/?feed=rss2",
    "https://a.example/x?flag": "https://a.example/x?flag",
    "https://a.example/x?q=": "https://a.example/x?q=",
    # one spelling
    "https://a.example/x?b=2&a=1": "https://a.example/x?a=1&b=2",
    "https://a.example/x?a=2&b=1&a=1": "https://a.example/x?a=2&a=1&b=1",
    "https://a.example/x?": "https://a.example/x",
    "https://a.example/x?&&a=1&": "https://a.example/x?a=1",
    "https://a.example/x#top": "https://a.example/x",
    "https://A.Example:443//x///y": "https://a.example/x/y",
    "http://a.example:80/": "http://a.example/",
    "https://a.example": "https://a.example/",
    "https://a.example/%7euser/%2e%2e/%c3%bc": "https://a.example/%C3%BC",
    "https://a.example/100%/x": "https://a.example/100%25/x",
    "https://a.example/x;jsessionid=AB12?a=1": "https://a.example/x?a=1",
    # what would cost a redirect on every visit stays
    "https://a.example/x/": "https://a.example/x/",
    "http://a.example/x": "http://a.example/x",
    "https://www.a.example/x": "https://www.a.example/x",
}

ONE_ARTICLE = [
    "https://www.example.org/world/2026/strike-kills-12?edition=1",
    "http://www.example.org/world/2026/strike-kills-12?edition=1",
    "https://example.org/world/2026/strike-kills-12?edition=1",
    "https://m.example.org/world/2026/strike-kills-12?edition=1",
    "https://mobile.example.org/world/2026/strike-kills-12?edition=1",
    "https://amp.example.org/world/2026/strike-kills-12?edition=1",
    "https://WWW.EXAMPLE.ORG/world/2026/strike-kills-12?edition=1",
    "https://www.example.org:443/world/2026/strike-kills-12?edition=1",
    "http://www.example.org:80/world/2026/strike-kills-12?edition=1",
    "https://www.example.org./world/2026/strike-kills-12?edition=1",
    "https://www.example.org/world/2026/strike-kills-12/?edition=1",
    "https://www.example.org//world/2026//strike-kills-12?edition=1",
    "https://www.example.org/./world/x/../2026/strike-kills-12?edition=1",
    "https://www.example.org/world/2026/strike%2Dkills%2d12?edition=1",
    "https://www.example.org/world/2026/strike-kills-12?edition=1#comments",
    "https://www.example.org/world/2026/strike-kills-12?edition=1&",
    "https://www.example.org/world/2026/strike-kills-12?&edition=1",
    "https://www.example.org/world/2026/strike-kills-12?edition=1&utm_source=rss",
    "https://www.example.org/world/2026/strike-kills-12?utm_source=rss&utm_medium=feed&edition=1",
    "https://www.example.org/world/2026/strike-kills-12?at_medium=RSS&at_campaign=rss&edition=1",
    "https://www.example.org/world/2026/strike-kills-12?edition=1&fbclid=IwAR0",
    "https://www.example.org/world/2026/strike-kills-12?gclid=x&edition=1",
    "https://www.example.org/world/2026/strike-kills-12?edition=1&ref=rss",
    "https://www.example.org/world/2026/strike-kills-12?edition=1&xtor=RSS-1",
    "https://www.example.org/world/2026/strike-kills-12;jsessionid=1F?edition=1",
    "https://www.example.org/world/2026/strike-kills-12?edition=1&PHPSESSID=9",
    "https://www.example.org/world/2026/strike-kills-12/amp?edition=1",
    "https://www.example.org/world/2026/strike-kills-12/amp/?edition=1",
    "https://www.example.org/amp/world/2026/strike-kills-12?edition=1",
    "https://www.example.org/world/2026/strike-kills-12?edition=1&amp",
    "https://www.example.org/world/2026/strike-kills-12?edition=1&outputType=amp",
]

OTHER_ARTICLES = [
    "https://www.example.org/world/2026/strike-kills-12",
    "https://www.example.org/world/2026/strike-kills-12?edition=2",
    "https://www.example.org/world/2026/strike-kills-13?edition=1",
    "https://www.example.org/World/2026/strike-kills-12?edition=1",
    "https://www.example.org:8443/world/2026/strike-kills-12?edition=1",
    "https://news.example.org/world/2026/strike-kills-12?edition=1",
    "https://www.example.net/world/2026/strike-kills-12?edition=1",
]


@pytest.mark.parametrize("url", REFUSED, ids=lambda u: ascii(u)[:60])
def test_refused(url):
    assert urls.parse(url) is None
    assert urls.canonical(url) is None
    assert urls.fetchable(url) is None
    with pytest.raises(ValueError, match="not a URL"):
        urls.authority(url)


@pytest.mark.parametrize(("url", "read"), READ.items())
def test_read(url, read):
    assert str(urls.parse(url)) == read == urls.fetchable(url)


@pytest.mark.parametrize(("reference", "base", "expected"), JOINED)
def test_joined(reference, base, expected):
    address = urls.parse(reference, base)
    assert (address and str(address)) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Example.org/x", "example.org"),
        ("https://example.org:443/x", "example.org"),
        ("http://example.org:443/x", "example.org:443"),
        ("http://127.0.0.1:8001/x", "127.0.0.1:8001"),
        ("http://[::1]/x", "[::1]"),
        ("http://[::1]:8001/x", "[::1]:8001"),
    ],
)
def test_authority(url, expected):
    assert urls.authority(url) == expected


@pytest.mark.parametrize(("url", "expected"), CANONICAL.items())
def test_canonical(url, expected):
    assert urls.canonical(url) == expected
    assert urls.canonical(expected) == expected


def test_canonical_of_a_reference():
    assert urls.canonical("../x?utm_source=a", "https://example.org/feeds/rss.xml") == "https://example.org/x"


def keys_of(spellings):
    return {urls.key(url) for url in map(urls.canonical, spellings) if url is not None}


def test_many_spellings_are_one_article():
    assert len(ONE_ARTICLE) > 30
    assert len(keys_of(ONE_ARTICLE)) == 1


def test_other_articles_have_other_keys():
    assert len(keys_of(OTHER_ARTICLES)) == len(OTHER_ARTICLES)
    assert not keys_of(OTHER_ARTICLES) & keys_of(ONE_ARTICLE)


def test_a_guid_that_is_no_url_has_a_key_of_its_own():
    guids = ["tag:example.org,2026:1", "tag:example.org,2026:2", "urn:uuid:1", "1", "2", "", "ftp://a/x", "ftp://a/x/"]
    assert len(set(map(urls.key, guids))) == len(guids)


def test_key_is_a_hash_even_of_a_front_page():
    assert re.fullmatch(r"[0-9a-f]{64}", urls.key("https://example.org/"))


# --- properties ------------------------------------------------------------------------------------------------

HOSTILE = st.sampled_from([
    *"/\\@:?#[]%.;&= \t\n\x00aA0127xX-_~+|<>\"'{}^`",
    "http://", "https://", "//", "127.0.0.1", "example.org", "[::1]", "[fe80::1%25eth0]", "u:p@", ":80", ":8001",
    "%2e", "%zz", "%%34", "../", "/./", "/..", "ü", "。", "１", "ﬀ", "ß", "İ", "xn--", "utm_source=", "amp", ";sid=1",
])  # fmt: skip
URLISH = st.one_of(
    st.lists(HOSTILE, max_size=12).map("".join),
    st.lists(HOSTILE, max_size=10).map(lambda parts: "http://" + "".join(parts)),
    st.lists(HOSTILE, max_size=10).map(lambda parts: "https://example.org/" + "".join(parts)),
    st.text(max_size=30).map(lambda text: "http://" + text),
)


def spelled(host):
    """An IP address in its shortest form, any other host in lower case without the final dot."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host.lower().removesuffix(".")


@settings(deadline=None)  # a busy machine is no failure
@given(URLISH)
def test_parsers_agree_or_the_url_is_refused(url):
    address = urls.parse(url)
    if address is None:
        return
    split = urlsplit(url)
    asked = yarl.URL(str(address), encoded=True)
    assert (asked.scheme, spelled(asked.raw_host), asked.port) == (address.scheme, spelled(address.host), address.port)
    assert (asked.raw_path, asked.raw_query_string) == (address.path, address.query or "")
    assert (split.scheme, split.port or urls.DEFAULT_PORTS[split.scheme]) == (address.scheme, address.port)
    if split.hostname.isascii():
        assert spelled(split.hostname) == spelled(address.host)
    else:
        assert spelled(yarl.URL(url).raw_host) == spelled(address.host)
    assert split.username is None


@settings(deadline=None)
@given(URLISH)
def test_what_is_read_is_plain_ascii_and_reads_the_same_again(url):
    address = urls.parse(url)
    if address is not None:
        assert re.fullmatch(r"[!-~]+", str(address))
        assert not set(str(address)) & set('\\"<>#')
        assert urls.parse(str(address)) == address


@settings(deadline=None)
@given(URLISH)
def test_canonical_is_idempotent_and_can_be_requested(url):
    once = urls.canonical(url)
    if once is not None:
        assert urls.canonical(once) == once == urls.fetchable(once)
        assert urls.authority(once) == urls.authority(url)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["id", "p", "utm_source", "page"]), st.sampled_from("12")), max_size=5))
def test_order_of_parameters_of_different_names_does_not_matter(pairs):
    def canonical(ordered):
        return urls.canonical("https://example.org/x?" + "&".join(f"{name}={value}" for name, value in ordered))

    assert canonical(pairs) == canonical(sorted(pairs, key=lambda pair: pair[0], reverse=True))
