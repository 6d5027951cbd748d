"""Article pages: the text, and the markup that real outlets wrap around it.

What surrounds the text (navigation, teasers with numbers, "most read", counters, advertisements, footers) is
there to be left out by who reads the page. On an outlet that churns, it differs at every request.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from worker.newsroom.markup import MARKUP

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from worker.newsroom.resource import Asked
    from worker.newsroom.scenario import Article, PlayedOutlet, Version


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands around the text and is no part of it."""

    views: int
    comments: int
    shares: int
    age: str  # of the version, in words
    ad: str  # a token, as advertisements carry them
    teasers: tuple[str, ...]


def render_page(outlet: PlayedOutlet, article: Article, version: Version, home: str, asked: Asked) -> bytes:
    """The page of a version, in UTF-8. `home` is the outlet's address, with a slash at its end."""
    published = asked.moment(article.versions[0].at)
    modified = asked.moment(version.at)
    url = home.rstrip("/") + article.path
    page = MARKUP.get_template(f"{outlet.layout}.html").render(
        outlet=outlet,
        article=article,
        version=version,
        url=url,
        feed_url=f"{home}feeds/{outlet.feeds[0]}.xml",
        feed_type=f"application/{outlet.feed_format}+xml",
        published=published,
        modified=modified,
        linked_data=_linked_data(outlet, article, version, url, asked),
        furniture=furniture(outlet, article, modified, asked),
        post_id=_number(article.path, 100_000),
    )
    return page.encode()


def furniture(outlet: PlayedOutlet, article: Article, modified: datetime, asked: Asked) -> Furniture:
    """What stands around the text: other at each visit on an outlet that churns, else always the same."""
    if not outlet.churn:
        return Furniture(
            views=_number(article.path, 9_000),
            comments=_number(article.path, 90),
            shares=_number(article.path, 700),
            age=f"{modified:%d %B %Y, %H:%M} UTC",
            ad="slot-1",
            teasers=outlet.teasers,
        )
    turn = asked.visit % max(1, len(outlet.teasers))
    return Furniture(
        views=_number(article.path, 9_000) + asked.visit,
        comments=_number(article.path, 90) + asked.visit // 3,
        shares=_number(article.path, 700) + asked.visit // 2,
        age=_age(asked.now - modified),
        # Millionths of a second: tells requests apart also across a restart, which begins to count again.
        ad=f"{zlib.crc32(f'{asked.now.timestamp():.6f}/{asked.visit}'.encode()):08x}-{asked.visit}",
        teasers=outlet.teasers[turn:] + outlet.teasers[:turn],
    )


def _number(seed: str, below: int) -> int:
    return zlib.crc32(seed.encode()) % below


def _age(age: timedelta) -> str:
    minutes, seconds = divmod(max(0, int(age.total_seconds())), 60)
    return f"Updated {minutes} minutes ago" if minutes else f"Updated {seconds} seconds ago"


def _linked_data(outlet: PlayedOutlet, article: Article, version: Version, url: str, asked: Asked) -> Markup:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "headline": version.title,
        "datePublished": asked.moment(article.versions[0].at).isoformat(),
        "dateModified": asked.moment(version.at).isoformat(),
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name},
    }
    # "</" would end the script element; JSON may write the slash escaped.
    return Markup(json.dumps(data).replace("</", "<\\/"))  # noqa: S704 - JSON inside a script, not markup
