"""Where Tesseract's models lie on this machine, and what they are."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

from pipeline.domain.errors import UnavailableError

#: What an operator types to mend a missing program or language.
CURE = "apt-get install tesseract-ocr tesseract-ocr-vie tesseract-ocr-osd"

#: Seconds that asking the program may take.
ASKING = 60.0


def find_models() -> Path:
    """The folder of Tesseract's models on this machine; raises ``UnavailableError`` where there is none."""
    told = os.environ.get("TESSDATA_PREFIX")
    if told:
        return Path(told)
    try:
        listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=ASKING, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise missing_program() from error
    return Path(listed.stdout.split('"')[1])


def digest_models(folder: Path, language: str) -> str:
    """The sha256 of the model of ``language``, of all their sha256s for ``vie+eng``; raises ``UnavailableError``."""
    digests = []
    for name in language.split("+"):
        try:
            with (folder / f"{name}.traineddata").open("rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
        except OSError as error:
            raise missing_language(name) from error
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


def missing_program() -> UnavailableError:
    """The error for a machine without Tesseract."""
    return UnavailableError(
        f"the program tesseract is not on PATH; run: {CURE}",
        code="engine_missing",
        advice=f"Chưa cài Tesseract. Quản trị viên hãy chạy: {CURE}",
    )


def missing_language(language: str) -> UnavailableError:
    """The error for a machine without the model of ``language``."""
    return UnavailableError(
        f"tesseract lacks the language {language!r}; run: {CURE}",
        code="engine_language_missing",
        advice=f"Thiếu dữ liệu ngôn ngữ của Tesseract. Quản trị viên hãy chạy: {CURE}",
    )
