"""What is said of a file that is not as it should be: the place as a person counts, and what there is."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.toml import TomlError, read_toml


class Tube(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: int
    coins: int = 0


class Machine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    tubes: tuple[Tube, ...] = ()


class Shop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    machine: Machine
    free: dict[str, Any] = {}
    drawer: tuple[Tube, ...] = ()


GOOD = '[machine]\nname = "m"\ntubes = [{ value = 10 }, { value = 50 }]\n'


def told(folder: Path, text: str | bytes) -> str:
    """What is said of this text, without the file's name, which it must begin with."""
    path = folder / "shop.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TomlError) as refused:
        read_toml(path, Shop)
    said = str(refused.value)
    assert said.startswith(f"{path}: ")
    return said.removeprefix(f"{path}: ")


def test_a_good_file_is_a_value(tmp_path: Path) -> None:
    path = tmp_path / "shop.toml"
    path.write_text(GOOD, "utf-8")
    assert read_toml(path, Shop) == Shop(Machine("m", (Tube(10), Tube(50))))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "needs machine"),
        ("[machine]", "[machine] needs name"),
        ("[machine]\nname = 1", "[machine] name: Expected `str`, got `int`"),
        (GOOD + "colour = 1", "[machine] there is no colour, only: name, tubes"),
        (GOOD + "[top-shelf]", "there is no top-shelf, only: machine, free, drawer"),
        (GOOD.replace("50", '"x"'), "[machine] tubes 2 value: Expected `int`, got `str`"),
        (
            GOOD.replace("{ value = 50", "{ values = 50"),
            "[machine] tubes 2: there is no values, only: value, coins",
        ),
        (GOOD + "[[drawer]]\nvalue = 1\n[[drawer]]", "[drawer 2] needs value"),
        (GOOD + "[[drawer]]\nvalue = 'x'", "[drawer 1] value: Expected `int`, got `str`"),
    ],
)
def test_a_complaint_names_table_and_key_and_what_there_is(tmp_path: Path, text: str, said: str) -> None:
    assert told(tmp_path, text) == said


@pytest.mark.parametrize("text", ["machine", b"\xff\xfe", "a = " + "[" * 3000, "a = " + "9" * 5000])
def test_what_is_not_toml_is_said_to_be_none(tmp_path: Path, text: str | bytes) -> None:
    assert told(tmp_path, text).startswith("not TOML in UTF-8: ")


@pytest.mark.parametrize(("name", "why"), [("none", "No such file or directory"), ("", "Is a directory")])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(TomlError, match=why) as refused:
        read_toml(tmp_path / name, Shop)
    assert str(refused.value).startswith(str(tmp_path / name))


@given(
    st.binary(max_size=60) | st.text(max_size=60).map(lambda text: (GOOD + text).encode("utf-8", "replace"))
)
def test_no_file_whatsoever_ends_otherwise_than_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    try:
        read_toml(path, Shop)
    except TomlError as error:
        assert str(error).startswith(f"{path}: ")
