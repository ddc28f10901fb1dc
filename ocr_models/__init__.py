"""OCR engines behind the port ``OcrEngine``, and what they are made of."""

from ocr_models.scripted import ScriptedEngine
from ocr_models.tesseract import TesseractEngine

__all__ = ["ScriptedEngine", "TesseractEngine"]
