"""What members and channel owners choose in Slack: weekdays, round-ups, mute, undo, "not for me"."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)  # UTC
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows only for INTEGER


def upgrade() -> None:
    with op.batch_alter_table("feed") as feed:
        feed.add_column(sa.Column("weekdays", sa.String(7), nullable=False, server_default="1234567"))
        feed.add_column(sa.Column("roundup", sa.String(16), nullable=False, server_default="off"))
        feed.add_column(sa.Column("roundup_at", MOMENT))
        feed.add_column(sa.Column("made_at", MOMENT))
        feed.add_column(sa.Column("removed_at", MOMENT))
        feed.add_column(sa.Column("paused_at", MOMENT))
    op.create_index("ix_feed_roundup_at", "feed", ["roundup_at"])
    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("weekday", sa.Integer(), nullable=False, server_default="0"))
        member.add_column(sa.Column("muted_at", MOMENT))
    with op.batch_alter_table("follow") as follow:
        follow.add_column(sa.Column("ended_at", MOMENT))
    op.create_index("ix_saved_paper_workspace_paper_id", "saved_paper", ["workspace", "paper_id"])
    op.create_table(
        "hidden_paper",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("member", sa.String(32), nullable=False),
        sa.Column("paper_id", ID, nullable=False),
        sa.Column("hidden_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_hidden_paper_paper_id"),
        sa.PrimaryKeyConstraint("workspace", "member", "paper_id", name="pk_hidden_paper"),
    )
    op.create_table(
        "recent_search",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("member", sa.String(32), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "member", "query", name="pk_recent_search"),
    )
