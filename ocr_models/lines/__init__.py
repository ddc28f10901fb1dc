"""The reader of short pieces of printed Vietnamese and its model."""

from ocr_models.lines.reader import NetLineReader

__all__ = ["NetLineReader"]
