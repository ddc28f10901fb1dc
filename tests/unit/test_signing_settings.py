"""Who signs is a setting; trial keys cannot be taken for real ones, and pass phrases show nowhere."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
import structlog

from pipeline import doctor
from pipeline.cli import main
from pipeline.commands import signing
from pipeline.domain.documents import Status
from pipeline.domain.errors import SigningError, UnavailableError
from pipeline.domain.secret import Secret
from pipeline.domain.signatures import SignatureRole
from pipeline.settings import Settings
from pipeline.workbench import build_signers
from storage.catalogue import SqlCatalogue
from storage.signing.trial import NOTICE
from tests.scripted_office import Office, ScriptedReader
from tests.signed_office import give_signers
from tests.signing_desk import compose_pdf, now

TRIAL = {"SOHOA_SIGN_DIGITISER_KEY": "trial", "SOHOA_SIGN_AGENCY_KEY": "trial", "SOHOA_SIGN_AGENCY_NAME": "UBND phường A"}


def settings(tmp_path: Path, **env: str) -> Settings:
    return Settings.from_environment({"SOHOA_HOME": str(tmp_path / "home"), **env})


def test_without_a_key_nobody_signs(tmp_path: Path) -> None:
    signers = build_signers(settings(tmp_path, SOHOA_TSA_URL="https://tsa.example"))
    assert (signers.digitiser, signers.agency) == (None, None)


def test_trial_keys_sign_and_say_on_the_page_what_they_are(tmp_path: Path) -> None:
    signers = build_signers(settings(tmp_path, **TRIAL))
    assert signers.digitiser is not None and signers.agency is not None
    pdf = compose_pdf(tmp_path / "x.pdf")
    signers.digitiser.sign(pdf, tmp_path / "1.pdf", at=now())
    signatures = signers.agency.sign(tmp_path / "1.pdf", tmp_path / "2.pdf", at=now())
    assert all(NOTICE in one.certificate.subject and NOTICE in one.certificate.issuer for one in signatures)
    assert [one.name for one in signatures][1] == "UBND phường A"
    with pikepdf.open(tmp_path / "2.pdf") as file:
        drawn = [_text_of(field.AP.N) for field in file.Root.AcroForm.Fields]
    assert all(text.endswith(NOTICE) for text in drawn)
    assert drawn[1].startswith("Bản số hóa")
    assert "+07:00" in drawn[0]


def _text_of(form: pikepdf.Object) -> str:
    """What the appearance of a signature reads, by the Unicode map of its font."""
    mapping = form.Resources.Font["/F0"].ToUnicode.read_bytes().decode()
    pairs = [line.split() for line in mapping.splitlines() if line.startswith("<") and line.count("<") == 2]
    letters = {code[1:-1]: bytes.fromhex(letter[1:-1]).decode("utf-16-be") for code, letter in pairs}
    shown = [part.split(">")[0] for part in form.read_bytes().decode().split("<")[1:]]
    return "".join("".join(letters[text[place : place + 4]] for place in range(0, len(text), 4)) for text in shown)


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({"SOHOA_SIGN_DIGITISER_KEY": "a.p12"}, "SOHOA_TSA_URL"),
        ({"SOHOA_SIGN_DIGITISER_KEY": "a.p12", "SOHOA_SIGN_AGENCY_KEY": "trial"}, "must not mix"),
        ({"SOHOA_TSA_URL": "tsa.example"}, "must begin with"),
        ({"SOHOA_SIGN_AGENCY_PASSPHRASE_FILE": "/nowhere/at/all"}, "SOHOA_SIGN_AGENCY_PASSPHRASE_FILE"),
    ],
)
def test_settings_that_make_no_sense_are_named(tmp_path: Path, env: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        settings(tmp_path, **env)


def test_pass_phrases_show_in_no_representation_and_leave_no_process(tmp_path: Path) -> None:
    (tmp_path / "trust").mkdir()
    env = {"SOHOA_SIGN_AGENCY_KEY": "a.p12", "SOHOA_SIGN_AGENCY_PASSPHRASE": "rất bí mật", "SOHOA_TSA_URL": "https://t"}
    found = settings(tmp_path, SOHOA_TRUST=str(tmp_path / "trust"), **env)
    assert found.signing.agency.passphrase.reveal() == "rất bí mật"
    assert "bí mật" not in f"{found!r} {found} {found.signing.agency.passphrase} {found.signing.agency.passphrase:>30}"
    with pytest.raises(TypeError):
        pickle.dumps(found.signing)
    assert not Secret()


def test_a_pass_phrase_file_that_others_may_read_stops_everything_at_once(tmp_path: Path) -> None:
    (tmp_path / "trust").mkdir()
    phrase = tmp_path / "phrase"
    phrase.write_text("rất bí mật")
    phrase.chmod(0o640)
    env = {"SOHOA_SIGN_AGENCY_KEY": "a.p12", "SOHOA_SIGN_AGENCY_PASSPHRASE_FILE": str(phrase), "SOHOA_TSA_URL": "https://t"}
    with pytest.raises(SigningError, match="chmod 600"):
        build_signers(settings(tmp_path, SOHOA_TRUST=str(tmp_path / "trust"), **env))


def test_the_doctor_signs_an_empty_page_and_says_what_is_wrong(tmp_path: Path) -> None:
    told = doctor._signing(settings(tmp_path, **TRIAL))
    assert told.ok
    assert "digitiser" in told.found and "agency: UBND phường A" in told.found and "trial" in told.found
    unset = doctor._signing(settings(tmp_path))
    assert (unset.ok, unset.needed) == (False, False)
    (tmp_path / "trust").mkdir()
    env = {"SOHOA_SIGN_DIGITISER_KEY": str(tmp_path / "none.p12"), "SOHOA_TSA_URL": "https://t"}
    broken = doctor._signing(settings(tmp_path, SOHOA_TRUST=str(tmp_path / "trust"), **env))
    assert (broken.ok, broken.needed) == (False, True)
    assert "none.p12" in broken.found


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "home"))
    catalogue = SqlCatalogue(f"sqlite:///{tmp_path}/catalogue.sqlite")
    made = Office(tmp_path, catalogue, ScriptedReader(pages=1))
    for number in range(3):
        document = made.submit(b"%%PDF %d" % number, f"{number}.pdf", f"H{number % 2}")
        made.work()
        if number != 1:
            catalogue.move(document.id, Status.APPROVED, actor="x", reason="looked", at=made.clock.now())
    give_signers(made, SignatureRole.AGENCY)
    services = SimpleNamespace(catalogue=catalogue, flow=made.ports)
    monkeypatch.setattr(signing, "open_services", lambda _: services)
    yield made
    catalogue.close()
    structlog.reset_defaults()


def test_sign_signs_what_is_approved_and_tells_of_each(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sign", "--approved", "--officer", "Lan", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["revision"], line["already"]) for line in lines] == [(2, False), (2, False)]
    assert main(["sign", "--dossier", "H0"]) == 0
    assert capsys.readouterr().out.count("already signed") == 2


def test_sign_goes_on_past_what_cannot_be_signed_and_stops_where_nothing_can(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    every = sorted(office.catalogue.walk(), key=lambda one: one.status)
    ids = [one.id for one in every]
    assert main(["sign", "nobody", *ids]) == 1
    told = capsys.readouterr().out
    assert (told.count("not signed"), told.count("signed by agency")) == (2, 2)


def test_sign_stops_where_the_time_stamp_authority_is_away(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    agency = give_signers(office, SignatureRole.AGENCY)[SignatureRole.AGENCY]
    agency.error = UnavailableError("no time stamp", code="time_stamp_unavailable", advice="Hãy ký lại.")
    services = SimpleNamespace(catalogue=office.catalogue, flow=replace(office.ports))
    monkeypatch.setattr(signing, "open_services", lambda _: services)
    assert main(["sign", "--approved"]) == 1
    told = capsys.readouterr().out
    assert told.count("not signed") == 1
    assert "Hãy ký lại." in told
