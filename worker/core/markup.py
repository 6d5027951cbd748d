"""Making markup safe to parse, and taking it away again.

One illegal character or character reference costs a whole document: feedparser raises on `&#xD800;` and
`&#x110000;`, so that every other entry is lost; trafilatura returns nothing for an article with one `&#12;`.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HtmlEntity, HTMLParser, HtmlProcessingInstruction, document_fromstring

from worker.core import strikes

if TYPE_CHECKING:
    from collections.abc import Iterator

_REFERENCE = re.compile(r"&#(?:[xX][0-9a-fA-F]+|[0-9]+);?")
# What XML 1.0 (2.2) forbids, the C1 controls that it discourages, and DEL. Tab, line feed and return stay.
_ILLEGAL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_ILLEGAL_CHARACTER = re.compile(f"[{_ILLEGAL}]")
# Longer is no number of a character, and int() refuses 4,301 digits.
_LONGEST_REFERENCE = 12

# A page whose root looks closed has an empty body for libxml2; XHTML made by hand does that.
_HEAD = 4_096
_SELF_CLOSED_ROOT = re.compile(r"(<html\b[^<>]{0,500}?)\s*/>", re.IGNORECASE)
# libxml2 gives up at depth 256, or 2,048 when asked to, and drops the rest of the page; what reads the tree is
# quadratic or recursive in its depth (browsers stop at 512). No page means so many tags without a word between.
_NESTED = re.compile(
    r"(?:<(?!(?:area|base|body|br|col|embed|head|hr|html|img|input|link|meta|p|param|script|source|style|title|track|wbr)"
    r"\b)[a-z][^<>]*>\s*){50,}",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z!?]")
_SPACE = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")
_PARAGRAPHS = frozenset({
    "address", "article", "aside", "blockquote", "caption", "details", "div", "dl", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section",
    "summary", "table", "ul",
})  # fmt: skip
_BREAKS = (
    dict.fromkeys(_PARAGRAPHS, "\n\n") | dict.fromkeys(("br", "dd", "dt", "li", "tr"), "\n") | {"td": " ", "th": " "}
)
_UNREADABLE = frozenset(
    ("script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head", "title"),
)
# lxml.html asks a Python function for the class of each element, forms and inputs having their own, whenever one is
# touched that nobody holds: a sixteenth of the time of reading a page. Here all are plain elements.
_CLASSES = etree.ElementDefaultClassLookup(
    element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
)


def clean(text: str) -> str:
    """Replace illegal character references by what browsers show, or U+FFFD, and remove illegal characters."""
    if "&#" in text:
        text = _REFERENCE.sub(_legal_reference, text)
    return _ILLEGAL_CHARACTER.sub(_legal_character, text)


def _legal_reference(match: re.Match[str]) -> str:
    reference = match[0]
    if len(reference) > _LONGEST_REFERENCE:
        return "\ufffd"
    # The HTML standard's own table: windows-1252 for 128 to 159, U+FFFD for surrogates and beyond Unicode.
    character = html.unescape(reference)
    if not character or _ILLEGAL_CHARACTER.match(character):
        return _separator(character)
    return reference if character.isascii() else character  # "&#60;" must not become markup


def _legal_character(match: re.Match[str]) -> str:
    return _separator(match[0])


def _separator(illegal: str) -> str:
    """A space for what separates words (vertical tab, form feed), nothing for the rest."""
    return " " if illegal in {"\x0b", "\x0c"} else ""


def document(text: str) -> HtmlElement | None:
    """Parse a page; None when there is nothing in it."""
    text = _SELF_CLOSED_ROOT.sub(r"\1>", text[:_HEAD], count=1) + text[_HEAD:]
    parser = _parser(huge=False)
    tree = _parsed(text, parser)
    if not parser.error_log.filter_from_errors().filter_types([etree.ErrorTypes.ERR_RESOURCE_LIMIT]):
        return tree
    return _parsed(_NESTED.sub("<div>", text), _parser())


def _parsed(text: str, parser: HTMLParser) -> HtmlElement | None:
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # "Document is empty"
        return None


def shown(tree: HtmlElement) -> str:
    """All text of a page but that of its head, scripts and styles, with one kind of blank."""
    return " ".join("".join(_pieces(tree)).split())


def plain(markup: str) -> str:
    """The readable text of an HTML fragment: entities decoded, paragraphs separated by a blank line."""
    if not _TAG.search(markup):
        return _SPACE.sub(" ", clean(html.unescape(markup))).strip()
    root = document_fromstring(f"<html><body>{clean(markup)}</body></html>", parser=_parser())
    lines = (" ".join(line.split()) for line in "".join(_pieces(root)).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _parser(*, huge: bool = True) -> HTMLParser:
    """A parser of one's own each time: one instance shared by threads would wait for its lock."""
    parser = HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True, huge_tree=huge)
    parser.set_element_class_lookup(_CLASSES)
    return parser


def _pieces(root: HtmlElement) -> Iterator[str]:
    """Text and breaks in document order; a loop, since hostile markup nests deeper than Python recurses."""
    walk = etree.iterwalk(root, events=("start", "end"))
    struck = 0
    for event, element in walk:
        starts, tag = event == "start", element.tag
        if starts and tag in _UNREADABLE:
            walk.skip_subtree()
        if tag in strikes.TAGS:
            struck += 1 if starts else -1
        if starts or tag in _PARAGRAPHS:
            yield _BREAKS.get(tag, "")
        text = element.tail if not starts else None if tag in _UNREADABLE else element.text
        if text:
            run = strikes.unmarked(_SPACE.sub(" ", text))
            yield strikes.marked(run) if struck else run
