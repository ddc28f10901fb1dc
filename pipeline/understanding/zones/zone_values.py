"""What a zone of a paper holds, and the set phrases that zones hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.domain.findings import FieldValue, Suggestion
from pipeline.understanding.folding import fold, squeeze
from pipeline.understanding.sheets import Sheet, Token
from pipeline.understanding.trust.confidence import UNSAID, Proof, word_confidence
from pipeline.understanding.zones.occurrences import Settled, part_glued, settle_names
from pipeline.understanding.zones.places import is_set_phrase, mend_phrases

EDGES = " \t:;,.-–—_|'`\"“”„*+•=~^<>/\\#!⁄"
#: The most confidence of a phrase whose letters were completed, and of one that no list knows.
GUESSED, UNKNOWN = 0.8, 0.88
#: And of one that no list knows, but another place of the paper says too.
BORNE_OUT = 0.95
#: The most confidence of a signer's title that may have lost its first word, and of a number with signs no number has.
MAIMED = 0.5


@dataclass(frozen=True, slots=True)
class ZoneValue:
    """What a zone holds; ``value`` None where something stands there that could not be read, ``code`` says why.

    ``proof`` is what the zone knows beside its tokens, ``suggestions`` are what other places of the paper say.
    """

    value: FieldValue | None
    tokens: tuple[Token, ...]
    confidence: float
    code: str = ""
    proof: Proof = UNSAID
    suggestions: tuple[Suggestion, ...] = ()

    @property
    def text(self) -> str:
        """The zone as read."""
        return squeeze(" ".join(token.text for token in self.tokens))


def phrase_value(tokens: tuple[Token, ...], kind: str, sheets: Sequence[Sheet] = ()) -> ZoneValue | None:
    """The set phrase that ``tokens`` spell; names within it as other places of ``sheets`` spell them best."""
    text = squeeze(" ".join(token.text for token in tokens)).strip(EDGES)
    settled = settle_names(part_glued(tokens, sheets), sheets) if sheets else Settled((text,))
    value = mend_phrases(squeeze(settled.text).strip(EDGES), kind)
    if not fold(value):
        return None
    confidence = word_confidence(tokens, exact=False)
    proof = Proof(
        settled.chances, mended=settled.changed or fold(value) != fold(text), agreeing=settled.agreeing,
        differing=settled.differing,
    )  # fmt: skip
    if fold(value) != fold(text):
        return ZoneValue(value, tokens, min(confidence, GUESSED), proof=proof)
    known = is_set_phrase(value, kind)
    ceiling = 1.0 if known else BORNE_OUT if settled.agreeing else UNKNOWN
    return ZoneValue(value, tokens, min(confidence, ceiling), proof=replace(proof, known=known))
