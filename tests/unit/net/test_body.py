"""Inflating in steps gives the same bytes as inflating at once, and never more than the cap."""

import gzip
import itertools
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.model import Fault
from worker.net import body
from worker.net.faults import FetchError

CAP = 10_000_000


def inflated(pieces, cap=CAP):
    decoder = body.Gzip(cap)
    for piece in pieces:
        decoder.feed(piece)
    return decoder.body, decoder.finish()


def cut(data, places):
    edges = sorted({0, len(data), *(p % (len(data) + 1) for p in places)})
    return [data[a:b] for a, b in itertools.pairwise(edges)]


# The space keeps any first byte from looking like a picture.
TEXTS = (
    st.binary(max_size=200) | st.builds(lambda b, n: b * n, st.binary(min_size=1, max_size=3), st.integers(0, 400_000))
).map(lambda text: b" " + text)


@settings(deadline=None)  # a busy machine is no failure
@given(st.lists(TEXTS, min_size=1, max_size=4), st.lists(st.integers(0, 10**6), max_size=6), st.binary(max_size=4))
def test_members_in_any_pieces_with_anything_behind_them(texts, places, garbage):
    packed = b"".join(gzip.compress(text, mtime=0) for text in texts)
    behind = b"" if garbage.startswith(b"\x1f\x8b") else garbage
    assert inflated(cut(packed + behind, places)) == (b"".join(texts), True)


@settings(deadline=None)
@given(TEXTS, st.integers(1, 10**6), st.lists(st.integers(0, 10**6), max_size=4))
def test_a_stream_cut_anywhere_is_incomplete(text, missing, places):
    packed = gzip.compress(text, mtime=0)
    with pytest.raises(FetchError) as caught:
        inflated(cut(packed[: -(missing % (len(packed) - 1) + 1)], places))
    assert caught.value.fault is Fault.INCOMPLETE


@pytest.mark.parametrize("size", [body.STEP - 1, body.STEP, body.STEP + 1, 3 * body.STEP, 3 * body.STEP + 7])
def test_sizes_around_a_step(size):
    assert inflated([gzip.compress(b"a" * size)]) == (b"a" * size, True)


@pytest.mark.parametrize(("size", "fits"), [(1_000_000, True), (1_000_001, False)])
def test_the_cap_is_exact(size, fits):
    packed = gzip.compress(b"a" * size)
    if fits:
        assert len(inflated([packed], cap=1_000_000)[0]) == size
    else:
        with pytest.raises(FetchError, match="more than 1,000,000 bytes decoded"):
            inflated([packed], cap=1_000_000)


def test_a_body_of_no_bytes_proves_nothing():
    assert inflated([]) == (b"", False)


def test_countless_tiny_members_are_refused():
    tiny = gzip.compress(b"")
    assert inflated([tiny * body.MOST_MEMBERS])[1]
    with pytest.raises(FetchError, match="members"):
        inflated([tiny * (body.MOST_MEMBERS + 1)])


def test_what_only_claims_to_be_gzip():
    for data in (b"<html>", zlib.compress(b"x" * 100), b"\x1f\x8b\x09\x00" + b"\0" * 20):
        with pytest.raises(FetchError) as caught:
            inflated([data])
        assert caught.value.fault is Fault.ENCODING


@pytest.mark.parametrize("header", ["", "identity", " ", "identity, identity"])
def test_no_coding(header):
    assert isinstance(body.decoder(header, CAP), body.Identity)


@pytest.mark.parametrize("header", ["gzip", "GZIP", "x-gzip", " gzip ", "identity,gzip"])
def test_the_coding_that_was_offered(header):
    assert isinstance(body.decoder(header, CAP), body.Gzip)


@pytest.mark.parametrize(
    "header", ["br", "zstd", "deflate", "compress", "gzip, gzip", "gzip,br", "gzip;q=1", "utf-8", "none"]
)
def test_codings_that_were_not(header):
    with pytest.raises(FetchError) as caught:
        body.decoder(header, CAP)
    assert caught.value.fault is Fault.ENCODING


# --- a document that is a gzip file -------------------------------------------------------------------

FILE = gzip.compress(b"<urlset></urlset>" * 100, mtime=0)


def test_a_gzip_file_is_let_through_where_it_is_wanted():
    decoder = body.decoder("", CAP, files=True)
    decoder.feed(FILE)
    assert decoder.body == FILE


def test_a_gzip_file_is_not_text_anywhere_else():
    with pytest.raises(FetchError) as caught:
        body.decoder("", CAP).feed(FILE)
    assert caught.value.fault is Fault.MEDIA_TYPE


def test_other_files_are_never_let_through():
    with pytest.raises(FetchError) as caught:
        body.decoder("", CAP, files=True).feed(b"PK\x03\x04" + b"\0" * 100)
    assert caught.value.fault is Fault.MEDIA_TYPE
