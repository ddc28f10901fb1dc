"""The zones of administrative papers as values: who issued them, number, place, date, subject, signer, recipients."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from pipeline.understanding.dictionary import document_type
from pipeline.understanding.folding import fold, squeeze
from pipeline.understanding.kinds.classification import Reading
from pipeline.understanding.sheets import Sheet, Token
from pipeline.understanding.trust.confidence import Proof, ink_ceiling, looks_inked, word_confidence
from pipeline.understanding.values.codes import Code, is_plain_code, parse_code, parse_number
from pipeline.understanding.values.dates import find_dates
from pipeline.understanding.values.symbols import fits_symbol
from pipeline.understanding.zones.closing import recipients, signer_name, signer_title
from pipeline.understanding.zones.electronic import electronic_days
from pipeline.understanding.zones.header import mend_dateline
from pipeline.understanding.zones.issuers import tell_issuers
from pipeline.understanding.zones.occurrences import settle_place, settle_words
from pipeline.understanding.zones.places import is_province, mend_place
from pipeline.understanding.zones.repeats import Tally, find_repeats, tally_days, tally_numbers
from pipeline.understanding.zones.subjects import looks_like_subject, strip_opening, subject_under_title
from pipeline.understanding.zones.zone_values import BORNE_OUT, EDGES, MAIMED, UNKNOWN, ZoneValue, phrase_value

_PLACE = re.compile(r"^\W*(?P<place>[^\d,;]{2,40}?|(?:quận|phường)\s\d{1,2})\s*[,;.]?\s*ng[àaảáạâ][^\s\d]?", re.IGNORECASE)
_ALONE = re.compile(r"^\W*(?:(?:[^\d,;]{2,40}|(?:quận|phường)\s\d{1,2})[,.]\s*)?(?:n?gày|Ngày)\s", re.IGNORECASE)
_LAW = "luat"
#: Units that bear a number for a name.
_NUMBERED_UNIT = re.compile(r"(?:phường|quận|xã|thị trấn) \d{1,2}", re.IGNORECASE)


def read_zone(zone: str, sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    """The value of ``zone`` of the document on ``sheets``; None where the zone is empty."""
    return _ZONES[zone](sheets, reading)


def _issuer(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    found = tell_issuers(reading.header.issuer) if reading.header else None
    if found is None:
        return None
    tokens = (*found.issuer, *found.superior) if found.completed else found.issuer
    return phrase_value(tokens, "issuers", sheets)


def _superior(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    found = tell_issuers(reading.header.issuer) if reading.header else None
    return phrase_value(found.superior, "issuers", sheets) if found and found.superior else None


def _number(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    if reading.header is None or not reading.header.number:
        return None
    tokens = reading.header.number
    abbreviation = document_type(reading.classification.code).abbreviation
    code = parse_number(" ".join(token.text for token in tokens), abbreviation)
    if code is None:
        return ZoneValue(None, tokens, 0.0, "number_unread")
    symbol = code.value.split("/", 1)[1]
    again = tally_numbers(find_repeats((*sheets, *reading.attached), reading.header.page), code.value, symbol, abbreviation)
    if code.unread:
        return _from_appendix(again, "number_handwritten") or ZoneValue(None, tokens, 0.0, "number_unread")
    confidence = word_confidence(_numbered(tokens), exact=True) * (0.95 if code.repaired else 1.0)
    plain = is_plain_code(code.value)
    confidence = confidence if plain else min(confidence, MAIMED)
    issuer = " ".join(token.text for line in reading.header.issuer for token in line)
    fits = fits_symbol(code.value, abbreviation, issuer)
    proof = Proof(mended=code.repaired, maimed=not plain, known=fits, agreeing=again.agreeing, differing=again.differing)
    rivals = again.suggestions(code.value)
    if _inked_number(tokens, code):
        confidence = min(confidence, ink_ceiling(tokens))
        return ZoneValue(code.value, tokens, confidence, "number_handwritten", proof, rivals)
    return ZoneValue(code.value, tokens, confidence, "", proof, rivals)


def _from_appendix(again: Tally, code: str) -> ZoneValue | None:
    """What most headings of appendices say, where the paper's own header could not be read."""
    if not again.most:
        return None
    confidence = min(word_confidence(again.tokens, exact=True), UNKNOWN)
    proof = Proof(agreeing=again.agreeing, differing=again.differing)
    return ZoneValue(again.most, again.tokens, confidence, code, proof)


def _numbered(tokens: Sequence[Token]) -> tuple[Token, ...]:
    return tuple(token for token in tokens if any(sign.isdigit() or sign == "/" for sign in token.text)) or tuple(tokens)


def _inked_number(tokens: Sequence[Token], code: Code) -> bool:
    """Printed numbers stand close to their symbol; a number written into a gap stands apart or out of line."""
    if any(token.word.written for token in tokens):
        return True
    slash = next((place for place, token in enumerate(tokens) if "/" in token.text), None)
    if slash is None:
        return False
    head = tokens[slash].text.split("/")[0]
    if not any(sign.isalnum() for sign in head) or (slash and not fold(tokens[slash - 1].text).startswith("so")):
        return True
    return looks_inked(tokens[slash], tokens)


def _register_number(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    """A number without a symbol, as on the papers of registers: Số: 260/2016."""
    if reading.header is None or not reading.header.number:
        return None
    tokens = reading.header.number
    text = re.sub(r"^\W*s\S{1,2}\s*[:.;]?\s*", "", " ".join(token.text for token in tokens), flags=re.IGNORECASE)
    value = parse_code(text)
    digits = tuple(token for token in tokens if any(sign.isdigit() for sign in token.text))
    if value is None:
        return ZoneValue(None, tokens, 0.0, "number_unread")
    inked = any(looks_inked(token, tokens) for token in digits)
    confidence = word_confidence(digits, exact=True)
    return ZoneValue(value, digits, min(confidence, ink_ceiling(digits)) if inked else confidence)


def _place(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    if reading.header is None or not reading.header.place_date:
        return None
    tokens = reading.header.place_date
    cut = _day_word(tokens) or len(tokens)
    comma = next((place + 1 for place, token in enumerate(tokens) if token.text.endswith(",")), cut)
    named = tokens[: min(cut, comma)]
    text = squeeze(" ".join(token.text for token in named)).strip(EDGES)
    if not fold(text) or (any(sign.isdigit() for sign in text) and not _NUMBERED_UNIT.fullmatch(text)):
        return None
    bodies = tuple(token for line in reading.header.issuer for token in line)
    settled = settle_place(named, bodies, sheets)
    value = mend_place(squeeze(settled.text).strip(EDGES))
    known = is_province(value)
    confidence = word_confidence(named, exact=False)
    mended = settled.changed or fold(value) != fold(settled.text)
    proof = Proof(settled.chances, known=known, mended=mended, agreeing=settled.agreeing, differing=settled.differing)
    ceiling = 1.0 if known else BORNE_OUT if settled.agreeing else UNKNOWN
    return ZoneValue(value, named, min(confidence, ceiling), proof=proof)


def _date(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    if reading.header is None or not reading.header.place_date:
        return None
    tokens = reading.header.place_date
    text = " ".join(token.text for token in tokens)
    found = find_dates(text) or find_dates(mend_dateline(text))
    dated = _dated(tokens)
    repeats = find_repeats((*sheets, *reading.attached), reading.header.page)
    if not found:
        again = tally_days(repeats, "")
        return _from_appendix(again, "date_handwritten") or ZoneValue(None, dated, 0.0, "date_unread")
    again = tally_days(repeats, found[0].iso)
    signed = found[0].iso in electronic_days(sheets)
    proof = Proof(agreeing=again.agreeing + signed, differing=again.differing)
    rivals = again.suggestions(found[0].iso)
    confidence = word_confidence(dated, exact=True) * (0.75 if found[0].slips else 1.0)
    day = next((token for token in dated if any(sign.isdigit() for sign in token.text)), None)
    lone_digit = re.search(r"ng\S*\s*\d\s+th", text) is not None
    glued = re.search(r"ng\S{0,3}\d|\d[^\W\d]", text) is not None
    written = any(token.word.written for token in dated)
    if lone_digit or glued or written or (day and looks_inked(day, tokens)):
        confidence = min(confidence, ink_ceiling(dated))
        return ZoneValue(found[0].iso, dated, confidence, "date_handwritten", proof, rivals)
    return ZoneValue(found[0].iso, dated, confidence, "", proof, rivals)


def _dated(tokens: Sequence[Token]) -> tuple[Token, ...]:
    return tuple(tokens[_day_word(tokens) :])


def _day_word(tokens: Sequence[Token]) -> int:
    """Where ngày stands among ``tokens``, however it was read; 0 where it does not."""
    for place, token in enumerate(tokens):
        folded = fold(token.text)
        after_comma = place > 0 and tokens[place - 1].text.endswith((",", "."))
        if folded.startswith("ngay") or (after_comma and folded.startswith("nga")):
            return place
    return 0


def _any_date(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    """The date of the header, or else the last line that is nothing but place and date, as above some signatures."""
    header = _date(sheets, reading)
    if header is not None:
        return header
    for sheet in reversed(sheets):
        for piece in reversed(sheet.pieces):
            found = find_dates(piece.text)
            if found and _ALONE.match(piece.text) and len(piece.text) - found[0].end < 3:
                dated = _dated(piece.tokens)
                confidence = 0.97 * word_confidence(dated, exact=True)
                if any(token.word.written for token in dated):
                    return ZoneValue(found[0].iso, dated, min(confidence, ink_ceiling(dated)), "date_handwritten")
                return ZoneValue(found[0].iso, dated, confidence)
    return None


def _subject(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    if reading.front is None:
        return None
    if reading.title:
        tokens = subject_under_title(reading.front, reading.title, capitals=reading.classification.code == _LAW)
        tokens = tokens or _rest_of_title(reading)
    else:
        tokens = tuple(token for line in reading.header.subject for token in line) if reading.header else ()
    settled = settle_words(tokens, sheets)
    value = strip_opening(settled.text)
    if not looks_like_subject(value):
        return None
    mended = settled.changed or value not in squeeze(settled.text)
    chances = settled.chances[-_count_words(value) :]
    return ZoneValue(value, tokens, word_confidence(tokens, exact=False), proof=Proof(chances, mended=mended))


def _count_words(text: str) -> int:
    return sum(any(map(str.isalnum, word)) for word in text.split())


def _rest_of_title(reading: Reading) -> tuple[Token, ...]:
    """What follows the type's own name on the title line: HỢP ĐỒNG | THUÊ NHÀ."""
    tokens = tuple(token for piece in reading.title for token in piece.tokens)
    named = len(document_type(reading.classification.code).title.split())
    return tokens[named:] if len(tokens) > named else ()


def _id_number(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
    """The only number of twelve digits on the paper; believed little, for nothing says whose it is."""
    found = {}
    for sheet in sheets:
        for piece in sheet.pieces:
            for token in piece.tokens:
                match = re.fullmatch(r"\D{0,2}(\d{12})\D{0,2}", token.text)
                if match:
                    found[match[1]] = token
    if len(found) != 1:
        return None
    number, token = found.popitem()
    return ZoneValue(number, (token,), 0.85 * token.confidence)


def _matching(pattern: str) -> Callable[[Sequence[Sheet], Reading], ZoneValue | None]:
    wanted = re.compile(pattern)

    def read(sheets: Sequence[Sheet], reading: Reading) -> ZoneValue | None:
        for sheet in sheets:
            for piece in sheet.pieces:
                match = wanted.search(piece.text)
                if match:
                    tokens = tuple(token for token in piece.tokens if token.text in match[0] or match[0] in token.text)
                    value = match[0].replace(" ", "")
                    return ZoneValue(value, tokens, 0.9 * word_confidence(tokens, exact=True))
        return None

    return read


_ZONES: Mapping[str, Callable[[Sequence[Sheet], Reading], ZoneValue | None]] = {
    "issuer": _issuer,
    "superior": _superior,
    "number": _number,
    "register_number": _register_number,
    "place": _place,
    "date": _date,
    "any_date": _any_date,
    "subject": _subject,
    "signer_title": signer_title,
    "signer": signer_name,
    "recipients": recipients,
    "id_number": _id_number,
    "dossier_number": _matching(r"\d{3}\.\d{2}\.\d{2}\.[A-Z]\w{1,3}-\d{6}-\d{4,5}"),
    "seal_number": _matching(r"\b[A-ZĐ]{2}\s?\d{6,8}\b"),
}
