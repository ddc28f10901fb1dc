"""What is reused: papers held, what was said of them, requests, receipts, events."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _texts(*names: str) -> tuple[sa.Column[Any], ...]:
    return tuple(sa.Column(name, sa.Text, nullable=False) for name in names)


def _integers(*names: str) -> tuple[sa.Column[Any], ...]:
    return tuple(sa.Column(name, sa.Integer, nullable=False) for name in names)


def _key(name: str, kind: type[sa.Text | sa.Integer] = sa.Text) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _time(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def upgrade() -> None:
    """Make the tables; ``sohoa reindex`` fills in what documents of before hold."""
    _make_holdings()
    _make_releases()
    _make_outbox()


def _make_holdings() -> None:
    tied = (sa.Column("paper", sa.Text), sa.Column("lineage", sa.Text))
    op.create_table(
        "holdings", _key("document"), _key("part", sa.Integer), *_integers("revision"), *_texts("type"), *tied, *_texts("data")
    )
    op.create_index("holdings_by_paper", "holdings", ["paper"])
    op.create_index("holdings_by_lineage", "holdings", ["lineage"])
    op.create_table("holding_owners", _key("owner"), _key("type"), _key("document"), _key("part", sa.Integer))
    op.create_index("holding_owners_by_document", "holding_owners", ["document"])
    op.create_table("standings", _key("document"), _key("number", sa.Integer), *_texts("data"))
    op.create_table(
        "owner_events",
        _key("id"),
        *_texts("owner"),
        sa.Column("now", sa.Text),
        sa.Column("cancels", sa.Text),
        _time("at"),
        *_texts("data"),
    )
    op.create_index("owner_events_by_owner", "owner_events", ["owner"])
    op.create_index("owner_events_by_now", "owner_events", ["now"])
    op.create_index("owner_events_by_cancels", "owner_events", ["cancels"])
    op.create_table(
        "print_codes", _key("digest"), *_texts("document"), *_integers("part", "revision"), _time("at"), *_texts("actor")
    )
    op.create_table("rights", _key("name"), *_integers("number"), *_texts("data"))


def _make_releases() -> None:
    claim = sa.Column("claim", sa.Text, unique=True)
    op.create_table("reuse_requests", _key("id"), claim, *_texts("system", "document", "state"), _time("at"), *_texts("data"))
    op.create_index("reuse_requests_by_system", "reuse_requests", ["system", "at"])
    op.create_table(
        "releases",
        _key("id"),
        *_texts("system", "agency", "document"),
        *_integers("part", "revision"),
        *_texts("type", "purpose", "form", "sha256"),
        _time("at"),
        *_texts("jws", "disclosure", "code"),
        *_integers("kept"),
    )
    op.create_index("releases_by_document", "releases", ["document", "at"])
    op.create_index("releases_by_system", "releases", ["system", "at"])
    op.create_index("releases_by_time", "releases", ["at"])
    op.create_index("releases_by_kept", "releases", ["kept", "at"])


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("seq", sa.BigInteger),
        *_texts("kind"),
        _time("at"),
        *_texts("dossier", "document", "type"),
        *_integers("revision"),
        *_texts("other", "code"),
    )
    op.create_index("outbox_by_seq", "outbox", ["seq"], unique=True)
    op.create_index("outbox_by_document", "outbox", ["document", "number"])
    op.create_table(
        "subscriptions",
        _key("id"),
        *_texts("system", "agency", "url", "kinds", "offices"),
        _time("created_at"),
        *_integers("key"),
        _time("former_until", nullable=True),
        *_integers("ended"),
    )
    op.create_index("subscriptions_by_system", "subscriptions", ["system"])
    op.create_table(
        "deliveries",
        _key("id"),
        *_texts("event", "subscription", "state"),
        *_integers("tries"),
        _time("due"),
        *_texts("error"),
    )
    op.create_index("deliveries_by_state", "deliveries", ["state", "due"])
    op.create_index("deliveries_by_event", "deliveries", ["event", "subscription"], unique=True)


def downgrade() -> None:
    """Drop them."""
    for table in (
        "deliveries",
        "subscriptions",
        "outbox",
        "releases",
        "reuse_requests",
        "rights",
        "print_codes",
        "owner_events",
        "standings",
        "holding_owners",
        "holdings",
    ):
        op.drop_table(table)
