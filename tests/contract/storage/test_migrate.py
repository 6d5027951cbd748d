"""From nothing to the schema of this code, and what is refused on the way."""

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from worker import storage
from worker.errors import SchemaError
from worker.storage import migrate, schema
from worker.storage.database import Database
from worker.storage.tables import METADATA


def run_alembic(url, run, *arguments):
    """Run one of Alembic's own commands."""
    database = Database(url)

    def within(connection):
        config = Config()
        config.set_main_option("script_location", str(migrate.MIGRATIONS))
        config.attributes["connection"] = connection
        run(config, *arguments)

    database.write(within)
    database.close()


@pytest.fixture
def upgraded(bare_database_url):
    """A database of one's own at the newest schema."""
    migrate.upgrade(bare_database_url)
    return bare_database_url


def execute(url, *statements):
    database = Database(url)
    database.write(lambda connection: [connection.execute(text(statement)) for statement in statements])
    database.close()


def test_upgrading_twice_is_upgrading_once(bare_database_url):
    assert migrate.upgrade(bare_database_url) == migrate.upgrade(bare_database_url) == migrate.check(bare_database_url)


def test_the_migrations_give_what_the_code_describes(bare_database_url):
    """What `alembic check` does, down to types and defaults."""
    migrate.upgrade(bare_database_url)
    run_alembic(bare_database_url, command.check)


def test_a_downgrade_leaves_nothing(bare_database_url):
    migrate.upgrade(bare_database_url)
    run_alembic(bare_database_url, command.downgrade, "base")
    database = Database(bare_database_url)
    inspector = inspect(database.engine)
    left = {*inspector.get_table_names(), *inspector.get_view_names()} - {"alembic_version", "sqlite_sequence"}
    database.close()
    assert left == set()
    migrate.upgrade(bare_database_url)
    migrate.check(bare_database_url)


def test_constraints_are_those_the_code_describes(database_url):
    """`alembic check` compares neither CHECK constraints nor the conditions of partial indexes."""
    described = {c.name for t in METADATA.tables.values() for c in t.constraints if "ck_" in str(c.name)}
    database = Database(database_url)
    inspector = inspect(database.engine)
    found = {check["name"] for name in METADATA.tables for check in inspector.get_check_constraints(name)}
    partial = {
        index["name"]
        for name in METADATA.tables
        for index in inspector.get_indexes(name)
        if any(option.endswith("_where") for option in index.get("dialect_options", {}))
    }
    database.close()
    assert found == described
    assert partial == {
        index.name
        for table in METADATA.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }


def test_an_empty_database_is_refused(bare_database_url):
    with pytest.raises(SchemaError, match="no tables yet; run `figurewatch db upgrade`"):
        storage.open_store(bare_database_url)
    with pytest.raises(SchemaError, match="no tables yet"):
        migrate.check(bare_database_url)


def test_a_newer_database_is_refused_and_left_alone(upgraded):
    execute(upgraded, "UPDATE alembic_version SET version_num = '9999'")
    for refused in (storage.open_store, migrate.check, migrate.upgrade):
        with pytest.raises(SchemaError, match="newer"):
            refused(upgraded)


def test_tables_altered_by_other_hands_are_named(upgraded):
    execute(upgraded, "ALTER TABLE outlet ADD COLUMN mine TEXT", "DROP INDEX ix_alias_article_id")
    with pytest.raises(SchemaError, match=r"(?s)mine.*ix_alias_article_id|ix_alias_article_id.*mine"):
        migrate.check(upgraded)


def test_a_table_that_is_missing_is_said_clearly(upgraded):
    store = storage.open_store(upgraded)
    execute(upgraded, "DROP TABLE heartbeat")
    with pytest.raises(SchemaError, match="figurewatch db upgrade"):
        store.queries.last_dispatch_at()
    store.close()


def test_an_upgrade_that_fails_half_way_leaves_nothing(bare_database_url):
    execute(bare_database_url, "CREATE TABLE change (mine INTEGER)")  # the last table to be made
    with pytest.raises(Exception, match=r"(?i)change.* already exists"):
        migrate.upgrade(bare_database_url)
    database = Database(bare_database_url)
    assert inspect(database.engine).get_table_names() == ["change"]
    database.close()


def test_each_process_knows_the_revisions_without_alembic():
    scripts = ScriptDirectory(str(migrate.MIGRATIONS))
    assert [script.revision for script in scripts.walk_revisions()][::-1] == list(schema.REVISIONS)
