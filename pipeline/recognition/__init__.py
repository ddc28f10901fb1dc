"""Step 3: words with boxes and confidence, in reading order."""

from pipeline.recognition.ink import Ink
from pipeline.recognition.page import recognise

__all__ = ["Ink", "recognise"]
