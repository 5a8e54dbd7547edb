"""The tables of the registry (SQLAlchemy Core). Residents' data is read only; what the center itself writes
are 利用登録, orders and the numbers of their 通: never a document, never a name.

A change here needs a migration (``daemon/center/migrations``) and the next SCHEMA; a test compares the two.
Everything of a person hangs on ``residents.id``, also of who lives elsewhere and is only in a koseki here.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

SCHEMA = "0004"
"""The migration whose tables these are."""

metadata = MetaData()

marks = Table(  # what is true of the registry as a whole: "made-up", its people do not exist
    "marks",
    metadata,
    Column("name", String, primary_key=True),
)

households = Table(
    "households",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("municipality", String, nullable=False),  # 団体コード of the 住所
    Column("head", String, nullable=False),  # 世帯主, also one who has died and is not yet replaced
)

koseki = Table(
    "koseki",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("municipality", String, nullable=False),  # 団体コード of the 本籍
    Column("honseki", String, nullable=False),
    Column("hittosha", String, nullable=False),
    Column("pending", Date),  # a notification of that day is not recorded yet (R23)
)

residents = Table(
    "residents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("household", ForeignKey("households.id"), index=True),  # null: only in a koseki here
    Column("koseki", ForeignKey("koseki.id"), index=True),  # the one this person is in now
    Column("name", String, nullable=False),
    Column("kana", String, nullable=False),
    Column("born", Date, nullable=False),
    Column("sex", String, nullable=False),
    Column("relation", String, nullable=False),  # 続柄
    Column("resident_since", Date),  # 住民となった年月日
    Column("mynumber", String, nullable=False),
    Column("state", String, nullable=False, default="resident"),  # resident, moved-out, dead
    Column("former_name", String, nullable=False, default=""),  # 旧氏
    Column("alias", String, nullable=False, default=""),  # 通称
)

foreigners = Table(  # what a 住民票 says of foreign residents besides
    "foreigners",
    metadata,
    Column("resident", ForeignKey("residents.id"), primary_key=True),
    Column("nationality", String, nullable=False),
    Column("category", String, nullable=False),
    Column("status", String, nullable=False, default=""),
    Column("period", String, nullable=False, default=""),
    Column("expires", Date),
    Column("card_number", String, nullable=False, default=""),
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

koseki_members = Table(
    "koseki_members",
    metadata,
    Column("koseki", ForeignKey("koseki.id"), primary_key=True),
    Column("person", ForeignKey("residents.id"), primary_key=True, index=True),
    Column("place", Integer, nullable=False),  # in the koseki's order: 1 is the 筆頭者
    Column("name", String, nullable=False),  # 名
    Column("full_name", String, nullable=False),  # in this koseki; who married may have another one now
    Column("father", String, nullable=False),
    Column("mother", String, nullable=False),
    Column("relation", String, nullable=False),  # to the parents: 長男
    Column("spouse", String, nullable=False, default=""),  # 夫, 妻, or empty for a child
    Column("removed", Boolean, nullable=False, default=False),  # 除籍
)

koseki_matters = Table(  # 戸籍事項 (person null) and 身分事項
    "koseki_matters",
    metadata,
    Column("id", Integer, primary_key=True),  # in the order in which they were entered
    Column("koseki", ForeignKey("koseki.id"), nullable=False, index=True),
    Column("person", ForeignKey("residents.id")),
    Column("title", String, nullable=False),  # 編製, 出生, 婚姻
    Column("lines", JSON, nullable=False),  # [[label, text], …], read as a whole only
)

fuhyo_stays = Table(  # the addresses of a member since the koseki was made
    "fuhyo_stays",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("koseki", ForeignKey("koseki.id"), nullable=False, index=True),
    Column("person", ForeignKey("residents.id"), nullable=False),
    Column("address", String, nullable=False),
    Column("since", Date, nullable=False),  # 住所を定めた日
)

seals = Table(
    "seals",
    metadata,
    Column("resident", ForeignKey("residents.id"), primary_key=True),
    Column("registered", Date, nullable=False),
    Column("abolished", Date),
    Column("image", LargeBinary),  # PNG of the 印影
)

taxes = Table(  # municipal tax by 年度; yen
    "taxes",
    metadata,
    Column("person", ForeignKey("residents.id"), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("municipality", String, nullable=False),  # 団体コード of the address on 1 January
    Column("address", String, nullable=False),
    Column("incomes", JSON, nullable=False),  # [[what, yen], …], as are the two below
    Column("total_income", Integer, nullable=False),
    Column("deductions", JSON, nullable=False),
    Column("dependents", JSON, nullable=False),
    Column("taxable", Integer, nullable=False),
    Column("income_levy", Integer, nullable=False),
    Column("per_capita", Integer, nullable=False),
    Column("forest", Integer, nullable=False),
    Column("annual", Integer, nullable=False),
    Column("paid", Integer, nullable=False, default=0),
)

certificates = Table(
    "certificates",
    metadata,
    Column("serial", String, primary_key=True),  # lower-case hex, as the card's certificate has it
    Column("resident", ForeignKey("residents.id"), nullable=False, index=True),
    Column("active_from", Date, nullable=False),
    Column("phone", Boolean, nullable=False, default=False),  # of a スマホ用電子証明書, not of a card
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
    Column(
        "cause", String, primary_key=True, default="office"
    ),  # office, support (支援措置), leaving (転出届)
    Column("entered", Date),  # null: not known, long since
)

registrations = Table(  # 利用登録 with the municipality of the 本籍
    "registrations",
    metadata,
    Column("person", ForeignKey("residents.id"), primary_key=True),
    Column("municipality", String, primary_key=True),
    Column("filed", Date, nullable=False),
    Column("ready", Date, nullable=False),
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
