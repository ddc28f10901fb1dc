"""The reader of handwritten digits and its model."""

from ocr_models.digits.reader import NetDigitReader

__all__ = ["NetDigitReader"]
