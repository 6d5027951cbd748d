"""Rules 24 to 27 of the Feed Reader Score: what a request says, and that there is only one."""

import asyncio
import gzip
import re

from tests.integration.manners.newsroom import Answer, always, revalidated
from worker import gate, settings
from worker.model import Validators

STORM = tuple(("Set-Cookie", f"c{n}=v; Path=/; Max-Age=99999") for n in range(60))


def test_rule_24_no_cookies_no_referrer_no_extra_words(room, desk):
    target = "/feed?b=2&a=1"
    stormy = Answer(b"<rss version='2.0'><channel><title>t</title></channel></rss>", headers=STORM)
    room.pages[target] = always(stormy)
    room.pages["/old"] = always(Answer(status=302, headers=STORM).with_headers(Location=target + "#part"))
    desk(target, "/old#part").run(hours=3)
    assert len(room.log) > 20
    assert {r.target for r in room.log} == {target, "/old", "/robots.txt"}
    names = {name.lower() for r in room.log for name, _ in r.headers}
    assert names <= {"host", "user-agent", "accept", "accept-encoding", "if-none-match", "if-modified-since"}


def test_rule_25_the_user_agent_says_who_and_where(room):
    room.pages["/feed"] = always(Answer(b"x"))
    configured = settings.load(
        {
            "FIGUREWATCH_ALLOW_NETWORKS": f"127.0.0.1/32:{room.port}",
            "FIGUREWATCH_CONTACT": "https://figures.example/bot",
        }
    )

    async def ask():
        async with gate.fetcher(configured) as fetcher:
            for _ in range(2):
                await fetcher.get(room.url("/feed", "127.0.0.1"), Validators(), accept="*/*")

    asyncio.run(ask())
    (agent,) = {r.header("User-Agent") for r in room.log}
    assert re.fullmatch(r"Figurewatch/\d+(\.\d+)+\S* \(\+https://figures\.example/bot\)", agent)
    assert "mozilla" not in agent.lower()


def test_rule_26_gzip_is_asked_for_and_read(page):
    def zipped(request):
        assert request.header("Accept-Encoding") == "gzip"
        answer = page.fresh(len(page.requests)).with_headers(Content_Encoding="gzip", ETag=f'"{len(page.requests)}"')
        return Answer(gzip.compress(answer.body), headers=answer.headers, type=answer.type)

    page.serve(zipped)
    desk = page.desk()
    page.visits(desk, 3)
    assert desk.resource(page.target).last_outcome == "fresh"
    assert len(page.room.requests("/story")) >= 1  # so the feed was understood
    if page.kind == "article":
        assert desk.store.queries.census().versions >= 2


def test_rule_27_get_only_and_one_request_for_each_visit(page):
    page.serve(
        revalidated(lambda: page.fresh(len(page.requests) // 6).with_headers(ETag=f'"{len(page.requests) // 6}"'))
    )
    desk = page.desk()
    desk.run(hours=24)
    assert {r.method for r in page.room.log} == {"GET"}
    assert {r.target for r in page.room.log} == {"/feed", "/story", "/robots.txt"}
    tallies = desk.store.queries.census().tallies
    assert sum(tallies["visit"].values()) + sum(tallies["robots"].values()) == len(page.room.log) > 12
    assert len(page.room.requests("/robots.txt")) == 2  # the first, and after a day
