"""How long a paper holds, and for what: its own words first, then what the law says of its type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.domain.findings import Evidence, Field, Findings, Validity
from pipeline.domain.validity import last_day
from pipeline.understanding.dictionary import document_type
from pipeline.understanding.folding import fold, squeeze
from pipeline.understanding.kinds.recipes import recipes
from pipeline.understanding.sheets import Sheet, Token, evidence
from pipeline.understanding.standing.terms import Said, read_term

#: Below this the day of issue is not read for certain.
_SURE = 0.6
#: A paper speaks of itself: giấy này có giá trị …, Quyết định này có hiệu lực …
_PAPERS = (
    "giay phep|giay chung nhan|giay|phieu|the|chung chi|ban sao|van ban|quyet dinh|nghi quyet|nghi dinh|thong tu|luat|"
    "quy che|quy dinh|chi thi|thong bao|hop dong|cong dien|huong dan|chuong trinh|ke hoach"
)
_HOLDS = re.compile(
    rf"\b(?:{_PAPERS})(?: xay dung| uy quyen| gioi thieu| moi)?(?: nay)?(?: so \w+)?(?: chi| se)? co (?:gia tri|hieu luc)\b"
    r"|(?P<opens>\b(?:chi )?co gia tri (?=den|trong|tu|ke)|\bthoi han (?:hieu luc|uy quyen)\b)"
)
_ONLY_FOR = re.compile(
    rf"\b(?:{_PAPERS})(?: nay)? (?:chi co gia tri|chi duoc|khong co gia tri|khong duoc)\b|(?P<opens>\bchi co gia tri\b)"
)
_STOP = re.compile(r"[.;]\W*$")
#: A sentence on validity is not longer than so many words.
_LONGEST = 45


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A stretch of tokens that speaks of validity."""

    tokens: tuple[Token, ...]

    @property
    def text(self) -> str:
        return squeeze(" ".join(token.text for token in self.tokens))


def find_validity(findings: Findings, sheets: Sequence[Sheet]) -> Validity | None:
    """How long the paper on ``sheets`` holds; None for a type without validity, and where nothing is known of it.

    Where the paper and the law of its type differ, or the day of issue is not certain, the earlier end counts and the
    outcome is doubtful.
    """
    keys = recipes()[findings.classification.code].validity
    if keys is None:
        return None
    issued = findings.field(keys.issued)
    made = Validity(issued=_iso(issued), doubtful=issued is not None and _unsure(issued))
    sources = [(_said_by(findings.field(key)), findings.field(key)) for key in (keys.until, keys.term) if key]
    said, seen = next(((one, field.evidence) for one, field in sources if one and field), (Said(), ()))
    if not said:
        said, seen = _said_on(sheets)
    made = _completed(made, said, document_type(findings.classification.code).valid_for)
    made = replace(
        made,
        unlimited=made.unlimited or (keys.unlimited and not made.until and not made.term),
        doubtful=made.doubtful or any(field is not None and _unsure(field) for _, field in sources),
        conditions=tuple(_conditions(findings, keys.conditions, sheets)),
        evidence=seen or (issued.evidence if issued else ()),
    )
    return made if made != Validity() else None


def _completed(made: Validity, said: Said, by_law: str) -> Validity:
    """``made`` with the end that the paper says, or else the law."""
    term = said.term or ("" if said.until or said.unlimited else by_law)
    ends = [said.until] if said.until else []
    ends += [_end(said.since or made.issued, wanted) for wanted in {term, by_law if said.term else ""} if wanted]
    known = sorted(end for end in ends if end)
    differ = bool(said.term and by_law and _months(said.term) != _months(by_law)) or len(set(known)) > 1
    return replace(
        made,
        since=said.since if said.since != made.issued else "",
        until=known[0] if known else "",
        term=term,
        unlimited=said.unlimited,
        doubtful=made.doubtful or said.doubtful or differ,
    )


def _end(first: str, term: str) -> str:
    try:
        found = last_day(date.fromisoformat(first), term)
    except ValueError:
        return ""
    return found.isoformat() if found else ""


def _months(term: str) -> str:
    """A term of years in months, so that P1Y and P12M are the same."""
    match = re.fullmatch(r"P(\d+)Y", term)
    return f"P{12 * int(match[1])}M" if match else term


def _iso(field: Field | None) -> str:
    return str(field.value) if field is not None else ""


def _unsure(field: Field) -> bool:
    return bool(field.problems) or field.confidence < _SURE


def _said_by(field: Field | None) -> Said:
    """What a field says: a date is the last day, any other value is read as a term."""
    if field is None:
        return Said()
    value = str(field.value)
    return Said(until=value) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else read_term(value)


def _said_on(sheets: Sequence[Sheet]) -> tuple[Said, tuple[Evidence, ...]]:
    for sentence in _sentences(sheets, _HOLDS):
        said = read_term(sentence.text)
        if said:
            return said, evidence(sentence.tokens)
    return Said(), ()


def _conditions(findings: Findings, keys: Sequence[str], sheets: Sequence[Sheet]) -> Iterator[str]:
    """What the paper may be used for: the fields that say so, else its sentence that it holds for nothing else."""
    found = [field for key in keys if (field := findings.field(key)) is not None]
    yield from (str(field.value) for field in found)
    if keys and not found:
        yield from (sentence.text for sentence in _sentences(sheets, _ONLY_FOR))


def _sentences(sheets: Sequence[Sheet], phrase: re.Pattern[str]) -> Iterator[_Sentence]:
    """What stands on ``sheets`` from each ``phrase`` to the end of its sentence, over line breaks.

    Its group ``opens`` counts only where a line or a sentence begins with it.
    """
    lines = [(piece, token) for sheet in sheets for piece in sheet.pieces for token in piece.tokens]
    tokens = [token for _, token in lines]
    starts: dict[int, tuple[int, bool]] = {}
    folded, opening = "", True
    for place, (piece, token) in enumerate(lines):
        word = fold(token.text)
        opening = opening or token is piece.tokens[0]
        if word:
            starts[len(folded)] = place, opening
            folded += f"{word} "
        opening = (opening and not word) or _STOP.search(token.text) is not None
    for match in phrase.finditer(folded):
        first, opens = starts.get(match.start(), (0, False))
        if match.start() in starts and (opens or not match["opens"]):
            yield _Sentence(_to_stop(tokens[first : first + _LONGEST]))


def _to_stop(tokens: Sequence[Token]) -> tuple[Token, ...]:
    end = next((place for place, token in enumerate(tokens) if place > 2 and _STOP.search(token.text)), len(tokens) - 1)
    return tuple(tokens[: end + 1])
