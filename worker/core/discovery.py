"""Finding the feeds of a site: what its home page and its robots.txt say, and the places where feeds mostly are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.core import charset, language, markup, urls
from worker.core.text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.html import HtmlElement

    from worker.model import Feed

# Of <link rel="alternate">: the feed types, and what some publishers write for them.
TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json",
    "application/xml", "text/xml", "application/x-rss+xml",
})  # fmt: skip
# Asked for only when nothing was announced, in this order, up to the first that answers with a feed.
WELL_KNOWN = ("/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/sitemap-news.xml")
MOST = 12  # candidates that are asked for, all told
_MOST_LINKS = 6  # of the page, to what only looks like a feed
_MOST_SITEMAPS = 4
_LOOKS_LIKE = re.compile(
    r"(?:^|[/.])(?:rss|feeds?|atom)(?:[/.](?:xml|rss|json))?/?$|\.(?:rss|rdf|atom)$", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment|kommentar|/replies?\b", re.IGNORECASE)
_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_REFRESH = re.compile(r"[\d.\s]*[;,]?\s*url\s*=\s*[\"']?([^\"']+)", re.IGNORECASE)
_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_PARAMETER = re.compile(r';\s*(\w+)\s*=\s*"?([^";]*)"?')
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """Where a feed may be."""

    url: str
    how: str  # it was found: "link", "page", "robots.txt", "well-known place"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """What a home page says of its site."""

    name: str
    language: str | None
    candidates: tuple[Candidate, ...]
    leads_to: str | None = None  # where it sends browsers on (`http-equiv="refresh"`)


def read_home(body: bytes, headers: Mapping[str, str], url: str) -> Home:
    """Name, language and announced feeds of a home page that came from `url`."""
    tree = markup.document(markup.clean(charset.decode(body, headers).text))
    if tree is None:
        return Home("", None, ())
    base = _base(tree, url)
    announced = [*_in_headers(headers.get("link", ""), url), *_linked(tree, base), *_looking_like(tree, base)]
    found = {c.url: c for c in reversed(announced)}
    candidates = tuple(reversed(found.values()))
    return Home(_site_name(tree), language.tag(tree.get("lang")), candidates, _refresh(tree, base))


def sitemaps(robots: str, url: str) -> tuple[Candidate, ...]:
    """The `Sitemap:` lines of a robots.txt (RFC 9309, 2.2.4); of news alone if there are any such."""
    found = list(dict.fromkeys(str(a) for line in _SITEMAP.findall(robots) if (a := urls.parse(line, url))))
    news = [address for address in found if "news" in address.lower()]
    return tuple(Candidate(address, "robots.txt") for address in (news or found)[:_MOST_SITEMAPS])


def well_known(url: str) -> tuple[Candidate, ...]:
    """Where feeds mostly are on the site of a URL."""
    found = (urls.parse(place, url) for place in WELL_KNOWN)
    return tuple(Candidate(str(address), "well-known place") for address in found if address is not None)


def worth_having(feed: Feed, url: str) -> bool:
    """Tell a feed of news from one of readers' comments, and from an empty one."""
    return bool(feed.entries or feed.sitemaps) and not _COMMENTS.search(f"{feed.title or ''} {url}")


def distinct(feeds: Iterable[tuple[str, Feed]]) -> list[str]:
    """The addresses of feeds that each say something the ones before do not: RSS and Atom of one list are one feed.

    A date of change is something: it brings visits forward.
    """
    seen: set[tuple[str | None, bool]] = set()
    kept = []
    for url, feed in feeds:
        links = {(urls.canonical(entry.link), entry.updated is not None) for entry in feed.entries if entry.link}
        listed = links | {(link.url, False) for link in feed.sitemaps}
        if not listed <= seen:
            kept.append(url)
        seen |= listed | {(link, False) for link, _ in links}
    return kept


def _base(tree: HtmlElement, url: str) -> str:
    """What addresses of a page are relative to."""
    written = next((base.get("href") for base in tree.iter("base") if base.get("href")), "")
    address = urls.parse(written.strip(), url)
    return url if address is None else str(address)


def _refresh(tree: HtmlElement, base: str) -> str | None:
    for meta in tree.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh" and (
            match := _REFRESH.match(meta.get("content") or "")
        ):
            address = urls.parse(match[1].strip(), base)
            return None if address is None else str(address)
    return None


def _in_headers(link: str, url: str) -> Iterator[Candidate]:
    """Of a Link header (RFC 8288), in which several may stand."""
    for target, words in _LINK.findall(link):
        said = {name.lower(): value.strip() for name, value in _PARAMETER.findall(words)}
        kind, address = said.get("type", "").partition(";")[0].strip().lower(), urls.parse(target.strip(), url)
        if "alternate" in said.get("rel", "").lower().split() and kind in TYPES and address is not None:
            yield Candidate(str(address), "link", _one_line(said.get("title")))


def _linked(tree: HtmlElement, url: str) -> Iterator[Candidate]:
    for link in tree.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        address = urls.parse((link.get("href") or "").strip(), url)
        if "alternate" in rel and kind in TYPES and address is not None:
            yield Candidate(str(address), "link", _one_line(link.get("title")))


def _looking_like(tree: HtmlElement, url: str) -> Iterator[Candidate]:
    left = _MOST_LINKS
    for anchor in tree.iter("a"):
        address = urls.parse((anchor.get("href") or "").strip(), url)
        if address is not None and _LOOKS_LIKE.search(address.path) and left:
            left -= 1
            yield Candidate(str(address), "page", _one_line(anchor.text_content()))


def _site_name(tree: HtmlElement) -> str:
    """As the page states it for other sites, else its title up to a separator."""
    for meta in tree.iter("meta"):
        if (meta.get("property") or "").lower() == "og:site_name" and (meta.get("content") or "").strip():
            return _one_line(meta.get("content"))
    title = next((element.text_content() for element in tree.iter("title")), "")
    return _one_line(re.split(r"\s+[|\u2013\u2014\u2022:-]\s+", title.strip())[0])


def _one_line(text: str | None) -> str:
    return cut(" ".join((text or "").split()), _LONGEST_NAME)
