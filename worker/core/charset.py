"""From bytes to text: which character encoding a document is really in.

Declarations lie often (servers that add `charset=iso-8859-1` to everything), bytes seldom do: text that is valid
UTF-8 with multi-byte sequences is UTF-8 whatever was declared. Otherwise the declarations are believed in the order
byte order mark, HTTP, document (WHATWG Encoding and HTML, "determining the character encoding"), as far as the bytes
bear them out. The same bytes and headers always give the same text.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Longest first: the mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# "<" and one ASCII character in an encoding of two bytes each (XML 1.0, appendix F.1).
_WIDE = ((re.compile(rb"\s*<\0[!?\w]\0"), "utf-16-le"), (re.compile(rb"\0<\0[!?\w]"), "utf-16-be"))

# WHATWG reads these labels as their supersets; Python does not.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Encodings of the WHATWG standard, by Python's name. Anything else ("rot13", "utf-7", "x-evil") is no declaration.
_KNOWN = frozenset(
    {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "big5hkscs", "gb18030", "cp932", "euc_jp", "iso2022_jp", "cp949"}
    | {"koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp866", "cp874"}
    | {f"cp125{n}" for n in range(9)}
    | {f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
)

_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:+-]{1,40})", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta\s[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.IGNORECASE)
# The standard looks at 1,024 bytes; real pages put inline scripts before their <meta>.
_PRESCAN_BYTES = 16_384
# charset_normalizer needs seconds for megabytes; the first bytes say as much.
_DETECT_BYTES = 32_768
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document as text."""

    text: str
    charset: str  # Python's name of the codec that was used
    replaced: int  # sequences that were not valid in it, now U+FFFD


def decode(body: bytes, headers: Mapping[str, str]) -> Decoded:
    """Decode a document; never fails, at worst there are U+FFFD in the text."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _lossy(body[len(mark) :], name)
    for pattern, name in _WIDE:
        if pattern.match(body):
            return _lossy(body, name)
    declared = list(dict.fromkeys(_declared(body, headers)))
    if body.isascii():
        in_seven_bits = "iso2022_jp" in declared and b"\x1b" in body
        return _lossy(body, "iso2022_jp" if in_seven_bits else "utf-8")
    return _as_utf8(body) or _as_declared(body, declared) or _as_detected(body)


def _declared(body: bytes, headers: Mapping[str, str]) -> Iterator[str]:
    head = body[:_PRESCAN_BYTES]
    match = _HTTP_CHARSET.search(headers.get("content-type", ""))
    labels = [match[1]] if match else []
    labels += [m[1].decode("ascii", "ignore") for p in (_XML_ENCODING, _META_CHARSET) if (m := p.search(head))]
    for label in labels:
        if (name := codec(label)) is not None:
            yield name


def codec(label: str) -> str | None:
    """Python's name for an encoding label, None for what is not an encoding of the web."""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):  # ValueError: a NUL in the label
        return None
    name = _SUPERSETS.get(name, name)
    return name if name in _KNOWN else None


def _lossy(body: bytes, name: str) -> Decoded:
    text = body.decode(name, "replace")
    return Decoded(text, name, text.count("\ufffd"))


def _as_utf8(body: bytes) -> Decoded | None:
    """UTF-8 when valid, and also when most of what is not ASCII is (a cut or doubled byte in the middle)."""
    try:
        return Decoded(body.decode("utf-8"), "utf-8", 0)
    except UnicodeDecodeError:
        decoded = _lossy(body, "utf-8")
    return decoded if len(_MULTIBYTE.findall(body)) - decoded.replaced > decoded.replaced else None


def _as_declared(body: bytes, declared: list[str]) -> Decoded | None:
    for name in declared:
        # A declared UTF-16 without its mark would have been recognised by its zero bytes.
        if name.startswith("utf-"):
            continue
        decoded = _lossy(body, name)
        if decoded.replaced * 100 <= len(body):
            return decoded
    return None


def _as_detected(body: bytes) -> Decoded:
    """Nobody said, or nobody said the truth: guess from the frequencies of characters."""
    best = from_bytes(body[:_DETECT_BYTES]).best()
    name = None if best is None else codec(best.encoding)
    return _lossy(body, name or "cp1252")
