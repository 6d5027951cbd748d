"""What a page is: notices of many kinds and languages, and articles that look like them.

The notices and their lookalikes are of our own making (gold/notices.toml, gold/lookalikes.toml), each in several
layouts; `test_extraction.py` looks at the pages of the corpus. Both error rates are published in worker/core/README.md.
"""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from worker.core import extraction
from worker.model import Verdict

GOLD = Path(__file__).parent / "gold"
URL = "https://www.morning-herald.example/world/2026/05/harbour-strike-12345"
SITE = "Morning Herald"

MENU = "".join(f"<li><a href='/{name}'>{name.title()}</a></li>" for name in ("world", "politics", "sport", "culture"))
TEASERS = "".join(
    f"<div class='item'><h3><a href='/{n}'>Headline of another story of the day, number {n}</a></h3></div>"
    for n in range(6)
)
FOOT = "<footer><p>Morning Herald, 12 Quay Street. Imprint, privacy, contact.</p></footer>"


def bare(title, lang, body, head=""):
    return f"<!DOCTYPE html><html lang='{lang}'><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def full(title, lang, body, head=""):
    head += f"<meta property='og:site_name' content='{SITE}'>"
    around = f"<header><nav><ul>{MENU}</ul></nav></header><main>{body}</main><aside>{TEASERS}</aside>{FOOT}"
    return bare(title, lang, around, head)


def layered(title, lang, body, head=""):
    shell = f"<div id='root'><div class='c1 c2'><div role='dialog' class='modal'>{body}</div></div></div>"
    return bare(title, lang, shell, f"{head}<script>window.__STATE__ = {{}};</script>")


LAYOUTS = {"bare": bare, "full": full, "layered": layered}
NOT_FREE = (
    '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    "<meta property='og:type' content='article'>"
)


def notices():
    for item in tomllib.loads((GOLD / "notices.toml").read_text(encoding="utf-8"))["notice"]:
        title = item["title"].replace("{site}", SITE)
        body = f"<h1>{item['heading']}</h1><p>{item['text']}</p>"
        if item["kind"] == "paywall":
            offer = f"<div class='paywall-offer'><p>{item['offer']}</p></div>"
            yield item, "declared", bare(title, item["language"], f"<article>{body}</article>{offer}", NOT_FREE)
            yield item, "offer only", full(title, item["language"], f"<article>{body}{offer}</article>")
            continue
        for name, layout in LAYOUTS.items():
            yield item, name, layout(title, item["language"], body)


def articles():
    for item in tomllib.loads((GOLD / "lookalikes.toml").read_text(encoding="utf-8"))["article"]:
        body = f"<h1>{item['title']}</h1>" + "".join(f"<p>{p}</p>" for p in item["text"])
        for name in ("bare", "full"):
            yield item, name, LAYOUTS[name](f"{item['title']} | {SITE}", item["language"], f"<article>{body}</article>")


FRONT = "".join(f"<h3><a href='/{n}'>Story number {n} of the day in brief</a></h3>" for n in range(60))
OTHERS = [
    ("wrong_page", full(SITE, "en", FRONT, "<link rel='canonical' href='https://www.morning-herald.example/'>")),
    ("wrong_page", full(SITE, "en", FRONT, "<meta property='og:url' content='https://www.morning-herald.example/'>")),
    ("empty", bare("", "en", "")),
    ("empty", bare("", "en", "<div id='app'></div><script src='/bundle.js'></script>")),
]


DOUBTED = "doubted"  # an article, if another visit shows the same
FRESH = "fresh"  # written after the cues: the rates of these say more


def judged(page, expected):
    extract = extraction.extract(page.encode(), headers={}, url=URL, expected=expected)
    return DOUBTED if extract.doubt else extract.verdict.value


def headlines():
    """An announced headline for each language."""
    items = tomllib.loads((GOLD / "notices.toml").read_text(encoding="utf-8"))["notice"]
    return {item["language"]: item["heading"] for item in items if item["kind"] == "paywall"}


@pytest.fixture(scope="module", params=["words alone", "headline known"])
def table(request):
    """(what it is, what it was taken for) ► how many, and each; without and with the headline of the feed."""
    known = headlines() if request.param == "headline known" else {}
    made = [(item["kind"], item, name, page) for item, name, page in notices()]
    made += [("article", item, name, page) for item, name, page in articles()]
    made += [(kind, {}, str(n), page) for n, (kind, page) in enumerate(OTHERS)]
    found = [(kind, judged(page, announced(kind, item, known)), item, name) for kind, item, name, page in made]
    return bool(known), Counter((kind, verdict) for kind, verdict, *_ in found), found


def announced(kind, item, known):
    if not known:
        return ""
    own = {"article": item.get("title"), "paywall": item.get("heading")}
    return own.get(kind) or known.get(item.get("language"), "Harbour strike enters second week")


def test_confusion(table):
    known, counted, found = table
    verdicts = [v for v in (*(v.value for v in Verdict), DOUBTED) if any(v in pair for pair in counted)]
    print("\n" + " " * 12 + "".join(f"{v[:9]:>11}" for v in verdicts))
    for kind in verdicts:
        if sum(counted[kind, v] for v in verdicts):
            print(f"{kind:12}" + "".join(f"{counted[kind, v] or '.':>11}" for v in verdicts))
    for kind, verdict, item, name in found:
        if kind != verdict:
            print("  ", kind, "taken for", verdict, item, name)
    for name, rates in (("all", rate(found)), (FRESH, rate([f for f in found if f[2].get(FRESH)]))):
        print(f"{name:6} notices taken for articles {rates[0]}, articles taken for notices {rates[1]}")
    missed, wrong = rate(found)
    assert missed[0] == 0
    assert wrong[0] == 0
    assert counted["article", DOUBTED] <= (0 if known else 64)


def rate(found):
    """((notices taken for articles, of), (articles taken for notices, of))."""
    articles_ = [verdict for kind, verdict, *_ in found if kind == "article"]
    notices_ = [verdict for kind, verdict, *_ in found if kind != "article"]
    wrong = sum(verdict not in {"article", DOUBTED} for verdict in articles_)
    return (notices_.count("article"), len(notices_)), (wrong, len(articles_))
