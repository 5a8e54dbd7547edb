"""What staff ask of a running kiosk, through its socket and never around it."""

import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from daemon.config import load_config

ANSWER_SECONDS = 15.0
CARD_SECONDS = 90.0
"""Where a card has to be placed first."""


class KioskSaysNo(ValueError):
    """The kiosk heard the question and says no; the text is its own."""

    exit_status = 1


def ask(path: str, request: Mapping[str, object], seconds: float | None = None) -> dict[str, Any]:
    """One question, one answer. Raises KioskSaysNo, ValueError (there is nobody to say anything)."""
    if not path:
        raise ValueError("[kiosk] socket is not set in the configuration: the kiosk takes no questions")
    try:
        line = _asked(path, json.dumps(request).encode() + b"\n", seconds or ANSWER_SECONDS)
    except OSError as error:
        raise ValueError(
            f"{path}: {error.strerror or error}; does the kiosk run, and are you root?"
        ) from None
    if not line:
        raise ValueError(f"{path}: no answer; journalctl -u madoguchi says what became of the kiosk")
    answer: dict[str, Any] = json.loads(line)
    if "error" in answer:
        raise KioskSaysNo(str(answer["error"]))
    return answer


def _asked(path: str, request: bytes, seconds: float) -> str:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(seconds)
        line.connect(path)
        line.sendall(request)
        with line.makefile(encoding="utf-8") as answers:
            return answers.readline()


def status(config: Path, as_json: bool, out: TextIO) -> int:
    """Prints the state of the kiosk. Exit status 1 if it cannot sell."""
    answer = ask(load_config(config).kiosk.socket, {"do": "status"})
    if as_json:
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    else:
        out.writelines(f"{line}\n" for line in _told(answer))
    return 0 if answer["can_sell"] else 1


def _told(answer: Mapping[str, Any]) -> list[str]:
    lines = [f"{answer['terminal']}: {'ready to sell' if answer['can_sell'] else 'NOT selling'}"]
    lines += [f"  screen: {answer['screen']}"]
    lines += [f"  waiting for: {name}" for name in answer["waiting_for"]]
    lines += [f"  fault: {f['code']} ({f['device']}) {f['detail']}" for f in answer["faults"]]
    lines += [
        f"  open case: {c['case']} {c['kind']} ({c['code']}); madoguchi resolve {c['case']}"
        for c in answer["cases"]
    ]
    lines += [f"  hopper {value} yen: {number} coins" for value, number in answer["levels"].items()]
    if answer.get("sheets") is not None:
        lines.append(f"  certificate printer: {answer['sheets']} sheets by the kiosk's own count")
    return lines + (["  SAMPLE: every page carries 見本"] if answer["sample"] else [])


def resolve(config: Path, case: str, tray: str, who: str, why: str, out: TextIO) -> int:
    """Settles a case; says what the kiosk owes now."""
    request = {"do": "resolve", "case": case, "tray": tray, "who": who, "why": why}
    answer = ask(load_config(config).kiosk.socket, request)
    out.write(f"resolved {answer['resolved']}\n")
    if answer["owed"]:
        out.write(f"owed to the citizen: {answer['owed']} yen, on a claim (see the journal)\n")
    return 0


def reprint(config: Path, session: str, out: TextIO) -> int:
    """Prints a receipt again."""
    answer = ask(load_config(config).kiosk.socket, {"do": "reprint", "session": session})
    out.write(f"receipt {answer['reprinted']} printed again, marked 再発行\n")
    return 0


def loaded(config: Path, sheets: int, who: str, why: str, out: TextIO) -> int:
    """Tells the kiosk how many sheets lie in the certificate printer."""
    request = {"do": "loaded", "sheets": sheets, "who": who, "why": why}
    answer = ask(load_config(config).kiosk.socket, request)
    out.write(f"{answer['loaded']} sheets: in the journal; the kiosk counts from here\n")
    return 0


def cash(config: Path, act: str, coins: Mapping[int, int], why: str, pin: str, out: TextIO) -> int:
    """A money act by the card on the reader; says what it changed."""
    request = {"do": "cash", "act": act, "coins": coins, "why": why, "pin": pin}
    answer = ask(load_config(config).kiosk.socket, request, CARD_SECONDS)
    out.writelines(f"{what}: {now}\n" for what, now in answer["done"].items())
    out.write(f"{act}: in the journal; take your card\n")
    return 0


def report(config: Path, day: str, on_paper: bool, out: TextIO) -> int:
    """Shows a day's report, and prints it if wanted."""
    answer = ask(load_config(config).kiosk.socket, {"do": "report", "day": day, "print": on_paper})
    out.writelines(f"{line}\n" for line in answer["report"])
    return 0
