"""The registry's file: made by the migrations, brought up to date without loss, refused when it is not."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text

from daemon.center import tables
from daemon.center.database import SchemaError, open_engine, schema_of
from daemon.center.facts import Address
from daemon.center.registry import Registry
from daemon.center.upgrade import config_for, migrating_engine, newest, upgrade

TAKAOKA = ("162027", "富山県高岡市")
OLD = (
    "INSERT INTO households VALUES (1, '山田 太郎'), (2, '林 正一')",
    "INSERT INTO koseki VALUES (1, '富山県高岡市広小路九千一番地', '山田 太郎'),"
    " (2, '石川県金沢市広坂九丁目', '林 正一')",
    "INSERT INTO residents VALUES"
    " (1, 1, 1, '山田 太郎', 'やまだ たろう', '1985-04-10', '男', '世帯主', '2016-04-01', '900000000011',"
    " 'resident'),"
    " (2, 2, 2, '林 ふみ', 'はやし ふみ', '1943-11-30', '女', '妻', '1966-04-01', '900000000022',"
    " 'resident')",
    "INSERT INTO addresses VALUES (1, 1, '富山県高岡市広小路9001番地', '2016-04-01', '2016-04-03', NULL),"
    " (2, 1, '富山県富山市新桜町9038番地', '2005-10-01', '2005-10-01', '2016-04-01'),"
    " (3, 2, '富山県高岡市中田9055番地', '1966-04-01', '1966-04-01', NULL)",
    "INSERT INTO seals VALUES (1, '2016-04-11', NULL)",
    "INSERT INTO certificates VALUES ('5a0001', 1, '2025-04-02', 0, NULL, NULL, NULL, NULL)",
    "INSERT INTO blocks VALUES (2, 'inkan'), (2, 'all')",
    "INSERT INTO orders VALUES ('0d', 'T01', 'aa', 'closed', '2026-04-01 12:00:00.000000')",
    "INSERT INTO numbers VALUES ('162027-20260401-T01-000001-1', '0d', 'T01', '2026-04-01', 1, 'delivered')",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


def make_old(file: Path, *, numbered: bool) -> None:
    """A filled file of the first schema, as it was before there were migrations, or after."""
    engine = migrating_engine(file)
    with engine.begin() as connection:
        command.upgrade(config_for(connection), "0001")
        for row in OLD:
            connection.execute(text(row))
        if not numbered:
            connection.execute(text("DROP TABLE alembic_version"))
    engine.dispose()


def differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, tables.metadata))


@pytest.fixture(params=[True, False], ids=["numbered", "from before there were migrations"])
def upgraded(request: pytest.FixtureRequest, file: Path) -> Iterator[Engine]:
    make_old(file, numbered=request.param)
    assert upgrade(file, *TAKAOKA) == ("0001", tables.SCHEMA)
    engine = open_engine(file)
    yield engine
    engine.dispose()


def test_the_schema_of_the_program_is_the_last_migration() -> None:
    assert newest() == tables.SCHEMA


def test_an_empty_file_gets_exactly_the_tables_of_the_program(file: Path) -> None:
    engine = open_engine(file)
    assert schema_of(engine) == tables.SCHEMA
    assert differences(engine) == []
    engine.dispose()


def test_an_upgraded_file_has_exactly_the_tables_of_the_program(upgraded: Engine) -> None:
    assert differences(upgraded) == []
    assert set(inspect(upgraded).get_table_names()) == {*tables.metadata.tables, "alembic_version"}


def test_nothing_is_lost_by_an_upgrade(upgraded: Engine) -> None:
    registry = Registry(upgraded)
    taro, fumi = registry.resident(1), registry.resident(2)
    assert (taro.name, taro.born, taro.mynumber) == ("山田 太郎", date(1985, 4, 10), "900000000011")
    assert taro.address == Address("富山県高岡市広小路9001番地", date(2016, 4, 1), date(2016, 4, 3))
    assert taro.previous == "富山県富山市新桜町9038番地"
    assert (taro.seal_registered, taro.seal_image) == (date(2016, 4, 11), b"")
    assert fumi.blocks == {"inkan", "all"}
    assert (fumi.support_since, fumi.leaving_filed) == (None, None)
    card, order = registry.card("5a0001"), registry.order("0d")
    assert card is not None
    assert (card.resident, card.phone) == (1, False)
    assert order is not None
    assert order.numbers.keys() == {"162027-20260401-T01-000001-1"}


def test_an_old_file_is_of_the_municipality_that_upgrades_it(upgraded: Engine) -> None:
    registry = Registry(upgraded)
    taro, fumi = registry.resident(1), registry.resident(2)
    assert (taro.municipality, taro.koseki_municipality) == ("162027", "162027")
    assert (fumi.municipality, fumi.koseki_municipality) == ("162027", "")
    koseki = registry.koseki(1)
    assert koseki is not None
    assert koseki.members == ()


def test_an_upgraded_file_still_keeps_its_references(upgraded: Engine) -> None:
    names = inspect(upgraded)
    keys = {
        key["referred_table"]
        for name in ("addresses", "seals", "blocks")
        for key in names.get_foreign_keys(name)
    }
    assert keys == {"residents"}


@pytest.mark.parametrize("numbered", [True, False])
def test_a_file_that_is_out_of_date_is_refused_with_the_command_that_helps(
    file: Path, numbered: bool
) -> None:
    make_old(file, numbered=numbered)
    with pytest.raises(SchemaError, match=r"has schema 0001, this program needs .*registry migrate --config"):
        open_engine(file)


def test_a_file_of_a_newer_program_is_refused(file: Path) -> None:
    open_engine(file).dispose()
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(SchemaError, match="9999, newer than this program's"):
        open_engine(file)


def test_an_upgrade_that_fails_changes_nothing(file: Path) -> None:
    make_old(file, numbered=True)
    engine = migrating_engine(file)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO seals VALUES (77, '2016-04-11', NULL)"))
    with pytest.raises(ValueError, match="1 rows refer to rows that are not there, in: seals"):
        upgrade(file, *TAKAOKA)
    assert schema_of(engine) == "0001"
    assert "foreigners" not in inspect(engine).get_table_names()
    engine.dispose()


def test_a_second_upgrade_changes_nothing(file: Path) -> None:
    open_engine(file).dispose()
    assert upgrade(file) == (tables.SCHEMA, tables.SCHEMA)
