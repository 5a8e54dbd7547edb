"""The back of a certificate on a scanner: what it proves, and a clear answer to whatever else lies there."""

import functools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from random import Random

import msgspec
import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from PIL import Image
from sqlalchemy import insert

from daemon.__main__ import main
from daemon.center import tables
from daemon.center.documents.certificate import Certificate, Letterhead
from daemon.center.documents.records import records
from daemon.center.documents.residence import juminhyo
from daemon.center.paper.back import Paper
from daemon.center.paper.codes import Part, codes, part_of
from daemon.center.paper.record import Record
from daemon.center.paper.scan import MOST_PAGES, NotAScan, Seen, read
from daemon.center.paper.signed import sign
from daemon.center.paper.standing import NoRegistry, Standing, lookup
from daemon.center.paper.told import Told, lines
from daemon.center.paper.verify import Finding, Verdict, missing_sheets, verify
from daemon.center.registry import Registry, open_engine
from daemon.center.sample import SAMPLE_HOLDERS, sample_registry
from daemon.center.settings import CenterSettings
from daemon.issuance.keys import PrivateKey
from daemon.issuance.numbers import CertificateNumber
from daemon.issuance.seal import Keyring, Sealer, new_key
from tests.center.paper.printed import finished, some_key
from tests.center.paper.scanner import file_of, scanned
from tests.center.world import NOON, PROFILE, press

DAY = date(2026, 4, 1)
NUMBER = str(CertificateNumber("162027", DAY, "T01", 1))
OURS = Keyring([some_key().public])
KANJI = "".join(map(chr, range(0x4E00, 0x6E00)))
LONG = tuple((f"欄{k}", "".join(Random(k).choices(KANJI, k=12))) for k in range(150))


@functools.cache
def certificate() -> Certificate:
    """A couple's 住民票の写し: two sheets."""
    engine = open_engine(None)
    sample_registry(engine, DAY)
    people = [Registry(engine).resident(SAMPLE_HOLDERS[who].resident) for who in ("taro", "hanako")]
    engine.dispose()
    head = Letterhead("住民票の写し", "富山県高岡市長", DAY, sample=False)
    return juminhyo(head, people, ("head", "honseki"), "part")


@functools.cache
def paper() -> bytes:
    return finished(press(), certificate(), NUMBER)


@functools.cache
def full() -> bytes:
    """A 通 of one sheet that says so much that its back needs several codes."""
    one = replace(certificate(), parts=certificate().parts[:1])
    drawn = press().draw(one, NUMBER)
    (record,) = records(one, drawn, "162027", NUMBER)
    many = Paper(press(), some_key(), press().pattern)
    return many.finish(drawn.pdf, [replace(record, fields=record.fields + LONG)])


def record(page: int = 1) -> Record:
    return records(certificate(), press().draw(certificate(), NUMBER), "162027", NUMBER)[page - 1]


def seen(message: bytes) -> Seen:
    """A scan on which this was read."""
    return Seen(tuple(_parts(message)), 0)


def _parts(message: bytes) -> Iterator[Part]:
    for code in codes(message, 4016):
        part = part_of(_decoded(code.picture))
        assert part is not None
        yield part


def _decoded(picture: Image.Image) -> bytes:
    sheet = Image.new("1", (picture.width * 4 + 64, picture.height * 4 + 64), 1)
    sheet.paste(picture.resize((picture.width * 4, picture.height * 4), Image.Resampling.NEAREST), (32, 32))
    (one,) = read(file_of(sheet)).parts
    return b"MDG\x01" + bytes((one.part, one.parts)) + one.name + one.data


def the_finding(scan: Image.Image | bytes, keys: Keyring = OURS) -> Finding:
    (one,) = verify([read(scan if isinstance(scan, bytes) else file_of(scan))], keys)
    return one


# ---------------------------------------------------------------- scanners


@pytest.mark.parametrize("dpi", [200, 300, 600])
@pytest.mark.parametrize(("turned", "noise"), [(0.0, 0.0), (2.5, 18.0), (-91.3, 12.0), (180.0, 25.0)])
def test_a_back_is_read_straight_askew_and_noisy(dpi: int, turned: float, noise: float) -> None:
    one = the_finding(scanned(paper(), 2, dpi, turned, noise))
    assert (one.verdict, one.record) == (Verdict.GENUINE, record(1))


@pytest.mark.parametrize("dpi", [200, 300, 600])
def test_a_back_with_several_codes_is_read_as_a_whole(dpi: int) -> None:
    scan = read(file_of(scanned(full(), 2, dpi, 1.2, 12.0, whole=True)))
    assert len(scan.parts) > 1
    (one,) = verify([scan], OURS)
    assert one.record is not None
    assert one.record.fields[-150:] == LONG


def test_a_photo_is_read() -> None:
    picture = scanned(paper(), 2, 200, 4.0, 14.0, whole=True)
    across, down = picture.size
    corners = (30, 60, 0, down, across - 90, down - 40, across, 20)
    photo = picture.transform((across, down), Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
    assert the_finding(file_of(photo, "jpeg")).record == record(1)


def test_a_pdf_of_both_sides_is_read_sheet_by_sheet() -> None:
    findings = verify([read(paper())], OURS)
    assert [one.record for one in findings] == [record(1), record(2)]
    assert missing_sheets(findings) == ()


def test_the_front_says_what_the_code_on_its_back_says() -> None:
    (one, _) = verify([read(paper())], OURS)
    assert one.record is not None
    told: dict[str, str] = dict(one.record.fields)
    assert (told["氏名"], told["個人番号"]) == ("山田 太郎", "省略")
    assert told["認証文"] == "この写しは、住民票の原本と相違ないことを証明する。"


# ---------------------------------------------------------------- whatever else lies there


def test_a_front_or_an_empty_page_has_no_code_and_the_answer_says_what_to_do() -> None:
    one = the_finding(scanned(paper(), 1, 200, whole=True))
    assert one.verdict is Verdict.NOTHING
    assert "Scan the back of the sheet" in one.said
    assert "300 dpi" in one.said


def test_another_code_is_told_from_none() -> None:
    out = Image.new("L", (400, 400), 255)
    rows = segno.make("https://example.com/", error="m", micro=False).matrix
    code = Image.frombytes(
        "L", (len(rows), len(rows)), b"".join(bytes(255 * (1 - b) for b in r) for r in rows)
    )
    out.paste(code.resize((8 * len(rows), 8 * len(rows)), Image.Resampling.NEAREST), (50, 50))
    assert the_finding(out).verdict is Verdict.FOREIGN


def test_a_part_of_the_codes_is_not_enough_and_the_missing_one_is_named() -> None:
    picture = scanned(full(), 2, 200, whole=True)
    upper_left = picture.crop((0, 0, picture.width // 2, picture.height // 2))
    one = the_finding(upper_left)
    assert one.verdict is Verdict.INCOMPLETE
    assert "Missing: 2" in one.said
    right = picture.crop((picture.width // 2, 0, picture.width, picture.height))
    lower = picture.crop((0, picture.height // 3, picture.width, picture.height))
    (whole,) = verify([read(file_of(part)) for part in (upper_left, right, lower)], OURS)
    assert whole.verdict is Verdict.GENUINE


def test_a_torn_code_is_not_read_at_all() -> None:
    picture = scanned(paper(), 2, 200)
    picture.paste(255, (0, 0, picture.width // 2, picture.height))
    assert the_finding(picture).verdict is Verdict.NOTHING


def test_contents_of_a_forger_are_never_shown() -> None:
    forged = replace(record(), fields=(("氏名", "偽造 太郎"),))
    stranger = Sealer.from_pem(new_key()).signing
    message = sign(forged.pack(), stranger)
    (unknown,) = verify([seen(message)], OURS)
    assert (unknown.verdict, unknown.record) == (Verdict.UNKNOWN_KEY, None)
    assert stranger.public.id in unknown.said
    ours, theirs = bytes.fromhex(some_key().public.id), bytes.fromhex(stranger.public.id)
    (tampered,) = verify([seen(message.replace(theirs, ours))], OURS)
    assert (tampered.verdict, tampered.record) == (Verdict.TAMPERED, None)
    for one in (unknown, tampered):
        assert "偽造" not in "\n".join(lines(one))


def test_a_code_with_our_mark_and_nothing_in_it_is_tampered() -> None:
    (one,) = verify([seen(b"nothing")], OURS)
    assert one.verdict is Verdict.TAMPERED


def test_a_later_version_is_told_from_a_forgery() -> None:
    (one,) = verify([seen(sign(b"another form", some_key()))], OURS)
    assert (one.verdict, one.record) == (Verdict.UNREADABLE, None)


def test_a_sample_is_called_one_and_counts_only_where_samples_are_asked_for() -> None:
    message = sign(replace(record(), sample=True).pack(), some_key())
    (one,) = verify([seen(message)], OURS)
    assert (one.verdict, one.good) == (Verdict.SAMPLE, False)
    assert "見本" in one.said
    (asked_for,) = verify([seen(message)], OURS, samples=True)
    assert asked_for.good
    assert "見本" in asked_for.said


def test_whose_number_was_not_looked_up_is_told_so() -> None:
    (one, other) = verify([read(paper())], OURS), verify([read(paper())], OURS, lambda _: Standing.DELIVERED)
    assert "not looked up" in one[0].said
    assert "not looked up" not in other[0].said


def test_r37_the_sheets_that_were_not_shown_are_named() -> None:
    (one,) = verify([seen(sign(record(2).pack(), some_key()))], OURS)
    (line,) = missing_sheets([one])
    assert NUMBER in line
    assert "sheet 1/2" in line


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (b"", "not a picture"),
        (b"GIF89a", "not a picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "not a picture"),
        (b"%PDF-1.7 nothing", "PDF that cannot be read"),
        (file_of(Image.new("1", (9000, 9000)))[:2000], "million pixels"),
    ],
    ids=["empty", "GIF", "a torn PNG", "a torn PDF", "a giant"],
)
def test_what_is_no_scan_is_refused_with_the_reason(file: bytes, says: str) -> None:
    with pytest.raises(NotAScan, match=says):
        read(file)
    assert MOST_PAGES >= 20


def test_a_key_of_p256_signs_and_verifies_too() -> None:
    key = PrivateKey(generate_private_key(SECP256R1()))
    (one, _) = verify([read(finished(press(), certificate(), NUMBER, key))], Keyring([key.public]))
    assert one.record == record(1)


# ---------------------------------------------------------------- the number at the center


def registry(path: Path, outcome: str | None, number: str = NUMBER) -> CenterSettings:
    """A center's, in which this number stands so."""
    engine = open_engine(path)
    with engine.begin() as connection:
        order = {"id": "0d" * 16, "terminal": "T01", "request": "", "state": "issued", "at": NOON}
        connection.execute(insert(tables.orders).values(order))
        values = {"number": number, "order": "0d" * 16, "terminal": "T01", "day": DAY, "serial": 1}
        connection.execute(insert(tables.numbers).values(values | {"outcome": outcome}))
    engine.dispose()
    return CenterSettings("unix:/x", str(path), str(PROFILE), "", ())


@pytest.mark.parametrize(
    ("outcome", "standing", "verdict"),
    [
        ("delivered", Standing.DELIVERED, Verdict.GENUINE),
        (None, Standing.OPEN, Verdict.GENUINE),
        ("void", Standing.VOID, Verdict.INVALID),
        ("refunded", Standing.REFUNDED, Verdict.INVALID),
        ("in-doubt", Standing.IN_DOUBT, Verdict.INVALID),
    ],
)
def test_a_number_is_shown_as_the_center_has_it(
    tmp_path: Path, outcome: str | None, standing: Standing, verdict: Verdict
) -> None:
    look_up = lookup(registry(tmp_path / "registry.db", outcome))
    assert look_up(NUMBER) is standing
    (one,) = verify([seen(sign(record().pack(), some_key()))], OURS, look_up)
    assert (one.verdict, one.record) == (verdict, record())


def test_a_number_that_the_center_never_gave_is_invalid(tmp_path: Path) -> None:
    other = str(CertificateNumber("162027", DAY, "T01", 2))
    look_up = lookup(registry(tmp_path / "registry.db", "delivered", other))
    (one,) = verify([seen(sign(record().pack(), some_key()))], OURS, look_up)
    assert one.verdict is Verdict.INVALID
    assert "never gave this number" in one.said


def test_a_registry_that_is_not_there_or_lives_in_memory_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NoRegistry, match="no such registry"):
        lookup(CenterSettings("unix:/x", str(tmp_path / "none.db"), str(PROFILE), "", ()))
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(NoRegistry, match="sample registry"):
        lookup(CenterSettings("unix:/x", "sample", str(PROFILE), "", ()))
    (tmp_path / "noise.db").write_bytes(bytes(4096))
    with pytest.raises(NoRegistry, match="cannot be read"):
        lookup(CenterSettings("unix:/x", str(tmp_path / "noise.db"), str(PROFILE), "", ()))(NUMBER)


# ---------------------------------------------------------------- the command


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a key, a scan and a center."""
    (tmp_path / "center.pem").write_bytes(some_key().public.pem())
    (tmp_path / "back.pdf").write_bytes(paper())
    settings = registry(tmp_path / "registry.db", "void")
    text = (
        f'listen = "unix:/x"\nregistry = "{settings.registry}"\nprofile = "x"\nseal_key = "x"\ntrust = []\n'
    )
    (tmp_path / "center.toml").write_text(text)
    return tmp_path


def test_the_command_prints_the_true_contents_under_their_labels(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["paper", "verify", str(desk / "back.pdf"), "--key", str(desk / "center.pem")]) == 0
    out = capsys.readouterr().out
    rows = [tuple(line.split(None, 1)) for line in out.splitlines() if line.startswith("  ")]
    assert ("氏名", "山田 太郎") in rows
    assert ("証明書固有番号", NUMBER) in rows
    assert ("ページ番号", "2/2") in rows
    assert ("発行年月日", "令和8年4月1日") in rows
    assert out.count("GENUINE: ") == 2


def test_r37_the_command_says_no_to_a_certificate_of_which_a_sheet_is_missing(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk / "one.png").write_bytes(file_of(scanned(paper(), 2, 200)))
    assert main(["paper", "verify", str(desk / "one.png"), "--key", str(desk / "center.pem")]) == 1
    assert "not shown yet: sheet" in capsys.readouterr().out


def test_the_command_says_no_to_a_void_number_a_stranger_s_key_and_an_empty_page(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, center = str(desk / "center.pem"), str(desk / "center.toml")
    assert main(["paper", "verify", str(desk / "back.pdf"), "--key", key, "--center", center]) == 1
    assert "VOID (無効)" in capsys.readouterr().out
    (desk / "other.pem").write_bytes(Sealer.from_pem(new_key()).public_pem())
    assert main(["paper", "verify", str(desk / "back.pdf"), "--key", str(desk / "other.pem")]) == 1
    out = capsys.readouterr().out
    assert "UNKNOWN-KEY" in out
    assert "山田" not in out
    (desk / "empty.png").write_bytes(file_of(Image.new("L", (800, 1100), 255)))
    assert main(["paper", "verify", str(desk / "empty.png"), "--key", key]) == 1
    assert "No code was found" in capsys.readouterr().out


def test_the_command_reads_standard_input_and_answers_in_json(
    desk: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with (desk / "back.pdf").open("rb") as file, TextIOWrapper(file) as standard_input:
        monkeypatch.setattr("sys.stdin", standard_input)
        assert main(["paper", "verify", "-", "--json", "--key", str(desk / "center.pem")]) == 0
    told = msgspec.json.decode(capsys.readouterr().out, type=Told)
    assert [one.verdict for one in told.findings] == ["genuine", "genuine"]
    assert ("ページ番号", "2/2") in told.findings[1].rows
    assert told.missing == ()


def test_a_file_that_is_no_scan_is_named(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = str(desk / "center.pem")
    assert main(["paper", "verify", key, "--key", key]) == 2
    assert "center.pem: not a picture" in capsys.readouterr().err
