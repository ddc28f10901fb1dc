"""Keys of receipts: made once, read by nobody else, changed without losing what was signed before."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.domain.errors import SigningError
from storage.receipt_keys import KeyedReceipts, read_master, verify_receipt

KIND = "sohoa-receipt+jwt"


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "receipts.pem"
    first, second = (KeyedReceipts(path, kind=KIND, made=True) for _ in range(2))
    assert second.verify(first.sign({"a": "ạ"})) == {"a": "ạ"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["receipts.pem"]


def test_receipts_of_a_former_key_stay_proven(tmp_path: Path) -> None:
    old = KeyedReceipts(tmp_path / "old.pem", kind=KIND, made=True)
    signed = old.sign({"a": 1})
    new = KeyedReceipts(tmp_path / "new.pem", kind=KIND, made=True, former=[tmp_path / "old.pem"])
    assert new.verify(signed) == new.verify(new.sign({"a": 1})) == {"a": 1}
    assert len(new.keys()["keys"]) == 2
    assert all("d" not in key for key in new.keys()["keys"])
    with pytest.raises(ValueError, match="no receipt"):
        old.verify(new.sign({"a": 1}))


def test_what_is_signed_for_something_else_is_no_receipt(tmp_path: Path) -> None:
    other = KeyedReceipts(tmp_path / "key.pem", kind="at+jwt", made=True)
    with pytest.raises(ValueError, match="something else"):
        verify_receipt(other.sign({"a": 1}), other.keys(), KIND)


@pytest.mark.parametrize(("content", "mode"), [("no key", 0o600), ("", 0o600), (None, 0o600), ("x", 0o644)])
def test_a_key_that_does_not_serve_is_refused_with_advice(tmp_path: Path, content: str | None, mode: int) -> None:
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_text(content)
        path.chmod(mode)
    with pytest.raises(SigningError) as refused:
        KeyedReceipts(path, kind=KIND).sign({})
    assert refused.value.advice


def test_a_master_secret_is_made_or_read_and_must_be_long_and_private(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master"
    made = read_master(path, made=True)
    assert read_master(path).reveal() == made.reveal()
    path.chmod(0o644)
    with pytest.raises(SigningError, match="others may read"):
        read_master(path)
    path.chmod(0o600)
    path.write_text("short")
    with pytest.raises(SigningError, match="letters"):
        read_master(path)
    with pytest.raises(SigningError, match="cannot be read"):
        read_master(tmp_path / "nothing")
