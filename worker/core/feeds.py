"""Reading feed documents: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0 by feedparser, JSON Feed and sitemaps by ourselves.

feedparser is handed nothing but clean UTF-8 in a `BytesIO`: given a string, or bytes that name a file, it would open
the file or the URL, and one illegal reference would cost all entries. Its sanitiser and link resolution are off: they
take more than half of its time, and the sanitiser is no guarantee. We keep plain text and http(s) links only.
"""

from __future__ import annotations

import html
import io
import re
import zlib
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import feedparser
from lxml import etree

from worker.core import charset, dates, entries, jsonfeed, language, markup, sitemaps, wishes
from worker.model import Entry, Feed, FeedFormat, FeedVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Whatever comes before the root (declarations, comments, warnings of a script) lies within.
_HEAD = 65_536
_ROOT = re.compile(r"<((?:[\w.-]+:)?(?:rss|feed|rdf|channel|urlset|sitemapindex))(?=[\s>/])", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+)?html", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[[^\]]*\])?\s*>")
_ENTRY = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_CHANNEL = re.compile(r"<(/?)((?:[\w.-]+:)?channel)(?=[\s>])", re.IGNORECASE)
_GZIP = b"\x1f\x8b"
_LARGEST = 15_000_000  # bytes of a gzipped document; the fetcher's cap of a decoded body
_STEP = 262_144
_BLANKS = "\ufeff \t\r\n"
# Reading attributes is quadratic in feedparser: 30,000 of one tag took 6 s, 300 tags of 900 took 7 s.
_LONG_TAG = re.compile(r"<[^<>]{2000,}")
_MOST_ATTRIBUTES = 300
# It took 20 s and 226 MB for 500,000 elements within each other; no feed has ten levels.
_MANY_TAGS = 100_000  # the depth of fewer is not worth a look
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'

# What feedparser lets through on markup that its two parsers cannot make sense of.
_PARSER_ERRORS = (ValueError, LookupError, ArithmeticError, TypeError, AttributeError, AssertionError, RecursionError)

_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
# A publisher may ask for a pause of a day; a ttl of 525600 minutes is a mistake.
_LONGEST_INTERVAL = 86_400.0
_LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True)
class _Document:
    """A feed document ready for the parser."""

    text: str
    dropped: int = 0  # entries left out by the cap
    truncated: bool = False  # it ended before its root did


def parse(body: bytes, *, headers: Mapping[str, str], url: str, max_entries: int = 2_000) -> Feed:
    """Read a feed document.

    `url` is where it came from, for relative links; `headers` have names in lower case. Dates are as the feed states
    them (`dates.plausible` says whether to believe them). At most `max_entries` entries are read, the first or, of a
    sitemap, the newest. A document may be a gzip file, as sitemaps are.
    """
    if body.startswith(_GZIP):
        body = _inflated(body)
    text = _without_prolog(markup.clean(charset.decode(body, headers).text))
    if text.startswith("{"):
        return _json(text, url, max_entries)
    root = _ROOT.search(text, 0, _HEAD)
    if root is None or _PAGE.search(text, 0, root.start()):
        return _unread(FeedVerdict.NOT_A_FEED, "no root element of a feed" if text else "empty")
    if any(tag[0].count("=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        return _unread(FeedVerdict.BROKEN, "a tag with hundreds of attributes")
    if root[1].lower().rpartition(":")[2] in sitemaps.ROOTS:
        return sitemaps.read(text[root.start() :], url, max_entries)
    document = _prepare(text, root, max_entries)
    if document is None:
        return _unread(FeedVerdict.BROKEN, "ends before its first entry does")
    return _xml(document, url)


def _is_deep(text: str) -> bool:
    """Tell elements nested deeper than libxml2 goes (256), without building a tree of them."""
    parser = etree.XMLPullParser(
        events=("end",), recover=True, resolve_entities=False, no_network=True, huge_tree=False
    )
    for start in range(0, len(text), _STEP):
        parser.feed(text[start : start + _STEP].encode("utf-8", "replace"))
        for _, element in cast("Iterable[tuple[str, Any]]", parser.read_events()):
            element.clear()
        if parser.feed_error_log.filter_types([etree.ErrorTypes.ERR_RESOURCE_LIMIT]):
            return True
    return False


def warm() -> None:
    """Do what feedparser does once per process, so that children forked afterwards need not."""
    parse(
        b"<rss version='2.0'><channel><title>a</title><item><title>b &amp;amp; <![CDATA[<b>c</b>]]></title></item>",
        headers={},
        url="https://example.org/",
    )


def _inflated(packed: bytes) -> bytes:
    """The document in a gzip file, up to a cap or the damage; nothing where it is no gzip after all."""
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    document = bytearray()
    with suppress(zlib.error):  # in steps, so that what stands before the damage is kept
        while packed and not inflate.eof and len(document) < _LARGEST:
            document += inflate.decompress(packed, _STEP)
            packed = inflate.unconsumed_tail
    return bytes(document)


def _without_prolog(text: str) -> str:
    """Strip XML declarations and blanks from the start; whoever writes two declarations gets no entries otherwise."""
    text = text.lstrip(_BLANKS)
    while text.startswith("<?xml") and (end := text.find(">")) >= 0:
        text = text[end + 1 :].lstrip(_BLANKS)
    return text


def _unread(verdict: FeedVerdict, detail: str) -> Feed:
    return Feed(verdict=verdict, title=None, entries=(), detail=detail)


def _json(text: str, url: str, max_entries: int) -> Feed:
    document = jsonfeed.load(text)
    if document is None:
        return _unread(FeedVerdict.NOT_A_FEED, "JSON, but no JSON Feed")
    found, listed = jsonfeed.entries(document, url, max_entries)
    title = document.get("title")
    return Feed(
        verdict=FeedVerdict.FEED,
        title=entries.headline(html.escape(title)) if isinstance(title, str) else None,
        entries=found,
        language=language.tag(document.get("language")),
        dropped=listed - len(found),
        format=FeedFormat.JSON,
    )


def _prepare(text: str, root: re.Match[str], max_entries: int) -> _Document | None:
    """Drop the head but for its DOCTYPE, cut after the last whole entry that is wanted, close what is open.

    The head costs: feedparser takes 44 s for 100 KB of blank lines before the root. An entry that was cut off may
    have half a link. None when no entry of a cut document is whole.
    """
    at = text.find("<!DOCTYPE", 0, root.start())
    doctype = _DOCTYPE.match(text, at, root.start()) if at >= 0 else None
    head = _DECLARATION + (re.sub(r"\s+", " ", doctype[0]).replace(" <!", "\n<!") if doctype else "")
    ends = [match.end() for match in _ENTRY_END.finditer(text, root.end())]
    truncated = f"</{root[1]}" not in text[-_HEAD:]
    if truncated and not ends:
        return None
    dropped = max(0, len(ends) - max_entries)
    if not dropped and not truncated:
        return _Document(head + text[root.start() :])
    kept = text[root.start() : ends[max_entries - 1] if dropped else ends[-1]]
    tail = _closing(kept, root[1]) if truncated else text[ends[-1] :]
    return _Document(head + kept + tail, dropped, truncated)


def _closing(kept: str, root: str) -> str:
    """End tags for a document that stops after an entry."""
    channels = list(_CHANNEL.finditer(kept))
    inside = channels and not channels[-1][1] and channels[-1][2] != root
    return f"</{channels[-1][2]}></{root}>" if inside else f"</{root}>"


def _xml(document: _Document, url: str) -> Feed:
    if document.text.count("<") > _MANY_TAGS and _is_deep(document.text):
        return _unread(FeedVerdict.BROKEN, "elements nested by the hundred")
    stream = io.BytesIO(document.text.encode("utf-8", "replace"))
    try:
        parsed = feedparser.parse(
            stream,
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except _PARSER_ERRORS as error:
        return _unread(FeedVerdict.BROKEN, f"{type(error).__name__}: {error}"[:_LONGEST_DETAIL])
    problem = str(parsed.get("bozo_exception", ""))[:_LONGEST_DETAIL] if parsed.bozo else ""
    if problem and not parsed.entries:
        bare = _without_unbound_prefix(document.text)
        return _xml(replace(document, text=bare), url) if bare else _unread(FeedVerdict.BROKEN, problem)
    feed = parsed.feed
    return Feed(
        verdict=FeedVerdict.FEED,
        title=entries.headline(feed.get("title")),
        entries=tuple(_entry(entry, parsed.version, url) for entry in parsed.entries),
        language=language.tag(feed.get("language")),
        min_interval=_min_interval(feed),
        skips=wishes.skips(_channel(document.text)) if "<skip" in document.text else 0,
        dropped=document.dropped,
        detail="ends before its last entry does" if document.truncated else problem,
        format=_format(parsed.version),
    )


def _channel(text: str) -> str:
    """A document without its entries."""
    first = _ENTRY.search(text)
    if first is None:
        return text
    ends = [match.end() for match in _ENTRY_END.finditer(text)]
    return text[: first.start()] + text[ends[-1] if ends else len(text) :]


def _format(version: str) -> FeedFormat:
    """Of feedparser's name for it; a document that it has no name for is read as RSS."""
    if version.startswith("atom"):
        return FeedFormat.ATOM
    return FeedFormat.RDF if version in {"rss090", "rss10"} else FeedFormat.RSS


def _without_unbound_prefix(text: str) -> str | None:
    """The document with `<rss:item>` made `<item>` where nothing declares `rss:`; None when that is not its trouble."""
    end = _ENTRY_END.search(text)
    prefix = end[0][2:].partition(":")[0] if end and ":" in end[0] else ""
    if not prefix or f"xmlns:{prefix}" in text:
        return None
    return re.sub(rf"(</?){re.escape(prefix)}:", r"\1", text)


def _entry(raw: Any, version: str, url: str) -> Entry:
    # `dict.get`: feedparser's own answers "updated" with "published" where there is none.
    published = dates.from_feed(dict.get(raw, "published"), dict.get(raw, "published_parsed"))
    updated = dates.from_feed(dict.get(raw, "updated"), dict.get(raw, "updated_parsed"))
    if published is None and not version.startswith("atom"):
        published, updated = updated, None  # dc:date, which RSS uses for the date of publication
    content = raw.get("content") or [{}]
    return entries.shape(
        id=raw.get("id"),
        link=_link(raw),
        base=url,
        title=_title(raw, version),
        published=published,
        updated=updated,
        summary=_text(raw.get("summary"), raw.get("summary_detail")),
        text=_text(content[0].get("value"), content[0]),
    )


def _title(raw: Any, version: str) -> str | None:
    """The title as markup. Atom says what is markup and what is not; in RSS nobody knows, and most of it is."""
    title: str | None = raw.get("title")
    if title and version.startswith("atom") and raw.get("title_detail", {}).get("type") == "text/plain":
        return html.escape(title)
    return title


def _text(value: str | None, detail: Any) -> str | None:
    """A text construct as markup."""
    plain = value and (detail or {}).get("type") == "text/plain"
    return html.escape(value).replace("\n\n", "<p>") if value and plain else value


def _link(raw: Any) -> str | None:
    link: str | None = raw.get("link")
    # A guid counts as permanent link unless it says otherwise, and most that are none don't.
    if raw.get("guidislink") and not str(link).startswith(("http://", "https://")):
        return None
    return link or next((item.get("href") for item in raw.get("links", ()) if item.get("rel") == "alternate"), None)


def _min_interval(feed: Any) -> float | None:
    """Seconds that the feed asks to be left alone: `ttl` (RSS 2.0), `sy:updatePeriod` and `sy:updateFrequency`."""
    ttl = 60 * _positive(feed.get("ttl"))
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower(), 0)
    interval = max(ttl, period / (_positive(feed.get("sy_updatefrequency")) or 1))
    return min(float(interval), _LONGEST_INTERVAL) or None


def _positive(stated: object) -> int:
    digits = str(stated).strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0  # noqa: PLR2004
