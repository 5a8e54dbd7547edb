"""Which 通 took the place of one that jammed (P13)."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reissues",
        sa.Column("number", sa.String(), sa.ForeignKey("numbers.number"), primary_key=True),
        sa.Column("by", sa.String(), sa.ForeignKey("numbers.number"), nullable=False, unique=True),
    )
