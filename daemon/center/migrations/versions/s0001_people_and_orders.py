"""Residents, their cards and seals, orders and numbers: the schema from before there were migrations."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _people()
    _facts()
    op.create_table(
        "orders",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("terminal", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "numbers",
        sa.Column("number", sa.String(), primary_key=True),
        sa.Column("order", sa.String(), sa.ForeignKey("orders.id"), nullable=False),
        sa.Column("terminal", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String()),
        sa.UniqueConstraint("terminal", "day", "serial"),
    )
    op.create_index("numbers_of_an_order", "numbers", ["order"])


def _people() -> None:
    op.create_table(
        "households",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("head", sa.String(), nullable=False),
    )
    op.create_table(
        "koseki",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("honseki", sa.String(), nullable=False),
        sa.Column("hittosha", sa.String(), nullable=False),
    )
    op.create_table(
        "residents",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("household", sa.Integer(), sa.ForeignKey("households.id"), nullable=False),
        sa.Column("koseki", sa.Integer(), sa.ForeignKey("koseki.id")),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kana", sa.String(), nullable=False),
        sa.Column("born", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("resident_since", sa.Date(), nullable=False),
        sa.Column("mynumber", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
    )


def _facts() -> None:
    """Everything else that hangs on a resident."""
    op.create_table(
        "addresses",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("resident", sa.Integer(), sa.ForeignKey("residents.id"), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("filed", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
    )
    op.create_index("ix_addresses_resident", "addresses", ["resident"])
    op.create_table(
        "seals",
        sa.Column("resident", sa.Integer(), sa.ForeignKey("residents.id"), primary_key=True),
        sa.Column("registered", sa.Date(), nullable=False),
        sa.Column("abolished", sa.Date()),
    )
    op.create_table(
        "certificates",
        sa.Column("serial", sa.String(), primary_key=True),
        sa.Column("resident", sa.Integer(), sa.ForeignKey("residents.id"), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("leaving", sa.Date()),
        sa.Column("filed", sa.Date()),
        sa.Column("moved", sa.Date()),
        sa.Column("continued", sa.Date()),
    )
    op.create_table(
        "blocks",
        sa.Column("resident", sa.Integer(), sa.ForeignKey("residents.id"), primary_key=True),
        sa.Column("kind", sa.String(), primary_key=True),
    )
