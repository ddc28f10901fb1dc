"""Keys on a PKCS#11 token: SoftHSM, which Debian's softhsm2 brings."""

from __future__ import annotations

import shutil
import subprocess
import traceback
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pipeline.domain.errors import SigningError, UnavailableError
from pipeline.domain.secret import Secret
from pipeline.domain.signatures import SignatureRole
from storage.signing.examination import PdfExaminer
from storage.signing.keys import key_at
from tests.signing_desk import Desk, compose_pdf, now

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "83947261"

pytestmark = pytest.mark.skipif(
    shutil.which("softhsm2-util") is None or not MODULE.exists(), reason="no SoftHSM: apt-get install softhsm2"
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory, desk: Desk) -> str:
    """The URI of the digitiser's key on a token of this test's own, without its object."""
    import pkcs11
    from pkcs11.util.rsa import decode_rsa_private_key

    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    patch = pytest.MonkeyPatch()
    patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    command = ["softhsm2-util", "--init-token", "--free", "--label", "Thu ky", "--so-pin", "11223344", "--pin", PIN]
    subprocess.run(command, check=True, capture_output=True)
    with pkcs11.lib(str(MODULE)).get_token(token_label="Thu ky").open(user_pin=PIN, rw=True) as session:
        for role, who in desk.people.items():
            data = who.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
            label = {pkcs11.Attribute.LABEL: f"khoa {role.value}", pkcs11.Attribute.TOKEN: True}
            session.create_object(decode_rsa_private_key(data) | label | {pkcs11.Attribute.SIGN: True})
            session.create_object(
                {
                    pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                    pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                    pkcs11.Attribute.SUBJECT: who.for_validation.subject.dump(),
                    pkcs11.Attribute.ISSUER: who.for_validation.issuer.dump(),
                    pkcs11.Attribute.SERIAL_NUMBER: who.for_validation["tbs_certificate"]["serial_number"].dump(),
                    pkcs11.Attribute.VALUE: who.for_validation.dump(),
                    **label,
                }
            )
    yield f"pkcs11:token=Thu%20ky;object=khoa%20{{}}?module-path={MODULE}"
    patch.undo()


def test_both_sign_with_keys_that_never_leave_the_token(desk: Desk, token: str, tmp_path: Path) -> None:
    pdf, once, twice = compose_pdf(tmp_path / "x.pdf"), tmp_path / "1.pdf", tmp_path / "2.pdf"
    keys = {role: key_at(token.format(role.value), Secret(PIN), desk.trust.roots) for role in SignatureRole}
    desk.signer(SignatureRole.DIGITISER, key=keys[SignatureRole.DIGITISER]).sign(pdf, once, at=now())
    signatures = desk.signer(SignatureRole.AGENCY, key=keys[SignatureRole.AGENCY]).sign(once, twice, at=now())
    assert [(one.role, one.valid, one.level) for one in signatures] == [
        (SignatureRole.DIGITISER, True, "PAdES-B-LT"),
        (SignatureRole.AGENCY, True, "PAdES-B-LT"),
    ]
    assert len(PdfExaminer(desk.trust).examine(twice)) == 2


def test_a_refused_pin_is_not_tried_again_and_not_told(desk: Desk, token: str, tmp_path: Path) -> None:
    pdf = compose_pdf(tmp_path / "x.pdf")
    key = key_at(token.format("digitiser"), Secret("00001111"), desk.trust.roots)
    signer = desk.signer(SignatureRole.DIGITISER, key=key)
    for _ in range(2):
        with pytest.raises(SigningError) as caught:
            signer.sign(pdf, tmp_path / "1.pdf", at=now())
        assert caught.value.code == "wrong_passphrase"
        assert "PIN" in caught.value.advice
        shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True, lookup_lines=False)
        assert "00001111" not in f"{caught.value!r} {''.join(shown.format())}"
    assert key._refused


def test_a_key_or_a_token_that_is_not_there_is_said(desk: Desk, token: str, tmp_path: Path) -> None:
    pdf = compose_pdf(tmp_path / "x.pdf")
    missing = desk.signer(SignatureRole.DIGITISER, key=key_at(token.format("nobody"), Secret(PIN)))
    with pytest.raises(SigningError) as caught:
        missing.sign(pdf, tmp_path / "1.pdf", at=now())
    assert caught.value.code == "key_missing"
    away = token.replace("Thu%20ky", "another").format("digitiser")
    with pytest.raises(UnavailableError) as unplugged:
        desk.signer(SignatureRole.DIGITISER, key=key_at(away, Secret(PIN))).sign(pdf, tmp_path / "1.pdf", at=now())
    assert unplugged.value.code == "token_unavailable"
    driverless = f"pkcs11:object=x?module-path={tmp_path}/none.so"
    with pytest.raises(UnavailableError):
        desk.signer(SignatureRole.DIGITISER, key=key_at(driverless, Secret(PIN))).sign(pdf, tmp_path / "1.pdf", at=now())
