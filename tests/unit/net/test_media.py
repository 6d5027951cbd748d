"""What is worth reading beyond its headers."""

import pytest

from worker.net import media


@pytest.mark.parametrize(
    "kind",
    ["", "text/html", "text/html; charset=utf-8", "TEXT/HTML", "text/plain", "text/xml", "application/xml",
     "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/json", "application/feed+json",
     "application/xhtml+xml", "application/octet-stream", "binary/octet-stream", "x/y", ";", "image/svg+xml"],
)  # fmt: skip
def test_readable(kind):
    assert not media.unreadable(kind)


@pytest.mark.parametrize(
    "kind",
    ["image/png", "Image/JPEG; q=1", "video/mp4", "audio/mpeg", "application/pdf", "application/zip", "font/woff2",
     "application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
     "application/x-gzip"],
)  # fmt: skip
def test_unreadable(kind):
    assert media.unreadable(kind)


@pytest.mark.parametrize(
    "start",
    [b"<!DOCTYP", b"<html><h", b"<?xml ve", b"\xef\xbb\xbf<?xml", b'{"versio', b"\n\n<rss ", b"Plain te",
     b"\xff\xfe<\x00h\x00", b"PK was h", b"RIFE with", b"", b"IDs of t", b"BZ-25 wa"],
)  # fmt: skip
def test_text_is_not_mistaken(start):
    assert media.sniffed(start) is None


@pytest.mark.parametrize(
    ("start", "what"),
    [(b"%PDF-1.4", "PDF"), (b"PK\x03\x04\x14\x00\x08\x00", "zip"), (b"\x1f\x8b\x08\x00....", "gzip"),
     (b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff\xe0\x00\x10JF", "JPEG"), (b"\x00\x00\x00\x18ftyp", "MP4")],
)  # fmt: skip
def test_magic(start, what):
    assert media.sniffed(start) == what
