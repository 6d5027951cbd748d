"""Posts of social platforms that an article quotes.

The platforms tell embedders what markup to write. What the post says is quoted by the article, and stays; what the
platform writes around it (name and date of the post, shortened links) has numbers that are nobody's figures. Where
the whole block is the platform's, it goes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Paragraphs hold the post, all else is the platform's: "- Name (@handle) <a>April 25, 2024</a>".
_QUOTED = re.compile(r"\b(?:twitter-(?:tweet|video)|bluesky-embed|mastodon-embed)\b")
# "View this post on …", "A post shared by Name (@handle) on Nov 5, 2019 at 3:00pm PST".
_FOREIGN = re.compile(
    r"\b(?:instagram-media|tiktok-embed|fb-post|fb-video|reddit-embed-bq|reddit-card|text-post-media|telegram-post)\b"
)
_SHORTENED = re.compile(r"^\s*(?:https?://|pic\.|[a-z]+\.[a-z]{2,3}/)\S*\s*$")
_SIGNATURE = re.compile(r"^\s*[\u2014\u2013-].{0,100}\(@\w+\)", re.DOTALL)
_LONGEST_WRAPPING = 2  # ancestors named after the post, which hold nothing else


def reduce(tree: HtmlElement) -> None:
    """Leave of each embedded post what it says, in place."""
    for block in list(tree.iter("blockquote", "div")):
        name = block.get("class") or ""
        if _FOREIGN.search(name):
            block.drop_tree()
        elif _QUOTED.search(name):
            _keep_words(block)


def _keep_words(block: HtmlElement) -> None:
    if block.find("p") is None:
        return
    block.text = None
    for child in list(block):
        child.tail = None
        if child.tag != "p" or _SIGNATURE.match(child.text_content()):
            block.remove(child)
            continue
        for link in list(child.iter("a")):
            if _SHORTENED.match(link.text_content()):
                link.drop_tree()
    _unwrap(block)


def _unwrap(block: HtmlElement) -> None:
    """Take names like "social-embed" from around a post: trafilatura would drop it with them."""
    block.attrib.pop("class", None)
    wrapper = block.getparent()
    for _ in range(_LONGEST_WRAPPING):
        if wrapper is None or wrapper.tag != "div" or sum(child.tag != "script" for child in wrapper) != 1:
            return
        wrapper.attrib.pop("class", None)
        wrapper = wrapper.getparent()
