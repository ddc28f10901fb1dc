"""Signatures that files come with: whether they hold is said, and never hidden."""

from __future__ import annotations

import hashlib
import json
import pickle
import time
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from pipeline import doctor
from pipeline.archive import Record, record_as_json
from pipeline.domain.documents import Source, Status
from pipeline.domain.findings import Problem
from pipeline.domain.signatures import Integrity, Revocation, SignatureRole, SourceSignature, Trust
from pipeline.review import heed_signatures
from pipeline.settings import Settings
from pipeline.signing.examining import examine_bounded
from pipeline.workbench import build_examiner, build_pool
from storage.signing.examination import PdfExaminer
from storage.signing.trial import Purpose, issue
from storage.signing.trust import TrustStore
from tests.signing_desk import Desk, compose_pdf, now, sign_foreign


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compose_pdf(tmp_path_factory.mktemp("pdf") / "x.pdf", pages=1)


@pytest.fixture(scope="module")
def signed(desk: Desk, pdf: Path) -> Path:
    return sign_foreign(desk, pdf, pdf.with_name("signed.pdf"), desk.people[SignatureRole.DIGITISER])


def examine(path: Path, trust: TrustStore) -> SourceSignature:
    (found,) = PdfExaminer(trust).examine(path)
    return found


def test_a_sound_signature_of_a_trusted_signer_is_told_with_who_and_when(desk: Desk, signed: Path) -> None:
    found = examine(signed, desk.trust)
    assert (found.integrity, found.trust, found.whole) == (Integrity.INTACT, Trust.TRUSTED, True)
    assert (found.revocation, found.stamped_at) == (Revocation.UNKNOWN, None)
    assert found.name.startswith("digitiser")
    assert found.certificate is not None and found.certificate.until is not None
    assert found.claimed_at is not None and abs(found.claimed_at - now()) < timedelta(minutes=5)


def test_what_was_found_leaves_the_process_that_found_it(signed: Path) -> None:
    with build_pool(Settings.from_environment({"SOHOA_JOBS": "1"}), 1) as pool:
        source = pool.inspect(signed, "signed.pdf")
    assert source.signatures == 1
    assert source.signed == PdfExaminer(TrustStore()).examine(signed)
    assert all(type(one.field) is str for one in source.signed)


def test_what_a_file_bears_of_time_and_revocation_counts(desk: Desk, pdf: Path, tmp_path: Path) -> None:
    desk.signer(SignatureRole.DIGITISER).sign(pdf, tmp_path / "1.pdf", at=now())
    found = examine(tmp_path / "1.pdf", desk.trust)
    assert (found.trust, found.revocation) == (Trust.TRUSTED, Revocation.GOOD)
    assert found.stamped_at is not None


def test_where_nothing_is_trusted_nothing_is_claimed(signed: Path) -> None:
    found = examine(signed, TrustStore())
    assert (found.integrity, found.trust) == (Integrity.INTACT, Trust.UNKNOWN)
    assert heed_signatures((found,), Status.APPROVED, ()) == (Status.APPROVED, ())


def test_signers_that_cannot_be_trusted_are_told_apart(desk: Desk, pdf: Path, tmp_path: Path) -> None:
    old = issue("cũ", Purpose(since=now() - timedelta(days=9), until=now() - timedelta(days=1)), desk.root)
    cases = {
        Trust.SELF_SIGNED: issue("tự cấp", Purpose()),
        Trust.UNTRUSTED: issue("lạ", Purpose(), issue("gốc lạ", Purpose(authority=True))),
        Trust.EXPIRED: old,
    }
    found = {trust: examine(sign_foreign(desk, pdf, tmp_path / "x.pdf", who), desk.trust) for trust, who in cases.items()}
    assert {trust: one.trust for trust, one in found.items()} == {trust: trust for trust in cases}
    assert {one.integrity for one in found.values()} == {Integrity.INTACT}


def test_a_signature_by_algorithms_that_can_be_forged_is_called_weak(desk: Desk, pdf: Path, tmp_path: Path) -> None:
    who = desk.people[SignatureRole.AGENCY]
    found = examine(sign_foreign(desk, pdf, tmp_path / "x.pdf", who, md_algorithm="sha1"), desk.trust)
    assert (found.integrity, found.trust) == (Integrity.INTACT, Trust.WEAK)


def test_another_byte_breaks_a_signature(desk: Desk, signed: Path, tmp_path: Path) -> None:
    data = bytearray(signed.read_bytes())
    data[data.index(b"/MediaBox") + 12] ^= 1
    (tmp_path / "x.pdf").write_bytes(data)
    found = examine(tmp_path / "x.pdf", desk.trust)
    assert (found.integrity, found.trust) == (Integrity.BROKEN, Trust.UNKNOWN)


def test_what_was_changed_behind_a_signature_is_told_update_by_update(desk: Desk, signed: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(signed.read_bytes())
    with path.open("r+b") as file:
        writer = IncrementalPdfFileWriter(file, strict=False)
        writer.root["/Lang"] = pdf_string("en")
        writer.update_root()
        writer.write_in_place()
    found = examine(path, desk.trust)
    assert (found.integrity, found.whole) == (Integrity.CHANGED, False)
    assert found.changes == ("update 2: no signature",)
    assert found.reason


def test_a_second_signature_does_not_harm_the_first(desk: Desk, signed: Path, tmp_path: Path) -> None:
    path = sign_foreign(desk, signed, tmp_path / "x.pdf", desk.people[SignatureRole.AGENCY])
    first, second = PdfExaminer(desk.trust).examine(path)
    assert (first.integrity, second.integrity) == (Integrity.INTACT, Integrity.INTACT)
    assert first.changes == (f"update 2: signature {second.field}",)


@pytest.mark.parametrize("garbage", [b"", b"%PDF-1.7\n" + b"x" * 500, b"%PDF-1.7\n1 0 obj\n<</A 1 0 R>>\nstartxref\n9\n%%EOF"])
def test_a_file_that_makes_no_sense_is_unreadable_and_harms_nobody(tmp_path: Path, garbage: bytes, desk: Desk) -> None:
    (tmp_path / "x.pdf").write_bytes(garbage)
    assert examine(tmp_path / "x.pdf", desk.trust).integrity is Integrity.UNREADABLE


def test_a_signature_that_is_no_signature_is_unreadable(desk: Desk, signed: Path, tmp_path: Path) -> None:
    data = signed.read_bytes()
    place = data.index(b"/Contents <") + 11
    (tmp_path / "x.pdf").write_bytes(data[:place] + b"00" * 400 + data[place + 800 :])
    assert examine(tmp_path / "x.pdf", desk.trust).integrity is Integrity.UNREADABLE


class Endless:
    """An examiner that a hostile file keeps busy."""

    def __init__(self, error: type[BaseException] | None = None) -> None:
        self.error = error

    def examine(self, pdf: Path) -> tuple[SourceSignature, ...]:
        if self.error:
            raise self.error
        while True:
            time.sleep(0.01)


@pytest.mark.parametrize("error", [None, MemoryError, RecursionError, OSError])
def test_a_hostile_file_takes_its_time_and_no_more(tmp_path: Path, error: type[BaseException] | None) -> None:
    (found,) = examine_bounded(tmp_path / "x.pdf", Endless(error), 0.05)
    assert found.integrity is Integrity.UNREADABLE
    assert "Error" in found.reason


def told(integrity: Integrity, trust: Trust) -> SourceSignature:
    return SourceSignature("Signature1", "Nguyễn Văn A", integrity, trust)


def test_what_is_wrong_with_a_signature_holds_the_document_back_and_comes_first() -> None:
    before = Problem("page_rescan", "…", page=1)
    status, problems = heed_signatures((told(Integrity.BROKEN, Trust.UNKNOWN),), Status.APPROVED, (before,))
    assert (status, [one.code for one in problems]) == (Status.NEEDS_REVIEW, ["signature_broken", "page_rescan"])
    assert "Nguyễn Văn A" in problems[0].message


@pytest.mark.parametrize(
    ("integrity", "trust", "codes"),
    [
        (Integrity.INTACT, Trust.TRUSTED, []),
        (Integrity.INTACT, Trust.WEAK, []),
        (Integrity.INTACT, Trust.UNTRUSTED, ["signature_untrusted"]),
        (Integrity.INTACT, Trust.SELF_SIGNED, ["signature_self_signed"]),
        (Integrity.INTACT, Trust.EXPIRED, ["signature_expired"]),
        (Integrity.INTACT, Trust.REVOKED, ["signature_revoked"]),
        (Integrity.CHANGED, Trust.EXPIRED, ["signature_changed", "signature_expired"]),
        (Integrity.UNREADABLE, Trust.UNKNOWN, ["signature_unreadable"]),
    ],
)
def test_every_fault_has_its_code_and_says_what_to_do(integrity: Integrity, trust: Trust, codes: list[str]) -> None:
    status, problems = heed_signatures((told(integrity, trust),), Status.APPROVED, ())
    assert [one.code for one in problems] == codes
    assert status is (Status.NEEDS_REVIEW if codes else Status.APPROVED)


def test_the_record_tells_of_every_signature(desk: Desk, signed: Path, root: Path) -> None:
    found = (examine(signed, desk.trust), told(Integrity.UNREADABLE, Trust.UNKNOWN))
    source = Source("a.pdf", hashlib.sha256().hexdigest(), 1, "application/pdf", 1, 2, found)
    raw = record_as_json(Record(source, Status.NEEDS_REVIEW, document="x"))
    schema = json.loads((root / "pipeline" / "archive" / "record.schema.json").read_text())
    Draft202012Validator(schema).validate({**raw, "created_at": "", "received_at": ""})
    assert raw["source"]["signatures"] == 2
    assert [one["integrity"] for one in raw["source_signatures"]] == ["intact", "unreadable"]
    assert raw["source_signatures"][0]["certificate"]["serial"]


def test_examiners_are_made_of_the_certificates_in_the_settings(desk: Desk, signed: Path, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(desk.root.for_validation.dump())
    (found,) = build_examiner(tmp_path).examine(signed)
    assert found.trust is Trust.TRUSTED
    (found,) = build_examiner(None).examine(signed)
    assert found.trust is Trust.UNKNOWN


def test_authorities_of_incoming_signatures_are_a_list_of_their_own(desk: Desk, signed: Path, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder, root in ((ours, Desk(tmp_path / "other").root), (theirs, desk.root)):
        folder.mkdir()
        (folder / "root.pem").write_bytes(root.for_validation.dump())

    def settings(**env: str) -> Settings:
        return Settings.from_environment({"SOHOA_HOME": str(tmp_path), **env})

    both = settings(SOHOA_TRUST=str(ours), SOHOA_TRUST_INCOMING=str(theirs))
    for told, trust in (
        (both, Trust.TRUSTED),
        (settings(SOHOA_TRUST=str(ours)), Trust.UNTRUSTED),
        (settings(SOHOA_TRUST=str(theirs)), Trust.TRUSTED),
        (settings(SOHOA_TRUST=str(theirs), SOHOA_TRUST_INCOMING=str(ours)), Trust.UNTRUSTED),
        (settings(), Trust.UNKNOWN),
    ):
        (found,) = build_examiner(told.signing.accepted).examine(signed)
        assert found.trust is trust
    with build_pool(both, 1) as pool:
        assert pool.inspect(signed, "signed.pdf").signed[0].trust is Trust.TRUSTED


def test_the_doctor_names_the_authorities_that_are_accepted_and_until_when(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(desk.root.for_validation.dump())
    env = {"SOHOA_HOME": str(tmp_path), "SOHOA_TRUST_INCOMING": str(tmp_path / "root.pem")}
    told = doctor._incoming(Settings.from_environment(env))
    certificate = desk.root.for_validation
    assert told.ok
    assert certificate.subject.human_friendly in told.found
    assert f"{certificate.not_valid_after:%Y-%m-%d}" in told.found
    nobody = doctor._incoming(Settings.from_environment({"SOHOA_HOME": str(tmp_path)}))
    assert (nobody.ok, nobody.needed) == (False, False)
    (tmp_path / "root.pem").write_bytes(b"no certificate")
    broken = doctor._incoming(Settings.from_environment(env))
    assert (broken.ok, broken.needed) == (False, True)


@pytest.mark.needs_shared
def test_signatures_of_real_papers_are_intact(shared: Path) -> None:
    examiner = PdfExaminer(TrustStore())
    documents = shared / "samples" / "real" / "documents"
    found = [one for number in (1, 4, 20, 28) for one in examiner.examine(documents / f"real-{number:02}.pdf")]
    assert len(found) == 13
    assert {one.integrity for one in found} == {Integrity.INTACT}
    assert pickle.loads(pickle.dumps(found)) == found
    assert "Ủy ban nhân dân tỉnh Quảng Ngãi" in {one.name for one in found}
