"""A played outlet as a site: its feeds, its articles, its front page and robots.txt."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.model import FeedSource, Outlet
from worker.newsroom.feeds import render_feed, render_sitemap
from worker.newsroom.markup import MARKUP
from worker.newsroom.pages import render_page
from worker.newsroom.resource import NOT_FOUND, Asked, Resource
from worker.newsroom.scenario import Offer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from worker.newsroom.scenario import Article, PlayedOutlet, Scenario

_ROBOTS = "User-agent: *\nAllow: /\nSitemap: {home}sitemap-news.xml\n"
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class PlayedSite:
    """One outlet of a scenario on its port."""

    outlet: PlayedOutlet
    articles: tuple[Article, ...]
    home: str  # "http://127.0.0.1:8001/"

    @property
    def name(self) -> str:
        """The slug."""
        return self.outlet.slug

    def resource(self, asked: Asked) -> Resource:
        """What an address serves."""
        if asked.path == "/robots.txt":
            return Resource(200, "text/plain; charset=utf-8", _ROBOTS.format(home=self.home).encode())
        if asked.path == "/":
            return Resource(200, _HTML, MARKUP.get_template("front.html").render(outlet=self.outlet).encode())
        if asked.path == "/sitemap-news.xml":
            body, changed_at = render_sitemap(self.outlet, self.articles, self.home, asked)
            return self._offer("application/xml; charset=utf-8", body, _strong(body), changed_at or asked.start)
        if asked.path.startswith("/feeds/"):
            return self._feed(asked)
        return self._article(asked)

    def _feed(self, asked: Asked) -> Resource:
        feed = asked.path.removeprefix("/feeds/").removesuffix(".xml")
        if feed not in self.outlet.feeds:
            return NOT_FOUND
        body, changed_at = render_feed(self.outlet, feed, self.articles, self.home, asked)
        content_type = f"application/{self.outlet.feed_format}+xml; charset=utf-8"
        return self._offer(content_type, body, _strong(body), changed_at or asked.start)

    def _article(self, asked: Asked) -> Resource:
        article = next((a for a in self.articles if a.path == asked.path), None)
        version = article.version_at(asked.elapsed) if article else None
        if article is None or version is None:
            return NOT_FOUND
        body = render_page(self.outlet, article, version, self.home, asked)
        etag = f'W/"{_hash(article.path.encode())}-{version.number}"' if self.outlet.churn else _strong(body)
        return self._offer(_HTML, body, etag, asked.moment(version.at), version.number)

    def _offer(
        self, content_type: str, body: bytes, etag: str, changed_at: datetime, version_no: int | None = None
    ) -> Resource:
        offer = self.outlet.validators
        return Resource(
            200,
            content_type,
            body,
            etag=etag if offer in (Offer.BOTH, Offer.ETAG) else None,
            last_modified=changed_at if offer in (Offer.BOTH, Offer.LAST_MODIFIED) else None,
            version_no=version_no,
            gzip=self.outlet.gzip,
        )


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _strong(body: bytes) -> str:
    return f'"{_hash(body)}"'


def played_outlets(scenario: Scenario, homes: Mapping[str, str]) -> tuple[Outlet, ...]:
    """The outlets of a scenario as an outlets file states them; `homes` are their addresses by slug."""
    return tuple(_outlet(outlet, homes[outlet.slug]) for outlet in scenario.outlets)


def _outlet(outlet: PlayedOutlet, home: str) -> Outlet:
    feeds = tuple(FeedSource(f"{home}feeds/{feed}.xml") for feed in outlet.feeds)
    return Outlet(outlet.slug, outlet.name, home, outlet.country, outlet.language, outlet.policy, feeds)
