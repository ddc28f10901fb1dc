"""OCR engines behind the port ``OcrEngine``, the language model, readers of digits, of lines and of codes."""

from ocr_models.confidence import LogisticConfidence
from ocr_models.digits import NetDigitReader
from ocr_models.language import SyllableModel
from ocr_models.lines import NetLineReader
from ocr_models.resident import ResidentTesseract
from ocr_models.scripted import ScriptedEngine
from ocr_models.tesseract import TesseractEngine
from ocr_models.zxing import ZxingReader

__all__ = [
    "LogisticConfidence",
    "NetDigitReader",
    "NetLineReader",
    "ResidentTesseract",
    "ScriptedEngine",
    "SyllableModel",
    "TesseractEngine",
    "ZxingReader",
]
