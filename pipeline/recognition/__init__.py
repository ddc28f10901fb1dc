"""Step 3: words with boxes and confidence, in reading order."""

from pipeline.recognition.codes import drop_words_in_codes, find_codes, without_codes
from pipeline.recognition.evidence import weigh_words
from pipeline.recognition.ink import Ink
from pipeline.recognition.page import recognise

__all__ = ["Ink", "drop_words_in_codes", "find_codes", "recognise", "weigh_words", "without_codes"]
