"""The few numbers by which a text is found again among a million: banded MinHash of its sentences.

MinHash (Broder, "On the resemblance and containment of documents", 1997) of a whole text finds texts that resemble
each other; of a reprint that keeps three paragraphs out of thirty it says nothing. The sentence is what survives: desks
cut, reorder, join and split paragraphs, and touch words within sentences. So each sentence is hashed by itself, and one
that is shared is enough to become a candidate.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from rensa import RMinHash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.core.copies.prose import Prose, Sentence

# With three rows, sentences that share one common phrase of their twenty (resemblance about 0.03) meet in a band once
# in 40,000; with half of their shingles in common, once in eight, and a text has several chances.
ROWS = 3
BANDS = 32  # of a text, about
FEWEST_BANDS, MOST_BANDS = 2, 8  # of a sentence; a text of few sentences needs more for each
MOST_SENTENCES = 40
_SEED = 20_100  # any; another makes all stored sketches useless
_VERSION = f"{RMinHash.ALGORITHM_VERSION}/{ROWS}"  # what was stored by another way of hashing is never met


def bands(prose: Prose) -> tuple[int, ...]:
    """Keys of a text's buckets in the index: signed, of 64 bits, each once; none for a text without sentences."""
    sentences = _sampled(prose)
    if not sentences:
        return ()
    each = min(MOST_BANDS, max(FEWEST_BANDS, BANDS // len(sentences)))
    shingles = [[" ".join(shingle) for shingle in sentence.shingles()] for sentence in sentences]
    # Always as many as the most needs: digests of another size share no prefix.
    digests = RMinHash.digests_from_token_sets(shingles, MOST_BANDS * ROWS, _SEED)
    return tuple(sorted({key for digest in digests for key in _keys(list(digest[: each * ROWS]))}))


def _sampled(prose: Prose) -> list[Sentence]:
    """Each sentence once and not more than `MOST_SENTENCES`: of what two long texts share, the same as a rule."""
    distinct = {sentence.words: sentence for sentence in prose.sentences}
    return sorted(distinct.values(), key=lambda sentence: _hash(" ".join(sentence.words)))[:MOST_SENTENCES]


def _keys(digest: list[int]) -> Iterator[int]:
    for band in range(0, len(digest), ROWS):
        yield _hash(f"{_VERSION}/{band}/{digest[band : band + ROWS]}")


def _hash(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
