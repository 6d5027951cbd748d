"""`python -m tests.bench.freshness`: the project's schedule against the field's at equal numbers of requests."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from tests.bench.freshness import compare, report, scenarios, traces


def main(arguments: list[str] | None = None) -> None:
    """Print the table, write the picture."""
    options = _options(arguments)
    if options.traces:
        chosen = [(path.stem, traces.load(path)) for path in options.traces]
    else:
        family = scenarios.DEVELOPMENT if options.development else scenarios.JUDGING
        wanted = [s for s in family if not options.scenario or s.name in options.scenario]
        sized = [replace(s, articles=options.articles or s.articles) for s in wanted]
        chosen = [(s.name, traces.make(s)) for s in sized]
    pictured = []
    for name, lives in chosen:
        found = compare.everything(name, lives)
        print(report.table(found.rows), end="\n\n", flush=True)
        pictured.append((name, found.curves))
    if options.plot:
        options.plot.write_text(report.picture(pictured), encoding="utf-8")
        print(f"plot: {options.plot}", file=sys.stderr)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.freshness", description=__doc__)
    parser.add_argument("--plot", type=Path, help="write an SVG here")
    parser.add_argument("--traces", type=Path, nargs="+", help="real traces, JSON lines (traces.py says which)")
    parser.add_argument("--scenario", nargs="+", help="only these")
    parser.add_argument("--articles", type=int, help="in each scenario; default: as many as it names, 2,500")
    parser.add_argument("--development", action="store_true", help="the scenarios the constants were chosen on")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
