"""From nothing to the schema of this code, and what is refused on the way."""

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from worker import storage
from worker.errors import SchemaError
from worker.storage import migrate
from worker.storage.database import Database
from worker.storage.tables import METADATA


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    with request.getfixturevalue("postgresql").database() as url:
        yield url


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


def execute(url, *statements):
    database = Database(url)
    database.write(lambda connection: [connection.execute(text(statement)) for statement in statements])
    database.close()


def test_upgrading_twice_is_upgrading_once(empty):
    assert migrate.upgrade(empty) == migrate.upgrade(empty) == migrate.check(empty)


def test_the_migrations_give_what_the_code_describes(empty):
    """What `alembic check` does, down to types and defaults."""
    migrate.upgrade(empty)
    run_alembic(empty, command.check)


def test_a_downgrade_leaves_nothing(empty):
    migrate.upgrade(empty)
    run_alembic(empty, command.downgrade, "base")
    database = Database(empty)
    inspector = inspect(database.engine)
    left = {*inspector.get_table_names(), *inspector.get_view_names()} - {"alembic_version", "sqlite_sequence"}
    database.close()
    assert left == set()
    migrate.upgrade(empty)
    migrate.check(empty)


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


def test_an_empty_database_is_refused(empty):
    with pytest.raises(SchemaError, match="no tables yet; run `figurewatch db upgrade`"):
        storage.open_store(empty)
    with pytest.raises(SchemaError, match="no tables yet"):
        migrate.check(empty)


def test_a_newer_database_is_refused_and_left_alone(database_url):
    execute(database_url, "UPDATE alembic_version SET version_num = '9999'")
    for refused in (storage.open_store, migrate.check, migrate.upgrade):
        with pytest.raises(SchemaError, match="newer"):
            refused(database_url)


def test_tables_altered_by_other_hands_are_named(database_url):
    execute(database_url, "ALTER TABLE outlet ADD COLUMN mine TEXT", "DROP INDEX ix_alias_article_id")
    with pytest.raises(SchemaError, match=r"(?s)mine.*ix_alias_article_id|ix_alias_article_id.*mine"):
        migrate.check(database_url)


def test_a_table_that_is_missing_is_said_clearly(database_url):
    store = storage.open_store(database_url)
    execute(database_url, "DROP TABLE heartbeat")
    with pytest.raises(SchemaError, match="figurewatch db upgrade"):
        store.queries.last_dispatch_at()
    store.close()


def test_an_upgrade_that_fails_half_way_leaves_nothing(empty):
    execute(empty, "CREATE TABLE change (mine INTEGER)")  # the last table to be made
    with pytest.raises(Exception, match=r"(?i)change.* already exists"):
        migrate.upgrade(empty)
    database = Database(empty)
    assert inspect(database.engine).get_table_names() == ["change"]
    database.close()
