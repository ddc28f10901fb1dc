"""Review: what a human must look at."""

from pipeline.review.decision import decide
from pipeline.review.duplicates import note_duplicates
from pipeline.review.earlier import heed_earlier
from pipeline.review.signatures import heed_signatures

__all__ = ("decide", "heed_earlier", "heed_signatures", "note_duplicates")
