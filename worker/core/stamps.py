"""Lines that tell when and by whom a page was made: "Updated 14:03", "5 minutes ago", "© 2026", "1,204 views".

They change while the article stays, and their numbers are no figures of its story. The words of dates come from
dateparser's tables (Unicode CLDR), so that a language need not be known to have its stamps recognised.
"""

# ruff: noqa: RUF001 - the labels are in the languages of the outlets

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LANGUAGES = (
    "af", "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "gl", "he", "hi", "hr",
    "hu", "id", "is", "it", "ja", "ko", "lt", "lv", "mk", "ms", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sq",
    "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip
_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "am", "pm",
)  # fmt: skip
_LABELS = """
    updated update published posted modified last first on at by from and the of edited amended created date time
    reading read views view comments comment shares share likes min mins
    gmt utc bst est edt cst cdt mst mdt pst pdt cet cest ist jst kst aest aedt sast wat eat msk
    veröffentlicht aktualisiert stand uhr geändert erstellt letzte zuletzt am um von
    publié mis à jour le modifié par dernière mise vues commentaires lecture
    publicado actualizado actualizada última actualización por el las hora horas a de vistas comentarios lectura
    pubblicato aggiornato il alle ore di ultimo aggiornamento visualizzazioni commenti
    atualizado em às por última atualização visualizações
    gepubliceerd bijgewerkt laatst op om door
    publicerad uppdaterad publisert oppdatert opdateret offentliggjort julkaistu päivitetty klo kl den senast
    opublikowano aktualizacja dodano publikacja dziś wczoraj zveřejněno aktualizováno publikováno
    yayınlanma güncelleme güncellendi tarihi son saat tarih okunma
    опубликовано обновлено просмотров комментариев сегодня вчера мск оновлено опубліковано переглядів
    δημοσίευση ενημέρωση τελευταία
    تحديث نشر آخر تاريخ منتشر شده بروزرسانی ساعت
    प्रकाशित अपडेट updated अद्यतन बजे
    更新 发布 發佈 发表 时间 時間 公開 最終 掲載 投稿 日時 来源 閲覧 年 月 日 时 時 分 秒
    입력 수정 기사입력 등록 승인 최종 업데이트 게시 조회수 년 월 일 시 분 오전 오후
    dicetak diperbarui terbit diterbitkan wib dilihat đăng cập nhật lúc ngày lượt xem
"""
# Without a date or a time, one of these and a number make a stamp.
_COUNTERS = re.compile(
    r"(?i)\b(?:views?|comments?|shares?|likes?|min(?:ute)?s? read|reads|visualizações|visualizaciones|vues|"
    r"kommentare?|commentaires|comentarios|commenti|просмотров|комментариев|okunma|visningar|visninger|조회수|閲覧)\b"
)
_TIME = re.compile(r"(?<!\d)\d{1,2}(?:[:.h]\d{2}(?![.\d])|[時时시])")
_DAY = re.compile(r"(?<!\d)(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?!\d)|\d{1,2}[月월])")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_CLOCK = re.compile("|".join(pattern.pattern for pattern in (_TIME, _DAY, _YEAR)))
_LONGEST_SCHEDULE = 80  # characters
_BY = frozenset(("by", "von", "par", "por", "di", "door", "av", "af", "autor", "od"))
_LONGEST_NAME = 5  # words
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 120  # characters
_RIGHTS = re.compile(
    r"(?i)^\W*(?:©|ⓒ|\(c\)|copyright\b|™)|[©ⓒ]\s*(?:19|20)\d\d|\ball rights reserved\b|\balle rechte vorbehalten\b|"
    r"\btous droits réservés\b|\btodos los derechos reservados\b|\btutti i diritti riservati\b|"
    r"\btodos os direitos reservados\b|\bвсе права защищены\b|\btüm hakları saklıdır\b|무단\s*전재|禁止转载|無断転載"
)
_LONGEST_RIGHTS = 300
_HEAD, _TAIL = 3, 3  # paragraphs from the edges, where stamps without a label stand


def without(paragraphs: Iterable[str], authors: Iterable[str] = ()) -> list[str]:
    """The paragraphs that are no stamps.

    A bare date is one only at the edges: further in, it is a heading of a chronicle or a live report.
    """
    given = list(paragraphs)
    names = frozenset(word for author in authors for word in _words(author))
    kept = []
    for place, paragraph in enumerate(given):
        at_edge = place < _HEAD or place >= len(given) - _TAIL
        if at_edge and _claims_rights(paragraph):
            continue
        if not is_stamp(paragraph, names, bare=at_edge):
            kept.append(paragraph)
    return kept


def is_stamp(paragraph: str, names: frozenset[str] = frozenset(), *, bare: bool = True) -> bool:
    """Whether a paragraph says nothing but when it was made, or how often it was looked at.

    `names`: words that may stand beside it; `bare`: a date without a label is enough.
    """
    if len(paragraph) > _LONGEST or not any(c.isdigit() for c in paragraph):
        return False
    words = _words(paragraph)
    dates, ago = _vocabulary()
    labels = [word for word in words if word in _labels()]
    if any(word not in dates and word not in names and word not in _labels() for word in words):
        return bare and (_is_byline(paragraph, dates) or _is_schedule(paragraph))
    if _COUNTERS.search(paragraph) or (labels and (_CLOCK.search(paragraph) or len(labels) < len(words))):
        return True
    if any(word in ago for word in words):
        return True
    return bare and (_CLOCK.search(paragraph) is not None)


def _is_byline(paragraph: str, dates: frozenset[str]) -> bool:
    """Tell "By Jo Doe, Monday, 3 March 2024": a label, a name in capitals, a date with a year, and nothing else."""
    label, *words = _WORD.findall(paragraph)
    others = [word for word in words if word.casefold() not in dates and word.casefold() not in _labels()]
    if label.casefold() not in _BY or len(others) > _LONGEST_NAME or _YEAR.search(paragraph) is None:
        return False
    return all(word[0].isupper() for word in others) and len(others) < len(words)


def _is_schedule(paragraph: str) -> bool:
    """Tell "On air: Morning News, 24.04.2024, 15:10": a day and a time of day, and no sentence."""
    dated, timed = _DAY.search(paragraph), _TIME.search(paragraph)
    return bool(dated and timed) and len(paragraph) <= _LONGEST_SCHEDULE and not paragraph.endswith((".", "!", "?"))


def _claims_rights(paragraph: str) -> bool:
    return len(paragraph) <= _LONGEST_RIGHTS and bool(_RIGHTS.search(paragraph))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


@cache
def _labels() -> frozenset[str]:
    return frozenset(word.casefold() for word in _LABELS.split())


@cache
def _vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """Words of dates and times, and those of them that count back from now."""
    dates: set[str] = {"t", "z", "st", "nd", "rd", "th", "er", "h"}
    ago: set[str] = set()
    for language in _LANGUAGES:
        info = import_module(f"dateparser.data.date_translation_data.{language}").info
        for key in (*_UNITS, *_NAMES):
            dates.update(word for phrase in info[key] for word in _words(phrase))
        ago.update(word for phrase in info.get("ago", ()) for word in _words(phrase))
    return frozenset(dates | ago), frozenset(ago)
