"""``sohoa digitise`` as an operator runs it: the sample dossier, bad files among good ones, again, and broken off."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pikepdf
import pypdfium2
import pytest

from pipeline import archive
from pipeline.domain.geometry import Box
from pipeline.domain.pages import LineRole
from scripts.bench import verapdf
from scripts.corpus import make_document
from tests.drawn_pdfs import draw_letter, draw_seal, office_pdf
from tests.pdf_texts import READERS, by_pdfium

DOSSIER = "000.00.16.H05-260105-0001"


def digitise(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", "digitise", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])


def lines_of(run: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.stdout.splitlines()]


def hashes(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def sample(root: Path) -> Path:
    return root / "scripts" / "samples" / DOSSIER


@pytest.fixture(scope="module")
def digitised(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """The sample dossier, digitised once for the tests that look at it."""
    out = tmp_path_factory.mktemp("digitised")
    run = digitise(sample, "--out", out, "--json")
    assert run.returncode == 0, run.stderr
    return out / DOSSIER, lines_of(run)


def test_every_document_of_a_dossier_gets_pdf_text_and_record(
    digitised: tuple[Path, list[dict[str, Any]]], sample: Path
) -> None:
    folder, lines = digitised
    stems = {path.stem for path in sample.iterdir()}
    assert {path.name for path in folder.iterdir()} == {f"{s}{x}" for s in stems for x in (".pdf", ".txt", ".json")}
    assert {line["source"]["name"] for line in lines} == {path.name for path in sample.iterdir()}


def test_records_keep_to_the_schema_and_name_their_pdf(digitised: tuple[Path, list[dict[str, Any]]]) -> None:
    folder, lines = digitised
    schema = json.loads(Path(archive.__file__).with_name("record.schema.json").read_text(encoding="utf-8"))
    for path in folder.glob("*.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.validate(record, schema)
        pdf = folder / record["pdf"]["path"]
        assert hashlib.sha256(pdf.read_bytes()).hexdigest() == record["pdf"]["sha256"]
    assert all((folder.parent / line["pdf"]["path"]).is_file() for line in lines)


def test_types_and_fields_of_the_sample_dossier_are_found(digitised: tuple[Path, list[dict[str, Any]]], root: Path) -> None:
    _, lines = digitised
    truths = root / "scripts" / "samples" / f"{DOSSIER}-truth"
    wrong_but_sure = []
    for line in lines:
        truth = json.loads((truths / Path(line["source"]["name"]).with_suffix(".json").name).read_text(encoding="utf-8"))
        assert line["document_type"]["code"] == truth["type"], line["source"]["name"]
        for key, field in line["fields"].items():
            if field["confidence"] >= 0.9 and key in truth["fields"] and field["value"] != truth["fields"][key]:
                wrong_but_sure.append((line["source"]["name"], key, field["value"], truth["fields"][key]))
    assert not wrong_but_sure


@pytest.mark.skipif(bool(verapdf.missing()), reason=f"veraPDF cannot run here: {verapdf.missing()}")
def test_every_pdf_of_the_sample_dossier_is_pdfa_2b(digitised: tuple[Path, list[dict[str, Any]]]) -> None:
    folder, _ = digitised
    verdicts = {path.name: verapdf.check(path) for path in folder.glob("*.pdf")}
    assert {name: verdict.broken for name, verdict in verdicts.items() if not verdict.valid} == {}


@pytest.mark.parametrize("reader", READERS)
def test_readers_find_the_words_of_the_record_one_by_one(digitised: tuple[Path, list[dict[str, Any]]], reader: str) -> None:
    folder, _ = digitised
    headings = {f"[{role.heading}]" for role in LineRole}
    for path in sorted(folder.glob("*.pdf")):
        pages = path.with_suffix(".txt").read_text(encoding="utf-8").split("\f")
        read = [" ".join(line for line in page.splitlines() if line not in headings).split() for page in pages]
        assert [page.split() for page in READERS[reader](path)] == read, path.name


@pytest.mark.skipif(bool(verapdf.missing()), reason=f"veraPDF cannot run here: {verapdf.missing()}")
def test_a_page_that_was_drawn_stays_a_drawing_with_its_images(tmp_path: Path) -> None:
    office_pdf(tmp_path / "a.pdf", draw_letter, draw_seal)
    [line] = lines_of(digitise(tmp_path / "a.pdf", "--out", tmp_path / "out", "--json"))
    assert line["pages"][0]["picture"]["coding"] == "vectors"
    assert verapdf.check(tmp_path / "out" / "a.pdf").broken == ()
    read = (tmp_path / "out" / "a.txt").read_text(encoding="utf-8").split()
    assert read[:2] == ["QUYẾT", "ĐỊNH"]
    assert [page.split() for page in by_pdfium(tmp_path / "out" / "a.pdf")] == [read]


def test_a_second_run_skips_what_is_done_and_changes_nothing(sample: Path, tmp_path: Path) -> None:
    first = digitise(sample / "05-giay-tiep-nhan.jpg", "--out", tmp_path)
    assert first.returncode == 0, first.stderr
    assert "giay_tiep_nhan_ho_so" in first.stdout
    before = hashes(tmp_path)
    again = digitise(sample / "05-giay-tiep-nhan.jpg", "--out", tmp_path, "--json")
    assert [line["skipped"] for line in lines_of(again)] == [True]
    assert hashes(tmp_path) == before


def test_another_engine_reads_what_one_has_read_and_says_so(sample: Path, tmp_path: Path) -> None:
    name = "05-giay-tiep-nhan.jpg"
    for engine in ("tesseract", "tesserocr"):
        [line] = lines_of(digitise(sample / name, "--out", tmp_path, "--engine", engine, "--json"))
        assert (line["engine"]["name"], line["skipped"]) == (engine, False)
        record = json.loads((tmp_path / Path(name).with_suffix(".json")).read_bytes())
        assert record["engine"]["name"] == engine
    [line] = lines_of(digitise(sample / name, "--out", tmp_path, "--json"))
    assert line["skipped"]


def test_bad_files_are_rejected_with_a_reason_and_the_rest_is_done(sample: Path, tmp_path: Path) -> None:
    scans = tmp_path / "hồ sơ"
    scans.mkdir()
    shutil.copy(sample / "05-giay-tiep-nhan.jpg", scans / "tiếp nhận.jpg")
    (scans / "rỗng.pdf").write_bytes(b"")
    (scans / "thư.docx").write_bytes(b"PK\x03\x04 not for us")
    locked = pikepdf.new()
    locked.add_blank_page()
    locked.save(scans / "khóa.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    with zipfile.ZipFile(scans / "nén.zip", "w") as bundle:
        bundle.write(sample / "02-can-cuoc-cong-dan.jpg", "../../x.jpg")
        bundle.writestr("hỏng.tif", b"II*\x00broken")
    before = hashes(scans)
    run = digitise(scans, "--out", tmp_path / "out", "--json")
    assert run.returncode == 3, run.stderr
    assert hashes(scans) == before
    by_name = {line["source"]["name"]: line for line in lines_of(run)}
    assert by_name["tiếp nhận.jpg"]["status"] in {"approved", "needs_review"}
    codes = {name: line["problems"][0]["code"] for name, line in by_name.items() if line["status"] == "rejected"}
    assert codes["rỗng.pdf"] == "empty_file"
    assert codes["khóa.pdf"] == "encrypted_pdf"
    assert "thư.docx" in codes
    assert all(line["problems"][0]["message"] for line in by_name.values() if line["status"] == "rejected")
    assert not list(tmp_path.parent.glob("x.*"))
    written = {path.suffix for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert written <= {".pdf", ".json", ".txt"}


def test_ctrl_c_leaves_finished_documents_whole_and_no_half_files(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    scans.mkdir()
    for seed in range(4):
        make_document("nghi_dinh", seed, level="office", dpi=200).save(scans, f"nd-{seed}", "pdf")
        (scans / f"nd-{seed}.json").unlink()
    # A shell that runs the tests in the background has its children ignore Ctrl-C.
    command = [
        "env",
        "--default-signal=INT",
        sys.executable,
        "-m",
        "pipeline",
        "digitise",
        str(scans),
        "--out",
        str(tmp_path / "out"),
        "--json",
    ]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    )
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    os.killpg(process.pid, signal.SIGINT)
    process.communicate()
    assert process.returncode == 130
    left = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert {path.suffix for path in left} <= {".pdf", ".json", ".txt"}
    assert (tmp_path / "out" / first["pdf"]["path"]).is_file()
    for record in (path for path in left if path.suffix == ".json"):
        pdf = json.loads(record.read_text(encoding="utf-8"))["pdf"]
        assert hashlib.sha256((record.parent / pdf["path"]).read_bytes()).hexdigest() == pdf["sha256"]
    rest = digitise(scans, "--out", tmp_path / "out", "--json")
    assert rest.returncode == 0, rest.stderr
    assert sum(line["skipped"] for line in lines_of(rest)) >= 1


def test_the_words_of_the_text_layer_lie_on_the_words_of_the_scan(tmp_path: Path) -> None:
    """Boxes of the PDF's own letters against the generator's truth, as pdfium sees them, for words that were read right."""
    specimen = make_document("quyet_dinh", 11, level="office", dpi=200)
    specimen.save(tmp_path, "page", "pdf")
    run = digitise(tmp_path / "page.pdf", "--out", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    truth = [(word.text, Box(*word.box)) for word in specimen.truth.pages[0].words]
    found = words_of_pdf(tmp_path / "out" / "page.pdf", specimen.pages[0].shape[0], specimen.dpi)
    overlaps = []
    for text, box in truth:
        best = max((box.overlap(seen) for word, seen in found if word == text), default=0.0)
        if best > 0:
            overlaps.append(best)
    overlaps.sort()
    assert len(overlaps) > 0.85 * len(truth)
    assert overlaps[len(overlaps) // 2] > 0.75
    assert overlaps[len(overlaps) // 10] > 0.5


def words_of_pdf(path: Path, height: int, dpi: float) -> list[tuple[str, Box]]:
    """Words of the first page with their boxes in scan pixels, from the boxes of their letters."""
    document = pypdfium2.PdfDocument(path)
    layer = document[0].get_textpage()
    words: list[tuple[str, Box]] = []
    text, boxes = "", []
    for index in range(layer.count_chars()):
        letter = layer.get_text_range(index, 1)
        if letter.strip():
            left, bottom, right, top = (value * dpi / 72 for value in layer.get_charbox(index, loose=True))
            text += letter
            boxes.append((left, height - top, right, height - bottom))
        if text and (not letter.strip() or index == layer.count_chars() - 1):
            lefts, tops, rights, bottoms = zip(*boxes, strict=True)
            words.append((text, Box(min(lefts), min(tops), max(rights), max(bottoms))))
            text, boxes = "", []
    layer.close()
    document.close()
    return words


def test_progress_and_estimate_are_shown_on_a_terminal(sample: Path, tmp_path: Path) -> None:
    """On a terminal a bar runs on stderr; a pseudo-terminal plays it."""
    leader, follower = os.openpty()
    command = [sys.executable, "-m", "pipeline", "digitise", str(sample / "05-giay-tiep-nhan.jpg"), "--out", str(tmp_path)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=follower, cwd=Path(__file__).parents[2], env={**os.environ, "TERM": "xterm"}
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            chunk = os.read(leader, 4096)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    os.close(leader)
    assert process.wait() == 0
    assert "pages" in shown.decode(errors="replace")
