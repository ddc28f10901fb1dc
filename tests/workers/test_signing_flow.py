"""Signatures on what is archived: when they are put, what they change, and that a killed step harms nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipeline import archive, flow, verification
from pipeline.domain.documents import Document, QueueName, Status
from pipeline.domain.errors import NotFoundError, SigningError, StageError, UnavailableError
from pipeline.domain.signatures import Integrity, SignatureRole, SourceSignature, Trust
from pipeline.flow import Wish
from storage.catalogue import SqlCatalogue
from tests.scripted_office import Office, ScriptedReader
from tests.signed_office import give_signers

D, A = SignatureRole.DIGITISER, SignatureRole.AGENCY


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    catalogue = SqlCatalogue(f"sqlite:///{tmp_path}/catalogue.sqlite")
    made = Office(tmp_path, catalogue, ScriptedReader(pages=2))
    yield made
    catalogue.close()


@pytest.fixture
def schema(root: Path) -> Draft202012Validator:
    return Draft202012Validator(json.loads((root / "pipeline" / "archive" / "record.schema.json").read_text()))


def digitised(office: Office) -> Document:
    document = office.submit()
    office.work()
    return office.catalogue.document(document.id)


def approve(office: Office, document: Document) -> Document:
    return office.catalogue.move(document.id, Status.APPROVED, actor="an officer", reason="looked", at=office.clock.now())


def pdf_of(office: Office, document: Document, revision: int) -> bytes:
    return office.store.get(archive.revision_key(document.dossier, document.id, revision, "document.pdf"))


def rule(record: dict[str, Any], measure: str) -> str:
    return next(one["outcome"] for judged in record["conformity"] for one in judged["rules"] if one["rule"] == measure)


def test_without_a_key_nothing_is_signed(office: Office, schema: Draft202012Validator) -> None:
    record = office.record(digitised(office))
    assert record["pdf"]["signed"] is False
    assert record["signatures"] == []
    assert rule(record, "digitiser_signature") == "fail"
    schema.validate(record)


def test_the_digitiser_signs_before_the_revision_is_sealed(office: Office, schema: Draft202012Validator) -> None:
    give_signers(office, D)
    document = digitised(office)
    record = office.record(document)
    assert record["pdf"]["signed"] is True
    assert [one["role"] for one in record["signatures"]] == ["digitiser"]
    assert record["signatures"][0]["level"] == "PAdES-B-LT"
    assert rule(record, "digitiser_signature") == "pass"
    assert record["pdf"]["sha256"] == hashlib.sha256(pdf_of(office, document, 1)).hexdigest()
    schema.validate(record)


def test_while_the_time_stamp_authority_is_away_the_step_is_to_be_repeated(office: Office) -> None:
    signer = give_signers(office, D)[D]
    signer.error = UnavailableError("away", code="time_stamp_unavailable")
    document = office.submit()
    with pytest.raises(UnavailableError):
        office.work()
    assert office.catalogue.document(document.id).status is Status.READING
    signer.error = None
    flow.finish_document(document.id, office.ports)
    assert office.record(document)["pdf"]["signed"] is True


def test_a_key_that_does_not_open_fails_the_document_with_its_reason(office: Office) -> None:
    give_signers(office, D)[D].error = SigningError("does not open", code="wrong_passphrase")
    document = digitised(office)
    assert document.status is Status.FAILED
    assert office.catalogue.events(document.id)[-1].reason == "does not open"


def test_the_agency_signs_what_was_approved_as_a_new_revision(office: Office, schema: Draft202012Validator) -> None:
    give_signers(office, D, A)
    document = approve(office, digitised(office))
    before = office.store.get(archive.revision_key(document.dossier, document.id, 1, "record.json"))
    office.clock.advance(timedelta(hours=1))
    signed = office.ports.signing.sign_as_agency(document.id, officer="Lan")
    assert (signed.revision, signed.already) == (2, False)
    first, second = office.record(document, 1), office.record(document, 2)
    assert [one["role"] for one in second["signatures"]] == ["digitiser", "agency"]
    assert second["previous_sha256"] == hashlib.sha256(before).hexdigest()
    assert second["status"] == "approved"
    assert second["pdf"]["sha256"] == hashlib.sha256(pdf_of(office, document, 2)).hexdigest()
    assert pdf_of(office, document, 2).startswith(pdf_of(office, document, 1))
    assert (rule(first, "agency_signature"), rule(second, "agency_signature")) == ("fail", "pass")
    changed = {"revision", "previous_sha256", "created_at", "pdf", "signatures", "conformity", "status"}
    assert {name for name in second if second[name] != first[name]} <= changed
    schema.validate(second)
    after = office.catalogue.document(document.id)
    assert (after.revision, after.status) == (2, Status.APPROVED)
    assert office.store.get(archive.revision_key(document.dossier, document.id, 2, "text.txt"))


def test_who_had_it_signed_by_which_certificate_stands_in_the_audit_log(office: Office) -> None:
    give_signers(office, D, A)
    document = approve(office, digitised(office))
    office.ports.signing.sign_as_agency(document.id, officer="Lan")
    (told,) = [one for one in office.catalogue.audit.happenings(document.id) if one.action == "sign"]
    assert told.actor == "Lan"
    assert told.told == {"revision": 2, "certificate": "1"}


def test_a_signed_archive_is_sound_and_a_rebuilt_catalogue_knows_it(office: Office) -> None:
    give_signers(office, D, A)
    document = approve(office, digitised(office))
    office.ports.signing.sign_as_agency(document.id, officer="Lan")
    office.ports.auditing.seal()
    report = verification.Report()
    assert list(verification.verify(office.store, office.catalogue, office.folder, report)) == []
    with closing(SqlCatalogue("sqlite://")) as fresh:
        flow.reindex(replace(office.ports, catalogue=fresh))
        assert fresh.document(document.id) == office.catalogue.document(document.id)


def test_signing_twice_signs_once(office: Office) -> None:
    signers = give_signers(office, D, A)
    document = approve(office, digitised(office))
    office.ports.signing.sign_as_agency(document.id, officer="Lan")
    again = office.ports.signing.sign_as_agency(document.id, officer="Lan")
    assert (again.already, again.revision, signers[A].count) == (True, 2, 1)


def test_only_what_was_approved_is_signed_by_the_agency(office: Office) -> None:
    give_signers(office, D, A)
    document = digitised(office)
    assert document.status is Status.NEEDS_REVIEW
    with pytest.raises(SigningError) as caught:
        office.ports.signing.sign_as_agency(document.id, officer="Lan")
    assert caught.value.code == "not_approved"
    with pytest.raises(NotFoundError):
        office.ports.signing.sign_as_agency("nobody", officer="Lan")


def test_without_the_agencys_key_it_says_which_setting_is_missing(office: Office) -> None:
    document = approve(office, digitised(office))
    with pytest.raises(SigningError, match="SOHOA_SIGN_AGENCY_KEY"):
        office.ports.signing.sign_as_agency(document.id, officer="Lan")


@pytest.mark.parametrize("name", ["document.pdf", "text.txt", "alto.xml", "record.json"])
def test_a_signing_killed_after_any_object_is_taken_up_by_the_next(
    office: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signers = give_signers(office, D, A)
    document = approve(office, digitised(office))
    put_once = type(office.store).put_once

    def die_after(store: object, key: str, *args: object, **options: object) -> bool:
        done = put_once(store, key, *args, **options)
        if key.endswith(f"r0002/{name}"):
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patch:
        patch.setattr(type(office.store), "put_once", die_after)
        with pytest.raises(KeyboardInterrupt):
            office.ports.signing.sign_as_agency(document.id, officer="Lan")
    office.clock.advance(timedelta(hours=1))
    office.ports.signing.sign_as_agency(document.id, officer="Lan")
    record = office.record(document, 2)
    assert record["pdf"]["sha256"] == hashlib.sha256(pdf_of(office, document, 2)).hexdigest()
    assert [one["role"] for one in record["signatures"]] == ["digitiser", "agency"]
    assert signers[A].count == 1
    assert len([one for one in office.catalogue.audit.happenings(document.id) if one.action == "sign"]) == 1


def test_a_finish_killed_after_signing_keeps_that_signature(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    signers = give_signers(office, D)
    document = office.submit()
    put_once = type(office.store).put_once

    def die_after(store: object, key: str, *args: object, **options: object) -> bool:
        done = put_once(store, key, *args, **options)
        if key.endswith("r0001/document.pdf"):
            raise KeyboardInterrupt
        return done

    with monkeypatch.context() as patch:
        patch.setattr(type(office.store), "put_once", die_after)
        with pytest.raises(KeyboardInterrupt):
            office.work()
    flow.finish_document(document.id, office.ports)
    record = office.record(document)
    assert signers[D].count == 1
    assert record["pdf"]["sha256"] == hashlib.sha256(pdf_of(office, document, 1)).hexdigest()
    assert record["signatures"][0]["certificate"]["serial"] == "1"


def test_another_pdf_where_the_signed_one_should_go_is_not_taken_for_it(office: Office) -> None:
    give_signers(office, D, A)
    document = approve(office, digitised(office))
    office.store.put_once(archive.revision_key(document.dossier, document.id, 2, "document.pdf"), b"%PDF another")
    with pytest.raises(StageError) as caught:
        office.ports.signing.sign_as_agency(document.id, officer="Lan")
    assert caught.value.code == "unsealed_revision"


def test_what_is_stored_otherwise_than_recorded_is_not_signed(office: Office) -> None:
    give_signers(office, D, A)
    document = approve(office, digitised(office))
    key = archive.revision_key(document.dossier, document.id, 1, "document.pdf")
    office.store.put(key, office.store.get(key) + b" ")
    with pytest.raises(StageError) as caught:
        office.ports.signing.sign_as_agency(document.id, officer="Lan")
    assert caught.value.code == "object_altered"


def test_what_an_agency_signed_counts_as_confirmed_when_it_is_read_again(office: Office) -> None:
    give_signers(office, D, A)
    document = approve(office, digitised(office))
    office.ports.signing.sign_as_agency(document.id, officer="Lan")
    version = office.ports.revisions.current(office.catalogue.document(document.id))
    assert version is not None and version.earlier is not None and version.earlier.confirmed
    flow.read_again(document.id, Wish(QueueName.BATCH), office.ports)
    office.work()
    after = office.catalogue.document(document.id)
    assert (after.revision, after.status) == (2, Status.APPROVED)


def test_the_archive_is_sound_behind_a_signature(office: Office, tmp_path: Path) -> None:
    give_signers(office, D, A)
    document = approve(office, digitised(office))
    office.ports.signing.sign_as_agency(document.id, officer="Lan")
    office.ports.auditing.seal()
    report = verification.Report()
    assert list(verification.verify(office.store, office.catalogue, tmp_path, report)) == []
    assert not report.findings


def test_what_is_wrong_with_a_foreign_signature_holds_the_document_back_until_somebody_has_looked(office: Office) -> None:
    broken = SourceSignature("Signature1", "Nguyễn Văn A", Integrity.CHANGED, Trust.UNKNOWN)
    inspect = office.reader.inspect
    office.reader.inspect = lambda path, name: replace(inspect(path, name), signatures=1, signed=(broken,))  # type: ignore[method-assign]
    document = digitised(office)
    record = office.record(document)
    assert record["problems"][0]["code"] == "signature_changed"
    assert record["source_signatures"][0]["integrity"] == "changed"
    assert record["source"]["signatures"] == 1
    approve(office, document)
    flow.read_again(document.id, Wish(QueueName.BATCH), office.ports)
    office.work()
    after = office.catalogue.document(document.id)
    assert (after.revision, after.status) == (1, Status.APPROVED)


def test_a_signed_document_comes_back_from_the_bucket_alone(office: Office) -> None:
    give_signers(office, D, A)
    document = approve(office, digitised(office))
    office.ports.signing.sign_as_agency(document.id, officer="Lan")
    flow.reindex(office.ports)
    after = office.catalogue.document(document.id)
    assert (after.revision, after.status) == (2, Status.APPROVED)
