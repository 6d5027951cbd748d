"""What invites a reader elsewhere from between the paragraphs of an article: teasers, "read more", sign-up lines.

Works on trafilatura's document tree, read with links, since only links tell an invitation from a sentence.
"""

# ruff: noqa: RUF001 - the invitations are in the languages of the outlets

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINKED = 0.8  # share of a paragraph's, heading's or list's characters within links
_LONGEST_HEADLINE = 160  # characters; a longer paragraph that is all link is prose
_NESTING = ("cell", "item", "quote")
_INNER_BLOCKS = ("p", "list", "table")

# "READ ALSO | Headline": a few words, a mark, and a link to the end of the paragraph, which is no sentence.
_LABEL = re.compile(r"^[^.!?]{3,40}[:|»>–—-]\s*$")
_SENTENCE_END = re.compile(r"[.!?。।؟][\"'”’»)]*\s*$")
# What stands over or before links to other stories, alone in its paragraph.
_OVER_LINKS = re.compile(
    r"(?i)^\W*(?:read (?:more|also|next|on)|see also|also read|more (?:on this story|from .{2,30}|about .{2,30})|"
    r"more about|related(?: (?:articles?|stories|news|topics|content|coverage|links))?|"
    r"most (?:read|viewed|popular)(?: in .{2,20})?|"
    r"recommended(?: .{2,20})?|you may also like|explore further|up next|trending(?: now)?|comments?|advertisement|"
    r"lire aussi|à lire aussi|voir aussi|sur le même sujet|mehr zum thema|lesen sie auch|auch interessant|mehr dazu|"
    r"lee también|leer más|te puede interesar|noticias? relacionadas?|más información|leggi anche|approfondisci|"
    r"potrebbe interessarti|leia (?:também|mais)|veja também|lees ook|lees meer|läs (?:också|mer)|les (?:også|mer)|"
    r"læs også|lue myös|czytaj (?:więcej|także|też)|zobacz (?:także|też)|čtěte také|mohlo by vás zajímat|olvassa el|"
    r"citește și|читайте также|читать далее|по теме|читайте також|ayrıca okuyun|ilgili haberler?|"
    r"bunlar da ilginizi çekebilir|διαβάστε (?:επίσης|ακόμα)|اقرأ أيضا|इसे भी पढ़ें|यह भी पढ़ें|"
    r"関連記事|あわせて読みたい|相关(?:阅读|新闻)|延伸閱讀|관련 ?기사)\W*$"
)
# Imperatives of offers. Only with a link, and in a short paragraph: articles report on newsletters, too.
_OFFER = re.compile(
    r"(?i)\b(?:subscribe (?:to|now|today|here)|sign up (?:for|to|here|now)|click here|join (?:our|us on)|follow us|"
    r"download (?:our|the) app|our (?:\w+ )?newsletters?|become a (?:member|subscriber)|support our journalism|"
    r"hier (?:klicken|abonnieren|anmelden)|jetzt (?:abonnieren|anmelden|testen)|newsletter abonnieren|vorbestellen|"
    r"abonnez-vous|cliquez ici|inscrivez-vous|découvrez nos offres|nos offres|suscríb[ae]te|haz clic aquí|"
    r"síguenos|iscriviti|clicca qui|abbonati|assine (?:já|agora|a)|clique aqui|inscreva-se|abonneer|schrijf je in|"
    r"prenumerera|abonner på|tilaa|zapisz się|subskrybuj|подпи(?:шитесь|сывайтесь)|abone ol)\b"
)
_LONGEST_OFFER = 300  # characters


def remove(body: etree._Element) -> None:
    """Take invitations out, in place."""
    announced = False  # that links to other stories follow
    for element in list(body.iter("list", "p", "head")):
        if next(element.iterancestors(*_NESTING), None) is not None:
            continue
        announces = element.tag != "list" and bool(_OVER_LINKS.match(_text([element])))
        if announces or _is_invitation(element, announced=announced):
            _cut(element)
        announced = announces


def _is_invitation(element: etree._Element, *, announced: bool) -> bool:
    text, linked = _text([element]), _length(element.iter("ref"))
    if element.tag == "list":
        return linked >= _LINKED * len(text)
    if any(element.find(f".//{tag}") is not None for tag in _INNER_BLOCKS) or not text:
        return False
    if linked and len(text) <= _LONGEST_OFFER and _OFFER.search(text):
        return True
    # A heading that is a link may also head a section: of a product, of a source.
    if len(text) > _LONGEST_HEADLINE or (element.tag == "head" and not announced):
        return False
    return linked >= _LINKED * len(text) or _is_labelled(element, text)


def _is_labelled(element: etree._Element, text: str) -> bool:
    links = list(element.iter("ref"))
    if len(links) != 1:
        return False
    linked = _text(links)
    return text.endswith(linked) and not _SENTENCE_END.search(text) and bool(_LABEL.match(text[: -len(linked) or None]))


def _length(elements: Iterable[etree._Element]) -> int:
    return len(_text(elements))


def _text(elements: Iterable[etree._Element]) -> str:
    texts = (etree.tostring(element, method="text", encoding="unicode", with_tail=False) for element in elements)
    return "".join(" ".join(text.split()) for text in texts)


def _cut(element: etree._Element) -> None:
    """Remove an element but not the text behind it, which belongs to its parent."""
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and previous is not None:
        previous.tail = (previous.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
