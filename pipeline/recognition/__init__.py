"""Step 3: words with boxes and confidence, in reading order."""

from pipeline.recognition.codes import drop_words_in_codes, find_codes, without_codes
from pipeline.recognition.evidence import weigh_words
from pipeline.recognition.ink import Ink
from pipeline.recognition.page import recognise
from pipeline.recognition.witness import WITNESS_FEATURES, call_witness

__all__ = [
    "WITNESS_FEATURES",
    "Ink",
    "call_witness",
    "drop_words_in_codes",
    "find_codes",
    "recognise",
    "weigh_words",
    "without_codes",
]
