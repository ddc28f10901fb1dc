"""What a paper is that is taken in at a counter, as whoever holds it in their hands declares."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from pipeline.domain.holdings import Exclusion


class Nature(StrEnum):
    """What a paper is. Where nobody said, it is taken for an original: that is what is to be digitised."""

    ORIGINAL = "original"
    CERTIFIED_COPY = "certified_copy"
    PHOTOCOPY = "photocopy"
    SHOW_ONLY = "show_only"


#: The rule that says what is not digitised for reuse.
ARTICLE_4 = "Thông tư 01/2023/TT-VPCP, Điều 4"

#: Why a paper that is no original is kept for its dossier alone.
EXCLUDED = MappingProxyType(
    {
        Nature.CERTIFIED_COPY: Exclusion.PHOTOCOPY,
        Nature.PHOTOCOPY: Exclusion.PHOTOCOPY,
        Nature.SHOW_ONLY: Exclusion.SHOW_ONLY,
    }
)
