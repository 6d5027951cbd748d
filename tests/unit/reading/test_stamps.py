"""Lines that only tell when a page was made or looked at."""

import pytest

from worker.core import stamps

STAMPS = [
    "Updated 14:03", "5 minutes ago", "Published: 3 March 2026, 09:15 GMT", "Last updated on Monday, 3 March 2026",
    "vor 12 Minuten", "Stand: 03.03.2026, 14:05 Uhr", "Aktualisiert am 3. März 2026", "il y a 2 heures",
    "Publié le 3 mars 2026 à 9h15", "hace 5 minutos", "Actualizado el 3 de marzo de 2026 a las 14:03",
    "Aggiornato il 3 marzo 2026 alle 14:03", "Publicerad 3 mars 2026", "dodano 3 marca 2026", "3 марта 2026, 14:03",
    "5 минут назад", "기사입력 : [ 2026-03-03 15:24 ]", "2026年3月3日 14時05分",
    "5 dakika önce", "1,204 views", "3 min read",
    "12 Comments", "2026-03-03T14:03:00Z", "By Jo Doe Monday, March 3, 2026", "Jo Doe, 5 hours ago",
    "On air: Morning Magazine, 24.04.2026, 15:10 Uhr",
]  # fmt: skip
TEXT = [
    "12 dead in March", "At least 42 houses were destroyed on Monday", "In 5 minutes 300 people drowned",
    "1,204 houses", "42", "3 killed, 14 hurt", "12 Tote im März", "5 minutes ago, 42 people were rescued",
    "Rise of 3.5 %",
    "The law of 3 March 2026", "25 lorries", "14:03 the dam breaks", "2 heures de retard pour 300 voyageurs",
]  # fmt: skip


@pytest.mark.parametrize("line", STAMPS)
def test_stamps(line):
    assert stamps.without([line], authors=["Jo Doe"]) == []


@pytest.mark.parametrize("line", TEXT)
def test_text(line):
    assert stamps.without([line]) == [line]


@pytest.mark.parametrize(
    "line",
    ["© 2026 Example News", "Copyright 2026 Example. All rights reserved.", "Copyright ⓒ 2026 무단전재 및 재배포 금지"],
)
def test_claims_of_rights_go_from_the_end(line):
    story = ["One.", "Two.", "Three.", "Four.", "Five.", "Six.", "Seven."]
    assert stamps.without([*story, line]) == story


def test_a_bare_date_further_in_heads_a_part_of_a_chronicle():
    story = ["One.", "Two.", "Three.", "3 March 2026", "Four.", "Five.", "Six.", "Seven."]
    assert stamps.without(story) == story


def test_a_labelled_one_goes_from_anywhere():
    story = ["One.", "Two.", "Three.", "Updated 14:03", "Four.", "Five.", "Six.", "Seven."]
    assert "Updated 14:03" not in stamps.without(story)
