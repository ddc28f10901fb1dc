"""Fields that hold one of few words: sex, people, nationality, marital state, criminal record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from pipeline.domain.findings import Suggestion
from pipeline.domain.syllables import canonical
from pipeline.understanding.checks.papers import DOUBTED, HINTED, Paper, Rule
from pipeline.understanding.checks.tables import known_peoples, peoples, set_phrases
from pipeline.understanding.folding import fold

#: How alike, of 100, a word must be to be offered.
_ALIKE = 60


def check_wordings(paper: Paper) -> Iterator[Rule]:
    """What holds for the set words of ``paper``."""
    if paper.has("gioi_tinh") and paper.value("gioi_tinh") not in ("Nam", "Nữ"):
        yield _unknown(paper, "gioi_tinh", ("Nam", "Nữ"), DOUBTED)
    if paper.has("dan_toc") and fold(paper.value("dan_toc")) not in known_peoples():
        yield _unknown(paper, "dan_toc", peoples(), HINTED)
    if paper.has("quoc_tich") and paper.value("quoc_tich") not in set_phrases("nations"):
        yield _unknown(paper, "quoc_tich", set_phrases("nations"), HINTED)
    for key, kind in (("tinh_trang_hon_nhan", "marriage"), ("tinh_trang_an_tich", "record")):
        if paper.has(key) and not any(phrase in fold(paper.value(key)) for phrase in set_phrases(kind)):
            yield Rule("wording_unknown", (key,), lambda got: False, "", HINTED)
        respelt = _respelt(paper.value(key))
        if respelt != paper.value(key):
            others = ((key, Suggestion(respelt, "check", "Cách viết thường dùng của cùng những chữ này.")),)
            yield Rule("wording_unknown", (key,), lambda got: False, "", HINTED, others)


def _unknown(paper: Paper, key: str, known: Sequence[str], ceiling: float) -> Rule:
    letters = fold(paper.value(key))
    begun = [word for word in known if letters and fold(word).startswith(f"{letters} ")]
    near = process.extract(letters, {word: fold(word) for word in known}, scorer=fuzz.ratio, limit=2)
    reason = "Từ gần nhất trong danh mục."
    offered = dict.fromkeys((*begun[:2], *(word for _, score, word in near if score >= _ALIKE)))
    others = tuple((key, Suggestion(word, "check", reason)) for word in offered)
    return Rule("wording_unknown", (key,), lambda got: False, "", ceiling, others)


def _respelt(text: str) -> str:
    """``text`` with set phrases spelt as they are, where their letters stand with other marks."""
    words = text.split()
    for phrase in set_phrases("spelt"):
        wanted = phrase.split()
        for at in range(len(words) - len(wanted) + 1):
            found = words[at : at + len(wanted)]
            if [fold(word) for word in found] == [fold(word) for word in wanted]:
                pairs = zip(found, wanted, strict=True)
                words[at : at + len(wanted)] = [word if _alike(word, right) else _cased(right, word) for word, right in pairs]
    return " ".join(words) if words != text.split() else text


def _alike(word: str, right: str) -> bool:
    letters = "".join(sign for sign in word if sign.isalpha())
    return canonical(letters) == canonical(right)


def _cased(right: str, word: str) -> str:
    """``right`` with the capital and the signs around it that ``word`` has."""
    end = word[len(word.rstrip(".,;:")) :]
    return (right.capitalize() if word[:1].isupper() else right) + end
