"""``sohoa digitise`` signs what it makes where a digitiser's key is set."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import structlog
from PIL import Image

from pipeline import local, reading
from pipeline.cli import main
from pipeline.domain.errors import UnavailableError
from pipeline.domain.signatures import SignatureRole
from storage.signing.examination import PdfExaminer
from storage.signing.trial import TrialAuthority
from tests.signed_office import ScriptedSigner
from tests.signing_desk import compose_pdf


@pytest.fixture
def scan(tmp_path: Path) -> Iterator[Path]:
    pixels = np.full((1169, 827), 255, np.uint8)
    pixels[300:310, 100:700] = 0
    Image.fromarray(pixels).save(tmp_path / "scan.png", dpi=(100, 100))
    yield tmp_path / "scan.png"
    structlog.reset_defaults()


def test_a_signed_run_takes_up_what_was_done_unsigned(
    scan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "home"))
    out = tmp_path / "out"
    command = ["digitise", str(scan), "--out", str(out), "--jobs", "1", "--json"]
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out)["pdf"]["signed"] is False
    monkeypatch.setenv("SOHOA_SIGN_DIGITISER_KEY", "trial")
    monkeypatch.setenv("SOHOA_SIGN_DIGITISER_NAME", "Nguyễn Thị Hường")
    assert main(command) == 0
    line = json.loads(capsys.readouterr().out)
    assert (line["pdf"]["signed"], line["skipped"]) == (True, False)
    record = json.loads((out / "scan.json").read_text())
    assert [(one["role"], one["name"], one["valid"]) for one in record["signatures"]] == [
        ("digitiser", "Nguyễn Thị Hường", True)
    ]
    assert record["pdf"]["sha256"] == hashlib.sha256((out / "scan.pdf").read_bytes()).hexdigest()
    trust = TrialAuthority(tmp_path / "home" / "trial-authority").trust
    (found,) = PdfExaminer(trust).examine(out / "scan.pdf")
    assert (found.integrity.value, found.trust.value, found.revocation.value) == ("intact", "trusted", "good")
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out)["skipped"] is True


def test_where_signing_fails_nothing_is_left_that_looks_done(tmp_path: Path) -> None:
    target = local.Target(tmp_path, ".", "x")
    compose_pdf(target.file(".pdf"))
    target.file(".txt").write_text("text")
    signer = ScriptedSigner(SignatureRole.DIGITISER)
    signer.error = UnavailableError("away", code="time_stamp_unavailable")
    raw: dict[str, Any] = {"pdf": {"path": "x.pdf"}, "conformity": []}
    with pytest.raises(UnavailableError):
        local._sign_aside(raw, target, signer, reading.Law())
    assert list(tmp_path.iterdir()) == []
