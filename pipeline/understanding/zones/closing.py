"""What stands at the end of administrative papers as values: who signed in what capacity, and who gets a copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz

from pipeline.domain.findings import Suggestion
from pipeline.domain.syllables import canonical
from pipeline.understanding.folding import fold
from pipeline.understanding.kinds.classification import Reading
from pipeline.understanding.sheets import Sheet, Token
from pipeline.understanding.trust.confidence import Proof, word_confidence
from pipeline.understanding.values.names import SURNAMES, name_quality
from pipeline.understanding.zones.electronic import electronic_signers
from pipeline.understanding.zones.filings import is_usual_filing
from pipeline.understanding.zones.recipient_names import is_near_miss, is_usual_recipient
from pipeline.understanding.zones.recipients import find_recipients, share_set_whole
from pipeline.understanding.zones.signatures import find_signature
from pipeline.understanding.zones.signers import Signer
from pipeline.understanding.zones.zone_values import EDGES, GUESSED, MAIMED, ZoneValue, phrase_value

#: The most confidence of a name of which a mark or letter was given back.
_MENDED = 0.8
#: How like what was read, of 100, a text is that was but spelt right.
_READ = 85.0
#: How like each other two readings of one name are at least.
_SAME_PERSON = 60.0
_E_SIGNED = "Chữ ký điện tử trên trang ghi tên như vậy."


def signer_title(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    """In what capacity the paper was signed; one that ink hides in part is told, with a problem, from what is above it."""
    found = find_signature(sheets)
    if found is None:
        return None
    if found.deputy and found.borne_out:
        chances = tuple(token.confidence for token in found.title if any(map(str.isalnum, token.text)))
        proof = Proof((max(chances),), known=True, mended=True, agreeing=1, formed=chances)
        return ZoneValue(found.deputy.upper(), found.title, min(max(chances), GUESSED), proof=proof)
    if found.deputy:
        confidence = min(word_confidence(found.title, exact=False), MAIMED)
        return ZoneValue(found.deputy.upper(), found.title, confidence, "title_deduced", Proof(mended=True, maimed=True))
    value = phrase_value(found.title, "signers")
    if value is None or not found.maimed:
        return replace(value, proof=replace(value.proof, agreeing=int(found.borne_out))) if value else None
    return replace(value, confidence=min(value.confidence, MAIMED), proof=replace(value.proof, maimed=True))


def signer_name(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    """Who signed the paper; with a problem where the name could not be read."""
    found = find_signature(sheets)
    signer = found.signer if found else None
    if signer is None:
        return None
    again = _signed_again(signer, sheets)
    if signer.name is None:
        if again is None:
            return ZoneValue(None, signer.tokens, 0.0, "value_unreadable")
        return ZoneValue(again, signer.tokens, MAIMED, "value_unreadable", Proof(maimed=True, mended=True))
    confidence = word_confidence(signer.tokens, exact=False) * name_quality(signer.name)
    confidence = min(confidence, _MENDED if signer.mended else 1.0, MAIMED if signer.maimed else 1.0)
    known = fold(signer.name).split()[0] in SURNAMES
    same = again is not None and [*map(canonical, again.split())] == [*map(canonical, signer.name.split())]
    proof = Proof(
        fit=signer.score, known=known, mended=signer.mended, maimed=signer.maimed, agreeing=int(same),
        differing=int(again is not None and not same),
    )  # fmt: skip
    rivals = (Suggestion(again, "page", _E_SIGNED),) if again is not None and not same else ()
    return ZoneValue(signer.name, signer.tokens, confidence, "", proof, rivals)


def _signed_again(signer: Signer, sheets: Sequence[Sheet]) -> str | None:
    """The name in an electronic signature that shares its last syllable, and most letters, with ``signer``."""
    read = fold(signer.name or " ".join(token.text for token in signer.tokens))
    for name in electronic_signers(sheets):
        letters = fold(name)
        if letters.split()[-1] == read.split()[-1] and fuzz.ratio(letters, read) >= _SAME_PERSON:
            return name
    return None


def recipients(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    """Who gets a copy, item by item, and where one is filed."""
    found = find_recipients(sheets)
    if found is None:
        return None
    tokens = tuple(token for item in found.items for token in item)
    pairs = list(zip(found.items, found.texts, strict=True))
    filed = [item for item, text in pairs if is_usual_filing(text)]
    strange = [
        (item, text) for item, text in pairs if item not in filed and not (is_usual_recipient(text) and _is_read(item, text))
    ]
    own = tuple(token.confidence for item, _ in strange for token in item if fold(token.text) not in ("", "luu", "vt"))
    typed = tuple(token.confidence for item in filed for token in item if "." in token.text.strip(EDGES))
    missed = any(is_near_miss(text) for _, text in strange)
    proof = Proof(
        own or (max(token.confidence for token in tokens),),
        share_set_whole(found.items, [item for item, _ in strange]),
        known=None if strange and not missed else not strange,
        mended=found.mended,
        maimed=found.maimed,
        formed=typed,
    )
    return ZoneValue(found.texts, tokens, word_confidence(tokens, exact=False), proof=proof)


def _is_read(item: Sequence[Token], text: str) -> bool:
    """Whether ``text`` is what was read as ``item`` but for a letter or two: nothing was added to it."""
    return fuzz.ratio(fold(" ".join(token.text for token in item)), fold(text)) >= _READ
