"""The views that consumers read: the columns of the contract, and the same meaning on both databases."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

import worker.storage
from tests.contract.storage.given import Cast, figure, revision
from worker.model import RevisionKind

# The columns that were promised, in their order; more may follow, none may go.
PROMISED = {
    "v1_articles": "article_id outlet url title language published_at first_seen_at last_seen_at status versions",
    "v1_versions": "version_id article_id ordinal title text content_hash changed_after first_seen_at last_seen_at "
    "extractor",
    "v1_figures": "figure_id version_id article_id low high bound unit noun subject attribution sentence start_offset "
    "end_offset",
    "v1_revisions": "revision_id article_id outlet kind old_version_id new_version_id old_figure_id new_figure_id "
    "old_low old_high old_bound new_low new_high new_bound unit subject changed_after changed_before detected_at "
    "declared confidence because",
    "v1_changes": "position at kind article_id version_id revision_id",
    "v1_held": "article_id url doubt reason content_hash first_seen_at last_seen_at visits capture_id",
    "v1_recurrences": "recurrence_id article_id version_id kind because times first_seen_at last_seen_at",
}
README = Path(worker.storage.__file__).with_name("README.md")


def ask(store, sql):
    return store.database.read(lambda connection: [tuple(row) for row in connection.execute(text(sql))])


@pytest.fixture
def page(store):
    cast = Cast(store)
    page = cast.article()
    numbers = [figure("9", 0), figure("10.5", 10), figure("-3", 20), figure("1200000000", 30), figure("0.1", 40)]
    cast.keep(page, figures=numbers)
    changed = [revision(figure("9", 0), figure("12")), revision(figure("10.5", 10), None, RevisionKind.WITHDRAWN)]
    cast.keep(cast.capture_later(), figures=[figure("12")], revisions=changed)
    store.changes.sequence()
    return page


@pytest.mark.parametrize("view", PROMISED)
def test_columns_of_the_contract(store, view):
    columns = [column["name"] for column in inspect(store.database.engine).get_columns(view)]
    promised = PROMISED[view].split()
    assert [column for column in columns if column in promised] == promised


@pytest.mark.parametrize("view", PROMISED)
def test_every_column_is_documented(store, view):
    columns = {column["name"] for column in inspect(store.database.engine).get_columns(view)}
    section = README.read_text().split(f"### `{view}`")[1].split("\n#")[0]
    assert set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) == columns


def test_every_table_is_documented(store):
    tables = set(inspect(store.database.engine).get_table_names()) - {"alembic_version", "sqlite_sequence"}
    assert tables <= set(re.findall(r"^\| `(\w+)` \|", README.read_text(), re.MULTILINE))


def test_numbers_compare_as_numbers(store, page):
    found = ask(store, "SELECT low FROM v1_figures WHERE low > 9 ORDER BY low DESC")
    assert [Decimal(str(low)) for (low,) in found] == [1200000000, 12, Decimal("10.5")]
    assert ask(store, "SELECT count(*) FROM v1_figures WHERE low = 0.1") == [(1,)]
    assert ask(store, "SELECT sum(low) FROM v1_figures WHERE low < 0") in ([(-3,)], [(Decimal(-3),)])
    assert ask(store, "SELECT new_low - old_low FROM v1_revisions WHERE kind = 'revised'") in ([(3,)], [(Decimal(3),)])


def test_a_withdrawn_figure_has_no_new_values(store, page):
    (row,) = ask(store, "SELECT new_figure_id, new_low, new_bound FROM v1_revisions WHERE kind = 'withdrawn'")
    assert row == (None, None, None)


def test_times_are_utc_and_compare(store, page):
    sql = "SELECT changed_after, changed_before, detected_at FROM v1_revisions WHERE changed_after < changed_before"
    for row in ask(store, sql):
        for moment in row:
            told = moment if isinstance(moment, datetime) else datetime.fromisoformat(f"{moment}+00:00")
            assert (told.utcoffset(), told.year) == (timedelta(0), 2026)
    assert len(ask(store, sql)) == 2


def test_views_agree_with_what_commands_say(store, page):
    ids = ask(store, "SELECT revision_id, article_id, outlet FROM v1_revisions ORDER BY revision_id")
    assert ids == [(r.revision_id, r.article_id, r.outlet) for r in store.queries.revisions_after(0, 10)]
    assert ask(store, "SELECT last_outcome, last_detail FROM v1_articles") == [("fresh", "")]
    assert ask(store, "SELECT article_id, title, status, versions FROM v1_articles") == [
        (page.article_id, "Title", "active", 2)
    ]
    told = [(c.position, c.kind, c.article_id, c.version_id, c.revision_id) for c in store.changes.after(0, 10)]
    assert ask(store, "SELECT position, kind, article_id, version_id, revision_id FROM v1_changes ORDER BY 1") == told


def test_changes_without_a_place_are_not_shown(store):
    cast = Cast(store)
    cast.keep(cast.article())
    assert ask(store, "SELECT * FROM v1_changes") == []
