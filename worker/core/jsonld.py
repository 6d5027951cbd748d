"""The structured data of a page: schema.org in JSON-LD.

Read with a JSON decoder. trafilatura's regular expressions over the same scripts take 14 s for 37 KB made to hurt
them, so its metadata reader is not used, and the scripts are taken out before it sees the page.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_DECODER = json.JSONDecoder(strict=False)  # line breaks inside strings are common
_START = re.compile(r"[\[{]")
_ARTICLE = ("Article", "Posting", "Report")  # NewsArticle, BlogPosting, LiveBlogPosting, ReportageNewsArticle, …
# Where a page nests what it is about. Not followed: lists of teasers, comments, breadcrumbs.
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage")
_MOST_NODES = 1_000
_LONGEST_SCRIPT = 2_000_000  # characters; the longest of 1,316 pages had 160,000


def article(tree: HtmlElement) -> dict[str, Any]:
    """What the page says of the article that it is about; empty when it has none.

    Two plug-ins may each describe it: what the first leaves out is taken from others under the same headline.
    """
    found = [node for node in _nodes(tree) if _is_article(node)]
    first = next((node for node in found if node.get("headline")), found[0] if found else {})
    same = [node for node in found if node.get("headline") == first.get("headline")]
    return {key: value for node in [*reversed(same), first] for key, value in node.items()}


def strings(value: object) -> list[str]:
    """The strings in a value that may be a string, a node with a name, or a list of them."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return strings(value.get("name"))
    return [text for item in value[:_MOST_NODES] for text in strings(item)] if isinstance(value, list) else []


def _is_article(node: dict[str, Any]) -> bool:
    return any(kind.endswith(_ARTICLE) for kind in strings(node.get("@type")))


def _nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Top-level nodes in document order."""
    waiting = [value for script in tree.iter("script") if (value := _value(script)) is not None]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting[:0] = [value[key] for key in _NESTED if isinstance(value.get(key), (dict, list))]
        elif isinstance(value, list):
            waiting[:0] = value[:_MOST_NODES]


def _value(script: HtmlElement) -> Any:
    """What a script holds; what stands around it (CDATA marks, a second value) is passed over."""
    text = (script.text or "").replace("<![CDATA[", "")
    kind = (script.get("type") or "").strip().lower()
    start = _START.search(text, 0, 200) if kind == "application/ld+json" and len(text) <= _LONGEST_SCRIPT else None
    try:
        return _DECODER.raw_decode(text, start.start())[0] if start else None
    except (ValueError, RecursionError):
        return None
