"""The second language: the grammar is the same, the words are data."""

from decimal import Decimal

import pytest

from tests.unit.figures.brief import brief
from worker.core.figures import read_text
from worker.core.figures.lexicon import LANGUAGES, load
from worker.core.figures.numerals import literal

CASES = [
    ("Al menos 12 personas murieron.", "at_least 12 persona"),
    ("Más de 2.300 soldados fueron evacuados.", "more_than 2300 soldado"),
    ("Unos 130 tanques ardieron.", "about 130 tanque"),
    ("Casi 500 viviendas quedaron sin luz.", "nearly 500 vivienda"),
    ("Hasta 40 buques zarparon.", "at_most 40 buque"),
    ("Menos de 100 aviones volaron.", "less_than 100 avión"),
    ("No más de 20 alumnos caben.", "at_most 20 alumno"),
    ("No menos de 15 periodistas fueron detenidos.", "at_least 15 periodista"),
    ("Treinta y un mineros murieron.", "31 minero"),
    ("Veintitrés ciudades votaron.", "23 ciudad"),
    ("Quinientos cuarenta y dos jóvenes llegaron.", "542 joven"),
    ("Dos mil trescientas mujeres marcharon.", "2300 mujer"),
    ("Tres millones de personas huyeron.", "3000000 persona"),
    ("Costó 3,5 millones de euros.", "3500000 EUR"),
    ("Costó 1.200 millones de dólares.", "1200000000 USD"),
    ("Costó 50.000 pesos mexicanos.", "50000 MXN"),
    ("Costó 15 €.", "15 EUR"),
    ("Subió un 3,5 %.", "3.5 %"),
    ("Subió 3,5 por ciento.", "3.5 %"),
    ("Subió dos puntos porcentuales.", "2 pp"),
    ("Entre 20 y 25 heridos llegaron.", "20..25 herido"),
    ("La cifra subió de 55 a 61.", "55..61"),
    ("Cientos de personas huyeron.", "vague 200.. persona"),
    ("Decenas de miles de personas huyeron.", "vague 20000.. persona"),
    ("Dos tercios de los votantes callaron.", "0.6667 votante"),
    ("El túnel mide 12 kilómetros.", "12 km"),
    ("Arrasó 40 hectáreas.", "40 ha"),
    ("El viento sopló a 120 km/h.", "120 km/h"),
    ("La temperatura bajó a menos 12 grados.", "-12 °"),
    ("Un hombre de 34 años murió.", "34 year old"),
    ("El 14 de marzo de 2023 cerró.", ""),
    ("Desde 1998 no llueve.", ""),
    ("La reunión es a las 22:00 horas.", ""),
    ("El artículo 5 y la resolución 2728 rigen.", ""),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[c[0] for c in CASES])
def test_spanish(text, expected):
    assert brief(text, "es") == expected


@pytest.mark.parametrize(
    ("text", "value"), [("1.200", "1200"), ("1,2", "1.2"), ("1.200,5", "1200.5"), ("1,200.5", "1200.5")]
)
def test_separators_are_those_of_the_language(text, value):
    assert literal(text, load("es")) == Decimal(value)


def test_the_source_of_a_claim():
    assert [f.attribution for f in read_text("Murieron 12 personas, según el ministerio.", "es")] == ["el ministerio"]
    assert [f.attribution for f in read_text("El ministerio dijo que murieron 12 personas.", "es")] == ["El ministerio"]


def test_a_language_without_words_of_its_own_is_read_as_english():
    assert LANGUAGES == ("en", "es")
    assert load("xx-YY") is load("en")
    assert brief("At least 12 men left.", "xx") == "at_least 12 man"


@pytest.mark.parametrize("language", ["es", "es-MX", "ES"])
def test_regions_share_the_words_of_their_language(language):
    assert load(language).language == "es"
