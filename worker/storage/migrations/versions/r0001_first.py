"""The first tables and the views `v1_`.

Plain types on purpose: a migration says what the database was given on that day, whatever the code calls it later.
"""

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
HASH = sa.String(64)
NUMBERED = {"sqlite_autoincrement": True}


def upgrade() -> None:
    _outlets()
    _articles()
    _resources()
    _robots()
    _captures()
    _doubts()
    _figures()
    _stories()
    _relating()
    _copies()
    _changes()
    _webhooks()
    _replays()
    for view in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(";\n"):
        if view.strip():
            op.execute(view)


def needed(name: str, type_: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, **options)


def counter(name: str) -> sa.Column[Any]:
    return needed(name, KEY, server_default="0")


def reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def one_of(table: str, column: str, *words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(map(repr, words))})", name=op.f(f"ck_{table}_{column}"))


def create(table: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(table, needed("id", KEY), *parts, sa.PrimaryKeyConstraint("id", name=f"pk_{table}"), **NUMBERED)


def index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    over = sa.text(where)
    op.create_index(name, table, columns, unique=unique, postgresql_where=over, sqlite_where=over)


def _outlets() -> None:
    create(
        "outlet",
        needed("slug", sa.Text),
        needed("name", sa.Text),
        needed("homepage", sa.Text),
        needed("country", sa.Text),
        needed("language", sa.Text),
        needed("status", sa.Text),
        unique("outlet", "slug"),
        one_of("outlet", "status", "active", "paused"),
    )
    create(
        "host",
        needed("authority", sa.Text),
        needed("free_at", TIME),
        sa.Column("lease_until", TIME),
        counter("lease_token"),
        sa.Column("seconds", sa.Float),
        sa.Column("reached_at", TIME),
        sa.Column("unreached_at", TIME),
        unique("host", "authority"),
    )
    op.create_table(
        "tally",
        needed("name", sa.Text),
        needed("label", sa.Text),
        needed("count", KEY),
        sa.PrimaryKeyConstraint("name", "label", name="pk_tally"),
    )
    op.create_table(
        "budget",
        needed("outlet_id", KEY),
        needed("free_at", TIME),
        sa.PrimaryKeyConstraint("outlet_id", name="pk_budget"),
        sa.ForeignKeyConstraint(["outlet_id"], ["outlet.id"], name="fk_budget_outlet_id"),
    )
    op.create_table(
        "discovered",
        needed("url_key", HASH),
        needed("at", TIME),
        sa.PrimaryKeyConstraint("url_key", name="pk_discovered"),
    )
    op.create_table(
        "heartbeat",
        needed("name", sa.Text),
        needed("at", TIME),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeat"),
    )


def _articles() -> None:
    create(
        "article",
        needed("outlet_id", KEY),
        needed("url", sa.Text),
        needed("url_key", HASH),
        needed("title", sa.Text),
        needed("language", sa.Text),
        sa.Column("published_at", TIME),
        needed("first_seen_at", TIME),
        needed("last_seen_at", TIME),
        sa.Column("last_capture_at", TIME),
        counter("versions"),
        sa.Column("wire", sa.Text),
        sa.Column("origin_id", KEY),
        sa.Column("merged_into", KEY),
        sa.Column("merged_at", TIME),
        reference("article", "outlet_id", "outlet"),
        reference("article", "origin_id", "article"),
        reference("article", "merged_into", "article"),
        unique("article", "url_key"),
    )
    index("article", "outlet_id", "first_seen_at")
    create(
        "alias",
        needed("kind", sa.Text),
        needed("scope", KEY),
        needed("key", HASH),
        needed("article_id", KEY),
        needed("name", sa.Text),
        needed("title", sa.Text),
        reference("alias", "article_id", "article"),
        unique("alias", "kind", "scope", "key"),
        one_of("alias", "kind", "url", "guid"),
    )
    index("alias", "article_id")
    op.create_table(
        "claim",
        needed("article_id", KEY),
        needed("url_key", HASH),
        needed("kind", sa.Text),
        needed("url", sa.Text),
        needed("last_seen_at", TIME),
        reference("claim", "article_id", "article"),
        sa.PrimaryKeyConstraint("article_id", "url_key", name="pk_claim"),
        one_of("claim", "kind", "redirect", "canonical"),
    )
    index("claim", "url_key")
    create(
        "version",
        needed("article_id", KEY),
        needed("ordinal", KEY),
        sa.Column("previous_version_id", KEY),
        sa.Column("capture_id", KEY),
        needed("title", sa.Text),
        needed("text", sa.Text),
        needed("content_hash", HASH),
        sa.Column("changed_after", TIME),
        needed("first_seen_at", TIME),
        needed("last_seen_at", TIME),
        needed("extractor", sa.Text),
        sa.Column("captions_at", KEY),
        sa.Column("modified_at", TIME),
        sa.Column("reverts_version_id", KEY),
        needed("readings", KEY, server_default="1"),
        reference("version", "article_id", "article"),
        reference("version", "previous_version_id", "version"),
        reference("version", "reverts_version_id", "version"),
        unique("version", "article_id", "ordinal"),
        unique("version", "article_id", "previous_version_id"),
    )
    index("version", "capture_id")


def _resources() -> None:
    create(
        "resource",
        needed("outlet_id", KEY),
        needed("host_id", KEY),
        sa.Column("article_id", KEY),
        sa.Column("listed_by", KEY),
        needed("kind", sa.Text),
        needed("url", sa.Text),
        needed("url_key", HASH),
        needed("status", sa.Text),
        needed("awaits_reading", sa.Boolean, server_default=sa.text("false")),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("body_hash", HASH),
        sa.Column("shown_version_id", KEY),
        sa.Column("layers", sa.JSON),
        sa.Column("next_visit_at", TIME),
        counter("failures"),
        counter("unchanged"),
        sa.Column("changed_at", TIME),
        needed("first_seen_at", TIME),
        sa.Column("lent_at", TIME),
        counter("losses"),
        sa.Column("last_visited_at", TIME),
        sa.Column("last_success_at", TIME),
        sa.Column("last_outcome", sa.Text),
        sa.Column("last_detail", sa.Text),
        sa.Column("permanent_url", sa.Text),
        counter("permanent_visits"),
        sa.Column("moved_to", sa.Text),
        sa.Column("moved_key", HASH),
        counter("misreads"),
        sa.Column("min_interval", sa.Float),
        counter("skips"),
        sa.Column("last_verdict", sa.Text),
        reference("resource", "outlet_id", "outlet"),
        reference("resource", "host_id", "host"),
        reference("resource", "article_id", "article"),
        reference("resource", "listed_by", "resource"),
        reference("resource", "shown_version_id", "version"),
        unique("resource", "kind", "url_key"),
        unique("resource", "article_id"),
        one_of("resource", "kind", "feed", "article"),
        one_of("resource", "status", "active", "paused", "settled", "gone", "merged"),
    )
    index("resource", "outlet_id")
    index("resource", "host_id")
    partial(
        "ix_resource_due",
        "resource",
        ["host_id", "next_visit_at", "outlet_id"],
        "status = 'active' AND NOT awaits_reading",
    )
    waiting = ["next_visit_at", "host_id", "outlet_id"]
    partial("ix_resource_waiting", "resource", waiting, "status = 'active' AND NOT awaits_reading")
    partial("ix_resource_lost", "resource", ["id"], "losses > 0")
    moved = "moved_key IS NOT NULL"
    partial("ix_resource_moved", "resource", ["kind", "moved_key"], moved, unique=True)
    partial("ix_resource_listed_by", "resource", ["listed_by"], "listed_by IS NOT NULL")
    create(
        "sighting",
        needed("resource_id", KEY),
        needed("article_id", KEY),
        needed("first_seen_at", TIME),
        needed("last_seen_at", TIME),
        sa.Column("guid", sa.Text),
        needed("title", sa.Text),
        reference("sighting", "resource_id", "resource"),
        reference("sighting", "article_id", "article"),
        unique("sighting", "resource_id", "article_id"),
    )
    index("sighting", "article_id")


def _robots() -> None:
    create(
        "robots",
        needed("host_id", KEY),
        needed("scheme", sa.Text),
        needed("standing", sa.Text),
        needed("text", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("body_hash", HASH),
        needed("next_visit_at", TIME),
        needed("last_visited_at", TIME),
        needed("last_outcome", sa.Text),
        needed("last_detail", sa.Text),
        counter("failures"),
        sa.Column("unreachable_since", TIME),
        reference("robots", "host_id", "host"),
        unique("robots", "host_id", "scheme"),
        one_of("robots", "standing", "rules", "absent", "unreachable"),
    )


def _captures() -> None:
    op.create_table(
        "blob",
        needed("hash", HASH),
        needed("size", KEY),
        needed("data", sa.LargeBinary),
        sa.PrimaryKeyConstraint("hash", name="pk_blob"),
    )
    create(
        "capture",
        needed("resource_id", KEY),
        needed("fetched_at", TIME),
        needed("url", sa.Text),
        needed("status_code", KEY),
        needed("headers", sa.JSON),
        needed("whole", sa.Boolean),
        needed("body_hash", HASH),
        needed("state", sa.Text),
        counter("attempts"),
        sa.Column("lease_until", TIME),
        counter("lease_token"),
        sa.Column("reason", sa.Text),
        sa.Column("verdict", sa.Text),
        reference("capture", "resource_id", "resource"),
        sa.ForeignKeyConstraint(["body_hash"], ["blob.hash"], name="fk_capture_body_hash"),
        unique("capture", "resource_id", "fetched_at"),
        one_of("capture", "state", "unread", "read", "quarantined"),
    )
    index("capture", "body_hash")
    partial("ix_capture_unread", "capture", ["fetched_at", "id"], "state = 'unread'")
    partial("ix_capture_quarantined", "capture", ["id"], "state = 'quarantined'")
    partial("ix_capture_unread_of", "capture", ["resource_id", "id"], "state = 'unread'")


def _figures() -> None:
    create(
        "figure",
        needed("version_id", KEY),
        needed("part", sa.Text),
        needed("start_offset", KEY),
        needed("end_offset", KEY),
        needed("low", sa.Numeric),
        sa.Column("high", sa.Numeric),
        needed("bound", sa.Text),
        sa.Column("unit", sa.Text),
        sa.Column("noun", sa.Text),
        needed("subject", sa.Text),
        needed("sentence", sa.Text),
        sa.Column("hedge", sa.Text),
        sa.Column("attribution", sa.Text),
        sa.Column("dimension", sa.Text),
        sa.Column("per", sa.Text),
        sa.Column("place", sa.Text),
        sa.Column("period", sa.Text),
        sa.Column("location", sa.Text),
        needed("current", sa.Boolean, server_default=sa.text("true")),
        sa.Column("conversion", sa.JSON),
        sa.Column("change", sa.JSON),
        reference("figure", "version_id", "version"),
        one_of("figure", "part", "title", "text"),
        one_of("figure", "location", "title", "lead", "body", "table", "caption"),
        one_of("figure", "bound", "exact", "at_least", "more_than", "at_most", "less_than", "about", "nearly", "vague"),
    )
    index("figure", "version_id", "start_offset")
    create(
        "revision",
        needed("article_id", KEY),
        needed("old_version_id", KEY),
        needed("new_version_id", KEY),
        needed("position", KEY),
        needed("kind", sa.Text),
        needed("old_figure_id", KEY),
        sa.Column("new_figure_id", KEY),
        needed("confidence", sa.Float),
        needed("because", sa.Text),
        needed("declared", sa.Boolean),
        needed("detected_at", TIME),
        sa.Column("retracted_at", TIME),
        reference("revision", "article_id", "article"),
        reference("revision", "old_version_id", "version"),
        reference("revision", "new_version_id", "version"),
        reference("revision", "old_figure_id", "figure"),
        reference("revision", "new_figure_id", "figure"),
        unique("revision", "old_version_id", "new_version_id", "position"),
        one_of("revision", "kind", "revised", "requalified", "withdrawn", "superseded"),
    )
    index("revision", "article_id")
    index("revision", "new_version_id")


def _doubts() -> None:
    op.create_table(
        "held",
        needed("article_id", KEY, autoincrement=False),
        needed("resource_id", KEY, autoincrement=False),
        needed("content_hash", HASH),
        needed("doubt", sa.Text),
        needed("reason", sa.Text),
        needed("capture_id", KEY),
        needed("first_seen_at", TIME),
        needed("last_seen_at", TIME),
        needed("visits", KEY),
        sa.Column("sketch", sa.JSON),
        reference("held", "article_id", "article"),
        reference("held", "resource_id", "resource"),
        sa.PrimaryKeyConstraint("article_id", "resource_id", name="pk_held"),
        one_of(
            "held",
            "doubt",
            "cut",
            "shorter",
            "teaser",
            "unrelated",
            "returned",
            "live",
            "unlikely",
            "shared",
            "unstable",
        ),
    )
    partial("ix_held_unlikely", "held", ["resource_id"], "doubt IN ('unlikely', 'shared')")
    create(
        "recurrence",
        needed("version_id", KEY),
        needed("kind", sa.Text),
        needed("because", sa.Text),
        needed("times", KEY),
        needed("first_seen_at", TIME),
        needed("last_seen_at", TIME),
        reference("recurrence", "version_id", "version"),
        unique("recurrence", "version_id", "kind"),
        one_of("recurrence", "kind", "stale_copy", "variant"),
    )


def _stories() -> None:
    create(
        "story",
        needed("language", sa.Text),
        needed("title", sa.Text),
        needed("terms", sa.JSON),
        needed("articles", KEY),
        needed("first_at", TIME),
        needed("last_at", TIME),
        counter("token"),
    )
    index("story", "last_at")
    op.create_table(
        "story_term",
        needed("term", sa.Text),
        needed("story_id", KEY),
        reference("story_term", "story_id", "story"),
        sa.PrimaryKeyConstraint("term", "story_id", name="pk_story_term"),
    )
    op.create_table(
        "story_article",
        needed("article_id", KEY, autoincrement=False),
        needed("story_id", KEY),
        needed("at", TIME),
        needed("score", sa.Float),
        needed("because", sa.Text),
        reference("story_article", "article_id", "article"),
        reference("story_article", "story_id", "story"),
        sa.PrimaryKeyConstraint("article_id", name="pk_story_article"),
    )
    index("story_article", "story_id", "at")
    create(
        "series",
        needed("story_id", KEY),
        needed("profile", sa.JSON),
        needed("observations", KEY),
        needed("first_at", TIME),
        needed("last_at", TIME),
        needed("newest_figure_id", KEY),
        reference("series", "story_id", "story"),
        reference("series", "newest_figure_id", "figure"),
    )
    index("series", "story_id", "last_at")
    create(
        "observation",
        needed("series_id", KEY),
        needed("figure_id", KEY),
        needed("version_id", KEY),
        needed("article_id", KEY),
        needed("outlet_id", KEY),
        needed("at", TIME),
        needed("newest", sa.Boolean),
        reference("observation", "series_id", "series"),
        reference("observation", "figure_id", "figure"),
        reference("observation", "version_id", "version"),
        reference("observation", "article_id", "article"),
        reference("observation", "outlet_id", "outlet"),
        unique("observation", "figure_id"),
    )
    index("observation", "series_id", "at")
    partial("ix_observation_newest", "observation", ["series_id", "outlet_id"], "newest", unique=True)
    index("observation", "article_id")
    create(
        "correction",
        needed("article_id", KEY),
        needed("version_id", KEY),
        needed("kind", sa.Text),
        needed("text", sa.Text),
        needed("text_key", HASH),
        needed("stated", sa.JSON),
        reference("correction", "article_id", "article"),
        reference("correction", "version_id", "version"),
        unique("correction", "article_id", "text_key"),
        one_of("correction", "kind", "retraction", "clarification", "correction", "editors_note", "update"),
    )
    index("correction", "version_id")
    op.create_table(
        "declared",
        needed("revision_id", KEY),
        needed("correction_id", KEY),
        reference("declared", "revision_id", "revision"),
        reference("declared", "correction_id", "correction"),
        sa.PrimaryKeyConstraint("revision_id", "correction_id", name="pk_declared"),
    )


def _relating() -> None:
    op.create_table(
        "relating",
        needed("version_id", KEY, autoincrement=False),
        needed("article_id", KEY),
        sa.Column("capture_id", KEY),
        needed("state", sa.Text),
        counter("attempts"),
        sa.Column("lease_until", TIME),
        counter("lease_token"),
        sa.Column("reason", sa.Text),
        reference("relating", "version_id", "version"),
        reference("relating", "article_id", "article"),
        sa.PrimaryKeyConstraint("version_id", name="pk_relating"),
        one_of("relating", "state", "waiting", "quarantined"),
    )
    index("relating", "article_id")
    index("relating", "capture_id")


def _copies() -> None:
    op.create_table(
        "sketch",
        needed("band", KEY, autoincrement=False),
        needed("article_id", KEY, autoincrement=False),
        sa.PrimaryKeyConstraint("band", "article_id", name="pk_sketch"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "copy",
        needed("article_id", KEY),
        needed("other_id", KEY),
        needed("kind", sa.Text),
        needed("contained", sa.Float),
        needed("part_id", KEY),
        needed("version_id", KEY),
        needed("other_version_id", KEY),
        needed("found_at", TIME),
        needed("proved_at", TIME),
        reference("copy", "article_id", "article"),
        reference("copy", "other_id", "article"),
        reference("copy", "version_id", "version"),
        reference("copy", "other_version_id", "version"),
        sa.PrimaryKeyConstraint("article_id", "other_id", name="pk_copy"),
        one_of("copy", "kind", "exact", "near", "partial"),
    )
    index("copy", "other_id")
    op.create_table(
        "ripple",
        needed("revision_id", KEY),
        needed("article_id", KEY),
        needed("state", sa.Text),
        sa.Column("figure_id", KEY),
        needed("version_id", KEY),
        needed("found_at", TIME),
        sa.Column("ended_at", TIME),
        reference("ripple", "revision_id", "revision"),
        reference("ripple", "article_id", "article"),
        reference("ripple", "figure_id", "figure"),
        reference("ripple", "version_id", "version"),
        sa.PrimaryKeyConstraint("revision_id", "article_id", name="pk_ripple"),
        one_of("ripple", "state", "old", "followed", "dropped", "moot"),
    )
    index("ripple", "article_id")
    partial("ix_ripple_old", "ripple", ["revision_id"], "state = 'old'")


def _changes() -> None:
    create(
        "change",
        sa.Column("position", KEY),
        needed("at", TIME),
        needed("kind", sa.Text),
        needed("article_id", KEY),
        sa.Column("version_id", KEY),
        sa.Column("revision_id", KEY),
        sa.Column("story_id", KEY),
        reference("change", "article_id", "article"),
        reference("change", "version_id", "version"),
        reference("change", "revision_id", "revision"),
        reference("change", "story_id", "story"),
        unique("change", "position"),
        one_of("change", "kind", "article", "version", "revision", "story", "reread", "retraction", "merge"),
    )
    partial("ix_change_unplaced", "change", ["id"], "position IS NULL")


def _webhooks() -> None:
    create(
        "endpoint",
        needed("url", sa.Text),
        needed("kinds", sa.JSON),
        needed("secret", sa.Text),
        sa.Column("old_secret", sa.Text),
        sa.Column("old_secret_until", TIME),
        needed("status", sa.Text),
        sa.Column("reason", sa.Text),
        needed("position", KEY),
        counter("failures"),
        sa.Column("failing_since", TIME),
        needed("next_attempt_at", TIME),
        sa.Column("lease_until", TIME),
        counter("lease_token"),
        needed("created_at", TIME),
        sa.Column("last_delivered_at", TIME),
        sa.Column("last_outcome", sa.Text),
        sa.Column("last_detail", sa.Text),
        unique("endpoint", "url"),
        one_of("endpoint", "status", "active", "disabled"),
    )
    op.create_table(
        "delivery",
        needed("endpoint_id", KEY),
        needed("position", KEY),
        needed("event_id", sa.Text),
        needed("attempts", KEY),
        sa.Column("outcome", sa.Text),
        sa.Column("status", KEY),
        sa.Column("detail", sa.Text),
        sa.Column("seconds", sa.Float),
        needed("first_at", TIME),
        needed("at", TIME),
        reference("delivery", "endpoint_id", "endpoint"),
        sa.PrimaryKeyConstraint("endpoint_id", "position", name="pk_delivery"),
        one_of(
            "delivery", "outcome", "delivered", "gone", "throttled", "redirected", "rejected", "server_error",
            "refused", "unreachable", "broken", "lost",
        ),
    )  # fmt: skip
    index("delivery", "at")


def _replays() -> None:
    op.create_table(
        "symptom",
        needed("article_id", KEY),
        needed("outlet_id", KEY),
        needed("kind", sa.Text),
        needed("at", TIME),
        sa.PrimaryKeyConstraint("article_id", name="pk_symptom"),
        reference("symptom", "article_id", "article"),
        reference("symptom", "outlet_id", "outlet"),
        one_of("symptom", "kind", "title", "text", "figures"),
    )
    index("symptom", "outlet_id")
    create(
        "replay",
        needed("article_id", KEY),
        needed("state", sa.Text),
        counter("attempts"),
        sa.Column("lease_until", TIME),
        counter("lease_token"),
        sa.Column("reason", sa.Text),
        reference("replay", "article_id", "article"),
        unique("replay", "article_id"),
        one_of("replay", "state", "waiting", "done", "failed"),
    )
    partial("ix_replay_waiting", "replay", ["id"], "state = 'waiting'")


def downgrade() -> None:
    views = (
        "v1_recurrences",
        "v1_held",
        "v1_transparency",
        "v1_corrections",
        "v1_observations",
        "v1_series",
        "v1_story_articles",
        "v1_stories",
        "v1_changes",
        "v1_ripples",
        "v1_copies",
        "v1_revisions",
        "v1_figures",
        "v1_versions",
        "v1_articles",
    )
    for view in views:
        op.execute(f"DROP VIEW {view}")
    for table in (
        "symptom",
        "replay",
        "delivery",
        "endpoint",
        "change",
        "ripple",
        "copy",
        "sketch",
        "relating",
        "declared",
        "correction",
        "observation",
        "series",
        "story_article",
        "story_term",
        "story",
        "recurrence",
        "held",
        "revision",
        "figure",
        "capture",
        "blob",
        "robots",
        "sighting",
        "resource",
        "version",
        "claim",
        "alias",
        "article",
        "heartbeat",
        "discovered",
        "tally",
        "host",
        "budget",
        "outlet",
    ):
        op.drop_table(table)
