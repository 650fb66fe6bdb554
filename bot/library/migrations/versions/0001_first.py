"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)  # UTC
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows only for INTEGER


def upgrade() -> None:
    _papers()
    _digests()
    _sources()
    _readers()
    _deliveries()


def _papers() -> None:
    op.create_table(
        "paper",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("arxiv_id", sa.String(64)),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text()),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("github_urls", sa.JSON(), nullable=False),
        sa.Column("huggingface_urls", sa.JSON(), nullable=False),
        sa.Column("raw_title", sa.Text(), nullable=False),
        sa.Column("raw_summary", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("seq", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
        sa.UniqueConstraint("key", name="uq_paper_key"),
        sa.UniqueConstraint("seq", name="uq_paper_seq"),
    )
    op.create_index("ix_paper_arxiv_id", "paper", ["arxiv_id"])
    op.create_index("ix_paper_date", "paper", ["date"])
    op.create_table(
        "paper_tag",
        sa.Column("paper_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_paper_tag_paper_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("paper_id", "position", name="pk_paper_tag"),
    )
    op.create_index("ix_paper_tag_tag", "paper_tag", ["tag"])


def _digests() -> None:
    op.create_table(
        "digest",
        sa.Column("id", ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("revised_at", MOMENT),
        sa.Column("postable", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_digest"),
        sa.UniqueConstraint("source", "date", name="uq_digest_source_date"),
    )
    op.create_index("ix_digest_date", "digest", ["date"])
    op.create_index("ix_digest_seen_at", "digest", ["seen_at"])
    op.create_table(
        "digest_paper",
        sa.Column("digest_id", ID, nullable=False),
        sa.Column("paper_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digest.id"], name="fk_digest_paper_digest_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_digest_paper_paper_id"),
        sa.PrimaryKeyConstraint("digest_id", "paper_id", name="pk_digest_paper"),
    )
    op.create_index("ix_digest_paper_paper_id", "digest_paper", ["paper_id"])
    op.create_table(
        "digest_revision",
        sa.Column("digest_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("gone", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digest.id"], name="fk_digest_revision_digest_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest_id", "revision", name="pk_digest_revision"),
    )


def _sources() -> None:
    op.create_table(
        "source",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("attempted_at", MOMENT),
        sa.Column("succeeded_at", MOMENT),
        sa.Column("first_succeeded_at", MOMENT),
        sa.Column("failing_since", MOMENT),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("name", name="pk_source"),
    )
    op.create_table(
        "source_document",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("validator", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "path", name="pk_source_document"),
    )


def _readers() -> None:
    op.create_table(
        "feed",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("post_at", sa.String(5)),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("layout", sa.String(16), nullable=False),
        sa.Column("on_empty", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(32)),
        sa.Column("paused", sa.Text()),
        sa.Column("after_digest", ID, nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("next_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("workspace", "channel", name="uq_feed_workspace_channel"),
    )
    op.create_index("ix_feed_next_at", "feed", ["next_at"])
    op.create_table(
        "member",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("member", sa.String(32), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("frequency", sa.String(16), nullable=False),
        sa.Column("at", sa.String(5), nullable=False),
        sa.Column("last_at", MOMENT),
        sa.Column("next_at", MOMENT),
        sa.PrimaryKeyConstraint("workspace", "member", name="pk_member"),
    )
    op.create_index("ix_member_next_at", "member", ["next_at"])
    op.create_table(
        "follow",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("member", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "member", "kind", "value", name="pk_follow"),
    )
    op.create_table(
        "saved_paper",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("member", sa.String(32), nullable=False),
        sa.Column("paper_id", ID, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_saved_paper_paper_id"),
        sa.PrimaryKeyConstraint("workspace", "member", "paper_id", name="pk_saved_paper"),
    )


def _deliveries() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("hold_until", MOMENT),
        sa.Column("hold_reason", sa.Text()),
        sa.Column("disabled_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_workspace"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("destination", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("payload", sa.JSON()),
        sa.Column("parent", sa.Text()),
        sa.Column("target", sa.Text()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("feed_id", ID),
        sa.Column("digest_id", ID),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempted_at", MOMENT),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text()),
        sa.Column("lease_until", MOMENT),
        sa.Column("slack_ts", sa.String(32)),
        sa.Column("note", sa.Text()),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("key", name="uq_delivery_key"),
    )
    op.create_index(
        "ix_delivery_digest_id_feed_id_revision", "delivery", ["digest_id", "feed_id", "revision"]
    )
    op.create_index("ix_delivery_state_id", "delivery", ["state", "id"])
    op.create_index(
        "ix_delivery_open",
        "delivery",
        ["workspace", "destination", "id"],
        sqlite_where=sa.text("state IN ('planned', 'held', 'sending', 'unsure')"),
        postgresql_where=sa.text("state IN ('planned', 'held', 'sending', 'unsure')"),
    )
    op.create_table(
        "delivered_paper",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("destination", sa.String(32), nullable=False),
        sa.Column("paper_id", ID, nullable=False),
        sa.Column("delivery_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_delivered_paper_paper_id"),
        sa.PrimaryKeyConstraint(
            "workspace", "destination", "paper_id", "delivery_key", name="pk_delivered_paper"
        ),
    )
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("handled_at", MOMENT),
        sa.PrimaryKeyConstraint("key", name="pk_inbox"),
    )
