"""What a paper says in more than one place: other readings of the same words settle a doubtful one.

Nothing is made up: every spelling that comes back was read somewhere on the paper.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from pipeline.domain.syllables import canonical, is_syllable
from pipeline.understanding.folding import fold
from pipeline.understanding.sheets import Sheet, Token
from pipeline.understanding.units.spellings import unit_spellings

_EDGES = " \t:;,.-–—_|'`\"“”„*+•=~^<>/\\#()"
#: A word surer than this gives way only to two others that agree and are sure.
_SURE, _VERY_SURE = 0.95, 0.97
#: One surer than this needs no other to bear it out.
_CERTAIN = 0.995
_LEVELS = frozenset(("tinh", "tp", "pho", "huyen", "quan", "xa", "phuong", "tran", "khu"))
#: A word as like as this to one that stands elsewhere may be that one, misread.
_LIKE = 60.0


@dataclass(frozen=True, slots=True)
class Settled:
    """The words of a text after the paper was asked; how many other places agree with them, and how many do not.

    ``changed`` where another place spells a word better than the one that was asked about. ``chances``, where told: of each
    word that it was read right, by the place that read it best among those that spell it so.
    """

    words: tuple[str, ...]
    agreeing: int = 0
    differing: int = 0
    changed: bool = False
    chances: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class _Said:
    core: str
    letters: str
    token: Token


def settle_name(tokens: Sequence[Token], sheets: Sequence[Sheet], kind: str = "") -> Settled:
    """The name of a unit that ``tokens`` spell, as other places of ``sheets`` with the same letters spell it best.

    Where no unit is spelt so, but one is that has these letters, its spelling is taken: one that stands elsewhere on the
    paper, or the only one there is. ``kind`` is that of the unit, folded, where known.
    """
    own = [_Said(_core(token.text), fold(token.text), token) for token in tokens if _core(token.text)]
    runs = list(_same(own, sheets))
    chosen = [_choose(said, [run[place] for run in runs]) for place, said in enumerate(own)]
    read = {tuple(canonical(said.core) for said in run) for run in runs}
    doubtful = tuple(map(canonical, chosen)) not in read and min((said.token.confidence for said in own), default=1.0) < _SURE
    chosen = _registered(chosen, read, kind, doubtful=doubtful)
    changed = [not _same_word(word, said.core) for word, said in zip(chosen, own, strict=True)]
    words = [word if differs else said.token.text for word, said, differs in zip(chosen, own, changed, strict=True)]
    words = _with_dashes(words, tokens)
    agree = sum(all(_same_word(said.core, word) for said, word in zip(run, chosen, strict=True)) for run in runs)
    chances = tuple(
        max(one.token.confidence for one in (said, *(run[place] for run in runs)) if _same_word(one.core, word))
        if not differs
        else said.token.confidence
        for place, (said, word, differs) in enumerate(zip(own, chosen, changed, strict=True))
    )
    return Settled(tuple(words), agree, len(runs) - agree, any(changed), chances)


def _with_dashes(words: list[str], tokens: Sequence[Token]) -> list[str]:
    """``words``, one for each of ``tokens`` that has letters, with the dashes between them: Phan Rang - Tháp Chàm."""
    kept, rest = list[str](), iter(words)
    for token in tokens:
        if _core(token.text):
            kept.append(next(rest))
        elif token.text in ("-", "–") and kept:
            kept.append(token.text)
    while kept and kept[-1] in ("-", "–"):
        kept.pop()
    return kept


def _registered(chosen: list[str], read: set[tuple[str, ...]], kind: str, *, doubtful: bool) -> list[str]:
    """``chosen`` if a unit is spelt so, else the spelling of the one unit that has its letters and fits the paper.

    One that stands nowhere on the paper is taken only where what was read is ``doubtful``.
    """
    if chosen and chosen[0][:1] == "l" and chosen[0][1:].islower():
        chosen = [f"I{chosen[0][1:]}", *chosen[1:]] if unit_spellings(" ".join(("i" + chosen[0][1:], *chosen[1:]))) else chosen
    name = " ".join(chosen)
    spelt = {_canonical_words(one): one for one in unit_spellings(name, kind) or unit_spellings(name)}
    if not spelt or tuple(map(canonical, chosen)) in spelt:
        return chosen
    fitting = [one for words, one in spelt.items() if words in read] or (list(spelt.values()) if doubtful else [])
    if len(fitting) != 1 or len(fitting[0].split()) != len(chosen):
        return chosen
    return [_cased(word, one) for word, one in zip(fitting[0].split(), chosen, strict=True)]


def _canonical_words(name: str) -> tuple[str, ...]:
    return tuple(canonical(word) for word in name.split())


def settle_names(tokens: Sequence[Token], sheets: Sequence[Sheet]) -> Settled:
    """The words of ``tokens``, a body's name: that of a place behind its level is settled apart, other words by pairs."""
    cut = max((place for place, token in enumerate(tokens) if place and fold(token.text) in _LEVELS), default=None)
    if cut is None or cut + 1 == len(tokens):
        whole = settle_words(tokens, sheets)
        again = sum(1 for _ in _same([_Said(_core(one.text), fold(one.text), one) for one in tokens], sheets))
        return replace(whole, agreeing=again)
    kind = fold(tokens[cut].text)
    name = settle_name(tokens[cut + 1 :], sheets, kind)
    head = settle_words(tokens[: cut + 1], sheets)
    changed = head.changed or name.changed
    return Settled((*head.words, *name.words), name.agreeing, name.differing, changed, (*head.chances, *name.chances))


def settle_words(tokens: Sequence[Token], sheets: Sequence[Sheet]) -> Settled:
    """The words of ``tokens``, doubtful ones as they are spelt elsewhere beside the same neighbour."""
    words, changed = [token.text for token in tokens], False
    chances = [token.confidence for token in tokens]
    for place, token in enumerate(tokens):
        core = _core(token.text)
        if token.confidence >= _CERTAIN or not core.isalpha():
            continue
        for start in (place - 1, place):
            pair = tokens[max(0, start) : start + 2]
            if len(pair) < 2:
                continue
            at = place - start
            others = [run[at] for run in _same([_Said(_core(one.text), fold(one.text), one) for one in pair], sheets)]
            best = max((said for said in others if said.core.lower() != core.lower()), key=_trust, default=None)
            agreeing = [said.token.confidence for said in others if said.core.lower() == core.lower()]
            agrees = bool(agreeing)
            chances[place] = max(chances[place], *agreeing) if agrees else chances[place]
            if token.confidence >= _SURE or agrees or best is None:
                continue
            if _trust(best) > max(_VERY_SURE, token.confidence) and is_syllable(canonical(best.core)):
                words[place] = token.text.replace(core, _cased(best.core, core))
                changed = changed or words[place] != token.text
    told = tuple(chance for chance, token in zip(chances, tokens, strict=True) if any(map(str.isalnum, token.text)))
    return Settled(tuple(words), changed=changed, chances=told)


def settle_place(tokens: Sequence[Token], named: Sequence[Token], sheets: Sequence[Sheet]) -> Settled:
    """The place that ``tokens`` spell; ``named`` are those of the bodies in the header, whose names end with it.

    A body's name settles a place of which one word has other letters, where no unit is called what was read.
    """
    own = settle_name(tokens, sheets)
    letters = fold(own.text).split()
    strange = not unit_spellings(" ".join(letters))
    for start in range(len(named) - len(letters) + 1):
        run = named[start : start + len(letters)]
        other = [fold(token.text) for token in run]
        if other == letters:
            sure = tuple(
                max(chance, said.confidence) if _same_word(_core(said.text), word) else chance
                for chance, said, word in zip(own.chances, run, own.words, strict=False)
            )
            return Settled(own.words, own.agreeing + 1, own.differing, own.changed, sure or own.chances)
        if strange and _misread(letters, other) and unit_spellings(" ".join(other)):
            asked = settle_name(run, sheets)
            words = tuple(_cased(word, "Aa") for word in asked.words)
            return Settled(words, asked.agreeing, asked.differing + 1, changed=True)
    return own


def _misread(letters: Sequence[str], other: Sequence[str]) -> bool:
    """Whether ``letters`` are ``other`` but for a letter or two of one of two or more words."""
    apart = [(one, two) for one, two in zip(letters, other, strict=True) if one != two]
    return len(letters) > 1 and len(apart) == 1 and fuzz.ratio(*apart[0]) >= _LIKE


def _choose(said: _Said, others: Sequence[_Said]) -> str:
    """The best spelling of ``said`` among its own and those of ``others``, in the case of its own."""
    votes: dict[str, list[float]] = defaultdict(list)
    for one in others:
        votes[canonical(one.core)].append(_trust(one))
    own = canonical(said.core)
    if not votes or own in votes:
        return said.core
    best = max(votes, key=lambda word: (sum(votes[word]), max(votes[word])))
    sure = [vote for vote in votes[best] if vote > _VERY_SURE]
    if not sure or (said.token.confidence > _SURE and len(sure) < 2):
        return said.core
    spelt = max((one for one in others if canonical(one.core) == best), key=_trust).core
    return _cased(spelt, said.core)


def _trust(said: _Said) -> float:
    """How sure a reading is; capitals hide their marks, and other alphabets' letters are misread ones."""
    shouted = said.core.isupper() and len(said.core) > 1
    return said.token.confidence * (0.985 if shouted else 1.0) * (1.0 if is_syllable(canonical(said.core)) else 0.9)


def _same_word(one: str, other: str) -> bool:
    return canonical(one) == canonical(other)


def _same(own: Sequence[_Said], sheets: Sequence[Sheet]) -> Iterator[tuple[_Said, ...]]:
    """Runs of words elsewhere on ``sheets`` with the letters of ``own``."""
    letters = [said.letters for said in own]
    mine = {id(said.token.word) for said in own}
    for sheet in sheets:
        for run in _runs(sheet, letters):
            if not any(id(token.word) in mine for token in run):
                yield tuple(_Said(_core(token.text), fold(token.text), token) for token in run)


def _runs(sheet: Sheet, letters: Sequence[str]) -> Iterator[tuple[Token, ...]]:
    if not letters:
        return
    for place in sheet.places.get(letters[0], ()):
        run = sheet.words[place : place + len(letters)]
        if len(run) == len(letters) and all(one == wanted for (_, one), wanted in zip(run, letters, strict=True)):
            yield tuple(token for token, _ in run)


#: Words of UBND and HĐND, written out, that are often read as one: the lengths of each.
_RUN_TOGETHER = {
    phrase.replace(" ", ""): tuple(map(len, phrase.split()))
    for phrase in ("uy ban nhan dan", "ban nhan dan", "uy ban", "nhan dan", "hoi dong nhan dan", "dong nhan dan", "hoi dong")
}


def part_glued(tokens: Sequence[Token], sheets: Sequence[Sheet]) -> tuple[Token, ...]:
    """``tokens`` with those in two that were read as one word: HƯNGYÊN, TỈNHLÂM.

    The two stand apart elsewhere, or are the name of a unit, or its kind and what its name begins with.
    """
    parts: list[Token] = []
    for place, token in enumerate(tokens):
        if (sizes := _RUN_TOGETHER.get(fold(_core(token.text)))) is not None:
            ends = list(itertools.accumulate(sizes, initial=0))
            words = [_core(token.text)[start:end] for start, end in itertools.pairwise(ends)]
            parts += [replace(token, word=replace(token.word, text=word)) for word in words]
            continue
        following = _core(tokens[place + 1].text) if place + 1 < len(tokens) else ""
        cuts = _cuts(_core(token.text), following, sheets)
        cores = [_core(token.text)[start:end] for start, end in itertools.pairwise((0, *cuts, len(_core(token.text))))]
        cores = cores if cuts else []
        parts += [replace(token, word=replace(token.word, text=core)) for core in cores] or [token]
    return tuple(parts)


def _cuts(core: str, following: str, sheets: Sequence[Sheet]) -> tuple[int, ...]:
    letters = fold(core)
    if len(letters) < 5 or len(letters) != len(core) or is_syllable(canonical(core)):
        return ()
    cut = _cut(letters, following, sheets)
    return (cut,) if cut else _cut_body(letters)


def _cut_body(letters: str) -> tuple[int, ...]:
    """Where ``letters`` part into UBND, the kind of a unit and the words of its name; empty where they are none, or two."""
    match = re.match(r"(ubnd|hdnd)?(tinh|huyen|quan|xa|phuong)(?=\w{3})", letters)
    if match is None:
        return ()
    heads = [match.end(1), match.end()] if match[1] else [match.end()]
    name = letters[match.end() :]
    ways = [way for count in range(4) for way in itertools.combinations(range(1, len(name)), count)]
    found = [way for way in ways if unit_spellings(" ".join(name[a:b] for a, b in itertools.pairwise((0, *way, len(name)))))]
    return (*heads, *(match.end() + at for at in found[0])) if len(found) == 1 else ()


def _cut(letters: str, following: str, sheets: Sequence[Sheet]) -> int:
    apart = {
        len(fold(one.text))
        for sheet in sheets
        for piece in sheet.pieces
        for one, other in itertools.pairwise(piece.tokens)
        if fold(one.text) and fold(other.text) and fold(one.text) + fold(other.text) == letters
    }
    if not apart:
        apart = {at for at in range(2, len(letters) - 1) if _names_unit(letters[:at], letters[at:], fold(following))}
    return apart.pop() if len(apart) == 1 else 0


def _names_unit(head: str, tail: str, following: str) -> bool:
    if head in _LEVELS:
        return bool(unit_spellings(f"{tail} {following}") or unit_spellings(tail))
    return bool(unit_spellings(f"{head} {tail}") or (following and unit_spellings(f"{head} {tail} {following}")))


def _core(text: str) -> str:
    return text.strip(_EDGES)


def _cased(word: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    if like[:1].isupper():
        return word[:1].upper() + (word[1:].lower() if word.isupper() else word[1:])
    return word.lower()
