"""Files of strangers are looked at for malicious content before anything of ours opens them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from pipeline.domain.documents import Source
from pipeline.domain.errors import InfectedFileError
from pipeline.ports.screening import VirusScanner
from pipeline.scan_views import ScanViewer
from pipeline.side_reading import PageReader

_ADVICE = "Tệp có mã độc ({what}), không được nhận. Không mở tệp; quét lại từ bản giấy và báo bộ phận an toàn thông tin."


def screened_reader(reader: PageReader, scanner: VirusScanner) -> PageReader:
    """``reader``, which opens no file before ``scanner`` has looked at it."""
    return cast(PageReader, _Screened(reader, scanner))


def screened_viewer(viewer: ScanViewer, scanner: VirusScanner) -> ScanViewer:
    """``viewer``, which opens no file that is handed in to be inserted before ``scanner`` has looked at it."""
    return cast(ScanViewer, _Screened(viewer, scanner))


class _Screened:
    """Does all that ``inner`` does; what a file is it is asked only of clean ones."""

    def __init__(self, inner: PageReader | ScanViewer, scanner: VirusScanner) -> None:
        self._inner = inner
        self._scanner = scanner

    def inspect(self, path: Path, name: str) -> Source:
        """What the file is; raises ``RejectedInputError``, of malicious content ``InfectedFileError``."""
        what = self._scanner.find(path)
        if what:
            raise InfectedFileError(f"{name}: {what}", advice=_ADVICE.format(what=what))
        return self._inner.inspect(path, name)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the inner one has
        return getattr(self._inner, name)
