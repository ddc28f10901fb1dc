"""Review: what a human must look at."""

from pipeline.review.decision import decide
from pipeline.review.earlier import heed_earlier

__all__ = ("decide", "heed_earlier")
