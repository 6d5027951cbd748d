"""A page that shows too little of an article: held until another visit, for ever where other articles show it, too."""

import pytest
from sqlalchemy import text

from tests.unit.test_pipeline import FEED, PAGE, Newsdesk, page

OTHER = f"{PAGE}-2"
ENTRY = "<item><guid>{n}</guid><title>{title}</title><link>{link}</link></item>"
NOTICE = """<html lang="en"><head><title>Nothing to see</title></head><body><h1>Nothing to see</h1>
<p>Whatever used to live at this spot has packed its bags, and nobody knows where it went.</p></body></html>"""


def feed(**entries):
    items = "".join(ENTRY.format(n=n, title=title, link=link) for n, (title, link) in enumerate(entries.values()))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Tamar Wire</title>{items}</channel></rss>'


@pytest.fixture
def desk(tmp_path):
    desk = Newsdesk(tmp_path)
    yield desk
    desk.store.close()


def watch(desk, visits):
    for _ in range(visits):
        desk.cycle()
        desk.clock.advance(minutes=20)


def held(desk):
    sql = text("SELECT doubt, visits, reason FROM v1_held ORDER BY article_id")
    return desk.store.database.read(lambda connection: [tuple(row) for row in connection.execute(sql)])


def test_it_is_a_version_when_another_visit_shows_the_same(desk):
    desk.network.answers[PAGE] = NOTICE.replace("Nothing to see", "Short news")
    watch(desk, 2)
    assert desk.census().versions == 0
    assert held(desk) == [("unlikely", 1, "unlikely: an article? nothing of what was announced")]
    watch(desk, 1)
    assert desk.census().versions == 1
    assert held(desk) == []


def test_what_several_articles_show_is_none_of_them_however_often_it_comes(desk):
    desk.network.answers[FEED] = feed(a=("Quake kills 12", PAGE), b=("Election called for October", OTHER))
    desk.network.answers |= {PAGE: f"{NOTICE}<!-- 1 -->", OTHER: f"{NOTICE}<!-- 2 -->"}
    watch(desk, 6)
    assert desk.census().versions == 0
    assert [doubt for doubt, *_ in held(desk)] == ["shared", "shared"]
    desk.network.answers[PAGE] = page(12)
    watch(desk, 2)
    assert desk.census().versions == 1


STUB = """<html lang="en"><head><title>Depot burns</title></head><body><h1>Depot burns</h1>
<p>Fire broke out at the oil depot of Tamar, and some {tanks} tanks were burning on Monday night.</p></body></html>"""


def ask(desk, sql):
    return desk.store.database.read(lambda connection: [tuple(row) for row in connection.execute(text(sql))])


def test_what_changes_at_each_visit_confirms_what_it_was_and_the_revision_in_between_is_found(desk):
    desk.network.answers[PAGE] = STUB.format(tanks=12)
    watch(desk, 2)
    assert [doubt for doubt, *_ in held(desk)] == ["unlikely"]
    desk.network.answers[PAGE] = STUB.format(tanks=19)
    watch(desk, 1)
    assert held(desk) == []
    versions = ask(desk, "SELECT ordinal, first_seen_at, changed_after FROM v1_versions ORDER BY ordinal")
    assert [ordinal for ordinal, *_ in versions] == [1, 2]
    assert versions[0][1] < versions[1][1]  # each as of its own visit
    assert versions[1][2] == versions[0][1]
    assert ask(desk, "SELECT old_low, new_low FROM v1_revisions") == [(12, 19)]
    captures = ask(desk, "SELECT capture_id FROM version ORDER BY ordinal")
    assert len(set(captures)) == 2
    desk.network.answers[PAGE] = STUB.format(tanks=23)
    watch(desk, 1)
    assert desk.census().versions == 3  # the known text speaks for it now


def test_a_notice_that_is_filled_in_anew_is_none_of_them(desk):
    desk.network.answers[FEED] = feed(a=("Quake kills 12", PAGE), b=("Election called for October", OTHER))
    for visit in range(5):
        filled = [NOTICE.replace("packed its bags", f"packed its {bags + visit} bags") for bags in (20, 50)]
        desk.network.answers |= dict(zip((PAGE, OTHER), filled, strict=True))
        watch(desk, 1)
    assert desk.census().versions == 0
    assert len(held(desk)) == 2
