"""The schema, one for SQLite and PostgreSQL. Every table that a workspace owns carries its id.

Migrations live in `migrations/`; a test compares them with these tables. Moments are stored in UTC.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint
from sqlalchemy.engine import Dialect

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.TypeDecorator[dt.datetime]):
    """An aware UTC datetime, also on SQLite, which keeps no zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def storable(text: str) -> str:
    """What both databases take: PostgreSQL refuses NUL, and nothing encodes a lone surrogate."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


class Text(sa.TypeDecorator[str]):
    """Any text, made storable."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


Identity = sa.BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows only for INTEGER
Strings = sa.JSON()  # a list of strings

paper = Table(
    "paper",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),  # Paper.key
    Column("arxiv_id", String(64), index=True),
    Column("title", Text, nullable=False),
    Column("url", Text),
    Column("authors", Strings, nullable=False),
    Column("summary", Strings, nullable=False),
    Column("github_urls", Strings, nullable=False),
    Column("huggingface_urls", Strings, nullable=False),
    Column("raw_title", Text, nullable=False),
    Column("raw_summary", Text, nullable=False),
    Column("date", Date, nullable=False, index=True),  # of the newest digest that carries it
    Column("seq", Identity, nullable=False, unique=True),  # grows with each write: what the index follows
)

paper_tag = Table(
    "paper_tag",
    metadata,
    Column("paper_id", ForeignKey("paper.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("tag", Text, nullable=False, index=True),
)

digest = Table(
    "digest",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("date", Date, nullable=False, index=True),
    Column("path", Text, nullable=False),  # where it came from, for people
    Column("revision", Integer, nullable=False),  # from 1
    Column("content_hash", String(64), nullable=False),
    Column("problems", sa.JSON, nullable=False),  # [{"line", "message", "paper"}]
    Column("seen_at", Moment, nullable=False, index=True),
    Column("revised_at", Moment),
    # Whether feeds and members may get it: false for what the first fetch of a source brought
    # ("already there") and for what was older than max_age when first seen.
    Column("postable", Boolean, nullable=False),
    UniqueConstraint("source", "date"),
)

digest_paper = Table(
    "digest_paper",
    metadata,
    Column("digest_id", ForeignKey("digest.id", ondelete="CASCADE"), primary_key=True),
    Column("paper_id", ForeignKey("paper.id"), primary_key=True, index=True),
    Column("position", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),  # of what this digest says of the paper
)

digest_revision = Table(
    "digest_revision",
    metadata,
    Column("digest_id", ForeignKey("digest.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("new", sa.JSON, nullable=False),  # ids of papers
    Column("changed", sa.JSON, nullable=False),
    Column("gone", sa.JSON, nullable=False),
)

source = Table(
    "source",
    metadata,
    Column("name", Text, primary_key=True),
    Column("attempted_at", Moment),  # of the last fetch
    Column("succeeded_at", Moment),
    Column("first_succeeded_at", Moment),  # until then, what arrives is "already there"
    Column("failing_since", Moment),
    Column("error", Text),  # the sentence for the operator
)

source_document = Table(
    "source_document",
    metadata,
    Column("source", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("validator", Text, nullable=False),  # ETag, or size and time of a file
)

workspace = Table(
    "workspace",
    metadata,
    Column("id", String(32), primary_key=True),  # Slack's team id
    Column("hold_until", Moment),
    Column("hold_reason", Text),
    Column("disabled_at", Moment),
)

feed = Table(
    "feed",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("workspace", String(32), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("post_at", String(5)),  # "HH:MM"; null: on arrival
    Column("timezone", Text, nullable=False),
    Column("filter", Text, nullable=False),
    Column("layout", String(16), nullable=False),
    Column("on_empty", String(16), nullable=False),
    Column("owner", String(32)),  # null: the configuration file
    Column("paused", Text),  # the reason
    Column("after_digest", Identity, nullable=False),  # up to this one's id all is "already there"
    Column("started_at", Moment),  # when it was first planned; until then first_run decides
    Column("next_at", Moment, index=True),  # when to plan it; null: at the next arrival
    # On which it may post: "12345" is Monday to Friday.
    Column("weekdays", String(7), nullable=False, server_default="1234567"),
    Column("roundup", String(16), nullable=False, server_default="off"),
    Column("roundup_at", Moment, index=True),  # when the next round-up is planned; null: none comes
    Column("made_at", Moment),  # null: before this was noted
    Column("removed_at", Moment),  # it is kept a while, to be undone
    Column("paused_at", Moment),
    UniqueConstraint("workspace", "channel"),
)

member = Table(
    "member",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("member", String(32), primary_key=True),
    Column("timezone", Text, nullable=False),
    Column("frequency", String(16), nullable=False),
    Column("at", String(5), nullable=False),  # "HH:MM" in the member's zone
    Column("last_at", Moment),  # up to where papers were considered
    Column("next_at", Moment, index=True),  # null: off, muted, or nothing followed
    Column("weekday", Integer, nullable=False, server_default="0"),  # of a weekly digest; Monday is 0
    Column("muted_at", Moment),  # from then on nothing comes by itself; null: it does
)

follow = Table(
    "follow",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("member", String(32), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("value", Text, primary_key=True),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),  # null: it is followed; else it is kept a while, to be undone
)

saved_paper = Table(
    "saved_paper",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("member", String(32), primary_key=True),
    Column("paper_id", ForeignKey("paper.id"), primary_key=True),
    Column("saved_at", Moment, nullable=False),
    Index("ix_saved_paper_workspace_paper_id", "workspace", "paper_id"),  # by how many each is saved
)

hidden_paper = Table(  # "not for me"
    "hidden_paper",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("member", String(32), primary_key=True),
    Column("paper_id", ForeignKey("paper.id"), primary_key=True),
    Column("hidden_at", Moment, nullable=False),
)

recent_search = Table(
    "recent_search",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("member", String(32), primary_key=True),
    Column("query", Text, primary_key=True),
    Column("asked_at", Moment, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Identity, primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    Column("workspace", String(32), nullable=False),
    Column("destination", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("payload", sa.JSON),  # {"v": 1, "text", "blocks"}; null: skipped
    Column("parent", Text),  # key of the message that this one replies to
    Column("target", Text),  # key of the message that this one changes; null: it is a new message
    Column("revision", Integer, nullable=False),  # the digest's, when this was planned; 0: of no digest
    Column("feed_id", Identity),
    Column("digest_id", Identity),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("attempted_at", Moment),  # when the last post left: from here on history is searched
    Column("looks", Integer, nullable=False, default=0),  # for it in vain, since then
    Column("owner", Text),  # the process that claimed it
    Column("lease_until", Moment),
    Column("slack_ts", String(32)),
    Column("note", Text),  # why it is held, unsure, parked or skipped
    Column("story", Text, nullable=False),  # a line a move: when, to which state, why
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment),
    # What a feed was given of a digest, and of which revision.
    Index("ix_delivery_digest_id_feed_id_revision", "digest_id", "feed_id", "revision"),
    # The few that wait or were given up, among the many that were sent.
    Index("ix_delivery_state_id", "state", "id"),
)
# Literals, not bind parameters, or the planner can't use the partial index (DELIVERY.md).
OPEN_STATES = "('planned', 'held', 'sending', 'unsure')"
Index(
    "ix_delivery_open",
    delivery.c.workspace,
    delivery.c.destination,
    delivery.c.id,
    sqlite_where=sa.text(f"state IN {OPEN_STATES}"),
    postgresql_where=sa.text(f"state IN {OPEN_STATES}"),
)

delivered_paper = Table(
    "delivered_paper",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("destination", String(32), primary_key=True),
    Column("paper_id", ForeignKey("paper.id"), primary_key=True),
    Column("delivery_key", Text, primary_key=True),
)

inbox = Table(
    "inbox",
    metadata,
    Column("key", String(200), primary_key=True),  # the workspace's id first
    Column("payload", sa.JSON, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("handled_at", Moment),
)
