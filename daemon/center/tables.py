"""The tables of the registry (SQLAlchemy Core). Residents' data is read only; what the center itself writes
are orders and the numbers of their 通: never a document, never a name.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

metadata = MetaData()

households = Table(
    "households",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("head", String, nullable=False),  # 世帯主, also one who has died and is not yet replaced
)

koseki = Table(
    "koseki",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("honseki", String, nullable=False),
    Column("hittosha", String, nullable=False),
)

residents = Table(
    "residents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("household", ForeignKey("households.id"), nullable=False),
    Column("koseki", ForeignKey("koseki.id")),
    Column("name", String, nullable=False),
    Column("kana", String, nullable=False),
    Column("born", Date, nullable=False),
    Column("sex", String, nullable=False),
    Column("relation", String, nullable=False),  # 続柄
    Column("resident_since", Date, nullable=False),  # 住民となった年月日
    Column("mynumber", String, nullable=False),
    Column("state", String, nullable=False, default="resident"),  # resident, moved-out, dead
)

addresses = Table(
    "addresses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("resident", ForeignKey("residents.id"), nullable=False, index=True),
    Column("text", String, nullable=False),
    Column("since", Date, nullable=False),
    Column("filed", Date, nullable=False),
    Column("until", Date),  # null: the current one
)

seals = Table(
    "seals",
    metadata,
    Column("resident", ForeignKey("residents.id"), primary_key=True),
    Column("registered", Date, nullable=False),
    Column("abolished", Date),
)

certificates = Table(
    "certificates",
    metadata,
    Column("serial", String, primary_key=True),  # lower-case hex, as the card's certificate has it
    Column("resident", ForeignKey("residents.id"), nullable=False),
    Column("active_from", Date, nullable=False),
    Column("revoked", Boolean, nullable=False, default=False),
    Column("leaving", Date),
    Column("filed", Date),
    Column("moved", Date),
    Column("continued", Date),
)

blocks = Table(
    "blocks",
    metadata,
    Column("resident", ForeignKey("residents.id"), primary_key=True),
    Column("kind", String, primary_key=True),  # a kind, or "all"
)

orders = Table(
    "orders",
    metadata,
    Column("id", String, primary_key=True),
    Column("terminal", String, nullable=False),
    Column("request", String, nullable=False),  # SHA-256 of the request; empty: cancelled before it came
    Column("state", String, nullable=False),  # issued, cancelled, closed
    Column("at", DateTime(timezone=True), nullable=False),
)

numbers = Table(
    "numbers",
    metadata,
    Column("number", String, primary_key=True),
    Column("order", ForeignKey("orders.id"), nullable=False),
    Column("terminal", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("outcome", String),  # null: not known yet
    UniqueConstraint("terminal", "day", "serial"),
    Index("numbers_of_an_order", "order"),
)

reissues = Table(
    "reissues",
    metadata,
    Column("number", ForeignKey("numbers.number"), primary_key=True),  # void; never a second time
    Column("by", ForeignKey("numbers.number"), nullable=False, unique=True),
)
