"""Reading a body under caps on the wire and decoded, and knowing whether it is whole."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from worker.model import Fault
from worker.net import media
from worker.net.faults import FetchError

if TYPE_CHECKING:
    import aiohttp

STEP = 256 * 1024  # bytes that one call to zlib may return: a bomb inflates 1,000-fold
MOST_MEMBERS = 1_000  # of one gzip body; each costs a fresh decoder, and a member can be 20 bytes short
_GZIP = frozenset({"gzip", "x-gzip"})  # RFC 9110, 8.4.1.3
_GZIP_WINDOW = 31  # zlib's way to say: gzip header and trailer, largest window
_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Caps:
    """Largest sizes of one body, in bytes."""

    wire: int
    decoded: int
    cut: bool = False  # of what is larger decoded, keep the beginning rather than nothing
    files: bool = False  # a gzip file is wanted as it is; what it inflates to is bounded by who reads it


class Decoder(Protocol):
    """Turns what arrives into the body."""

    def feed(self, data: bytes) -> None:
        """Take what arrived. Raises FetchError."""

    def finish(self) -> bool:
        """Call at the end; True when the body itself proves that it is whole. Raises FetchError."""

    @property
    def body(self) -> bytes:
        """What was decoded so far."""


class _Collected:
    """The decoded bytes, under their cap, looked at once there are enough to tell what they are."""

    def __init__(self, cap: int, *, files: bool = False) -> None:
        self._cap = cap
        self._files = files
        self._bytes = bytearray()
        self._sniffed = False

    def add(self, data: bytes) -> None:
        self._bytes += data
        if len(self._bytes) > self._cap:
            raise FetchError(Fault.TOO_LARGE, f"more than {self._cap:,} bytes decoded")
        if not self._sniffed and len(self._bytes) >= media.ENOUGH:
            self._sniffed = True
            what = media.sniffed(bytes(self._bytes[: media.ENOUGH]))
            if what is not None and not (what == "gzip" and self._files):
                raise FetchError(Fault.MEDIA_TYPE, f"the body is {what}")

    def room(self) -> int:
        """How much to ask for at once: one byte over the cap is enough to know."""
        return min(STEP, self._cap + 1 - len(self._bytes))

    @property
    def body(self) -> bytes:
        return bytes(self._bytes)


class Identity:
    """A body that is sent as it is."""

    def __init__(self, cap: int, *, files: bool = False) -> None:
        self._collected = _Collected(cap, files=files)

    def feed(self, data: bytes) -> None:
        """Take what arrived."""
        self._collected.add(data)

    def finish(self) -> bool:
        """Nothing in plain bytes proves that they are all."""
        return False

    @property
    def body(self) -> bytes:
        """What arrived so far."""
        return self._collected.body


class Gzip:
    """A gzip body (RFC 1952), inflated in steps so that a bomb is cut at the cap; several members are one body."""

    def __init__(self, cap: int) -> None:
        self._collected = _Collected(cap)
        self._members = 0
        self._inflate: zlib._Decompress | None = None
        self._waiting = b""  # between members: too short to know what it is
        self._ended = False

    def feed(self, data: bytes) -> None:
        """Take what arrived; bytes behind the last member are ignored, as everybody does."""
        data = self._waiting + data
        self._waiting = b""
        while data and not self._ended:
            data = self._feed_member(data)

    def finish(self) -> bool:
        """The trailer of the last member was read, and its checksum was right; a body of no bytes proves nothing."""
        if self._inflate is not None:
            raise FetchError(Fault.INCOMPLETE, "the gzip stream ended early")
        return self._members > 0

    @property
    def body(self) -> bytes:
        """What was decoded so far."""
        return self._collected.body

    def _feed_member(self, data: bytes) -> bytes:
        """Inflate up to the end of the current member; what is left behind it."""
        inflate = self._inflate or self._next_member(data)
        if inflate is None:
            return b""
        try:
            while True:
                self._collected.add(inflate.decompress(data, self._collected.room()))
                data = inflate.unconsumed_tail
                if inflate.eof or not data:
                    break
        except zlib.error as error:
            raise FetchError(Fault.ENCODING, f"not gzip: {error}") from error
        self._inflate = None if inflate.eof else inflate
        return inflate.unused_data

    def _next_member(self, data: bytes) -> zlib._Decompress | None:
        """A decoder for what begins here; None when nothing more does, or too little is there to tell."""
        if self._members and not data.startswith(_GZIP_MAGIC):
            self._waiting, self._ended = (data, False) if data == _GZIP_MAGIC[:1] else (b"", True)
            return None
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise FetchError(Fault.ENCODING, f"gzip of more than {MOST_MEMBERS:,} members")
        return zlib.decompressobj(_GZIP_WINDOW)


def decoder(content_encoding: str, cap: int, *, files: bool = False) -> Decoder:
    """For a Content-Encoding header; FetchError for a coding that was not offered, or for several at once.

    `files`: a body that is a gzip file is let through.
    """
    codings = [c for c in (part.strip().lower() for part in content_encoding.split(",")) if c not in {"", "identity"}]
    if not codings:
        return Identity(cap, files=files)
    if len(codings) == 1 and codings[0] in _GZIP:
        return Gzip(cap)
    raise FetchError(Fault.ENCODING, f"content coding {content_encoding[:100]!r} was not offered")


@dataclass(slots=True)
class Arrival:
    """How much of a body has arrived; kept apart so that it can be told even when reading it fails."""

    wire_bytes: int = 0


async def read(response: aiohttp.ClientResponse, caps: Caps, arrival: Arrival) -> tuple[bytes, bool]:
    """The decoded body and whether it is proved to be whole: by a length, by chunking or by gzip's trailer.

    Raises FetchError, and what aiohttp raises for a body that ends early. Read to its last byte only when it fits.
    """
    _refuse_early(response, caps)
    decode = decoder(",".join(response.headers.getall("Content-Encoding", ())), caps.decoded, files=caps.files)
    while data := await response.content.readany():
        arrival.wire_bytes += len(data)
        if arrival.wire_bytes > caps.wire:
            raise FetchError(Fault.TOO_LARGE, f"more than {caps.wire:,} bytes on the wire")
        if _feed(decode, data, caps):
            response.close()  # the rest is not wanted
            return decode.body[: caps.decoded], True
    proved = decode.finish()
    return decode.body, proved or _is_framed(response)


async def beginning(response: aiohttp.ClientResponse, most: int, arrival: Arrival) -> bytes:
    """The first bytes of a body as sent, whatever it is; of a larger one the rest is not waited for.

    Raises what aiohttp raises for a body that ends early.
    """
    begun = bytearray()
    while data := await response.content.readany():
        arrival.wire_bytes += len(data)
        begun += data
        if len(begun) > most:
            response.close()  # the rest is not wanted
            break
    return bytes(begun[:most])


def _feed(decode: Decoder, data: bytes, caps: Caps) -> bool:
    """Decode what arrived; True when that is enough. Raises FetchError."""
    try:
        decode.feed(data)
    except FetchError as error:
        if caps.cut and error.fault is Fault.TOO_LARGE:
            return True
        raise
    return False


def _refuse_early(response: aiohttp.ClientResponse, caps: Caps) -> None:
    """Raise FetchError for what the headers alone say is not worth a byte of body."""
    content_type = response.headers.get("Content-Type", "")
    if media.unreadable(content_type) and not (caps.files and media.is_gzip(content_type)):
        raise FetchError(Fault.MEDIA_TYPE, content_type[:100])
    if (response.content_length or 0) > caps.wire and not caps.cut:
        raise FetchError(Fault.TOO_LARGE, f"{response.content_length:,} bytes announced")
    if (transfer := response.headers.get("Transfer-Encoding", "chunked").strip().lower()) != "chunked":
        raise FetchError(Fault.ENCODING, f"transfer coding {transfer[:100]!r} was not offered")


def _is_framed(response: aiohttp.ClientResponse) -> bool:
    """Tell whether the message says where it ends (RFC 9112, 6.3); aiohttp raises when it then does not."""
    return "Transfer-Encoding" in response.headers or "Content-Length" in response.headers
