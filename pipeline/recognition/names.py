"""Words that name persons, places and firms: no language knows their marks better than the paper does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.domain.person_names import families
from pipeline.domain.syllables import bare, canonical


def _words(listed: str) -> frozenset[str]:
    return frozenset(canonical(word) for word in listed.split())


#: Family names that hardly ever begin anything else: their letters alone tell them, for marks may be misread.
_CLEAR = frozenset(map(canonical, families("clear")))
_CLEAR_LETTERS = frozenset(bare(name) for name in _CLEAR)
#: Family names whose letters also spell common words.
_EXACT = frozenset(map(canonical, families("words", "middle")))
#: Family names; the last of them are rare, and common words besides, so that they tell nothing by themselves.
FAMILY_NAMES = _CLEAR | _EXACT | frozenset(map(canonical, families("seldom", "rare")))
#: What announces the name of a person, of a place, of anything else.
_PERSONS = _words("ông bà anh chị em cháu tên chí thị")
_TERRITORIES = _words("xã phường trấn huyện quận tỉnh phố thôn ấp bản buôn làng xóm khóm")
_OTHERS = _words("đường hẻm ngõ sông suối hồ chợ núi đèo đảo kênh tnhh phần ty hàng khu cụm tộc")
_LEADS = _PERSONS | _TERRITORIES | _OTHERS

#: Provinces and cities of that rank, before and after July 2025.
_PROVINCES = (
    "an giang|bà rịa|bạc liêu|bắc giang|bắc kạn|bắc ninh|bến tre|bình dương|bình định|bình phước|bình thuận|cà mau|cao bằng|"
    "cần thơ|đà nẵng|đắk lắk|đắk nông|điện biên|đồng nai|đồng tháp|gia lai|hà giang|hà nam|hà nội|hà tĩnh|hải dương|hải phòng|"
    "hậu giang|hòa bình|hồ chí minh|hưng yên|khánh hòa|kiên giang|kon tum|lai châu|lạng sơn|lào cai|lâm đồng|long an|nam định|"
    "nghệ an|ninh bình|ninh thuận|phú thọ|phú yên|quảng bình|quảng nam|quảng ngãi|quảng ninh|quảng trị|sóc trăng|sơn la|"
    "tây ninh|thái bình|thái nguyên|thanh hóa|thừa thiên|tiền giang|trà vinh|tuyên quang|vĩnh long|vĩnh phúc|yên bái"
)
_PROVINCE_WORDS = {
    tuple(bare(word) for word in name.split()): tuple(canonical(word) for word in name.split())
    for name in _PROVINCES.split("|")
}


@dataclass(frozen=True, slots=True)
class Token:
    """A word without the signs at its edges, and whether something parts it from the word before it."""

    core: str
    parted: bool
    new_line: bool

    @property
    def capitalised(self) -> bool:
        """Whether it begins with a capital and is all letters."""
        return self.core[:1].isupper() and self.core.isalpha()

    @property
    def shouted(self) -> bool:
        """Whether it is in capitals."""
        return len(self.core) > 1 and self.core.isupper()


def find_names(tokens: Sequence[Token]) -> frozenset[int]:
    """Which of ``tokens`` are parts of names: capitalised words behind a family name, a title, a kind of place or firm.

    Lines of nothing but capitalised words, as under signatures, are names too, unless they are in capitals throughout.
    """
    found: set[int] = set()
    for first, last in _runs(tokens):
        found.update(_names_in_run(tokens, first, last))
    for first, last in _lines(tokens):
        if last - first > 1 and all(token.capitalised and not token.shouted for token in tokens[first:last]):
            found.update(range(first, last))
    return frozenset(found)


def is_family_name(word: str) -> bool:
    """Whether ``word``, marks and all, is a Vietnamese family name."""
    return canonical(word) in FAMILY_NAMES


def spell_provinces(tokens: Sequence[Token]) -> dict[int, str]:
    """How the words of a province's name behind ``tỉnh`` or ``phố`` are spelt, canonical, by their place; tỉnh itself too."""
    found: dict[int, str] = {}
    for at, token in enumerate(tokens):
        lead = bare(token.core)
        if lead not in {"tinh", "pho"}:
            continue
        for size in (2, 3):
            behind = tokens[at + 1 : at + 1 + size]
            name = _PROVINCE_WORDS.get(tuple(bare(word.core) for word in behind))
            if name and all(word.capitalised and not word.parted for word in behind):
                found.update(enumerate(name, at + 1))
                if lead == "tinh" and (at == 0 or bare(tokens[at - 1].core) != "ha"):
                    found[at] = canonical("tỉnh")
    return found


def in_run(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word in title case has a neighbour of that kind: it may be part of a name nobody knows."""
    if not tokens[at].capitalised or tokens[at].shouted:
        return False
    before = at > 0 and not tokens[at].parted and tokens[at - 1].capitalised
    after = at + 1 < len(tokens) and not tokens[at + 1].parted and tokens[at + 1].capitalised
    return before or after


def _runs(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words that nothing parts; capitals end with their line."""
    first = 0
    for at in range(len(tokens) + 1):
        if at < len(tokens) and tokens[at].capitalised and at > first and _goes_on(tokens[at - 1], tokens[at]):
            continue
        if at > first and tokens[first].capitalised:
            yield first, at
        first = at


def _goes_on(before: Token, token: Token) -> bool:
    return (
        before.capitalised and not token.parted and before.shouted == token.shouted and not (token.new_line and token.shouted)
    )


def _names_in_run(tokens: Sequence[Token], first: int, last: int) -> range:
    lead = first
    for at in range(first, last):
        word = canonical(tokens[at].core)
        if word in (_LEADS if at == lead else _TERRITORIES) and not _is_society(tokens, at):
            if at + 1 < last:
                return range(at + 1, last)
            lead = at + 1
    if first and not tokens[first].parted and canonical(tokens[first - 1].core) in _LEADS:
        return range(first, last)
    head = tokens[first].core
    named = last - first > 1 and (bare(head) in _CLEAR_LETTERS or canonical(head) in _EXACT)
    return range(first, last) if named else range(0)


def _is_society(tokens: Sequence[Token], at: int) -> bool:
    return canonical(tokens[at].core) == "xã" and at + 1 < len(tokens) and bare(tokens[at + 1].core) == "hoi"


def _lines(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    starts = [at for at, token in enumerate(tokens) if token.new_line or at == 0]
    yield from zip(starts, [*starts[1:], len(tokens)], strict=True)
