import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core import charset

GERMAN = "Die Stadt überwies 3.200 € für Öl – „viel zu viel“, hieß es später in größeren Städten."
RUSSIAN = "В городе эвакуировали 1200 человек, сообщили в мэрии. Пожар потушили к утру вторника."
JAPANESE = "港で貨物船が座礁し、乗員二十二人を救助した。海上保安部によると、けが人は三人という。"
KOREAN = "항구에서 화물선이 좌초해 선원 스물두 명이 구조됐다고 해양경찰이 밝혔다."
CHINESE = "港口一艘货轮搁浅，二十二名船员获救，海事部门说有三人受轻伤，没有生命危险。"
GREEK = "Στο λιμάνι προσάραξε φορτηγό πλοίο και διασώθηκαν είκοσι δύο ναυτικοί."
TURKISH = "Limanda karaya oturan gemideki yirmi iki kişi kurtarıldı, dedi İçişleri Bakanlığı."

CASES = [
    (GERMAN, "utf-8"), (GERMAN, "windows-1252"), (RUSSIAN, "windows-1251"), (RUSSIAN, "koi8-r"),
    (RUSSIAN, "iso-8859-5"), (JAPANESE, "shift_jis"), (JAPANESE, "euc-jp"), (JAPANESE, "iso-2022-jp"),
    (KOREAN, "euc-kr"), (CHINESE, "gb2312"),    (CHINESE, "gb18030"), (CHINESE, "big5"),
    (GREEK, "iso-8859-7"), (TURKISH, "iso-8859-9"),
]  # fmt: skip
TRADITIONAL = "港口一艘貨輪擱淺，二十二名船員獲救。"


def encoded(text, name):
    return (TRADITIONAL if name == "big5" else text).encode(name)


def expected(text, name):
    return TRADITIONAL if name == "big5" else text


@pytest.mark.parametrize(("text", "name"), CASES, ids=[name for _, name in CASES])
def test_the_charset_of_the_header(text, name):
    found = charset.decode(encoded(text, name), {"content-type": f'text/html; charset="{name}"'})
    assert (found.text, found.replaced) == (expected(text, name), 0)


@pytest.mark.parametrize(("text", "name"), CASES, ids=[name for _, name in CASES])
@pytest.mark.parametrize("padding", [0, 5_000], ids=["early", "after 1,024 bytes"])
def test_the_charset_of_a_meta_element(text, name, padding):
    head = f"<html><head><script>{'x' * padding}</script><meta charset={name}><title>".encode()
    assert charset.decode(head + encoded(text, name), {}).text.endswith(expected(text, name))


def test_the_encoding_of_an_xml_declaration():
    body = f'<?xml version="1.0" encoding="windows-1251"?><a>{RUSSIAN}</a>'.encode("windows-1251")
    assert RUSSIAN in charset.decode(body, {"content-type": "text/xml"}).text


@pytest.mark.parametrize("lie", ["iso-8859-1", "windows-1251", "shift_jis", "utf-16", "x-evil", "us-ascii"])
def test_utf_8_is_believed_whatever_was_declared(lie):
    assert charset.decode(GERMAN.encode(), {"content-type": f"text/html; charset={lie}"}).text == GERMAN


@pytest.mark.parametrize("lie", ["utf-8", "x-evil", "rot13", "utf-7", "unicode_escape", "zip", "idna", "\0", ""])
def test_a_wrong_declaration_gives_way(lie):
    head = b"<html><head><meta charset=windows-1252></head>"
    found = charset.decode(head + GERMAN.encode("windows-1252"), {"content-type": f"text/html; charset={lie}"})
    assert found.text.endswith(GERMAN)


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_overrules_all_declarations(mark, name):
    found = charset.decode(mark + RUSSIAN.encode(name), {"content-type": "text/html; charset=windows-1252"})
    assert (found.text, found.charset) == (RUSSIAN, name)


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_character_without_a_mark(name):
    page = f"<html><body>{GERMAN}</body></html>"
    assert charset.decode(page.encode(name), {}).text == page


def test_what_declares_utf_16_and_is_not():
    body = b'<?xml version="1.0" encoding="utf-16"?><rss><title>plain</title></rss>'
    assert charset.decode(body, {}).text.endswith("<title>plain</title></rss>")


def test_a_broken_byte_costs_one_character():
    body = GERMAN.encode().replace(b"3.200", b"3.2\xff00")
    first, second = charset.decode(body, {}), charset.decode(body, {})
    assert first == second
    assert (first.text, first.replaced) == (GERMAN.replace("3.200", "3.2\ufffd00"), 1)


@pytest.mark.parametrize(("text", "name"), [(RUSSIAN, "windows-1251"), (JAPANESE, "shift_jis"), (KOREAN, "euc-kr")])
def test_an_undeclared_encoding_is_guessed(text, name):
    assert charset.decode((text * 3).encode(name), {}).text == text * 3


def test_one_text_in_six_encodings_is_one_text():
    text = "Der Präsident kündigte 1.500 Stellen an"
    names = ("utf-8", "utf-8-sig", "utf-16", "windows-1252", "iso-8859-15", "mac-roman")
    bodies = [(f"<html><meta charset={name}>{text}".encode(name), name) for name in names]
    assert {charset.decode(body, {}).text.rsplit(">", 1)[1] for body, _ in bodies} == {text}


@given(st.binary(max_size=400), st.sampled_from(["", "text/html; charset=utf-8", "text/html; charset=euc-jp"]))
def test_any_bytes_decode_the_same_way_twice(body, content_type):
    assert charset.decode(body, {"content-type": content_type}) == charset.decode(body, {"content-type": content_type})
