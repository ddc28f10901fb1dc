"""OCR engines behind the port ``OcrEngine``, the language model, the reader of digits, and what they are made of."""

from ocr_models.digits import NetDigitReader
from ocr_models.language import SyllableModel
from ocr_models.scripted import ScriptedEngine
from ocr_models.tesseract import TesseractEngine

__all__ = ["NetDigitReader", "ScriptedEngine", "SyllableModel", "TesseractEngine"]
