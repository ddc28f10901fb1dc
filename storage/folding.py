"""Text as the search compares it: see :mod:`pipeline.domain.folding`."""

from pipeline.domain.folding import fold, fold_with_origins

__all__ = ("fold", "fold_with_origins")
