"""Nets of our own, run by ONNX Runtime: each is loaded only where it is the file that the manifest speaks of.

The runtime is imported with the first net: pages without ink and strokes do without it (docs/decisions/0049).
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.errors import UnavailableError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MANIFEST = Path(__file__).parent / "manifest.toml"


@cache
def listed_sha256(file: str) -> str:
    """The sha256 that the manifest has for the model ``file``, a path below this folder."""
    models = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["model"]
    return next(str(model["sha256"]) for model in models if model["file"] == file)


def load_net(path: Path, sha256: str, reads: str) -> InferenceSession:
    """The net at ``path``, which works in the thread that asks; ``reads`` says in Vietnamese what for.

    Raises ``UnavailableError`` where it is another file than the one with this ``sha256``.
    """
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise UnavailableError(
            f"{path} is not the file its manifest speaks of; install the package again",
            code="model_damaged",
            advice=f"Tệp mô hình đọc {reads} bị hỏng. Quản trị viên hãy cài lại phần mềm.",
        )
    from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415  most pages need no net

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return InferenceSession(data, options, providers=["CPUExecutionProvider"])


def ask_net(net: InferenceSession, field: NDArray[np.float32], columns: int) -> NDArray[np.float32]:
    """The odds (signs, ``columns``) that ``net`` gives for the ink of ``field`` (rows, columns of pixels), from the left."""
    (asked,) = net.get_inputs()
    (odds,) = net.run(None, {asked.name: field[None, None]})
    return np.asarray(odds[0, :, : max(1, columns)], np.float32)
