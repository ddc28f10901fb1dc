"""What stands on the lines: names of persons, titles, a few words, numbers and dates."""

from __future__ import annotations

import gzip
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from ocr_models.lines.signs import ALPHABET
from pipeline.domain.syllables import canonical, is_syllable, split_tone, to_old_placement
from scripts.corpus.chance import listed
from scripts.corpus.people import FEMALE_GIVEN, FEMALE_MIDDLES, MALE_GIVEN, MALE_MIDDLES, SURNAMES
from scripts.lines.values import draw_value

#: The longest line, in signs.
LONGEST = 36

_MIDDLES, _GIVEN = (*MALE_MIDDLES, *FEMALE_MIDDLES), (*MALE_GIVEN, *FEMALE_GIVEN)
_RANKS = ("ThS. ", "TS. ", "BS. ", "KS. ", "Ông ", "Bà ", "Đại tá ", "Thượng tá ", "Trung tá ", "PGS.TS. ", "BS CKII. ")
_TITLES = listed(
    "CHỦ TỊCH|PHÓ CHỦ TỊCH|KT. CHỦ TỊCH|TM. ỦY BAN NHÂN DÂN|TM. ỦY BAN|Q. CHỦ TỊCH|GIÁM ĐỐC|PHÓ GIÁM ĐỐC|KT. GIÁM ĐỐC|"
    "TRƯỞNG PHÒNG|PHÓ TRƯỞNG PHÒNG|KT. TRƯỞNG PHÒNG|CHÁNH VĂN PHÒNG|PHÓ CHÁNH VĂN PHÒNG|TL. CHỦ TỊCH|TUQ. CHỦ TỊCH|BỘ TRƯỞNG|"
    "THỨ TRƯỞNG|KT. BỘ TRƯỞNG|CỤC TRƯỞNG|PHÓ CỤC TRƯỞNG|TỔNG CỤC TRƯỞNG|VỤ TRƯỞNG|HIỆU TRƯỞNG|PHÓ HIỆU TRƯỞNG|VIỆN TRƯỞNG|"
    "CHÁNH ÁN|THẨM PHÁN|CHẤP HÀNH VIÊN|CÔNG CHỨNG VIÊN|TRƯỞNG BAN|PHÓ TRƯỞNG BAN|TM. HỘI ĐỒNG NHÂN DÂN|THƯ KÝ|KẾ TOÁN TRƯỞNG|"
    "NGƯỜI LẬP BIỂU|NGƯỜI KHAI|NGƯỜI LÀM ĐƠN|NGƯỜI NỘP ĐƠN|XÁC NHẬN CỦA UBND XÃ|ĐẠI DIỆN BÊN A|ĐẠI DIỆN BÊN B|CHI CỤC TRƯỞNG|"
    "THỦ TRƯỞNG ĐƠN VỊ|KT. CỤC TRƯỞNG|KT. CHÁNH VĂN PHÒNG|PHÓ TỔNG GIÁM ĐỐC|TỔNG GIÁM ĐỐC|CÁN BỘ TƯ PHÁP - HỘ TỊCH|"
    "(Ký, ghi rõ họ tên)|(Ký tên, đóng dấu)|(Đã ký)|Nơi nhận:|Người làm đơn|Người khai|Số:|Độc lập - Tự do - Hạnh phúc"
)
_START = re.compile("([bcdđghklmnpqrstvx]*)(.*)")


@dataclass(frozen=True)
class Texts:
    """Draws texts; ``words`` are those of running text, ``syllables`` every one that occurs in it."""

    words: tuple[str, ...]
    syllables: tuple[str, ...]

    def draw(self, chance: np.random.Generator) -> str:
        """One text of at most ``LONGEST`` signs, now and then none."""
        kind = chance.random()
        if kind < 0.34:
            text = self._name(chance)
        elif kind < 0.41:
            text = _pick(chance, _TITLES)
        elif kind < 0.62:
            text = self._phrase(chance)
        else:
            text = draw_value(chance, self.syllables) if kind < 0.975 else ""
        return " ".join(text[:LONGEST].split())

    def _name(self, chance: np.random.Generator) -> str:
        kind = chance.random()
        count = int(chance.choice([1, 2, 3], p=[0.08, 0.72, 0.2]))
        first = _pick(chance, SURNAMES) if kind < 0.4 else _pick(chance, tuple(set(SURNAMES)))
        rest = [_pick(chance, _MIDDLES) for _ in range(count - 1)] + [_pick(chance, _GIVEN)]
        if kind > 0.4:
            at = range(count) if kind > 0.65 else [count - 1]
            for place in at:
                rest[place] = self._syllable(chance).capitalize()
            first = self._syllable(chance).capitalize() if kind > 0.88 else first
        name = " ".join([first, *rest])
        name = name.upper() if chance.random() < 0.1 else name
        return _pick(chance, _RANKS) + name if chance.random() < 0.1 else name

    def _syllable(self, chance: np.random.Generator) -> str:
        """A syllable that is well-formed, whether or not anybody is called so."""
        while True:
            syllable = _pick(chance, self.syllables)
            if chance.random() < 0.5:
                head, tail = _START.match(syllable), _START.match(_pick(chance, self.syllables))
                if head and tail:
                    syllable = canonical(head[1] + tail[2])
            if chance.random() < 0.5:
                tone = "\u0300\u0301\u0303\u0309\u0323"[int(chance.integers(5))]
                vowel = next((at for at, sign in enumerate(syllable) if sign in "aăâeêioôơuưy"), None)
                if vowel is None:
                    continue
                signs = split_tone(syllable)[0]
                syllable = canonical(unicodedata.normalize("NFC", signs[: vowel + 1] + tone + signs[vowel + 1 :]))
            if is_syllable(syllable):
                return to_old_placement(syllable) if chance.random() < 0.5 else syllable

    def _phrase(self, chance: np.random.Generator) -> str:
        at, count = int(chance.integers(len(self.words) - 8)), int(chance.integers(1, 8))
        text = " ".join(self.words[at : at + count])
        style = chance.random()
        text = text.upper() if style < 0.15 else text.title() if style < 0.25 else text
        return text[:LONGEST].rsplit(" ", 1)[0] if len(text) > LONGEST else text


def load_texts(path: Path, most: int = 1_500_000) -> Texts:
    """The texts to draw from the lines of the gzipped file ``path``, every third one, ``most`` words at most."""
    words: list[str] = []
    known = set(ALPHABET)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, 3):
            words += [word for word in unicodedata.normalize("NFC", line).split() if set(word) <= known]
            if len(words) >= most:
                break
    counts = Counter(word.lower() for word in words)
    syllables = sorted({canonical(word) for word, count in counts.items() if count > 2 and is_syllable(word)})
    return Texts(tuple(words), tuple(syllables))


def _pick(chance: np.random.Generator, among: tuple[str, ...] | list[str]) -> str:
    return among[int(chance.integers(len(among)))]
