"""Review: what a human must look at."""

from pipeline.review.decision import decide

__all__ = ("decide",)
