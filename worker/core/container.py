"""Finding the element that holds an article, where its name does not give it away.

trafilatura knows some fifty names of classes and ids, and takes <article> for the article. Where nothing is called so,
or the first <article> is a teaser, it collects loose paragraphs from the whole page: headings, lists and tables are
lost, teasers come in. Then the element is found as Readability does, by where the paragraphs are, and marked with the
name that trafilatura looks for first. A tenth of the pages of the corpus are helped so: F1 of text rises from 0.963 to
0.970, recall of figures from 0.969 to 0.979.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, cast

# Not public, but what "knows" means above; the version is pinned and the tests would notice a change.
from trafilatura.xpaths import BODY_XPATH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml.html import HtmlElement

_ELSEWHERE = ("aside", "nav", "footer", "header", "figcaption")
_HOLDERS = frozenset({"article", "div", "main", "section"})  # what trafilatura takes for a holder of articles
_BY_NAME = 3  # the first expressions go by name; the others are guesses
_SHORTEST = 60  # characters; shorter paragraphs are captions, buttons, bylines
_MOST_PARAGRAPHS = 2_000
_LEVELS = 4
_DECAY = 0.8  # of the weight of a paragraph from one ancestor to the next
_FOUND = 0.3  # share of the paragraphs' text in what goes by name, for it to be the article
_HOLDS = 0.5  # and in what is marked instead
_TEASERS = 3  # headings that are links, from which on it is a list of stories


def mark(tree: HtmlElement) -> None:
    """Mark the element that holds the article, in place, unless its name will be recognised."""
    paragraphs = list(islice(_paragraphs(tree), _MOST_PARAGRAPHS))
    held: defaultdict[HtmlElement, int] = defaultdict(int)
    weight: defaultdict[HtmlElement, float] = defaultdict(float)
    for paragraph, length in paragraphs:
        for level, ancestor in enumerate(paragraph.iterancestors()):
            held[ancestor] += length
            if level < _LEVELS and ancestor.tag not in {"body", "html"}:
                weight[ancestor] += length * _DECAY**level
    total = sum(length for _, length in paragraphs)
    if not weight or any(held[element] >= _FOUND * total or _has_headline(element) for element in _named(tree)):
        return
    best = max(weight, key=weight.__getitem__)
    if held[best] < _HOLDS * total or _holds_teasers(best):
        best = _around_headline(tree, held)
    if best is not None:
        best.tag = best.tag if best.tag in _HOLDERS else "div"
        best.set("itemprop", "articleBody")


def _named(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The elements that trafilatura will try first."""
    for expression in BODY_XPATH[:_BY_NAME]:
        yield from islice(cast("list[HtmlElement]", expression(tree)), 1)


def _has_headline(element: HtmlElement) -> bool:
    return element.find(".//h1") is not None


def _around_headline(tree: HtmlElement, held: Mapping[HtmlElement, int]) -> HtmlElement | None:
    """The smallest element that holds the headline and a paragraph: where a flash stands among other stories."""
    headline = next(tree.iter("h1"), None)
    ancestors = () if headline is None else headline.iterancestors()
    around = next((element for element in ancestors if held.get(element)), None)
    return None if around is None or around.tag in {"body", "html"} or _holds_teasers(around) else around


def _holds_teasers(element: HtmlElement) -> bool:
    """Tell a list of stories from a story: its headings are links."""
    headings = [
        h for h in element.iter("h2", "h3", "h4", "h5") if h.find(".//a") is not None or h.getparent().tag == "a"
    ]
    return len(headings) >= _TEASERS


def _paragraphs(tree: HtmlElement) -> Iterator[tuple[HtmlElement, int]]:
    """Paragraphs of prose and their lengths in characters."""
    for paragraph in tree.iter("p"):
        length = len(" ".join(paragraph.text_content().split()))
        linked = sum(len(link.text_content()) for link in paragraph.iter("a"))
        if length >= _SHORTEST and 2 * linked <= length and next(paragraph.iterancestors(*_ELSEWHERE), None) is None:
            yield paragraph, length
