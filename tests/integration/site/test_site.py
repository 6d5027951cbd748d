"""The site over real databases."""

import re
from decimal import Decimal

import pytest
from prometheus_client.parser import text_string_to_metric_families as parse

from tests.contract.storage.given import HOUR, Cast, figure, revision
from tests.harness.site import ask
from worker.model import Bound, RevisionKind
from worker.settings import Settings
from worker.site.reading import LazyStore
from worker.storage import open_store

OLD = figure(2300, 13, sentence="The ministry counted at least 2,300 soldiers.", bound=Bound.AT_LEAST)
NEW = figure(2730, 13, sentence="The ministry counted 2,730 soldiers.")


@pytest.fixture
def article_id(store):
    """Of an article with a figure revised and withdrawn again, on either database."""
    cast = Cast(store)
    page = cast.article()
    cast.keep(page, text="At least 2,300.", figures=[OLD])
    cast.keep(cast.capture_later(), text="2,730.", figures=[NEW], revisions=[revision(OLD, NEW)])
    gone = [revision(NEW, None, RevisionKind.WITHDRAWN)]
    cast.keep(cast.capture_later(), text="Nothing.", revisions=gone)
    store.changes.sequence()
    return page.article_id


def test_pages_show_what_is_stored(store, article_id):
    newest = ask(store, "/").text
    for part in ("<mark>at least 2,300</mark>", "<mark>2,730</mark>", "no longer reported", "+430 (+18.7%)", "Anadolu"):
        assert part in newest
    shown = ask(store, f"/articles/{article_id}").text
    assert shown.count("<li value=") == 3
    assert shown.count('class="card') == 2
    assert ask(store, f"/articles/{article_id + 1}").status_code == 404


def test_paging_and_filter(store, article_id):
    (first, second) = store.queries.revisions(10)
    assert f'id="r{first.revision_id}"' not in (page := ask(store, f"/?before={first.revision_id}").text)
    assert f'id="r{second.revision_id}"' in page
    assert "No revision yet" in ask(store, "/?outlet=bbc").text
    assert 'class="card' in ask(store, "/?outlet=anadolu").text


def plain(cell):
    return int(cell) if isinstance(cell, Decimal) else cell


def test_the_api_gives_what_the_view_gives(store, article_id):
    given = ask(store, "/api/v1/revisions").json()["revisions"]
    kept = store.database.read(
        lambda connection: (
            connection.exec_driver_sql("SELECT * FROM v1_revisions ORDER BY revision_id").mappings().all()
        )
    )
    shared = ["revision_id", "article_id", "outlet", "kind", "old_low", "old_high", "old_bound", "new_low", "new_high"]
    shared += ["new_bound", "unit", "subject", "confidence", "because"]
    assert [[row[name] for name in shared] for row in given] == [[plain(row[name]) for name in shared] for row in kept]


def test_the_change_feed_by_its_cursor(store, article_id):
    whole = ask(store, "/api/v1/changes").json()
    assert [row["position"] for row in whole["changes"]] == list(range(1, whole["next_after"] + 1))
    assert {row["kind"] for row in whole["changes"]} == {"article", "version", "revision"}
    assert ask(store, f"/api/v1/changes?after={whole['next_after']}").json()["changes"] == []


def test_metrics_count_what_was_done(store, article_id):
    text = ask(store, "/metrics").text
    found = {(s.name, *s.labels.values()): s.value for family in parse(text) for s in family.samples}
    census = store.queries.census()
    assert found["figurewatch_up", "database"] == 1
    assert found["figurewatch_visits_total", "fresh"] == census.tallies["visit"]["fresh"] == 4
    assert found["figurewatch_article_reads_total", "article"] == 3
    assert found["figurewatch_revisions_total", "revised"] == found["figurewatch_revisions_total", "withdrawn"] == 1
    assert found["figurewatch_versions_total", "next"] == 2
    assert found["figurewatch_stored_items", "figures"] == 2
    assert found["figurewatch_change_position",] == census.position
    assert found["figurewatch_visit_seconds_total",] == 1.0
    assert found["figurewatch_last_dispatch_timestamp_seconds",] == store.queries.last_dispatch_at().timestamp()


def test_no_word_of_storage_is_counted_as_other(store, article_id):
    assert not re.search(r'"other"', ask(store, "/metrics").text)


def test_every_tally_of_storage_is_a_metric(store, article_id):
    from worker.ops.metrics import COUNTERS  # noqa: PLC0415 - the only test that looks behind the page

    assert set(store.queries.census().tallies) <= {counter.tally for counter in COUNTERS}


def test_the_heartbeat_is_the_last_dispatch(store):
    (never,) = [ask(store, "/readyz").json()["checks"]["beat"]]
    store.frontier.lease_hosts(Cast(store).now + HOUR, Cast(store).now + 2 * HOUR, 1)
    assert never == "never"
    assert ask(store, "/readyz").json()["checks"]["beat"] == "ok"


def test_a_database_without_tables_is_told(tmp_path):
    settings = Settings(data_dir=tmp_path)
    empty = LazyStore(lambda: open_store(settings.database))
    assert ask(empty, "/readyz").json()["checks"]["database"] == "schema"
    assert ask(empty, "/").status_code == 503
    assert ask(empty, "/metrics").status_code == ask(empty, "/livez").status_code == 200
