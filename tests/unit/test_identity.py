"""Which entries and pages are one article: the decisions, and a moved page through the journeys."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.contract.storage.given import rows
from tests.unit.test_copies_journey import OTHER, OWN, STORY, Desk, page
from worker.core import identity, urls
from worker.model import ChangeKind, ClaimKind, CopyKind, CopyLink, Reply

NOW = datetime(2026, 3, 14, tzinfo=UTC)


def entry(url, title, guid=None):
    return SimpleNamespace(url_key=url, title=title, guid_key=guid)


def test_a_feed_is_suspicious_when_nearly_all_of_it_is_unknown():
    assert identity.suspicious(10, 10)
    assert not identity.suspicious(8, 10)
    assert not identity.suspicious(4, 4)  # a feed of four says little


def test_moved_articles_are_known_by_their_headlines():
    unknown = [entry(f"new{i}", f"Headline  {i}") for i in range(6)]
    known = [(f"Headline {i}", i) for i in range(6)]
    assert identity.moved(unknown, known) == {f"new{i}": i for i in range(6)}
    assert identity.moved(unknown, known[:4]) == {}


def test_a_headline_that_stands_twice_names_nothing():
    unknown = [entry(f"new{i}", f"Headline {i}") for i in range(10)]
    known = [*((f"Headline {i}", i) for i in range(10)), ("Headline 3", 99)]
    assert "new3" not in identity.moved(unknown, known)
    assert len(identity.moved(unknown, known)) == 9


def capture(url, final):
    return SimpleNamespace(resource_url=url, url=final)


def extract(canonical):
    return SimpleNamespace(canonical_url=canonical)


@pytest.mark.parametrize(
    ("final", "canonical", "claims"),
    [
        ("https://a.example/x", None, []),
        ("https://a.example/x?utm_source=rss", "https://www.a.example/x/", []),
        ("https://a.example/y", None, [(ClaimKind.REDIRECT, "https://a.example/y")]),
        ("https://a.example/x", "https://a.example/z", [(ClaimKind.CANONICAL, "https://a.example/z")]),
        ("https://a.example/y", "https://a.example/y", [(ClaimKind.REDIRECT, "https://a.example/y")]),
        ("https://a.example/x", "javascript:void(0)", []),
    ],
)
def test_what_a_page_claims(final, canonical, claims):
    found = identity.claims(capture("https://a.example/x", final), extract(canonical))
    assert [(claim.kind, claim.url) for claim in found] == claims


def link(kind, contained):
    return CopyLink(7, 70, 3, 30, kind, contained, 7)


@pytest.mark.parametrize(
    ("kind", "contained", "claimed", "merges"),
    [
        (CopyKind.EXACT, 1.0, [3], ((7, 3),)),
        (CopyKind.NEAR, 0.95, [3], ((7, 3),)),
        (CopyKind.NEAR, 0.9, [3], ()),  # a sibling: one paragraph in ten is its own
        (CopyKind.PARTIAL, 1.0, [3], ()),
        (CopyKind.EXACT, 1.0, [], ()),
        (CopyKind.EXACT, 1.0, [4], ()),
    ],
)
def test_an_address_and_a_text_are_proof_together(kind, contained, claimed, merges):
    assert identity.merges(7, {3: link(kind, contained)}, claimed) == merges


# --- through the journeys ---------------------------------------------------------------------------------


def listing(*paths):
    items = "".join(
        f"<item><guid>{path}</guid><title>Earthquake in Sarvan, voters in Brenna: {path}</title><link>https://agency.example/{path}</link></item>"
        for path in paths
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Agency</title>{items}</channel></rss>'


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    for slug in ("agency", "herald", "courier", "gazette"):
        desk.publish(slug, OTHER)
        desk.network.answers[f"https://{slug}.example/feed"] = listing()
    desk.network.answers["https://agency.example/feed"] = listing("old", "new")
    desk.network.answers["https://agency.example/old"] = page("Quake", STORY.format(toll=12))
    desk.network.answers["https://agency.example/new"] = page("Quake", STORY.format(toll=12))
    yield desk
    desk.store.close()


def article(desk, path):
    return desk.store.queries.article_id(urls.key(f"https://agency.example/{path}"))


def canonical(address, toll=12):
    body = page("Quake", STORY.format(toll=toll))
    return body.replace("<title>", f'<link rel="canonical" href="https://agency.example/{address}"><title>')


def merges(desk):
    return [change.article_id for change in desk.store.changes.after(0, 100) if change.kind is ChangeKind.MERGE]


def redirecting(network, start, end):
    """The address `start` leads to `end`."""
    plain = network.get

    async def get(url, validators, **options):
        if url != start:
            return await plain(url, validators, **options)
        reply = await plain(end, validators, **options)
        return Reply(end, reply.status, reply.headers, body=reply.body)

    network.get = get


def test_two_pages_with_one_text_are_copies_and_two_articles(desk):
    desk.cycle()
    desk.watch()
    assert merges(desk) == []
    assert article(desk, "old") != article(desk, "new")


def test_rel_canonical_and_one_text_make_one_article(desk):
    desk.network.answers["https://agency.example/new"] = canonical("old")
    desk.cycle()
    desk.watch()
    assert len(merges(desk)) == 1
    assert article(desk, "old") == article(desk, "new")


def test_rel_canonical_alone_makes_nothing_one(desk):
    desk.network.answers["https://agency.example/new"] = page("Brenna votes", OTHER).replace(
        "<title>", '<link rel="canonical" href="https://agency.example/old"><title>'
    )
    desk.cycle()
    desk.watch()
    assert merges(desk) == []
    assert article(desk, "old") != article(desk, "new")


def test_a_redirect_and_one_text_make_one_article(desk):
    redirecting(desk.network, "https://agency.example/old", "https://agency.example/new")
    desk.cycle()
    desk.watch()
    assert len(merges(desk)) == 1
    assert article(desk, "old") == article(desk, "new")


def test_a_page_that_moved_is_the_same_article_when_the_feed_names_its_new_address(desk):
    desk.network.answers["https://agency.example/feed"] = listing("old")
    redirecting(desk.network, "https://agency.example/old", "https://agency.example/new")
    desk.cycle()
    desk.watch()
    desk.network.answers["https://agency.example/feed"] = listing("new")
    desk.watch()
    assert len(desk.store.queries.article_ids()) == 1


def test_c21_the_second_page_of_an_article_is_a_part_of_it_and_an_article_of_its_own(desk):
    whole = f"{STORY.format(toll=12)} {OWN}"
    half = " ".join(whole.splitlines()[5:])
    desk.network.answers["https://agency.example/old"] = page("Quake", whole)
    for head in ("", '<link rel="canonical" href="https://agency.example/old">'):  # which proves nothing by itself
        second = page("Quake: page 2", half).replace("<title>", f"{head}<title>")
        desk.network.answers["https://agency.example/new"] = second
        desk.cycle()
        desk.watch()
        assert merges(desk) == []
        assert article(desk, "old") != article(desk, "new")
        (link,) = desk.store.relations.copies(article(desk, "new"))  # possibly the same: for people to `merge`
        assert (link.other_id, link.kind) == (article(desk, "old"), CopyKind.PARTIAL)


def test_x24_a_page_that_leads_to_a_feed_is_no_article_and_leaves_the_feed_alone(desk):
    redirecting(desk.network, "https://agency.example/new", "https://agency.example/feed")
    for _ in range(7):
        desk.watch()
    known = desk.store.queries.article(article(desk, "new"))
    assert known is not None
    assert known.versions == ()
    assert desk.store.queries.census().feeds == 4
    (feed,) = (row for row in rows(desk.store, "resource") if row["url"] == "https://agency.example/feed")
    assert (feed["kind"], feed["moved_to"]) == ("feed", None)
    assert {row["url"] for row in rows(desk.store, "resource") if row["moved_to"]} == set()


def test_a_syndicated_copy_that_names_the_agency_as_canonical_stays_an_article_of_its_own(desk):
    desk.network.answers["https://herald.example/feed"] = listing("old").replace(
        "https://agency.example/old", "https://herald.example/1"
    )
    desk.network.answers["https://herald.example/1"] = canonical("old")
    desk.cycle()
    desk.watch()
    assert merges(desk) == []
    herald = desk.store.queries.article_id(urls.key("https://herald.example/1"))
    assert article(desk, "old") in {found.other_id for found in desk.store.relations.copies(herald)}
