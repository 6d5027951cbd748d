"""Saved documents, as commands are given them: the bytes of a file or of standard input, gzipped or not."""

from __future__ import annotations

import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from worker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Larger than anything the daemon fetches; a wrong file should not fill the memory.
LARGEST = 64 * 1024 * 1024
_GZIP = b"\x1f\x8b"


def read(name: str) -> bytes:
    """The bytes of a file, "-" for standard input, unpacked; InputError when it is missing, damaged or too large."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise InputError(f"{name}: {getattr(error, 'strerror', None) or error}") from error
    if data.startswith(_GZIP):
        data = b"".join(_members(data, name))
    if len(data) > LARGEST:
        raise InputError(f"{name}: larger than {LARGEST >> 20} MB")
    return data


def _members(data: bytes, name: str) -> Iterator[bytes]:
    """The unpacked members of a gzip file (RFC 1952, 2.2), at most one byte more than is allowed."""
    left = LARGEST + 1
    while data and left:
        member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            part = member.decompress(data, left)
        except zlib.error as error:
            raise InputError(f"{name}: damaged gzip: {error}") from error
        left -= len(part)
        yield part
        if not member.eof and left:
            raise InputError(f"{name}: gzip ends before it is complete")
        data = member.unused_data
