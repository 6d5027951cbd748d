"""What is worth reading beyond its headers: text and XML of any kind, and what does not say what it is."""

from __future__ import annotations

_MAJOR = ("image/", "audio/", "video/", "font/", "model/")
_TYPES = (
    "application/pdf", "application/zip", "application/gzip", "application/x-gzip", "application/x-tar",
    "application/x-bzip2", "application/x-xz", "application/x-7z-compressed", "application/vnd.rar",
    "application/epub+zip", "application/msword", "application/rtf", "application/wasm", "application/x-msdownload",
    "application/vnd.ms-", "application/vnd.openxmlformats-", "application/vnd.oasis.", "application/vnd.apple.mpegurl",
    "application/x-mpegurl", "application/dash+xml",
)  # fmt: skip
_TEXTUAL = ("image/svg+xml",)  # XML like any other

# First bytes, for what is labelled as text or not at all (WHATWG MIME Sniffing, 6 and 7).
_MAGIC = {
    b"%PDF-": "PDF", b"PK\x03\x04": "zip", b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2",
    b"Rar!\x1a": "rar", b"7z\xbc\xaf": "7z", b"\xfd7zXZ": "xz", b"GIF8": "GIF", b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG", b"RIFF": "RIFF", b"OggS": "Ogg", b"ID3": "MP3", b"fLaC": "FLAC",
    b"\x1aE\xdf\xa3": "Matroska", b"wOFF": "a font", b"wOF2": "a font", b"\x7fELF": "a program",
    b"MZ\x90": "a program", b"\x00asm": "wasm",
}  # fmt: skip
_BOX = slice(4, 8)  # of ISO base media files
ENOUGH = 8  # bytes that `sniffed` wants to see


def unreadable(content_type: str) -> bool:
    """Tell whether a Content-Type names something that holds no text for us."""
    essence = content_type.partition(";")[0].strip().lower()
    return essence.startswith(_MAJOR + _TYPES) and essence not in _TEXTUAL


def is_gzip(content_type: str) -> bool:
    """Tell whether a Content-Type names a gzip file."""
    return content_type.partition(";")[0].strip().lower() in {"application/gzip", "application/x-gzip"}


def sniffed(start: bytes) -> str | None:
    """What the first bytes of a body give away, if it is not text."""
    if start[_BOX] == b"ftyp":
        return "MP4"
    return next((what for magic, what in _MAGIC.items() if start.startswith(magic)), None)
