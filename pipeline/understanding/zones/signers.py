"""The name under a signature, where strokes of ink and seals lie over it."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from pipeline.domain.geometry import Box, hull
from pipeline.domain.person_names import common_families, common_given_names
from pipeline.domain.syllables import canonical
from pipeline.understanding.folding import capital_share, fold
from pipeline.understanding.phrases import phrases
from pipeline.understanding.sheets import Piece, Sheet, Token
from pipeline.understanding.values.names import FAMILY_NAMES, SURNAMES, parse_name

#: A line that scores less is no name: strokes of ink, the rest of a seal.
_LIKELY = 0.42
#: And where no title stands above it, it must score more than this.
_CERTAIN = 0.6
#: Words surer than this are left as they were read; words less sure than the second are no syllable of a name unless a list
#: holds them, and only those may be taken for a family name of other letters.
_SURE, _DOUBTFUL = 0.98, 0.9
_UNREAD = 0.3
#: Nothing is made of a word less sure than this.
_GARBLED = 0.1
#: Behind a stroke a name counts where each of its syllables is surer than this.
_READABLE = 0.6
#: A garbled family name must be that like the one it is taken for, the second where it was surely read, and that much liker
#: than any other.
_NEAR, _NEARER, _APART = 72.0, 84.0, 5.0


#: No name begins with the syllable that stands in most names of women.
_NEVER_FIRST = "thi"
#: Family names so common that one is believed before a rare one of the same likeness.
_COMMON = common_families(22)


@dataclass(frozen=True, slots=True)
class Signer:
    """A line that names a person: ``name`` None where it could not be read.

    ``mended`` where a syllable was given back its marks or letters, ``maimed`` where one may be hidden; ``score`` 0..1 says
    how much the line looks like a name.
    """

    name: str | None
    tokens: tuple[Token, ...]
    score: float
    mended: bool = False
    maimed: bool = False


@dataclass(frozen=True, slots=True)
class _Syllable:
    text: str
    token: Token
    box: Box

    @property
    def known(self) -> bool:
        return fold(self.text) in _GIVEN_LETTERS or fold(self.text) in SURNAMES


def name_beneath(sheet: Sheet, top: float, middle: float) -> Signer | None:
    """The best line beneath ``top`` that names a person around ``middle``, both in upright pixels.

    One whose name could not be read where no line names anybody; None where nothing like a name stands there.
    """
    found: list[Signer] = []
    for line in _lines(sheet, top, top + 0.22 * sheet.height):
        box = hull(token.box for token in line)
        if abs(box.centre[0] - middle) > 0.13 * sheet.width:
            continue
        if capital_share(" ".join(token.text for token in line)) > 0.8 and box.top - top < 1.5 * sheet.em:
            continue
        signer = read_signer(line, sheet.em, middle)
        found += [signer] if signer else []
    return max(found, key=lambda one: (one.name is not None, one.score), default=None)


def name_right(sheet: Sheet, top: float) -> Signer | None:
    """The best line on the right beneath ``top`` that surely names a person, where no title tells where it stands."""
    left, right = min(sheet.left, 0.15 * sheet.width), max(sheet.right, 0.88 * sheet.width)
    found = [
        signer
        for line in _lines(sheet, top, top + 0.3 * sheet.height)
        if hull(token.box for token in line).centre[0] > left + 0.57 * (right - left)
        and (signer := read_signer(line, sheet.em))
    ]
    sure = [one for one in found if one.name and one.score > _CERTAIN]
    return max(sure, key=lambda one: one.score, default=None)


def read_signer(line: Sequence[Token], em: float, middle: float | None = None) -> Signer | None:
    """The person whom ``line`` names; None where it is no name at all.

    ``middle`` is where the titles above are centred: a line that begins late has lost its first syllable.
    """
    syllables, lost = _syllables(line, em)
    if len(syllables) < 1 or not any(one.text[:1].isupper() and one.token.confidence > 0.6 for one in syllables):
        return None
    tokens = tuple(dict.fromkeys(one.token for one in syllables))
    late = middle is not None and hull(one.box for one in syllables).centre[0] - middle > 0.85 * em
    if _is_stroke_before_name(syllables):
        syllables, lost = syllables[1:], True
    spelt, mended = _spell(syllables, whole=not late and not lost)
    unread = any(one.token.confidence < _UNREAD and not one.known and text == one.text
                 for one, text in zip(syllables, spelt, strict=True))  # fmt: skip
    name = _parse(spelt)
    torn = _gaps(syllables, em)
    if _ends_like_title(spelt):
        return None
    if name is None or unread or torn:
        return _unreadable(tokens, syllables)
    first = name.split()[0]
    if _is_headless(first, syllables[0], whole=not late and not lost):
        return _unreadable(tokens, syllables)
    score = _score(name, tokens)
    if score <= _LIKELY or _is_title(name):
        return None
    return Signer(name, tokens, score, mended=mended, maimed=late or lost)


def _is_stroke_before_name(syllables: Sequence[_Syllable]) -> bool:
    """Whether the first of ``syllables`` is ink before a whole name, or a degree beneath it; it may hide a first one."""
    if len(syllables) < 3 or syllables[0].token.confidence > _GARBLED or syllables[0].known:
        return False
    family, *given = syllables[1:]
    surely = all(one.token.confidence > _READABLE and one.text[:1].isupper() for one in (family, *given))
    return surely and family.text.capitalize() in _SURNAMES.get(fold(family.text), ())


def _is_headless(first: str, syllable: _Syllable, *, whole: bool) -> bool:
    """Whether ``first`` is likely a second syllable, the family name before it hidden."""
    if fold(first) == _NEVER_FIRST:
        return True
    if fold(first) not in SURNAMES:
        return not whole or syllable.token.confidence < _DOUBTFUL
    return not whole and first not in _COMMON and is_given_name(first)


def _unreadable(tokens: tuple[Token, ...], syllables: Sequence[_Syllable]) -> Signer | None:
    """A line with two syllables of names, of which something is missing."""
    sound = sum(one.known and one.token.confidence > 0.6 and one.text[:1].isupper() for one in syllables)
    return Signer(None, tokens, 0.0) if sound >= 1 and len(syllables) > 1 else None


def _lines(sheet: Sheet, top: float, bottom: float) -> Iterable[tuple[Token, ...]]:
    """Lines of tokens between ``top`` and ``bottom``: pieces that stand side by side are one."""
    rows: list[list[Piece]] = []
    for piece in sorted(sheet.pieces, key=lambda one: one.box.left):
        if not top < piece.box.top < bottom:
            continue
        row = next((row for row in rows if _continues(row[-1], piece, sheet.em)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    for row in rows:
        yield tuple(token for piece in row for token in piece.tokens)
        if len(row) > 1:
            yield from (piece.tokens for piece in row)


def _continues(one: Piece, other: Piece, em: float) -> bool:
    """Whether ``other`` goes on with the line of ``one``, which may be torn by ink."""
    level = abs(one.box.bottom - other.box.bottom) < 0.5 * em or abs(one.box.centre[1] - other.box.centre[1]) < 0.4 * em
    return level and -0.3 * em < other.box.left - one.box.right < 3.5 * em


def _syllables(line: Sequence[Token], em: float) -> tuple[list[_Syllable], bool]:
    """The syllables of ``line`` without signs at their edges; whether signs stand where a first one may be hidden."""
    found: list[_Syllable] = []
    lost = False
    for token in line:
        text = _trimmed(token.text)
        if not any(_is_letter(sign) for sign in text):
            close = bool(found) or token.box.height > 0.5 * em
            lost = lost or (not found and close and any(sign.isalnum() for sign in token.text))
            continue
        lost = lost or (not found and not token.text.startswith(text[:1]))
        for part in _parts(text):
            found.append(_Syllable(part, token, token.box))
    return _joined(_without_tail(found), em), lost


def _is_letter(sign: str) -> bool:
    return sign.lower() != sign.upper()


def _parts(text: str) -> tuple[str, ...]:
    """``text`` cut where a capital follows a small letter: MaiMinh; degrees stay whole: ThS.BS."""
    if "." in text[:-1]:
        return (text,)
    cuts = [place for place in range(1, len(text)) if text[place].isupper() and text[place - 1].islower()]
    return tuple(text[start:end] for start, end in zip((0, *cuts), (*cuts, len(text)), strict=True))


def _without_tail(found: list[_Syllable]) -> list[_Syllable]:
    """``found`` without the stroke that was read behind the last syllable."""
    while len(found) > 2 and len(found[-1].text) < 3 and found[-1].token.confidence < 0.6 and not found[-1].known:
        found = found[:-1]
    return found


def _trimmed(text: str) -> str:
    start = next((place for place, sign in enumerate(text) if sign.isalnum()), len(text))
    while start < len(text) and text[start].isdigit() and any(sign.isupper() for sign in text[start + 1 : start + 2]):
        start += 1
    kept = text[start:]
    while kept and not (kept[-1].isalnum() or kept[-1] == "."):
        kept = kept[:-1]
    return kept


def _joined(syllables: Sequence[_Syllable], em: float) -> list[_Syllable]:
    """``syllables`` with those put together that were read apart: Thả | ng."""
    joined: list[_Syllable] = []
    for one in syllables:
        last = joined[-1] if joined else None
        if last and one.text[:1].islower() and one.box.left - last.box.right < 0.2 * em and one.token is not last.token:
            joined[-1] = _Syllable(last.text + one.text, last.token, hull((last.box, one.box)))
        else:
            joined.append(one)
    return joined


def _gaps(syllables: Sequence[_Syllable], em: float) -> bool:
    """Whether between two of ``syllables`` there is room for another one."""
    height = max(em, statistics.median(one.box.height for one in syllables))
    return any(other.box.left - one.box.right > 2.0 * height for one, other in itertools.pairwise(syllables))


def _spell(syllables: Sequence[_Syllable], *, whole: bool) -> tuple[list[str], bool]:
    """The syllables as names are spelt, where lists leave no doubt; whether any was changed."""
    spelt = [_given(one) for one in syllables]
    start = next((place for place, one in enumerate(syllables) if not one.text.endswith(".")), 0)
    spelt[start] = _surname(syllables[start], whole=whole)
    if len(spelt) - start > 2 and spelt[start + 1] in ("Thi", "THI"):
        spelt[start + 1] = "THỊ" if spelt[start + 1].isupper() else "Thị"
    return spelt, any(text != one.text for text, one in zip(spelt, syllables, strict=True))


def _given(one: _Syllable) -> str:
    known = _GIVEN.get(fold(one.text), ())
    titled = one.text.capitalize()
    if one.token.confidence > _SURE or not one.text[:1].isupper() or titled in known or len(known) != 1:
        return one.text
    return known[0].upper() if one.text.isupper() else known[0]


def _surname(one: _Syllable, *, whole: bool) -> str:
    """The family name that ``one`` must be; a given name as it was read where the line may not be ``whole``."""
    text, sure = one.text, one.token.confidence
    known = _SURNAMES.get(fold(text), ())
    if text.capitalize() in known or not text[:1].isupper() or (is_given_name(text) and (sure > _DOUBTFUL or not whole)):
        return text
    if len(known) != 1 and sure > _GARBLED:
        known = _nearest(fold(text), _NEAR if sure < _DOUBTFUL else _NEARER)
    if len(known) != 1:
        return text
    return known[0].upper() if len(text) > 1 and text.isupper() else known[0]


def _nearest(letters: str, least: float) -> tuple[str, ...]:
    """The one family name that ``letters`` is most like, at ``least`` so much; none where another is as like."""
    if len(letters) < 3:
        return ()
    scores: dict[str, float] = {}
    for rank, name in enumerate(FAMILY_NAMES):
        likeness = fuzz.ratio(letters, fold(name)) + (6.0 if rank < len(_COMMON) else 0.0)
        scores[name] = likeness if abs(len(letters) - len(fold(name))) < 3 else 0.0
    first, second = sorted(scores, key=lambda name: -scores[name])[:2]
    return (first,) if scores[first] >= least and scores[first] - scores[second] >= _APART else ()


def _parse(spelt: Sequence[str]) -> str | None:
    """The name that ``spelt`` is; Ông is a family name where no other follows, for nobody is called Mr under his own hand."""
    if fold(spelt[0]) == "ong" and 2 <= len(spelt) <= 5 and spelt[1].capitalize() not in _COMMON:
        return " ".join(("Ông", *(word.capitalize() for word in spelt[1:]))) if all(map(str.isalpha, spelt)) else None
    name = parse_name(" ".join(spelt), signed=True)
    if name is None:
        return None
    bearing = spelt[len(spelt) - len(name.split()) :]
    return name if all(text[:1].isupper() for text in bearing) else None


def _score(name: str, tokens: Sequence[Token]) -> float:
    words = fold(name).split()
    known = 1.0 if words[0] in SURNAMES else 0.45
    likely = 1.0 if 2 <= len(words) <= 5 else 0.5
    sure = sum(token.confidence for token in tokens) / len(tokens)
    return known * likely * (0.3 + 0.7 * sure)


def _is_title(name: str) -> bool:
    """Whether ``name`` is part of a title: Văn Phòng, Chủ Tịch."""
    words = fold(name)
    pairs = words.split()
    roles = tuple(fold(role) for role in phrases("signers"))
    return any(" ".join(pairs[start : start + 2]) in roles for start in range(len(pairs) - 1)) or any(
        role.endswith(f" {words}") for role in roles
    )


def _ends_like_title(spelt: Sequence[str]) -> bool:
    """Whether a line in capitals ends as titles do: … ĐỐC, … TỊCH."""
    return spelt[-1].isupper() and len(spelt[-1]) > 1 and canonical(spelt[-1]) in _title_ends()


@cache
def _title_ends() -> frozenset[str]:
    return frozenset(canonical(role.split()[-1]) for role in phrases("signers"))


def _by_letters(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        found[fold(name)] = (*found.get(fold(name), ()), name)
    return found


_SURNAMES = _by_letters(FAMILY_NAMES)
_GIVEN = _by_letters(common_given_names())
_GIVEN_LETTERS = frozenset(_GIVEN)


@cache
def is_given_name(text: str) -> bool:
    """Whether ``text`` is a common syllable of given names as it is spelt."""
    return text.capitalize() in _GIVEN.get(fold(text), ())
