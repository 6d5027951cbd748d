"""A body is whole, or it is a fault; and it is never larger than its caps."""

import asyncio
import gzip
import tracemalloc
import zlib

import pytest

from tests.integration.net.stage import (
    GENEROUS,
    HTML,
    NONE,
    QUICK,
    answer,
    drip,
    fetch,
    fetcher,
    raw,
    silence,
    stage,
)
from worker.model import Fault
from worker.net.fetch import Limits

TEXT = b"<p>At least 2,300 people were counted.</p>\n" * 50
PACKED = gzip.compress(TEXT, mtime=0)
GZIP = "Content-Encoding: gzip"
UNFRAMED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = UNFRAMED + b"Transfer-Encoding: chunked\r\n\r\n"


def chunked(*chunks, end=b"0\r\n\r\n"):
    return CHUNKED + b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in chunks) + end


# --- the deadline ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "status"),
    [
        (drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"), 200),
        (drip(CHUNKED, b"1\r\nx\r\n"), 200),
        (drip(UNFRAMED + b"\r\n", b"x"), 200),
        (drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), None),
        (drip(b"HTTP/1.1 200 O", b"K"), None),
        (silence, None),
    ],
    ids=["body", "chunks", "endless", "headers", "status line", "silence"],
)
def test_drips_end_at_the_total_deadline(script, status):
    reply, site = fetch(script, limits=QUICK)
    assert (reply.fault, reply.detail) == (Fault.TIMEOUT, "not done in 0.5 s")
    assert (reply.status, reply.body, len(site.requests)) == (status, b"", 1)
    assert reply.seconds > 0.4


def test_redirects_share_one_deadline():
    async def slowly(request, writer):
        await asyncio.sleep(0.2)
        writer.write(answer(b"", f"Location: {request.target}x", status="302 Found"))

    reply, site = fetch(slowly, limits=QUICK)
    assert reply.fault is Fault.TIMEOUT
    assert len(site.requests) < 4
    assert len(reply.hops) == len(site.requests) - 1


def test_what_is_cancelled_is_cancelled():
    async def play():
        reached = asyncio.Event()

        async def wait(request, writer):
            reached.set()
            await silence(request, writer)

        async with stage(wait) as site, fetcher(site) as client:
            asked = asyncio.create_task(client.get(site.url(), NONE, accept=HTML))
            await reached.wait()
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked

    asyncio.run(play())


# --- whole or not ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "body", "whole"),
    [
        (answer(TEXT), TEXT, True),
        (answer(b""), b"", True),
        (chunked(TEXT), TEXT, True),
        (chunked(TEXT[:7], TEXT[7:], end=b"0\r\nTrailer: x\r\n\r\n"), TEXT, True),
        (answer(PACKED, GZIP), TEXT, True),
        (answer(PACKED, "Content-Encoding: x-gzip"), TEXT, True),
        (answer(PACKED, "Content-Encoding: identity, GZip"), TEXT, True),
        (answer(TEXT, "Content-Encoding: identity"), TEXT, True),
        (answer(b"", GZIP), b"", True),
        (chunked(PACKED[:5], PACKED[5:]).replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n", 1), TEXT, True),
        (raw(UNFRAMED + b"\r\n" + TEXT), TEXT, False),
        (raw(UNFRAMED.replace(b"1.1", b"1.0") + b"\r\n" + TEXT), TEXT, False),
        (raw(UNFRAMED + b"Content-Encoding: gzip\r\n\r\n" + PACKED), TEXT, True),  # the trailer proves it
        (raw(UNFRAMED + b"\r\n"), b"", False),
    ],
)
def test_bodies_that_came(script, body, whole):
    reply, _ = fetch(script)
    assert (reply.status, reply.fault, reply.detail) == (200, None, "")
    assert (reply.body, reply.whole) == (body, whole)


def test_bytes_on_the_wire_are_counted_as_sent():
    reply, _ = fetch(answer(PACKED, GZIP))
    assert reply.wire_bytes == len(PACKED) < len(reply.body)


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        (answer(PACKED[:-1], GZIP), Fault.INCOMPLETE),
        (answer(PACKED[: len(PACKED) // 2], GZIP), Fault.INCOMPLETE),
        (answer(PACKED[:3], GZIP), Fault.INCOMPLETE),
        (raw(UNFRAMED + b"Content-Encoding: gzip\r\n\r\n" + PACKED[:-8]), Fault.INCOMPLETE),
        (raw(answer(TEXT, length=len(TEXT) + 1)), Fault.INCOMPLETE),
        (raw(answer(b"", length=10)), Fault.INCOMPLETE),
        (raw(chunked(TEXT, end=b"")), Fault.INCOMPLETE),
        (raw(chunked(end=b"30\r\nshort")), Fault.INCOMPLETE),
        (raw(chunked(TEXT), chunked(end=b"zz\r\n")[len(CHUNKED) :]), Fault.PROTOCOL),
        (raw(answer(TEXT, length=-5)), Fault.PROTOCOL),
        (raw(answer(TEXT, length=20)), Fault.PROTOCOL),
        (raw(answer(TEXT, "Content-Length: 20")), Fault.PROTOCOL),
        (raw(answer(TEXT, "Transfer-Encoding: chunked")), Fault.PROTOCOL),
        (raw(answer(TEXT, "Content-Length: 99999999999999999999")), Fault.PROTOCOL),
        (raw(CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n"), Fault.PROTOCOL),
        (raw(b""), Fault.PROTOCOL),
        (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), Fault.PROTOCOL),
        (raw(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n"), Fault.PROTOCOL),
        (raw(b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 10_000 + b"\r\n"), Fault.PROTOCOL),
        (raw(answer(TEXT, "X: a\x00b")), Fault.PROTOCOL),
        (answer(TEXT, GZIP), Fault.ENCODING),
        (answer(PACKED[:20] + b"\0" * 20 + PACKED[40:], GZIP), Fault.ENCODING),
        (answer(PACKED[:-5] + b"\0" + PACKED[-4:], GZIP), Fault.ENCODING),  # checksum
        (answer(zlib.compress(TEXT), "Content-Encoding: deflate"), Fault.ENCODING),
        (answer(TEXT, "Content-Encoding: br"), Fault.ENCODING),
        (answer(TEXT, "Content-Encoding: zstd"), Fault.ENCODING),
        (answer(gzip.compress(PACKED), "Content-Encoding: gzip, gzip"), Fault.ENCODING),
        (answer(PACKED, GZIP, GZIP), Fault.ENCODING),
        (answer(PACKED, "Content-Encoding: gzip, gzip, gzip"), Fault.ENCODING),
        (answer(PACKED, "Content-Encoding: x-evil"), Fault.ENCODING),
        (raw(UNFRAMED + b"Transfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"), Fault.ENCODING),
        (answer(PACKED), Fault.MEDIA_TYPE),  # gzip that nobody announced is never unpacked
        (answer(gzip.compress(PACKED), GZIP), Fault.MEDIA_TYPE),
    ],
)
def test_bodies_that_are_no_use(script, fault):
    reply, _ = fetch(script)
    assert (reply.fault, reply.body) == (fault, b"")
    assert reply.detail
    assert "\n" not in reply.detail


def test_a_server_that_hangs_up_is_not_asked_once_more():
    """RFC 9112, 9.3.1 lets a client; the visit would then be two requests, the second without a gap."""
    _, site = fetch(raw(b""))
    assert len(site.requests) == 1


# --- size --------------------------------------------------------------------------------------------------------


def endless(start, each):
    """Say it is huge, then send for as long as the client takes it; how much is counted."""
    sent = []

    async def play(request, writer):
        writer.write(start)
        while not writer.is_closing():
            writer.write(each)
            sent.append(len(each))
            await writer.drain()

    return play, sent


def test_a_bomb_is_cut_at_the_cap_without_being_held():
    megabytes = 200
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()
    limits = Limits(max_wire_bytes=5_000_000, max_decoded_bytes=3_000_000)
    script = answer(bomb, GZIP)
    tracemalloc.start()
    try:
        reply, _ = fetch(script, limits=limits)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (reply.fault, reply.detail) == (Fault.TOO_LARGE, "more than 3,000,000 bytes decoded")
    assert peak < 3 * limits.max_decoded_bytes


def test_what_is_announced_too_large_is_not_read():
    reply, _ = fetch(answer(b"x" * 1000, length=4_000_000_000))
    assert (reply.fault, reply.wire_bytes) == (Fault.TOO_LARGE, 0)


def test_what_turns_out_too_large_is_cut():
    script, sent = endless(CHUNKED, b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
    reply, _ = fetch(script, limits=GENEROUS)
    assert (reply.fault, reply.detail) == (Fault.TOO_LARGE, "more than 200,000 bytes on the wire")
    assert reply.wire_bytes < GENEROUS.max_wire_bytes + 300_000
    assert sum(sent) < 20_000_000


def test_exactly_as_large_as_the_caps_is_fine():
    limits = Limits(max_wire_bytes=1000, max_decoded_bytes=1000)
    assert fetch(answer(b"x" * 1000), limits=limits)[0].fault is None
    assert fetch(answer(gzip.compress(b"x" * 1000), GZIP), limits=limits)[0].fault is None
    assert fetch(answer(b"x" * 1001), limits=limits)[0].fault is Fault.TOO_LARGE
    assert fetch(answer(gzip.compress(b"x" * 1001), GZIP), limits=limits)[0].fault is Fault.TOO_LARGE


# --- kind --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["image/jpeg", "VIDEO/mp4", "audio/mpeg; x=y", "application/pdf", "application/zip", "font/woff2"]
)
def test_media_is_not_read(kind):
    start = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    script, _ = endless(start, b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
    reply, _ = fetch(script)
    assert (reply.fault, reply.status, reply.wire_bytes) == (Fault.MEDIA_TYPE, 200, 0)


@pytest.mark.parametrize("magic", [b"%PDF-1.7 ", b"PK\x03\x04....", b"\xff\xd8\xff\xe0....", b"....ftypisom"])
def test_media_that_calls_itself_text_is_noticed(magic):
    start = UNFRAMED + b"Content-Length: 150000\r\n\r\n" + magic
    script, _ = endless(start, b"x" * 0x1000)
    reply, _ = fetch(script)
    assert reply.fault is Fault.MEDIA_TYPE


# --- status ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status", [201, 202, 203, 205, 206, 226, 299, 300, 305, 400, 401, 403, 404, 410, 429, 451, 500, 503, 520, 999]
)
def test_only_200_brings_a_body(status):
    reply, _ = fetch(answer(TEXT, "Retry-After: 5", status=f"{status} Whatever"))
    assert (reply.status, reply.fault, reply.body, reply.headers["retry-after"]) == (status, None, b"", "5")


@pytest.mark.parametrize("status", [204, 304])
def test_answers_without_a_body(status):
    reply, _ = fetch(f'HTTP/1.1 {status} X\r\nETag: "b"\r\n\r\n'.encode())
    assert (reply.status, reply.fault, reply.body, reply.headers["etag"]) == (status, None, b"", '"b"')


def test_interim_answers_are_skipped():
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    reply, _ = fetch(raw(early + answer(TEXT)))
    assert (reply.status, reply.body) == (200, TEXT)


def test_headers_somewhat_over_8_kb_are_normal_for_newsrooms():
    reply, _ = fetch(answer(TEXT, "Content-Security-Policy: " + "a" * 20_000))
    assert reply.body == TEXT


# --- a document that is a gzip file ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "fault"), [("application/xml, application/gzip;q=0.5", None), ("application/xml", Fault.MEDIA_TYPE)]
)
def test_a_gzip_file_is_had_only_by_who_asks_for_it(accept, fault):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-gzip\r\nContent-Length: %d\r\n\r\n" % len(PACKED)

    async def play():
        async with stage(raw(head + PACKED)) as site, fetcher(site) as client:
            return await client.get(site.url("/sitemap.xml.gz"), NONE, accept=accept)

    reply = asyncio.run(play())
    assert (reply.fault, reply.body) == (fault, b"" if fault else PACKED)
