"""Koseki with members and matters, 附票, images of seals, taxes, 利用登録; several municipalities; causes of
blocks.

Of an old file the households get the municipality that the caller names, and the koseki too whose 本籍 is
there. An old block is one of the office, from an unknown day.
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("marks", sa.Column("name", sa.String(), primary_key=True))
    _municipalities()
    _residents()
    _blocks()
    op.create_index("ix_certificates_resident", "certificates", ["resident"])
    with op.batch_alter_table("seals") as seals:
        seals.add_column(sa.Column("image", sa.LargeBinary()))
    _koseki()
    _taxes()
    op.create_table(
        "registrations",
        sa.Column("person", sa.Integer(), sa.ForeignKey("residents.id"), primary_key=True),
        sa.Column("municipality", sa.String(), primary_key=True),
        sa.Column("filed", sa.Date(), nullable=False),
        sa.Column("ready", sa.Date(), nullable=False),
    )


def _municipalities() -> None:
    code, prefix = context.config.attributes.get("municipality", ("", ""))
    for name in ("households", "koseki"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("municipality", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("koseki") as koseki:
        koseki.add_column(sa.Column("pending", sa.Date()))
    households, families = sa.table("households", sa.column("municipality")), _families()
    op.execute(sa.update(households).values(municipality=code))
    if prefix:
        here = families.c.honseki.startswith(prefix, autoescape=True)
        op.execute(sa.update(families).where(here).values(municipality=code))
    for name in ("households", "koseki"):
        with op.batch_alter_table(name) as table:
            table.alter_column("municipality", server_default=None)


def _families() -> sa.TableClause:
    return sa.table("koseki", sa.column("municipality"), sa.column("honseki", sa.String()))


def _residents() -> None:
    with op.batch_alter_table("residents") as residents:
        residents.alter_column("household", nullable=True)
        residents.alter_column("resident_since", nullable=True)
        for name in ("former_name", "alias"):
            residents.add_column(sa.Column(name, sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("residents") as residents:
        for name in ("former_name", "alias"):
            residents.alter_column(name, server_default=None)
    for name in ("household", "koseki"):
        op.create_index(f"ix_residents_{name}", "residents", [name])
    op.create_table(
        "foreigners",
        sa.Column("resident", sa.Integer(), sa.ForeignKey("residents.id"), primary_key=True),
        sa.Column("nationality", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("expires", sa.Date()),
        sa.Column("card_number", sa.String(), nullable=False),
    )


def _blocks() -> None:
    """The cause is part of the key: made anew, filled from the old one."""
    op.rename_table("blocks", "old_blocks")
    op.create_table(
        "blocks",
        sa.Column("resident", sa.Integer(), sa.ForeignKey("residents.id"), primary_key=True),
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("cause", sa.String(), primary_key=True),
        sa.Column("entered", sa.Date()),
    )
    op.execute("INSERT INTO blocks (resident, kind, cause) SELECT resident, kind, 'office' FROM old_blocks")
    op.drop_table("old_blocks")


def _koseki() -> None:
    op.create_table(
        "koseki_members",
        sa.Column("koseki", sa.Integer(), sa.ForeignKey("koseki.id"), primary_key=True),
        sa.Column("person", sa.Integer(), sa.ForeignKey("residents.id"), primary_key=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("father", sa.String(), nullable=False),
        sa.Column("mother", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("spouse", sa.String(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_koseki_members_person", "koseki_members", ["person"])
    op.create_table(
        "koseki_matters",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("koseki", sa.Integer(), sa.ForeignKey("koseki.id"), nullable=False),
        sa.Column("person", sa.Integer(), sa.ForeignKey("residents.id")),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
    )
    op.create_index("ix_koseki_matters_koseki", "koseki_matters", ["koseki"])
    op.create_table(
        "fuhyo_stays",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("koseki", sa.Integer(), sa.ForeignKey("koseki.id"), nullable=False),
        sa.Column("person", sa.Integer(), sa.ForeignKey("residents.id"), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
    )
    op.create_index("ix_fuhyo_stays_koseki", "fuhyo_stays", ["koseki"])


def _taxes() -> None:
    op.create_table(
        "taxes",
        sa.Column("person", sa.Integer(), sa.ForeignKey("residents.id"), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True),
        sa.Column("municipality", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("incomes", sa.JSON(), nullable=False),
        sa.Column("total_income", sa.Integer(), nullable=False),
        sa.Column("deductions", sa.JSON(), nullable=False),
        sa.Column("dependents", sa.JSON(), nullable=False),
        sa.Column("taxable", sa.Integer(), nullable=False),
        sa.Column("income_levy", sa.Integer(), nullable=False),
        sa.Column("per_capita", sa.Integer(), nullable=False),
        sa.Column("forest", sa.Integer(), nullable=False),
        sa.Column("annual", sa.Integer(), nullable=False),
        sa.Column("paid", sa.Integer(), nullable=False),
    )
