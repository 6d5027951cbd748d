"""Rules 1 to 12 of the Feed Reader Score: asking "changed since?" with what the server gave."""

from dataclasses import replace

import pytest

from tests.integration.manners.newsroom import Answer, always, revalidated, turns

MONDAY = "Mon, 16 Nov 2026 10:00:00 GMT"
TUESDAY = "Tue, 17 Nov 2026 10:00:00 GMT"
BOTH = {"ETag": '"1"', "Last_Modified": MONDAY}


def test_rule_1_only_the_first_request_is_unconditional(page):
    page.serve(revalidated(lambda: page.fresh(len(page.requests) // 4).with_headers(**BOTH)))
    desk = page.desk()
    desk.run(hours=24)
    desk.restart()
    desk.run(hours=36)
    assert len(page.requests) > 12
    assert [r.conditional for r in page.requests].count(False) == 1
    assert not page.requests[0].conditional


@pytest.mark.parametrize("given", [{"ETag": '"1"'}, {"Last_Modified": MONDAY}])
def test_rule_2_every_later_request_is_conditional(page, given):
    contents = iter(range(100))
    page.serve(lambda _: page.fresh(next(contents)).with_headers(**given))  # never a 304
    requests = page.visits(page.desk(), 6)
    assert all(r.conditional for r in requests[1:])


def test_rule_2_holds_for_servers_that_close_the_connection_behind_a_body(page):
    contents = iter(range(100))
    page.serve(lambda _: replace(page.fresh(next(contents)).with_headers(**BOTH), endless=True))
    requests = page.visits(page.desk(), 4)
    assert all(r.validators == ('"1"', MONDAY) for r in requests[1:])


@pytest.mark.parametrize(
    "etag",
    ['W/"a"', '"a-gzip"', "unquoted", '"a\\"b"', '"a", "b"', "'single'", '"{braces} & <b>"', '"\u00c3\u00bc"', 'w/"x"'],
)
def test_rule_3_if_none_match_is_the_etag_byte_for_byte(page, etag):
    page.serve(revalidated(lambda: page.fresh().with_headers(ETag=etag)))
    requests = page.visits(page.desk(), 3)
    assert [r.validators for r in requests[1:]] == [(etag, None)] * 2


@pytest.mark.parametrize(
    "date",
    [
        MONDAY,
        "Tue, 16 Nov 2026 10:00:00 GMT",  # that was a Monday
        "Monday, 16-Nov-26 10:00:00 GMT",
        "Mon Nov 16 10:00:00 2026",
        "Mon, 16 Nov 2026 13:00:00 +0300",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Sat, 16 Nov 2086 10:00:00 GMT",
        "yesterday",
    ],
)
def test_rule_4_if_modified_since_is_the_last_modified_byte_for_byte(page, date):
    page.serve(revalidated(lambda: page.fresh().with_headers(Last_Modified=date)))
    requests = page.visits(page.desk(), 3)
    assert [r.validators for r in requests[1:]] == [(None, date)] * 2


def test_rule_5_of_two_validators_both_are_sent(page):
    page.serve(revalidated(lambda: page.fresh().with_headers(**BOTH)))
    requests = page.visits(page.desk(), 3)
    assert [r.validators for r in requests[1:]] == [('"1"', MONDAY)] * 2


@pytest.mark.parametrize("later", [('"2"', MONDAY), ('"1"', TUESDAY)])
def test_rule_6_one_that_changes_is_replaced_and_the_other_kept(page, later):
    first = page.fresh(0).with_headers(**BOTH)
    second = page.fresh(1).with_headers(ETag=later[0], Last_Modified=later[1])
    page.serve(turns(first, second))
    requests = page.visits(page.desk(), 3)
    assert [r.validators for r in requests] == [(None, None), ('"1"', MONDAY), later]


def test_rule_7_new_validators_of_the_same_body_are_stored(page):
    page.serve(turns(*(page.fresh().with_headers(ETag=f'"{n}"', Last_Modified=MONDAY) for n in range(3))))
    requests = page.visits(page.desk(), 4)
    assert [r.header("If-None-Match") for r in requests] == [None, '"0"', '"1"', '"2"']


def test_rule_8_new_validators_of_a_304_are_stored(page):
    page.serve(turns(page.fresh().with_headers(**BOTH), Answer(status=304).with_headers(ETag='"2"')))
    requests = page.visits(page.desk(), 4)
    assert [r.header("If-None-Match") for r in requests] == [None, '"1"', '"2"', '"2"']


def test_rule_9_validators_that_vanish_are_forgotten(page):
    page.serve(turns(page.fresh(0).with_headers(**BOTH), page.fresh(1)))
    requests = page.visits(page.desk(), 4)
    assert [r.conditional for r in requests] == [False, True, False, False]


def test_rule_9_one_of_them_alone_is_forgotten_alone(page):
    page.serve(turns(page.fresh(0).with_headers(**BOTH), page.fresh(1).with_headers(Last_Modified=TUESDAY)))
    requests = page.visits(page.desk(), 3)
    assert requests[2].validators == (None, TUESDAY)


def test_rule_10_what_could_not_be_read_is_not_confirmed_by_its_validators(page):
    repaired = revalidated(lambda: page.fresh(1).with_headers(ETag='"2"'))
    page.serve(turns(page.fresh(0).with_headers(ETag='"1"'), page.useless.with_headers(ETag='"2"'), repaired))
    desk = page.desk()
    requests = page.visits(desk, 5)
    assert requests[1].header("If-None-Match") == '"1"'
    assert requests[2].header("If-None-Match") != '"2"'
    assert requests[3].header("If-None-Match") == '"2"'
    assert desk.resource(page.target).last_outcome == "not_modified"  # once it had been read


@pytest.mark.parametrize("closed", [True, False], ids=["restart", "crash"])
def test_rule_11_validators_survive(page, closed):
    page.serve(revalidated(lambda: page.fresh().with_headers(**BOTH)))
    page.visits(page.desk(), 1)
    for _ in range(3):
        desk = page.desk()  # another start over the same database
        if closed:
            desk.restart()
        page.visits(desk, len(page.requests) + 1)
    assert [r.validators for r in page.requests[1:]] == [('"1"', MONDAY)] * 3


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_rule_12_validators_do_not_follow_a_redirect(page, status):
    away = Answer(status=status).with_headers(Location="/elsewhere")
    there = page.fresh().with_headers(ETag='"there"', Last_Modified=TUESDAY)
    page.serve(turns(page.fresh().with_headers(**BOTH), away, away, page.fresh().with_headers(**BOTH)))
    page.room.pages["/elsewhere"] = always(there)
    desk = page.desk()
    page.visits(desk, 2)
    desk.run(seconds=30)
    assert [r.validators for r in page.room.requests("/elsewhere")] == [(None, None)]
    page.visits(desk, 4)
    assert '"there"' not in {r.header("If-None-Match") for r in page.requests}


def test_rule_12_a_feed_with_a_new_address_is_a_new_feed(feed, desk):
    feed.serve(revalidated(lambda: feed.fresh().with_headers(**BOTH)))
    feed.visits(feed.desk(), 2)
    feed.room.pages["/other"] = always(feed.fresh().with_headers(**BOTH))
    desk("/other").run(requests=1)
    assert [r.validators for r in feed.room.requests("/other")] == [(None, None)]
