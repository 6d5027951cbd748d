"""Noise makes no version and every edit makes one: a page is shown again and again, each time a little different.

The pages are those of the unit tests, in seven languages. Noise is put around and into the article, as content systems,
advertisers and caches do; edits change what it says. What a newsroom does in the large is scripted below.
"""

import random
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from worker.core import reading
from worker.model import (
    Capture,
    HeldText,
    Layers,
    Lease,
    PastText,
    Policy,
    Recent,
    ResourceKind,
    Return,
    Revision,
    StoredVersion,
)

PAGES = Path(__file__).parents[1] / "unit" / "reading" / "pages"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STEP = timedelta(minutes=20)


@dataclass
class Article:
    """An article as the store would hold it; `show` is one visit that brought these bytes."""

    at: datetime = NOON
    versions: list[StoredVersion] = field(default_factory=list)
    texts: list[PastText] = field(default_factory=list)  # newest first
    held: HeldText | None = None
    layers: Layers | None = None
    revisions: list[Revision] = field(default_factory=list)
    noise: Counter[str] = field(default_factory=Counter)
    returns: Counter[str] = field(default_factory=Counter)
    reverted: list[int] = field(default_factory=list)  # version ids gone back to

    @property
    def doubt(self):
        return self.held.doubt.value if self.held else None

    def show(self, page, step=STEP, **headers):
        self.at += step
        body = page if isinstance(page, bytes) else page.encode()
        capture = Capture(
            lease=Lease(1, 1), resource_id=1, kind=ResourceKind.ARTICLE, outlet="herald", language="en",
            url="https://herald.example/news/1", resource_url="https://herald.example/news/1",
            headers={name.replace("_", "-"): value for name, value in headers.items()}, body=body, whole=True,
            fetched_at=self.at, attempt=1, article_id=1, first_seen_at=NOON,
        )  # fmt: skip
        stored = self.versions[-1] if self.versions else None
        today = sum(text.first_seen_at > self.at - timedelta(days=1) for text in self.texts)
        recent = Recent(tuple(self.texts), today, self.held, self.layers)
        intent = reading.article_intent(capture, 1, stored, recent, policy=Policy(), now=self.at, jitter=0.0)
        self._apply(intent, capture)
        return intent

    def _apply(self, intent, capture):
        self.held = intent.held
        self.layers = intent.layers or self.layers
        self.noise.update([intent.noise.value] if intent.noise else [])
        if intent.recurrence:
            self.returns[intent.recurrence.kind.value] += 1
            if intent.recurrence.kind is Return.VARIANT:
                same = intent.recurrence.version_id
                self.texts = [replace(t, variant=t.variant or t.version_id == same) for t in self.texts]
        if intent.seen:
            self.versions[-1] = replace(self.versions[-1], last_seen_at=self.at)
        if draft := intent.version:
            number = len(self.versions) + 1
            self.versions.append(
                StoredVersion(
                    version_id=number,
                    ordinal=draft.ordinal,
                    title=draft.title,
                    text=draft.text,
                    content_hash=draft.content_hash,
                    extractor=draft.extractor,
                    first_seen_at=self.at,
                    last_seen_at=self.at,
                    figures=bool(draft.figures),
                    captions_at=draft.captions_at,
                )
            )
            self.texts.insert(0, PastText(number, draft.content_hash, self.at, capture.headers))
            self.revisions += draft.revisions
            self.reverted += [draft.reverts.version_id] if draft.reverts else []


def pages():
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(PAGES.glob("*.html"))}


# --- noise -------------------------------------------------------------------------------------------


def in_article(page, block):
    """Put a block behind the first paragraph of prose."""
    return re.sub(r"(?s)(<p[^>]*>(?:(?!</p>).){80,}</p>)", lambda m: m[1] + block, page, count=1)


def before_end(page, block):
    return page.replace("</body>", f"{block}</body>") if "</body>" in page else page + block


CARDS = "".join(
    f"<div class='card'><h3><a href='/s{{n}}{i}'>Another story {{n}} about {i}{{n}} people</a></h3></div>"
    for i in range(4)
)
NOISE = {
    "view counter": lambda p, n: in_article(p, f"<div class='views'>{1_000 + 17 * n} views</div>"),
    "comments": lambda p, n: in_article(p, f"<p>{n + 3} Comments</p>"),
    "minutes ago": lambda p, n: in_article(p, f"<p class='when'>{n + 2} minutes ago</p>"),
    "updated": lambda p, n: in_article(p, f"<p>Updated 14:{n:02}</p>"),
    "updated, in German": lambda p, n: in_article(p, f"<p>Aktualisiert: 22.11.2026, 14:{n:02} Uhr</p>"),
    "most read": lambda p, n: before_end(p, f"<section class='most-read'><ol><li>{n} cats saved</li></ol></section>"),
    "related": lambda p, n: in_article(p, f"<div class='related'><h4><a href='/x{n}'>Fire kills {n}</a></h4></div>"),
    "cards": lambda p, n: in_article(p, f"<div>{CARDS.replace('{n}', str(n))}</div>"),
    "read also": lambda p, n: in_article(p, f"<p><b>READ ALSO: <a href='/y{n}'>Storm costs {n} million</a></b></p>"),
    "newsletter": lambda p, n: in_article(p, f"<div class='newsletter-signup'><p>Join {9_000 + n} readers.</p></div>"),
    "advertisement": lambda p, n: in_article(
        p, f"<aside class='ad'><p>Only {n}.99: a sofa for all of you!</p></aside>"
    ),
    "ticker in the page": lambda p, n: before_end(
        p, f"<footer><p>Index {11_000 + n} points, {n}.4 degrees</p></footer>"
    ),
    "scripts": lambda p, n: p.replace("</head>", f"<script nonce='{n}'>window.t = {n}</script></head>"),
    "attributes": lambda p, n: p.replace("<p>", f"<p data-id='{n}' class='css-{n}x'>"),
    "blanks": lambda p, n: re.sub(r"(?<=[a-z]) (?=[a-z]+[^<>]*<)", "\u00a0" if n % 2 else "\n ", p, count=40),
    "quotes and dashes": lambda p, n: p.translate(str.maketrans("\u2019\u2013\u201c\u201d", '\'-""')) if n % 2 else p,
    "invisible": lambda p, n: re.sub(r"(?<=[a-z])(?=[a-z]{3} )", "\u200b" if n % 2 else "\u00ad", p, count=30),
    "numeric entities": lambda p, n: p.replace("ä", "&#228;").replace("é", "&eacute;") if n % 2 else p,
    "copyright": lambda p, n: before_end(p, f"<footer>© {2020 + n} Example</footer>"),
    "page says when": lambda p, n: p.replace(
        "</head>", f"<meta name='lastmod' content='2026-11-22T12:{n:02}:00Z'></head>"
    ),
    "decomposed": lambda p, n: unicodedata.normalize("NFD" if n % 2 else "NFC", p),
}
SHOWN = 6  # times


@pytest.mark.parametrize("kind", NOISE)
def test_noise_makes_no_version(kind):
    made = {}
    for name, page in pages().items():
        article = Article()
        for n in range(1, SHOWN):
            article.show(NOISE[kind](page, n))
        made[name] = len(article.versions)
    assert made == dict.fromkeys(made, 1)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-8-sig"])
def test_encodings_make_no_version(codec):
    for name, page in pages().items():
        article = Article()
        article.show(page)
        article.show(page.encode(codec))
        assert (name, len(article.versions)) == (name, 1)


def test_noise_is_counted_by_rule():
    counted: Counter[str] = Counter()
    for page in pages().values():
        for change in NOISE.values():
            article = Article()
            for n in range(1, SHOWN):
                article.show(change(page, n))
            counted += article.noise
    print("\n", dict(counted))
    assert set(counted) >= {"markup", "furniture", "stamps", "typography"}


# --- edits -------------------------------------------------------------------------------------------


def digit(page):
    """Change a digit of the first figure in the prose."""
    return re.sub(r"(<p[^>]*>[^<\d]{10,}?)(\d)", lambda m: m[1] + str((int(m[2]) + 1) % 9 + 1), page, count=1)


def title(page):
    """The words of the headline up to the first that is written with an entity, wherever they stand."""
    found = re.search(r"<h1[^>]*>([^<&]+)", page)
    assert found is not None
    return found[1].strip()


EDITS = {
    "a digit": digit,
    "a sign": lambda p: re.sub(r"(<p[^>]*>[^<\d]{10,}? )(\d)", r"\1-\2", p, count=1),
    "a paragraph": lambda p: in_article(p, "<p>The minister said on Monday that he would not resign over it.</p>"),
    "a word": lambda p: re.sub(r"(<p[^>]*>[^<]{20,}? )(\w{5,})( )", r"\1altered\3", p, count=1),
    "the headline": lambda p: p.replace(title(p), f"{title(p)} again"),
    "a correction note": lambda p: in_article(p, "<p>Correction: an earlier version misstated the number of dead.</p>"),
    "a table": lambda p: in_article(
        p, "<table><tr><td>North</td><td>12</td></tr><tr><td>South</td><td>9</td></tr></table>"
    ),
    "a caption": lambda p: in_article(
        p, "<figure><figcaption>Some 12 boats lie on the beach at dawn.</figcaption></figure>"
    ),
}


@pytest.mark.parametrize("kind", EDITS)
def test_every_edit_makes_a_version(kind):
    made = {}
    for name, page in pages().items():
        edited = EDITS[kind](page)
        if edited == page:  # no figure in front of other markup, for example
            continue
        article = Article()
        article.show(page)
        article.show(edited)
        made[name] = len(article.versions)
    assert len(made) >= 5
    assert made == dict.fromkeys(made, 2)


# --- what newsrooms and caches do --------------------------------------------------------------------

HEAD = (
    "<html lang='en'><head><title>Flood destroys houses</title>{}</head><body><article><h1>Flood destroys houses</h1>"
)
MORE = (
    "<p>Forecasters expect another 30 millimetres of rain by Wednesday night, after which the water should fall.</p>"
    "<p>The governor, who visited the town on Monday, promised help to everyone who had lost a home in the flood.</p>"
    "<p>Trains will not run before the end of the week, the railway said, as the embankment has been washed out.</p>"
)


def story(houses, *, more=MORE, head="", extra=""):
    first = (
        f"<p>At least {houses} houses were destroyed when the river burst its banks, the district governor said.</p>"
    )
    return f"{HEAD.format(head)}{first}{more}{extra}</article></body></html>"


A, B = story(42), story(57)


def date(moment):
    return format_datetime(moment, usegmt=True)


def test_a_stale_copy_is_told_by_its_age():
    article = Article()
    article.show(A)
    article.show(B)
    for n in range(4):
        article.show(A, age=str(3_600 * (n + 1)))
        article.show(B, age="0")
    assert len(article.versions) == 2
    assert article.returns == {"stale_copy": 4}
    assert len(article.revisions) == 1


@pytest.mark.parametrize("name", ["date", "last_modified"])
def test_a_stale_copy_is_told_by_its_dates(name):
    article = Article()
    article.show(A, **{name: date(NOON)})
    article.show(B, **{name: date(NOON + timedelta(minutes=30))})
    article.show(A, **{name: date(NOON)})
    assert (len(article.versions), article.returns) == (2, {"stale_copy": 1})


def test_variants_take_turns():
    article = Article()
    for n in range(100):
        article.show((A, B)[n % 2])
    assert len(article.versions) == 2
    assert len(article.revisions) == 1
    assert article.returns["variant"] >= 40
    assert article.reverted == []


@pytest.mark.parametrize("seed", range(20))
def test_variants_at_random(seed):
    dice = random.Random(seed)
    article = Article()
    article.show(A)
    article.show(B)
    for _ in range(60):
        article.show(dice.choice((A, B)))
    assert article.returns["variant"] >= 10
    assert len(article.revisions) <= 3  # one more pair when the same came three times in a row at the start


def test_a_reversion_that_stays_is_a_version():
    article = Article()
    for page in (A, A, B, B, A, A, A, A):
        article.show(page)
    assert [v.ordinal for v in article.versions] == [1, 2, 3]
    assert article.reverted == [1]
    assert len(article.revisions) == 2


def test_a_reversion_that_the_page_vouches_for_is_believed_sooner():
    modified = "<meta property='article:modified_time' content='{}'>"
    article = Article()
    article.show(A)
    article.show(B)
    late = story(42, head=modified.format((article.at + timedelta(minutes=5)).isoformat()))
    article.show(late)
    assert len(article.versions) == 2
    article.show(late)
    assert article.reverted == [1]


def test_a_teaser_of_the_known_text_is_held_for_as_long_as_it_comes():
    article = Article()
    article.show(A)
    for _ in range(5):
        article.show(story(42, more=""))
    assert len(article.versions) == 1
    assert article.doubt == "teaser"
    article.show(A)
    assert (len(article.versions), article.held) == (1, None)


def test_another_text_is_held_until_it_is_seen_again():
    other = HEAD.format("") + "".join(
        f"<p>Voters in the northern province go to the polls for the {n}th time since the reform of the council.</p>"
        for n in range(4, 9)
    )
    article = Article()
    article.show(A)
    article.show(other)
    assert (len(article.versions), article.doubt) == (1, "unrelated")
    article.show(other)
    assert len(article.versions) == 2


def test_a_much_shorter_text_is_held_until_it_is_seen_again():
    short = story("no", more="<p>The governor, who visited the town on Monday, promised help.</p>")
    article = Article()
    article.show(A)
    article.show(short)
    assert (len(article.versions), article.doubt) == (1, "shorter")
    article.show(short)
    assert len(article.versions) == 2


def test_a_live_report_is_kept_once_an_hour_and_with_every_figure():
    article = Article()
    houses, entries, changes = 42, "", 0
    for n in range(90):
        entries = f"<p>Entry {'x' * (n % 7)}: the water is rising further in the old town, people say.</p>{entries}"
        if n % 9 == 5:
            houses, changes = houses + 1, changes + 1
        article.show(story(houses, more=entries + MORE), step=timedelta(minutes=15))
    assert len(article.revisions) == changes == 10
    assert len(article.versions) <= 6 + changes + 24


def test_an_unstable_page_is_limited_and_named():
    article = Article()
    named = set()
    for n in range(200):
        article.show(
            story(40 + n % 50, extra=f"<p>Lot {n} of the sale went for {n * 7} pounds.</p>"), step=timedelta(minutes=5)
        )
        named.add(article.doubt)
    assert "unstable" in named
    assert len(article.versions) <= 48 + 17


@pytest.mark.parametrize("place", ["title", "table", "caption"])
def test_a_figure_that_changes_in_one_place_only_is_flagged_once(place):
    def page(dead):
        table = f"<table><tr><th>Town</th><th>Dead</th></tr><tr><td>Aberton</td><td>{dead} people</td></tr></table>"
        made = {
            "title": story(42).replace("Flood destroys houses", f"Flood kills {dead} people"),
            "table": story(42, extra=table),
            "caption": story(
                42, extra=f"<figure><figcaption>A flood killed {dead} people at Aberton.</figcaption></figure>"
            ),
        }
        return made[place]

    article = Article()
    article.show(page(12))
    article.show(page(14))
    (revision,) = article.revisions
    assert revision.new is not None
    assert (int(revision.old.low), int(revision.new.low)) == (12, 14)
    assert (revision.old.location, revision.new.location) == (place, place)
