"""The pages in a real browser: nothing that strangers wrote may run, load, or be told apart from text."""

import shutil
import socket
import subprocess
from contextlib import contextmanager

import pytest
from lxml import html
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from tests.contract.storage.given import Cast, figure, outlet, revision
from tests.harness import databases
from tests.harness.serving import in_thread
from worker.settings import Settings
from worker.site import app
from worker.storage.columns import Words
from worker.storage.tables import METADATA

pytestmark = pytest.mark.browser

NAMES = ("/usr/bin/chromium", "chromium", "google-chrome", "chrome", "chromium-browser")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--enable-logging=stderr",
)  # fmt: skip
LOAD_SECONDS = 120  # a first start on a loaded machine; without end is what it guards against
FIRE = "document.documentElement.setAttribute('data-fired',1)"
PAYLOADS = (
    '<script>{fire}</script><img src=x onerror="{fire}"><img src="{canary}/img"><iframe src="{canary}/frame"></iframe>',
    '"><svg onload="{fire}"><link rel=stylesheet href="{canary}/css"><style>@import "{canary}/import"</style>',
    "' autofocus onfocus='{fire}' style='background:url({canary}/bg)",
    "</title></textarea></style><body onload=\"{fire}\"><meta http-equiv=refresh content='0;url={canary}/meta'>",
    '<math><mtext></form><form><mglyph><style></math><img src onerror="{fire}"><base href="{canary}/">',
    "\u202e\u2066\x1b[31m<b>{canary}</b>\u2028javascript:{fire}",
)


@pytest.fixture
def chromium(tmp_path):
    """Loads a page; its DOM afterwards, and what the console said."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(f"needs a Chromium: none of {', '.join(NAMES)} is there")

    def load(url, *options):
        profile = tmp_path / f"profile-{len(list(tmp_path.iterdir()))}"
        run = subprocess.run(
            [program, *FLAGS, f"--user-data-dir={profile}", *options, url],
            capture_output=True,
            text=True,
            timeout=LOAD_SECONDS,
            check=True,
        )
        return run.stdout, run.stderr

    return load


@pytest.fixture
def canary():
    """An address that nobody may ask for anything; `.asked()` tells whether somebody did."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        listener.setblocking(False)
        yield Canary(listener)


class Canary:
    def __init__(self, listener):
        self._listener = listener
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def asked(self):
        try:
            connection, _ = self._listener.accept()
        except BlockingIOError:
            return False
        connection.close()
        return True


@pytest.fixture
def store(_sqlite_files, tmp_path):
    with _sqlite_files.fresh(tmp_path) as url, databases.opened(url) as opened:
        yield opened


def story(store):
    """An article with one revision; its id."""
    old = figure(2300, sentence="The ministry counted 2300 soldiers.")
    new = figure(2730, sentence="The ministry counted 2730 soldiers.")
    cast = Cast(store)
    page = cast.article()
    cast.keep(page, text="One.\n\nTwo.", figures=[old])
    cast.keep(cast.capture_later(), text="Three.", figures=[new], revisions=[revision(old, new)])
    return page.article_id


def poison(store, payload):
    """Write the payload into every text column that takes it; the names of those columns."""
    taken = set()
    for table in METADATA.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, Words):
                continue
            value = f"{payload} 2300 {payload}" if column.name == "sentence" else payload
            try:
                store.database.write(lambda c, t=table, n=column.name, v=value: c.execute(update(t).values({n: v})))
            except IntegrityError:  # a closed set of words
                continue
            taken.add(f"{table.name}.{column.name}")
    return taken


@contextmanager
def served(store):
    settings = Settings(redis_url="redis+socket:///nowhere/valkey.sock")
    with in_thread(app.create(settings, store)) as url:
        yield url


@pytest.mark.parametrize("payload", PAYLOADS, ids=("script", "attribute", "quote", "text", "mathml", "controls"))
def test_nothing_that_is_stored_runs_or_loads(chromium, canary, store, payload):
    article_id = story(store)
    payload = payload.format(fire=FIRE, canary=canary.url)
    taken = poison(store, payload)
    assert {"outlet.slug", "outlet.name", "article.url", "article.title", "version.text", "version.title",
            "figure.sentence", "figure.subject", "figure.unit", "revision.because"} <= taken  # fmt: skip
    with served(store) as url:
        for path in ("/", f"/articles/{article_id}"):
            dom, console = chromium(f"{url}{path}", "--dump-dom")
            tree = html.document_fromstring(dom)
            elements = list(tree.iter())
            assert sum("card" in str(element.get("class", "")).split() for element in elements) == 1
            assert "data-fired" not in tree.attrib
            assert not list(tree.iter("script", "img", "svg", "math", "style", "iframe", "base", "object", "b"))
            attributes = [str(name) for element in elements for name in element.attrib]
            assert not [name for name in attributes if name.startswith(("on", "style"))]
            assert {str(link.get("href"))[0] for link in tree.iter("a")} == {"/"}
            assert "Content Security Policy" not in console
            assert not set("\u202e\u2066\x1b\u2028") & set("".join(map(str, tree.itertext())))
    assert not canary.asked()


def test_the_trap_would_notice(chromium, canary, tmp_path):
    page = tmp_path / "open.html"
    page.write_text(f"<!doctype html><title>x</title>{PAYLOADS[0].format(fire=FIRE, canary=canary.url)}")
    dom, _ = chromium(page.as_uri(), "--dump-dom", "--virtual-time-budget=2000", "--timeout=5000")
    assert "data-fired" in dom
    assert canary.asked()


def test_our_own_style_and_icon_are_let_through(chromium, store):
    article_id = story(store)
    with served(store) as url:
        for path in ("/", f"/articles/{article_id}", "/nowhere"):
            _, console = chromium(f"{url}{path}", "--dump-dom")
            assert "Content Security Policy" not in console
            assert "Refused" not in console


def test_light_and_dark(chromium, store, tmp_path):
    store.frontier.sync([outlet()], Cast(store).now)
    pictures = []
    with served(store) as url:
        for scheme in ("0", "1"):  # blink::mojom::PreferredColorScheme: dark, light
            picture = tmp_path / f"{scheme}.png"
            options = (f"--blink-settings=preferredColorScheme={scheme}", f"--screenshot={picture}")
            chromium(f"{url}/", "--window-size=600,400", *options)
            pictures.append(picture.read_bytes())
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert pictures[0] != pictures[1]
