import re
from datetime import timedelta

import pytest
from lxml import html

from tests.harness.site import NOW, FakeStore, article, ask, figure, outlet, revision
from worker.errors import SchemaError, Unreachable
from worker.model import Census, RevisionKind
from worker.settings import Settings
from worker.site import app, guard

PAYLOADS = (
    "<script>marker()</script>",
    "<img src=x onerror=marker()>",
    '"><svg/onload=marker()>',
    "<math><mtext></form><form><mglyph><style></math><img src onerror=marker()>",
    "' onmouseover='marker()",
    "</title></textarea><script>marker()</script>",
    "{{ 7 * 191 }}{% raw %}",
)


def page(store, path="/"):
    answer = ask(store, path)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def words(tree):
    return re.sub(r"\s+", " ", tree.text_content())


def test_a_revision_is_told_with_outlet_values_and_both_sentences():
    tree = page(FakeStore(rows=[revision(5)]))
    card = words(tree.get_element_by_id("r5"))
    for told in (
        "North Agency",
        "14 Mar 2026, 09:11 UTC",
        "Ministry counts losses",
        "at least 130 → 142",
        "tanks destroyed",
        "The ministry counted at least 130 tanks.",
        "The ministry counted 142 tanks.",
        "changed between 14 Mar 2026, 08:50 UTC and 09:10 UTC",
        "(94% sure) same subject, same sentence",
    ):
        assert told in card
    assert [mark.text for mark in tree.iter("mark")] == ["at least 130", "142"]


def test_a_withdrawn_figure_has_no_after():
    card = words(page(FakeStore(rows=[revision(5, kind=RevisionKind.WITHDRAWN, new=None)])).get_element_by_id("r5"))
    assert "no longer reported" in card
    assert "After" not in card


def test_totals_and_freshness_are_told():
    told = words(page(FakeStore()))
    for part in (
        "revisions 57",
        "figures 15,210",
        "Last look at what is due 4 s ago. 3 due, the oldest for 1 min. 2 fetched and not read yet. 1 in quarantine.",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("last", "told"),
    [(None, "Nothing has been dispatched yet."), (NOW - timedelta(hours=2), "Nothing has been dispatched for 2 h")],
)
def test_a_silent_beat_is_told(last, told):
    tree = page(FakeStore(dispatched_at=last))
    assert told in words(tree.find_class("stale")[0])


def test_pages_lead_to_every_revision_once():
    store = FakeStore(rows=[revision(n, outlet="north-agency" if n % 2 else "b & c") for n in range(1, 101)])
    for slug, expected in (("", range(100, 0, -1)), ("b & c", range(100, 0, -2))):
        seen, links = [], [f"/?outlet={slug.replace('&', '%26')}"]
        while links:
            tree = page(store, links[0])
            seen += [int(card.get("id")[1:]) for card in tree.find_class("card")]
            links = tree.xpath("//a[@rel='next']/@href")
        assert seen == list(expected)


def test_the_filter_remembers_what_was_chosen():
    store = FakeStore(names=[outlet("a", "A"), outlet("b", "B")])
    chosen = page(store, "/?outlet=b").xpath("//option[@selected]")
    assert [option.get("value") for option in chosen] == ["b"]


def test_an_article_with_its_versions_and_revisions():
    store = FakeStore(articles={7: article(revisions=(revision(5),))})
    tree = page(store, "/articles/7")
    told = words(tree)
    for part in ("Ministry revises losses", "At least 130 tanks.", "More soon.", "Published 14 Mar 2026", "→ 142"):
        assert part in told
    assert [item.get("value") for item in tree.find_class("versions")[0]] == ["2", "1"]


def hostile(payload):
    row = revision(
        3,
        outlet=payload,
        title=payload,
        url=payload,
        because=payload,
        old=figure("130", f"{payload} 130 {payload}", f"{payload} 130"[-3:], subject=payload, unit=payload),
        new=figure("142", f"142 {payload}", f"142 {payload}", subject=payload, unit=payload),
    )
    return FakeStore(
        rows=[row],
        names=[outlet(payload, payload)],
        articles={7: article(title=payload, url=payload, outlet=payload, revisions=(row,), text=payload)},
    )


@pytest.mark.parametrize(
    ("outcome", "detail", "told"),
    [
        ("fresh", "", "still watched"),
        (
            "disallowed",
            "https://x.example/robots.txt disallows it",
            "not visited: https://x.example/robots.txt disallows",
        ),
        ("server_error", "HTTP 503", "still watched, last visit: HTTP 503"),
    ],
)
def test_an_article_says_whether_it_may_be_visited(outcome, detail, told):
    store = FakeStore(articles={7: article(last_outcome=outcome, last_detail=detail)})
    assert told in words(page(store, "/articles/7"))


@pytest.mark.parametrize("path", ["/", "/?outlet=x", "/articles/7"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_strangers_wrote_stays_text(payload, path):
    tree = page(hostile(payload), path)
    assert not list(tree.iter("script", "img", "svg", "math", "style", "iframe", "object"))
    assert not [name for element in tree.iter() for name in element.attrib if name.startswith(("on", "style"))]
    assert "1337" not in tree.text_content()
    if path != "/?outlet=x":
        assert payload in tree.text_content()


@pytest.mark.parametrize("url", ["javascript:marker()", "data:text/html,x", "https://news.example/\u202ex"])
def test_only_web_addresses_are_links(url):
    store = FakeStore(rows=[revision(1, url=url)], articles={7: article(url=url)})
    for path in ("/", "/articles/7"):
        for link in page(store, path).iter("a"):
            assert link.get("href").startswith("/")


def test_links_to_outlets_tell_them_nothing():
    store = FakeStore(rows=[revision(1)], articles={7: article()})
    for path in ("/", "/articles/7"):
        outside = [link for link in page(store, path).iter("a") if not link.get("href").startswith("/")]
        assert [link.get("href") for link in outside] == ["https://north.example/tanks"]
        assert outside[0].get("rel") == "noopener noreferrer nofollow"


def test_pages_load_nothing_from_elsewhere():
    for path in ("/", "/articles/7"):
        tree = page(FakeStore(rows=[revision(1)], articles={7: article()}), path)
        loads = tree.xpath("//link/@href | //*/@src | //form/@action")
        assert loads
        assert all(load.startswith("/") and not load.startswith("//") for load in loads)


ROUTES = ("/", "/articles/7", "/articles/8", "/nowhere", "/static/site.css", "/static/icon.svg", "/livez", "/readyz",
          "/metrics", "/api/v1/revisions", "/api/v1/changes", "/api/v1/openapi.json", "/?before=x", "/api/v1/nowhere",
          "/static/%2e%2e/app.py", "/api/v1/revisions?limit=0", "/stories", "/stories/1",
          "/transparency", "/api/v1/stories", "/api/v1/stories/1", "/api/v1/series/1",
          "/api/v1/transparency")  # fmt: skip


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("error", [None, Unreachable("at canary-secret@db"), RuntimeError("canary-secret")])
def test_every_answer_is_guarded_and_keeps_secrets(path, error):
    settings = Settings(
        redis_url="redis://:canary-secret@127.0.0.1:1/0", database_url="postgresql://u:canary-secret@db/x"
    )
    answer = ask(FakeStore(rows=[revision(1)], articles={7: article()}, error=error), path, settings=settings)
    for name, value in guard.HEADERS.items():
        assert answer.headers[name] == value
    assert "canary-secret" not in answer.text
    assert "Traceback" not in answer.text


def paths(routes):
    """Of all routes, those of included routers too, which newer versions of FastAPI keep apart."""
    for route in routes:
        nested = getattr(route, "original_router", None)
        yield from paths(nested.routes) if nested else [route.path]


def test_the_list_of_routes_above_is_complete():
    site = app.create(Settings(), FakeStore())
    assert set(paths(site.routes)) == {
        "/", "/about", "/articles/{article_id}", "/static", "/livez", "/readyz", "/metrics", "/api/v1/revisions",
        "/api/v1/changes", "/api/v1/openapi.json", "/stories", "/stories/{story_id}", "/api/v1/stories",
        "/api/v1/stories/{story_id}", "/api/v1/series/{series_id}", "/transparency", "/api/v1/transparency",
        "/copies", "/api/v1/copies", "/api/v1/ripples",
    }  # fmt: skip


@pytest.mark.parametrize("error", [Unreachable("no answer"), SchemaError("older")])
@pytest.mark.parametrize("path", ["/", "/articles/7", "/api/v1/revisions", "/api/v1/changes"])
def test_without_a_database_it_says_try_again(path, error):
    answer = ask(FakeStore(error=error), path)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "cannot be read right now" in answer.text


def test_a_mistake_of_ours_is_told_without_details():
    answer = ask(FakeStore(error=RuntimeError("details")), "/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/articles/8", 404),
        ("/articles/0", 400),
        ("/articles/x", 400),
        ("/articles/99999999999999999999", 400),
        ("/?before=0", 400),
        ("/?before=x", 400),
        (f"/?outlet={'x' * 201}", 400),
        ("/nowhere", 404),
        ("/articles/7/", 404),
        ("/static/../app.py", 404),
        ("/static/%2e%2e/app.py", 404),
        ("/static/..%2fapp.py", 404),
        ("/docs", 404),
    ],
)
def test_addresses_that_lead_nowhere(path, status):
    answer = ask(FakeStore(articles={7: article()}), path)
    assert answer.status_code == status
    assert "<h1>" in answer.text


@pytest.mark.parametrize("path", ["/", "/articles/7", "/livez", "/api/v1/revisions"])
def test_nothing_can_be_written(path):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert ask(FakeStore(articles={7: article()}), path, method=method).status_code == 405


def test_head_is_answered_like_get():
    answer = ask(FakeStore(), "/", method="HEAD")
    assert answer.status_code == 200


def test_an_empty_database_is_explained():
    store = FakeStore(counted=Census(0, 0, 0, 0, 0, 0, 0, 0))
    assert "An article has to be seen twice" in words(page(store))


@pytest.mark.parametrize(
    ("listening", "host", "status"),
    [
        ("127.0.0.1", "127.0.0.1:8190", 200),
        ("127.0.0.1", "localhost:8190", 200),
        ("::1", "[::1]:8190", 200),
        ("127.0.0.1", "evil.example", 400),
        ("localhost", "evil.example", 400),
        ("0.0.0.0", "figures.example", 200),
    ],
)
def test_on_loopback_only_names_of_this_machine_are_answered(listening, host, status):
    answer = ask(FakeStore(), "/livez", settings=Settings(site_host=listening), headers={"host": host})
    assert answer.status_code == status


def test_no_answer_repeats_the_host_header():
    settings = Settings(site_host="0.0.0.0", redis_url="redis+socket:///nowhere/valkey.sock")
    for path in ROUTES:
        answer = ask(FakeStore(rows=[revision(1)]), path, settings=settings, headers={"host": "evil.example"})
        assert "evil.example" not in answer.text + str(answer.headers)
