"""Serves a corpus of real pages and feeds: the stored bytes, under addresses on loopback that keep their shape.

The corpus is a folder with `pages/manifest.jsonl` and `feeds/manifest.jsonl`; nothing is copied out of it. The
page `https://www.example.org/a/b?c=d` is served as `http://127.0.0.1:PORT/www.example.org/a/b?c=d`, and every
outlet has a generated feed that lists its pages. Outlets are spread over a handful of ports.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from worker.errors import InputError
from worker.model import FeedSource, Outlet, Policy
from worker.newsroom.markup import MARKUP
from worker.newsroom.resource import NOT_FOUND, Asked, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PORTS = 10
DOCUMENTS = "documents"  # the site of the stored feed documents; the outlets file does not name it
# Visited again every 5 s, 290 feeds and pages kept a core busy with 304s while most of the pages waited to be read.
POLICY = Policy(min_gap_seconds=0.05, poll_seconds=30, revisit_seconds=30, requests_per_hour=36_000)
_COUNTRIES = {"UK": "GB", "ISL": "IS"}  # what manifests write for a country
_RSS = "application/rss+xml; charset=utf-8"
_CHARSET_DECLARED = re.compile(rb"<meta[^>]+charset", re.IGNORECASE)
_CHARSET_WITHIN = 1024 * 16  # bytes; generous beside the 1024 of the HTML standard, as pages are


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """One stored page."""

    id: str
    outlet: str  # registrable domain
    url: str  # where it was fetched
    language: str
    country: str  # ISO 3166-1 alpha-2
    outlet_name: str
    title: str | None  # as the manifest states it
    published: datetime | None
    file: Path

    @property
    def key(self) -> str:
        """Its address on a site, normalised: host and path without the query."""
        parts = urlsplit(self.url)
        return _key(f"{parts.netloc}{unquote(parts.path)}")

    @property
    def query(self) -> str:
        """The query of its address."""
        return urlsplit(self.url).query

    def local_url(self, home: str) -> str:
        """Its address on a site."""
        parts = urlsplit(self.url)
        query = f"?{parts.query}" if parts.query else ""
        return f"{home}{parts.netloc}{parts.path}{query}"


def _key(path: str) -> str:
    """Slashes count once: who asks may have normalised them."""
    return re.sub(r"/+", "/", path).strip("/")


@dataclass(frozen=True, slots=True)
class CorpusSite:
    """Some outlets of a corpus behind one port."""

    name: str
    home: str
    pages: tuple[CorpusPage, ...]
    validators: bool

    def resource(self, asked: Asked) -> Resource:
        """A generated feed under `/feeds/`, or the bytes of a stored page."""
        if asked.path == "/robots.txt":
            return Resource(200, "text/plain", b"User-agent: *\nAllow: /\n")
        if asked.path.startswith("/feeds/"):
            return self._feed(asked.path.removeprefix("/feeds/").removesuffix(".xml"))
        page = self._page(_key(asked.path), asked.query)
        if page is None:
            return NOT_FOUND
        body = _bytes(page.file)
        return self._offer(_content_type(body), body, 1)

    def _page(self, key: str, query: str) -> CorpusPage | None:
        """The page of that path; among several, the one that shares most of the query."""
        wanted = {*parse_qsl(query, keep_blank_values=True)}
        found = [page for page in self.pages if page.key == key]
        return max(found, key=lambda page: len(wanted & {*parse_qsl(page.query)}), default=None)

    def _feed(self, outlet: str) -> Resource:
        pages = [page for page in self.pages if page.outlet == outlet]
        if not pages:
            return NOT_FOUND
        feed = MARKUP.get_template("corpus.xml").render(
            title=pages[0].outlet_name, home=self.home, language=pages[0].language, pages=pages
        )
        return self._offer(_RSS, feed.encode(), None)

    def _offer(self, content_type: str, body: bytes, version_no: int | None) -> Resource:
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"' if self.validators else None
        return Resource(200, content_type, body, etag=etag, version_no=version_no)


@dataclass(frozen=True, slots=True)
class DocumentSite:
    """The stored feed documents, under the names of their files."""

    name: str
    documents: Mapping[str, tuple[Path, str]]  # file and content type by path

    def resource(self, asked: Asked) -> Resource:
        """The bytes of a document."""
        if asked.path not in self.documents:
            return NOT_FOUND
        file, content_type = self.documents[asked.path]
        return Resource(200, content_type, _bytes(file))


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything a corpus folder names."""

    groups: Mapping[str, tuple[CorpusPage, ...]]  # pages by site
    documents: Mapping[str, tuple[Path, str]]
    digest: str

    @property
    def names(self) -> tuple[str, ...]:
        """The sites it is served by."""
        return (*self.groups, DOCUMENTS)

    def sites(self, homes: Mapping[str, str]) -> list[CorpusSite | DocumentSite]:
        """Its sites; every other one offers validators, so that both ways of finding nothing new are played."""
        sites = [
            CorpusSite(name, homes[name], pages, validators=index % 2 == 0)
            for index, (name, pages) in enumerate(self.groups.items())
        ]
        return [*sites, DocumentSite(DOCUMENTS, self.documents)]

    def outlets(self, homes: Mapping[str, str]) -> tuple[Outlet, ...]:
        """Its outlets as an outlets file states them, one generated feed each."""
        found: dict[str, Outlet] = {}
        for name, pages in self.groups.items():
            for page in pages:
                found.setdefault(page.outlet, _outlet(page, homes[name]))
        return tuple(found[slug] for slug in sorted(found))


def _outlet(page: CorpusPage, home: str) -> Outlet:
    slug = re.sub(r"[^a-z0-9]+", "-", page.outlet.lower()).strip("-")
    feeds = (FeedSource(f"{home}feeds/{page.outlet}.xml"),)
    return Outlet(slug, page.outlet_name, home, page.country, page.language, POLICY, feeds)


def load_corpus(folder: Path) -> Corpus:
    """Read the manifests of a corpus. Raises InputError when they are not there or not what they should be."""
    pages_manifest, feeds_manifest = folder / "pages/manifest.jsonl", folder / "feeds/manifest.jsonl"
    try:
        raw = pages_manifest.read_bytes() + feeds_manifest.read_bytes()
        pages = [_page(line, pages_manifest.parent) for line in _lines(pages_manifest)]
        documents = dict(_document(line, feeds_manifest.parent) for line in _lines(feeds_manifest))
    except OSError as error:
        raise InputError(f"{error.filename}: {error.strerror}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{folder}: not a corpus: {error!r}") from error
    outlets = sorted({page.outlet for page in pages})
    site_of = {outlet: f"corpus-{number % PORTS + 1}" for number, outlet in enumerate(outlets)}
    groups = {
        site: tuple(page for page in pages if site_of[page.outlet] == site) for site in dict.fromkeys(site_of.values())
    }
    return Corpus(groups, documents, hashlib.sha256(raw).hexdigest())


def _lines(manifest: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines() if line.strip()]


def _page(line: dict[str, Any], folder: Path) -> CorpusPage:
    expected = line["expected"]
    return CorpusPage(
        id=line["id"],
        outlet=line["outlet"],
        url=line["url"],
        language=line["language"],
        country=_country(line.get("country")),
        outlet_name=line.get("outlet_name") or line["outlet"],
        title=expected["title"],
        published=_moment(expected["published"]),
        file=folder / line["file"],
    )


def _country(code: str | None) -> str:
    """A manifest's country in ISO 3166-1 alpha-2; "ZZ", the code for none, where it names none."""
    code = (code or "ZZ").upper()
    return _COUNTRIES.get(code, code)


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _document(line: dict[str, Any], folder: Path) -> tuple[str, tuple[Path, str]]:
    file = folder / line["file"]
    content_type = (line.get("http") or {}).get("content-type", "application/xml")
    return f"/{file.name.removesuffix('.gz')}", (file, content_type)


def _bytes(file: Path) -> bytes:
    raw = file.read_bytes()
    return gzip.decompress(raw) if file.suffix == ".gz" else raw


def _content_type(body: bytes) -> str:
    """HTML; a page that declares no charset was declared by a header that the corpus did not keep."""
    if _CHARSET_DECLARED.search(body[:_CHARSET_WITHIN]):
        return "text/html"
    try:
        body.decode()
    except UnicodeDecodeError:
        return "text/html"
    return "text/html; charset=utf-8"
