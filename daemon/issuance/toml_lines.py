"""In which line of a TOML file each key and each item stands: ``tomllib`` gives values only.

Reads a text that ``tomllib`` has taken, so it may trust the grammar and needs to know only where keys,
values and strings begin and end.
"""

import re
import tomllib

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}(?!")|' + r"'''.*?'{3,5}(?!')|" + r'"(?:\\.|[^"\\])*"|' + r"'[^']*'", re.DOTALL
)
_SCALAR = re.compile(r"[^,\]}\n#]+")


def lines_of(text: str) -> dict[Path, int]:
    """Line, from 1, of every table, key and item of an array."""
    return _Scanner(text.replace("\r\n", "\n")).lines()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines: dict[Path, int] = {}
        self._lengths: dict[Path, int] = {}

    def lines(self) -> dict[Path, int]:
        table: Path = ()
        self._skip()
        while self._at < len(self._text):
            table = self._header() if self._sees("[") else table
            if not self._sees("[") and self._at < len(self._text):
                self._pair(table)
            self._skip()
        return self._lines

    def _header(self) -> Path:
        """[a.b] or [[a.b]]: the table that what follows belongs to."""
        array, line = self._text.startswith("[[", self._at), self._line()
        self._at += 1 + array
        path = self._within_last(self._key(), line)
        self._at = self._text.index("]", self._at) + 1 + array
        if array:
            number = self._lengths.get(path, 0)
            self._lengths[path] = number + 1
            self._note(path, line)
            path = (*path, number)
        self._note(path, line)
        self._skip()
        return path

    def _within_last(self, key: Path, line: int) -> Path:
        """A header means the newest element of each array of tables on its way, but for its own last name."""
        path: Path = ()
        for step in key[:-1]:
            path = (*path, step)
            self._note(path, line)
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
        return (*path, key[-1])

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = table
        for step in self._key():
            path = (*path, step)
            self._note(path, line)
        self._at = self._text.index("=", self._at) + 1
        self._skip()
        self._value(path)

    def _value(self, path: Path) -> None:
        if self._sees("["):
            self._array(path)
        elif self._sees("{"):
            self._inline(path)
        else:
            found = _STRING.match(self._text, self._at) or _SCALAR.match(self._text, self._at)
            self._at = found.end() if found else self._at + 1

    def _array(self, path: Path) -> None:
        self._at += 1
        number = 0
        while not self._closed("]"):
            self._note((*path, number), self._line())
            self._value((*path, number))
            number += 1
            self._comma()

    def _inline(self, path: Path) -> None:
        self._at += 1
        while not self._closed("}"):
            self._pair(path)
            self._comma()

    def _key(self) -> Path:
        """a."b.c".d, from where we are."""
        steps: list[str] = []
        while True:
            self._skip()
            found = _BARE.match(self._text, self._at) or _STRING.match(self._text, self._at)
            assert found is not None, "tomllib took this text"
            steps.append(_unquoted(found[0]))
            self._at = found.end()
            self._skip()
            if not self._sees("."):
                return tuple(steps)
            self._at += 1

    def _closed(self, bracket: str) -> bool:
        self._skip()
        if not self._sees(bracket):
            return False
        self._at += 1
        return True

    def _comma(self) -> None:
        self._skip()
        self._at += self._sees(",")

    def _skip(self) -> None:
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at

    def _sees(self, sign: str) -> bool:
        return self._text.startswith(sign, self._at)

    def _line(self) -> int:
        return self._text.count("\n", 0, self._at) + 1

    def _note(self, path: Path, line: int) -> None:
        self._lines.setdefault(path, line)


def _unquoted(key: str) -> str:
    if key[0] not in "\"'":
        return key
    return next(iter(tomllib.loads(f"{key} = 0")))
