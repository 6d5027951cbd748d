"""Who published a text first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.model import CopyKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from worker.model import CopyLink, Kin


def origins(article: Kin, copies: Iterable[Kin], links: Mapping[int, CopyLink]) -> dict[int, int]:
    """Articles ► the article first published of their copies, where that is news; `links` are by the copy's id."""
    kin = {one.article_id: one for one in (article, *copies)}
    others = [one for one in kin.values() if one is not article]
    eligible = [one for one in others if _may_be_origin(links[one.article_id], one.article_id)]
    found = {article.article_id: _first(article, [article, *eligible])}
    for other in others:
        before = other if other.origin_id is None else kin.get(other.origin_id)
        if before is not None and _may_be_origin(links[other.article_id], article.article_id):
            found[other.article_id] = _first(other, [before, article])
    return {id_: first for id_, first in found.items() if first not in {id_, kin[id_].origin_id}}


def _may_be_origin(link: CopyLink, article_id: int) -> bool:
    """A text is not taken from one that is only a part of it."""
    return link.kind is not CopyKind.PARTIAL or link.part_id != article_id


def _first(of: Kin, among: list[Kin]) -> int:
    """The agency that the article credits, if it is among them; else the one published first.

    An outlet's own date is believed where it is earlier than our first sight: agencies put copy out before we look.
    """
    return min(among, key=lambda kin: (not _is_credited(of, kin), _published(kin), kin.article_id)).article_id


def _is_credited(article: Kin, agency: Kin) -> bool:
    if article.wire is None:
        return False
    return article.wire.casefold() in {agency.outlet.casefold(), agency.outlet_name.casefold()}


def _published(kin: Kin) -> datetime:
    return min(kin.first_seen_at, kin.published_at or kin.first_seen_at)
