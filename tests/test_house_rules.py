"""The rules of the house that no linter knows."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest

STAGES = (
    "domain",
    "ports",
    "intake",
    "cleanup",
    "recognition",
    "composition",
    "understanding",
    "review",
    "archive",
    "conformity",
    "custody",
    "likeness",
    "verification",
    "reuse",
    "reporting",
    "repository",
)
FORBIDDEN_INSIDE = re.compile(r"^\s*(?:import|from) (os|subprocess|socket|dramatiq|minio|sqlalchemy)\b", re.MULTILINE)
NOUNS_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}
LONGEST_MODULE = 400


def tracked(root: Path, *patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "--", *patterns], cwd=root, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [root / line for line in listed.stdout.splitlines() if (root / line).is_file()]


def product_modules(root: Path) -> list[Path]:
    return tracked(root, "pipeline/*.py", "ocr_models/*.py", "storage/*.py")


def test_stages_domain_ports_and_flow_never_touch_the_machine_themselves(root: Path) -> None:
    pure = [path for stage in STAGES for path in tracked(root, f"pipeline/{stage}/*.py")]
    pure += [root / "pipeline" / name for name in ("flow.py", "reading.py", "revisions.py", "registers.py", "comparison.py")]
    assert not [str(path) for path in pure if FORBIDDEN_INSIDE.search(path.read_text())]


def test_modules_are_named_by_what_they_hold(root: Path) -> None:
    assert not [str(path) for path in product_modules(root) if path.stem in NOUNS_THAT_SAY_NOTHING]


def test_no_module_grows_past_what_one_reads_in_a_sitting(root: Path) -> None:
    long = {
        str(p.relative_to(root)): n for p in product_modules(root) if (n := len(p.read_text().splitlines())) > LONGEST_MODULE
    }
    assert not long


def test_only_settings_reads_the_environment(root: Path) -> None:
    reads = re.compile(r"\bos\.(environ|getenv)\b")
    engines = {f"ocr_models/{name}.py" for name in ("tesseract", "resident", "model_files")}  # hand it on to their programs
    allowed = {"pipeline/settings.py", "pipeline/stack.py", *engines}
    readers = {str(p.relative_to(root)) for p in product_modules(root) if reads.search(p.read_text())}
    assert readers - allowed == set()


def test_folders_for_a_while_are_locked_so_that_what_killed_processes_leave_is_removed(root: Path) -> None:
    outlive = {"pipeline/station/feeder.py"}  # scanned pages that nobody has handed in yet
    allowed = {"pipeline/rooms.py", "ocr_models/tesseract.py", *outlive}
    makers = {
        str(p.relative_to(root)) for p in product_modules(root) if re.search("TemporaryDirectory|mkdtemp", p.read_text())
    }
    assert makers - allowed == set()


def test_every_text_is_nfc(root: Path) -> None:
    texts = tracked(root, "*.py", "*.toml", "*.md", "*.json", "*.html", "*.js", "*.css")
    assert not [str(path) for path in texts if not unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8"))]


def test_nothing_is_left_open_in_the_code(root: Path) -> None:
    marks = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b|pragma: no " + "cover")
    assert not [str(path) for path in tracked(root, "*.py") if marks.search(path.read_text(encoding="utf-8"))]


def test_no_file_names_a_package_registry_or_a_path_of_one_machine(root: Path) -> None:
    hosts = re.compile(r"https?://[^\s\"']*(pypi|pythonhosted|npmjs|debian\.org/debian)|/(work|home/[a-z]+|opt/pypi)/", re.I)
    files = tracked(root, "*.py", "*.toml", "*.lock", "*.md", "*.json", "*.html", "scripts/*", ".ci/*")
    assert not [
        str(p)
        for p in files
        if p.suffix not in {".jpg", ".pdf", ".tif", ".png"} and hosts.search(p.read_text(encoding="utf-8"))
    ]
