"""The command line: ``madoguchi run | check | status | resolve | center | registry | paper | bench | …``.

Nothing heavy is imported before it is needed: ``run`` draws its first screen with Pillow alone. Every
command's help ends with an example, every error with what to do next.
"""

import argparse
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from daemon import papers, parts, registers
from daemon.profile import options
from hal.faults import DeviceError

EPILOG = """\
examples:
  madoguchi check --config /etc/madoguchi/kiosk.toml     explain the configuration, change nothing
  madoguchi run --config /etc/madoguchi/kiosk.toml       the kiosk daemon (what the systemd unit starts)
  madoguchi status --config /etc/madoguchi/kiosk.toml    what it shows, faults, open cases, coin levels
  madoguchi bench --script scenarios/takaoka-juminhyo.toml
                                                         a whole session on simulated devices
  madoguchi probe document --at ipp://printer/ipp/print  what is there and how it is; changes nothing
"""

CONFIG = "--config /etc/madoguchi/kiosk.toml"
EXAMPLES = {
    "run": f"madoguchi run {CONFIG}",
    "check": f"madoguchi check {CONFIG}",
    "status": f"madoguchi status {CONFIG} --json",
    "resolve": f"""\
madoguchi status {CONFIG}     names the open cases
  madoguchi resolve {CONFIG} 162027-20260401-0001-000007-5 \\
      --tray missing --who 17 --why "tray empty, citizen waited"
""",
    "reprint": f"madoguchi reprint {CONFIG} 8f14e45fceea167a5a36dedd4bea2543",
    "cash": f"""\
madoguchi cash refill {CONFIG} --coins 100x50 --why "weekly round"
  madoguchi cash count {CONFIG} --coins 100x47 --coins 500x12 --why "after a jam"
  madoguchi cash collect {CONFIG} --coins 100x230 --coins 500x41 --why "cash box full"
""",
    "report": f"madoguchi report {CONFIG} --day 2026-04-01 --print",
    "calibrate": f"madoguchi calibrate {CONFIG}",
    "console": f"madoguchi console {CONFIG}",
    "center": "madoguchi center --config /etc/madoguchi-center/center.toml",
    "paper": papers.EXAMPLES,
    "profile": options.PROFILE,
    "registry": registers.EXAMPLES,
    "bench": """\
madoguchi bench                      a page to open in a browser: the screen and every device by hand
  madoguchi bench --script scenarios/takaoka-juminhyo.toml --out /tmp/pictures
  madoguchi bench --script scenarios/paper-jam.toml --speed 0
  madoguchi bench --script scenarios --speed 0     every story, and a table at the end
  madoguchi bench --script scenarios/leap-day.toml --at "2032-02-29 10:00"
  madoguchi bench --list               what stories there are; docs/scenarios.md: how to write one
""",
    "virtual": parts.VIRTUAL,
    "probe": parts.PROBE,
}

Command = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 good, 1 the command or the kiosk says no, 2 wrong arguments, configuration or screen."""
    parsed = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.DEBUG if parsed.verbose else logging.INFO,
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
    )
    logging.getLogger("pikepdf").setLevel(logging.WARNING)  # it tells that it was loaded
    command: Command = parsed.command
    try:
        return command(parsed)
    except BrokenPipeError:  # who read our output has had enough, as `| head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except (ValueError, OSError, DeviceError) as error:
        sys.stderr.write(f"madoguchi: {_reason(error, parsed)}\n")
        return int(getattr(error, "exit_status", 2))
    except KeyboardInterrupt:
        return 130


def _reason(error: Exception, parsed: argparse.Namespace) -> str:
    """What a person can act on: of a file the option that named it, and what the system says of it."""
    if not isinstance(error, OSError) or not error.filename or not error.strerror:
        return str(error)
    file = str(error.filename)
    for option in ("config", "center", "key"):
        given = getattr(parsed, option, None)
        if file in map(str, given if isinstance(given, list) else [given]):
            return f"--{option} {file}: {error.strerror}"
    return f"{file}: {error.strerror}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="madoguchi",
        description="窓口, the certificate kiosk: card in, coins in, certificate out.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="log every step")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _kiosk_commands(commands)
    _other_processes(commands)
    return parser


def _kiosk_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    run = _add(commands, "run", _run, "run the kiosk daemon with the devices of a configuration file")
    _config_option(run)
    check = _add(commands, "check", _check, "explain a configuration file and what it would start")
    _config_option(check)
    status = _add(commands, "status", _status, "ask the running kiosk how it is")
    _config_option(status)
    status.add_argument("--json", action="store_true", help="one line of JSON, for machines")
    resolve = _add(commands, "resolve", _resolve, "settle an open case of the running kiosk (staff)")
    _config_option(resolve)
    resolve.add_argument("case", help="the case, as `madoguchi status` names it")
    resolve.add_argument(
        "--tray",
        choices=["delivered", "missing"],
        help="for a certificate in doubt: its sheets were printed, or were not",
    )
    resolve.add_argument("--who", required=True, help="your staff number; it stands in the journal")
    resolve.add_argument("--why", required=True, help="what you saw and did; it stands in the journal")
    reprint = _add(commands, "reprint", _reprint, "print a session's receipt again, marked 再発行 (staff)")
    _config_option(reprint)
    reprint.add_argument("session", help="the session, as the journal names it")
    _money_commands(commands)
    _screen_commands(commands)


def _screen_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "have crosses on the screen touched, and keep how the panel lies (systemctl stop madoguchi first)"
    _config_option(_add(commands, "calibrate", _calibrate, text))
    text = "give the screen's console back after a crash (the systemd unit runs it)"
    _config_option(_add(commands, "console", _console, text))


def _money_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "money acts of staff, by your own card on the kiosk's reader and its PIN, which is asked for"
    cash = _add(commands, "cash", _cash, text)
    cash.add_argument(
        "act",
        choices=["refill", "count", "collect"],
        help="you put coins into a hopper; counted a hopper; emptied cash box and stacker",
    )
    _config_option(cash)
    cash.add_argument(
        "--coins",
        type=_pieces,
        action="append",
        default=[],
        metavar="YENxNUMBER",
        help="put in, counted, or taken out; as often as there are denominations",
    )
    cash.add_argument("--why", required=True, help="what for; it stands in the journal beside your number")
    report = _add(commands, "report", _report, "show the report of a day: sums, money, claims, cases, chain")
    _config_option(report)
    report.add_argument("--day", default="", metavar="YYYY-MM-DD", help="default: today")
    report.add_argument("--print", action="store_true", help="also on the receipt printer")


def _pieces(text: str) -> tuple[int, int]:
    value, _, number = text.partition("x")
    if not (value.isdecimal() and number.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r}: yen a piece and their number are meant, like 100x50")
    return int(value), int(number)


def _other_processes(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    center = _add(commands, "center", _center, "run the center: registry, layout, seal")
    _config_option(center)
    papers.options(_add(commands, "paper", _paper, "what concerns the paper of certificates"))
    text = "a municipality's profile: check, show or publish it (docs/municipality.md)"
    options.profile_options(_add(commands, "profile", _profile, text))
    registry = _add(commands, "registry", _registry, "bring the center's registry up to date, or make one")
    registers.registry_options(registry)
    bench = _add(commands, "bench", _bench, "run a whole kiosk on simulated devices")
    bench.add_argument(
        "--script",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="play these scenarios, or those of a folder, then stop (default: serve the page)",
    )
    bench.add_argument(
        "--list",
        type=Path,
        nargs="?",
        const=Path("scenarios"),
        metavar="FOLDER",
        help="list the scenarios of a folder (default: %(const)s)",
    )
    bench.add_argument(
        "--port",
        type=int,
        default=8642,
        help="of the page, on 127.0.0.1 (default: %(default)s, or a free one)",
    )
    bench.add_argument(
        "--out", type=Path, help="where screens, pages and the receipt go as PNG (default: a new folder)"
    )
    bench.add_argument(
        "--speed",
        type=float,
        help="how many times as quick the devices are (default: 1); 0: they take no time",
    )
    bench.add_argument(
        "--at",
        help='what the kiosk\'s clock says at the start: "2028-02-29 10:00" '
        "(default: as the scenario says, or 10 o'clock of today, over New Year of the last open day)",
    )
    bench.add_argument(
        "--municipality",
        help="団体コード of assets/municipalities (default: as the scenario says, or 162027)",
    )
    virtual = _add(commands, "virtual", _virtual, "run one simulated device, for any host, worked by hand")
    parts.virtual_options(virtual)
    probe = _add(commands, "probe", _probe, "look at one device, real or simulated; read-only")
    parts.probe_options(probe)


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, command: Command, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=text,
        description=text,
        epilog=f"example:\n  {EXAMPLES[name]}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=command)
    return parser


def _config_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="the TOML file")


# ---------------------------------------------------------------- commands


def _run(arguments: argparse.Namespace) -> int:
    from daemon.config import load_config
    from daemon.face.start import open_face

    gc.disable()  # what a start makes stays: to look for garbage in it again and again takes a tenth of it
    config = load_config(arguments.config)
    face = open_face(config)
    import asyncio

    from daemon.kiosk import serve
    from daemon.session.journal import JournalBroken

    gc.collect()
    gc.freeze()  # nor is it looked through after each session
    gc.enable()
    try:
        asyncio.run(serve(config, face))
    except JournalBroken as error:
        sys.stderr.write(f"madoguchi: {error}\n")
        return 1
    return 0


def _check(arguments: argparse.Namespace) -> int:
    from daemon.check import check

    return check(arguments.config, sys.stdout)


def _status(arguments: argparse.Namespace) -> int:
    from daemon.staff import status

    return status(arguments.config, arguments.json, sys.stdout)


def _resolve(arguments: argparse.Namespace) -> int:
    from daemon.staff import resolve

    return resolve(
        arguments.config, arguments.case, arguments.tray or "", arguments.who, arguments.why, sys.stdout
    )


def _reprint(arguments: argparse.Namespace) -> int:
    from daemon.staff import reprint

    return reprint(arguments.config, arguments.session, sys.stdout)


def _cash(arguments: argparse.Namespace) -> int:
    from getpass import getpass

    from daemon.staff import cash

    sys.stderr.write("place your card on the kiosk's reader once its screen says that it is out of service\n")
    pin = getpass("PIN of your card (four digits): ")
    coins = dict(arguments.coins)
    return cash(arguments.config, arguments.act, coins, arguments.why, pin, sys.stdout)


def _report(arguments: argparse.Namespace) -> int:
    from daemon.staff import report

    return report(arguments.config, arguments.day, arguments.print, sys.stdout)


def _calibrate(arguments: argparse.Namespace) -> int:
    from daemon.screen import calibrate

    return calibrate(arguments.config, sys.stdout)


def _console(arguments: argparse.Namespace) -> int:
    from daemon.screen import give_back_console

    return give_back_console(arguments.config)


def _center(arguments: argparse.Namespace) -> int:
    from daemon.center.server import run_center

    return run_center(arguments.config)


def _paper(arguments: argparse.Namespace) -> int:
    if arguments.act == "loaded":
        from daemon.staff import loaded

        return loaded(arguments.config, arguments.sheets, arguments.who, arguments.why, sys.stdout)
    from daemon.center.paper.command import calibrate, verify_scans

    if arguments.act == "calibrate":
        return calibrate(arguments.out, sys.stdout)
    return verify_scans(
        arguments.scan, arguments.key, arguments.center, arguments.json, sys.stdout, arguments.samples
    )


def _profile(arguments: argparse.Namespace) -> int:
    from daemon.profile.command import profile

    return profile(arguments, sys.stdout)


def _registry(arguments: argparse.Namespace) -> int:
    from daemon.center import tool

    if arguments.act == "migrate":
        return tool.migrate(arguments.config, sys.stdout)
    return tool.generate_file(
        arguments.out,
        arguments.people,
        arguments.seed,
        arguments.municipality,
        arguments.day,
        sys.stdout,
    )


def _bench(arguments: argparse.Namespace) -> int:
    from daemon.bench.command import bench, serve, tell_titles
    from daemon.bench.setup import Given, parse_moment

    moment = parse_moment(arguments.at) if arguments.at else None
    given = Given(arguments.municipality, moment, arguments.speed)
    if arguments.list is not None:
        return tell_titles(arguments.list)
    if arguments.script is None:
        if arguments.out is not None:
            raise ValueError("--out is for the pictures of a --script; the page shows its own")
        return serve(given.over(), arguments.port)
    return bench(arguments.script, arguments.out, given)


def _virtual(arguments: argparse.Namespace) -> int:
    from daemon.bench.alone.command import virtual

    return virtual(arguments)


def _probe(arguments: argparse.Namespace) -> int:
    from daemon.probe import probe

    if not arguments.verbose:
        logging.getLogger().setLevel(logging.WARNING)
    keys = arguments.keys(arguments)
    return probe(arguments.device, keys, arguments.json, arguments.once, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
