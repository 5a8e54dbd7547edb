"""Which certificates are on a phone: with one of those nobody files a 利用登録 (R42)."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("certificates", sa.Column("phone", sa.Boolean(), nullable=False, server_default=sa.false()))
