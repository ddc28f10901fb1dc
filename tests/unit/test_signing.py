"""Two signatures in order, that hold for whoever looks; and everything that must keep them from being put."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import parser
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError

from pipeline.domain.errors import SigningError, SohoaError, UnavailableError
from pipeline.domain.signatures import LEVEL, Integrity, SignatureRole, Trust
from storage.signing import examination
from storage.signing.examination import PdfExaminer
from storage.signing.keys import FileKey, key_at, parse_token_uri, read_passphrase
from storage.signing.revocation import GivenAnswers
from storage.signing.trial import NOTICE, Purpose, TrialAuthority, issue, list_revoked
from storage.signing.trust import load_trust
from tests.signing_desk import AGENCY, DIGITISER, PASSPHRASE, Desk, compose_pdf, now

D, A = SignatureRole.DIGITISER, SignatureRole.AGENCY


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compose_pdf(tmp_path_factory.mktemp("pdf") / "văn bản.pdf")


@pytest.fixture(scope="module")
def twice(desk: Desk, pdf: Path) -> Path:
    return desk.sign_twice(pdf)


def test_both_signatures_are_valid_for_whoever_looks_and_bear_all_that_proves_them(twice: Path, desk: Desk) -> None:
    with twice.open("rb") as file:
        reader = PdfFileReader(file, strict=True)
        assert [one.field_name for one in reader.embedded_regular_signatures] == ["ChuKyCanBoSoHoa", "ChuKyCoQuan"]
        for one in reader.embedded_regular_signatures:
            one.compute_integrity_info()
            found = examination._validate(one, desk.trust, examination._Demands())
            assert found.ades_subindic is AdESPassed.OK
            assert found.api_status.intact and found.api_status.valid
            assert one.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        assert len(reader.root["/DSS"]["/Certs"]) == 3
        assert len(reader.root["/DSS"]["/CRLs"]) >= 1


def test_what_signing_tells_is_what_stands_in_the_file(desk: Desk, pdf: Path, tmp_path: Path) -> None:
    once, twice = tmp_path / "1.pdf", tmp_path / "2.pdf"
    at = now()
    (first,) = desk.signer(D).sign(pdf, once, at=at)
    assert (first.role, first.name, first.level, first.valid) == (D, DIGITISER, LEVEL, True)
    assert desk.signer(A).sign(once, twice, at=at)[0] == first
    second = desk.signer(A).sign(once, twice, at=at)[1]
    assert (second.role, second.name, second.valid) == (A, AGENCY, True)
    assert second.certificate.serial == f"{desk.people[A].certificate.serial_number:x}"
    assert second.stamped_at is not None and abs(second.stamped_at - at) < timedelta(minutes=5)
    assert "Dấu thời gian" in second.authority


def test_what_was_signed_before_stays_byte_by_byte(desk: Desk, pdf: Path, twice: Path) -> None:
    once = twice.with_name(twice.name.replace("twice", "once"))
    assert once.read_bytes().startswith(pdf.read_bytes())
    assert twice.read_bytes().startswith(once.read_bytes())


def test_the_agency_does_not_sign_before_the_digitiser(desk: Desk, pdf: Path, tmp_path: Path) -> None:
    with pytest.raises(SigningError) as caught:
        desk.signer(A).sign(pdf, tmp_path / "x.pdf", at=now())
    assert caught.value.code == "signature_order"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("role", SignatureRole)
def test_nobody_signs_after_the_agency(desk: Desk, twice: Path, tmp_path: Path, role: SignatureRole) -> None:
    with pytest.raises(SigningError) as caught:
        desk.signer(role).sign(twice, tmp_path / "x.pdf", at=now())
    assert caught.value.code == "already_signed"


def test_the_digitiser_signs_once(desk: Desk, twice: Path, tmp_path: Path) -> None:
    once = twice.with_name(twice.name.replace("twice", "once"))
    with pytest.raises(SigningError, match="the digitiser's signature goes onto a file with no signature"):
        desk.signer(D).sign(once, tmp_path / "x.pdf", at=now())


def test_the_agency_does_not_sign_over_a_digitisers_signature_that_does_not_hold(
    desk: Desk, twice: Path, tmp_path: Path
) -> None:
    data = bytearray(twice.with_name(twice.name.replace("twice", "once")).read_bytes())
    data[data.index(b"/MediaBox") + 12] ^= 1
    (tmp_path / "altered.pdf").write_bytes(data)
    with pytest.raises(SigningError):
        desk.signer(A).sign(tmp_path / "altered.pdf", tmp_path / "x.pdf", at=now())
    stranger = Desk(tmp_path)
    with pytest.raises(SigningError) as caught:
        stranger.signer(A).sign(twice.with_name(twice.name.replace("twice", "once")), tmp_path / "x.pdf", at=now())
    assert caught.value.code == "signature_unproven"


class Away(TimeStamper):
    """A time-stamp authority that does not answer."""

    async def async_request_tsa_response(self, req: object) -> object:
        raise TimestampRequestError("the time-stamp authority does not answer (ConnectTimeoutError)")


def test_without_a_time_stamp_nothing_is_signed_at_all(desk: Desk, pdf: Path, tmp_path: Path) -> None:
    with pytest.raises(UnavailableError) as caught:
        desk.signer(D, stamper=Away()).sign(pdf, tmp_path / "x.pdf", at=now())
    assert caught.value.code == "time_stamp_unavailable"
    assert caught.value.retryable
    assert list(tmp_path.iterdir()) == []


def test_a_clock_that_is_wrong_signs_nothing(desk: Desk, pdf: Path, tmp_path: Path) -> None:
    with pytest.raises(SigningError, match="the clock says"):
        desk.signer(D).sign(pdf, tmp_path / "x.pdf", at=now() - timedelta(hours=7))
    assert list(tmp_path.iterdir()) == []


def _fails(desk: Desk, pdf: Path, folder: Path, **changes: object) -> SohoaError:
    with pytest.raises(SohoaError) as caught:
        desk.signer(D, **changes).sign(pdf, folder / "x.pdf", at=now())
    assert not (folder / "x.pdf").exists()
    return caught.value


def test_certificates_that_do_not_hold_are_refused_with_their_reason(desk: Desk, pdf: Path, tmp_path: Path) -> None:
    old = issue("cũ", Purpose(until=now() - timedelta(hours=1)), desk.root)
    young = issue("mới", Purpose(since=now() + timedelta(days=1)), desk.root)
    revoked = issue("thu hồi", Purpose(), desk.root)
    known = GivenAnswers((list_revoked(desk.root, (revoked.certificate,)),))
    strange = issue("lạ", Purpose(), issue("gốc lạ", Purpose(authority=True)))
    unlisted = GivenAnswers(())
    stamps = issue("không để ký", Purpose(authority=True), desk.root)
    cases = {
        "certificate_expired": {"key": desk.key(old)},
        "certificate_not_yet_valid": {"key": desk.key(young)},
        "certificate_revoked": {"key": desk.key(revoked), "answers": known},
        "certificate_untrusted": {"key": desk.key(strange)},
        "revocation_unavailable": {"answers": unlisted},
        "certificate_unfit": {"key": desk.key(stamps)},
    }
    found = {code: _fails(desk, pdf, tmp_path, **changes) for code, changes in cases.items()}
    assert {code: error.code for code, error in found.items()} == {code: code for code in cases}
    assert all("Hãy" in error.advice or "hãy" in error.advice for error in found.values())
    assert [code for code, error in found.items() if error.retryable] == ["revocation_unavailable"]


def test_a_wrong_pass_phrase_says_what_to_do_and_shows_itself_nowhere(
    desk: Desk, pdf: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = "sai-mật-khẩu-77"
    error = _fails(desk, pdf, tmp_path, key=desk.key(desk.people[D], wrong))
    assert error.code == "wrong_passphrase"
    assert "mật khẩu" in error.advice
    told = _everything_of(error) + caplog.text + "".join(capfd.readouterr())
    assert wrong not in told
    assert PASSPHRASE not in told


def test_a_pass_phrase_stands_in_no_file_log_or_representation(
    desk: Desk, pdf: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    signer = desk.signer(D)
    signatures = signer.sign(pdf, tmp_path / "1.pdf", at=now())
    told = f"{signer!r} {vars(signer)} {signatures!r}" + caplog.text + "".join(capfd.readouterr())
    error = _fails(desk, pdf, tmp_path, stamper=Away())
    told += _everything_of(error)
    assert PASSPHRASE not in told
    assert PASSPHRASE.encode() not in (tmp_path / "1.pdf").read_bytes()


def _everything_of(error: BaseException) -> str:
    """The error as the most talkative of tracebacks shows it: with the locals of every frame, causes and contexts too."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    return f"{error!r} {error} {vars(error)}" + "".join(line for line in shown.format() if "signing_desk" not in line)


def test_pass_phrases_come_from_files_that_nobody_else_may_read(tmp_path: Path) -> None:
    file = tmp_path / "pass"
    file.write_text("bí mật\nsecond line\n", encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(SigningError, match="chmod 600"):
        read_passphrase(file)
    file.chmod(0o600)
    assert read_passphrase(file).reveal() == "bí mật"
    with pytest.raises(SigningError):
        read_passphrase(tmp_path / "missing")


def test_a_key_that_everybody_may_read_is_refused(desk: Desk, pdf: Path, tmp_path: Path) -> None:
    key = desk.key(desk.people[D])
    assert isinstance(key, FileKey)
    key._path.chmod(0o644)
    assert _fails(desk, pdf, tmp_path, key=key).code == "unsafe_key_file"
    assert _fails(desk, pdf, tmp_path, key=key_at(str(tmp_path / "none.p12"), key._passphrase)).code == "key_missing"


def test_tokens_are_named_by_uris_without_pass_phrases() -> None:
    uri = parse_token_uri("pkcs11:token=VGCA%20Token;object=Ch%E1%BB%AF%20k%C3%BD;id=%01%02?module-path=/usr/lib/x.so")
    assert (uri.module, uri.token, uri.label, uri.id) == ("/usr/lib/x.so", "VGCA Token", "Chữ ký", b"\x01\x02")
    for bad in ("pkcs11:object=a", "pkcs11:token=a?module-path=/x.so", "pkcs11:object=a?module-path=/x.so&pin-value=1234"):
        with pytest.raises(SigningError) as caught:
            parse_token_uri(bad)
        assert "1234" not in f"{caught.value!r} {caught.value.advice}"


def test_trial_keys_last_and_say_what_they_are(tmp_path: Path, pdf: Path) -> None:
    trial = TrialAuthority(tmp_path / "trial")
    trial.key(D)
    again = TrialAuthority(tmp_path / "trial")
    assert again.trust.roots[0].dump() == trial.trust.roots[0].dump()
    assert NOTICE in again.trust.roots[0].subject.human_friendly
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "trial").iterdir()} == {0o600}


def test_trusted_certificates_come_from_a_folder(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "root.der").write_bytes(desk.root.for_validation.dump())
    (tmp_path / "person.cer").write_bytes(desk.people[D].for_validation.dump())
    (tmp_path / "notes.txt").write_text("not read")
    found = load_trust(tmp_path)
    assert [one.dump() for one in found.roots] == [desk.root.for_validation.dump()]
    assert len(found.others) == 1
    (tmp_path / "bad.pem").write_text("nonsense")
    with pytest.raises(SigningError, match=r"bad\.pem"):
        load_trust(tmp_path)


def _marks(data: bytes) -> dict[str, int]:
    """A byte in every part of a PDF that was signed twice."""
    streams = [found.end() for found in re.finditer(rb"stream\r?\n", data)]
    contents = [found.end() for found in re.finditer(rb"/Contents <", data)]
    return {
        "header": 6,
        "picture of page 1": streams[0] + 20,
        "text of page 1": streams[1] + 8,
        "picture of page 2": streams[2] + 20,
        "text of page 2": streams[3] + 8,
        "page dictionary": data.index(b"/MediaBox") + 12,
        "metadata": data.index(b"<dc:title>") + 3,
        "title": data.index(b"/Title") + 12,
        "cross-reference table": data.index(b"xref\n0 ") + 45,
        "trailer": data.index(b"trailer") + 12,
        "first signature": contents[0] + 900,
        "second signature": contents[1] + 900,
        "appearance": data.index(b"/FontFile2") + 1,
        "byte range": data.index(b"/ByteRange [0") + 14,
        "behind the second signature": data.index(b">", contents[1]) - 3,
        "proof of the first": data.index(b"/DSS") + 400,
        "a certificate in the last proof": data.rindex(b"/Certs") + 40,
        "the last end": len(data) - 4,
    }


def _unseen(data: bytes, places: dict[str, int], desk: Desk, folder: Path) -> list[str]:
    """The parts in which a flipped byte goes unseen."""
    examiner, altered = PdfExaminer(desk.trust), folder / "altered.pdf"
    altered.write_bytes(data)
    told = examiner.examine(altered)
    assert all(one.integrity is Integrity.INTACT and one.trust is Trust.TRUSTED and one.stamped_at for one in told)
    unseen = []
    for part, place in places.items():
        altered.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        if examiner.examine(altered) == told:
            unseen.append(part)
    return unseen


def _unsigned(data: bytes) -> set[int]:
    """Where the last signature spells what RFC 5652 puts under no seal and what is known from elsewhere.

    In the signature and in its time stamp: the versions, the list of algorithms, the name of the certificate (whose hash is
    signed) and the empty parameters of the algorithm.
    """
    start = [found.end() for found in re.finditer(rb"/Contents <", data)][-1]
    stamp = (0, 1, 0, 4, 0, 6, 0, 1, 0)
    free = [
        content + part for content in ((0, 1, 0), (*stamp, 1, 0)) for part in ((0,), (1,), (4, 0, 0), (4, 0, 1), (4, 0, 2, 1))
    ]
    parts = dict(_nodes(bytes.fromhex(data[start : data.index(b">", start)].decode()), 0, ()))
    return {start + digit for path in free for digit in range(2 * parts[path][0], 2 * parts[path][1])}


def _nodes(encoded: bytes, offset: int, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], tuple[int, int]]]:
    """Every element of the DER, by its path: the bytes from and to which it goes."""
    number = 0
    while encoded and encoded[0]:
        _, constructed, _, header, content, _ = parser.parse(encoded)
        size = len(header) + len(content)
        yield (*path, number), (offset, offset + size)
        if constructed:
            yield from _nodes(content, offset + len(header), (*path, number))
        encoded, offset, number = encoded[size:], offset + size, number + 1


def test_a_byte_flipped_in_any_part_is_found(twice: Path, desk: Desk, tmp_path: Path) -> None:
    data = twice.read_bytes()
    assert _unseen(data, _marks(data), desk, tmp_path) == []


def test_a_byte_flipped_anywhere_is_found(twice: Path, desk: Desk, tmp_path: Path) -> None:
    data = twice.read_bytes()
    free = _unsigned(data)
    assert len(free) < len(data) // 50
    places = {f"byte {place}": place for place in range(3, len(data), len(data) // 60) if place not in free}
    assert _unseen(data, places, desk, tmp_path) == []


def test_the_last_signature_covers_all_that_proves_it_and_says_nothing_new_of_the_file(twice: Path) -> None:
    data = twice.read_bytes()
    assert data.count(b"<?xpacket begin") == 1
    assert data.count(b"%%EOF") == 3
    with pikepdf.open(twice) as signed:
        assert str(signed.docinfo["/Producer"]) == "Sohoa"


def test_what_is_added_behind_the_signatures_is_found(twice: Path, desk: Desk, tmp_path: Path) -> None:
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(twice.read_bytes() + b"\n% more\n")
    assert not PdfExaminer(desk.trust).examine(altered)[-1].whole
    altered.write_bytes(twice.read_bytes())
    with altered.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file)
        writer.root["/Lang"] = pdf_string("en")
        writer.update_root()
        writer.write_in_place()
    assert _integrities(altered, desk) == [Integrity.CHANGED, Integrity.CHANGED]
    with pikepdf.open(twice) as rewritten:
        rewritten.docinfo["/Title"] = "khác"
        rewritten.save(altered)
    assert set(_integrities(altered, desk)) <= {Integrity.BROKEN, Integrity.CHANGED, Integrity.UNREADABLE}


def _integrities(pdf: Path, desk: Desk) -> list[Integrity]:
    return [one.integrity for one in PdfExaminer(desk.trust).examine(pdf)]
