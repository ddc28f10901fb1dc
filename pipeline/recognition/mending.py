"""Misread tone and vowel marks put right by what Vietnamese syllables usually stand beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from pipeline.domain.pages import Line, Word
from pipeline.domain.syllables import bare, canonical, count_marks_changed, is_syllable, to_old_placement
from pipeline.ports import NUMBER, UNKNOWN, LanguageModel
from pipeline.recognition.lattice import Prices, settle
from pipeline.recognition.names import Token, find_names, in_run, spell_provinces

#: Nats for leaving what was read, by the engine's confidence: the odds that the marks of such a word are right, and one
#: more because the model is surer of itself than it should be.
LEAVE_CONFIDENCES = (0.0, 0.80, 0.90, 0.95, 0.97, 1.0)
LEAVE_PRICES = (3.5, 4.0, 6.0, 8.0, 9.0, 10.0)

#: More nats for each mark beyond the first that is changed: engines seldom misread two marks of a word.
SECOND_MARK_PRICE = 3.0

#: Where the engine tells what else it might have read: nats for any change, the weight of the nats it tells, and what a sign
#: costs that it does not name. What comes of it and the price by confidence count half each (docs/decisions/0013).
CHANGE, WEIGHT, ABSENT = 1.0, 0.5, 14.0

#: What a change costs at most that a second reading has made: two readings that differ are nearly as good as each other.
SECOND_READING = 2.0

#: More nats for a word in title case beside another one or behind a colon: it may be a name, or the entry of a form.
NAME_PRICE = 5.0

#: What an unknown word costs beyond the model's price of unknown words: by how many there are of its kind. Syllables that no
#: text of the training held stand in names, hardly ever in prose.
UNSEEN_SYLLABLE = 4.5
UNSEEN_IN_PROSE = 7.5
UNSEEN_WORD = 13.0

#: Nats for leaving a word whose spelling is known.
CERTAIN = 50.0

#: A word that stands alone must be cheaper than the one read by so many nats: nothing but its own rarity speaks against it.
LONE_MARGIN = 2.5

#: How often words that won by so many nats over the next best are right (docs/decisions/0013).
MARGINS = (0.0, 1.0, 3.0, 7.0, 13.0)
MARGIN_CONFIDENCES = (0.75, 0.88, 0.95, 0.98, 0.99)

_PARTS = re.compile(r"(\W*)(.*?)(\W*)")
_ENDS = (".", ";", ":", "!", "?")


@dataclass(frozen=True, slots=True)
class _Place:
    """A word of the page: where it stands, its letters, what it may be and what each of these costs by itself."""

    line: int
    at: int
    word: Word
    core: str
    choices: tuple[str, ...]
    prices: Prices


def mend_lines(lines: tuple[Line, ...], model: LanguageModel) -> tuple[Line, ...]:
    """``lines`` with misread marks of syllables put right; as many words in the same boxes.

    A word that was changed keeps what was read in ``Word.read`` and gets a confidence of its own; one that was not, though it
    might have been, has its lead over what it might have become. Names, numbers, codes,
    abbreviations and foreign words stay as read, and so does the place of the tone in oa, oe, uy.
    """
    old = _prefers_old_placement(word.text for line in lines for word in line.words)
    settled_words: dict[tuple[int, int], Word] = {}
    runs = list(_runs(lines, model))
    settled = settle([[(place.choices, place.prices) for place in run] for run in runs], model)
    for run, found in zip(runs, settled, strict=True):
        for place, costs in zip(run, found, strict=True):
            best = int(costs.argmin())
            if best and (len(run) > 1 or costs[0] >= LONE_MARGIN):
                chosen = place.choices[best]
                settled_words[place.line, place.at] = _mended(place, to_old_placement(chosen) if old else chosen, costs)
            elif len(costs) > 1:
                settled_words[place.line, place.at] = replace(place.word, leads=_leads(costs, place.prices))
    return tuple(
        replace(line, words=tuple(settled_words.get((number, at), word) for at, word in enumerate(line.words)))
        for number, line in enumerate(lines)
    )


def _leads(costs: Prices, prices: Prices) -> tuple[float, float]:
    """By how many nats the word read is cheaper than the next best, in all and by the model alone; below 0 where dearer."""
    by_model = costs - prices
    return float(costs[1:].min() - costs[0]), float(by_model[1:].min() - by_model[0])


def _mended(place: _Place, chosen: str, costs: Prices) -> Word:
    word, core = place.word, place.core
    cased = "".join(new.upper() if old.isupper() else new for old, new in zip(core, chosen, strict=True))
    confidence = float(np.interp(np.sort(costs)[1], MARGINS, MARGIN_CONFIDENCES))
    return replace(word, text=word.text.replace(core, cased, 1), read=word.text, confidence=confidence, choices=())


def _runs(lines: tuple[Line, ...], model: LanguageModel) -> Iterator[list[_Place]]:
    """The page in sentences, each a run of words in reading order of one block."""
    for _, members in groupby(enumerate(lines), key=lambda numbered: numbered[1].block):
        words = [(number, at, word) for number, line in members for at, word in enumerate(line.words)]
        tokens = list(_tokens(words))
        options = _options(tokens, [word for _, _, word in words], model)
        run: list[_Place] = []
        for index, ((number, at, word), (choices, prices)) in enumerate(zip(words, options, strict=True)):
            if run and _begins_anew(tokens, index):
                yield run
                run = []
            if choices:
                run.append(_Place(number, at, word, tokens[index].core, choices, prices))
            if run and word.text.endswith(_ENDS):
                yield run
                run = []
        if run:
            yield run


def _begins_anew(tokens: Sequence[Token], at: int) -> bool:
    """Whether a line does not go on from the one above: a heading in capitals, or a bullet."""
    token = tokens[at]
    return token.new_line and (not token.core or token.shouted or (at > 0 and tokens[at - 1].shouted))


def _tokens(words: Iterable[tuple[int, int, Word]]) -> Iterator[Token]:
    open_end = False
    for _, at, word in words:
        prefix, core, suffix = _split(word.text)
        yield Token(core, open_end or bool(prefix), at == 0)
        open_end = bool(suffix)


def _split(text: str) -> tuple[str, str, str]:
    found = _PARTS.fullmatch(text)
    return (found[1], found[2], found[3]) if found else ("", text, "")


def _options(tokens: Sequence[Token], words: Sequence[Word], model: LanguageModel) -> Iterator[tuple[tuple[str, ...], Prices]]:
    """What each word may be, the word read first, and the price of each choice; none for signs without letters and digits."""
    names, provinces = find_names(tokens), spell_provinces(tokens)
    for at, (token, word) in enumerate(zip(tokens, words, strict=True)):
        read = canonical(token.core)
        spelt = provinces.get(at, read)
        in_code = at + 1 < len(words) and words[at + 1].text.startswith("/")
        if not token.core:
            yield (), np.zeros(0)
        elif not token.core.isalpha() or in_code:
            yield (NUMBER if any(sign.isdigit() for sign in token.core) else UNKNOWN,), np.zeros(1)
        elif spelt != read and len(spelt) == len(token.core) and not word.read:
            yield (read, spelt), np.array([CERTAIN, 0.0])
        elif at in names or at in provinces or word.read or not _may_be_mended(tokens, at, word):
            yield (read,), np.zeros(1)
        else:
            entry = token.capitalised and at > 0 and words[at - 1].text.endswith(":")
            yield _look_alikes(word, token.core, NAME_PRICE * (entry or in_run(tokens, at)), model)


def _look_alikes(word: Word, core: str, price: float, model: LanguageModel) -> tuple[tuple[str, ...], Prices]:
    read = canonical(core)
    others = tuple(other for other in model.similar(bare(core)) if other != read and len(other) == len(core))
    syllable = UNSEEN_IN_PROSE if core.islower() else UNSEEN_SYLLABLE
    unseen = 0.0 if model.knows(read) else syllable if is_syllable(read) else UNSEEN_WORD
    changes = _guessed_prices(word.confidence, read, others)
    if word.choices and len(word.choices) == len(word.text):
        told = _told_prices(word, core, others)
        changes = [(one + other) / 2 for one, other in zip(told, changes, strict=True)]
    if word.second:
        second = canonical(_split(word.second)[1])
        changes = [min(SECOND_READING, one) if other == second else one for one, other in zip(changes, others, strict=True)]
    return (read, *others), np.array([unseen, *(change + price for change in changes)])


def _guessed_prices(confidence: float, read: str, others: Iterable[str]) -> list[float]:
    """What each change costs by the confidence of the word and by how many marks are changed."""
    leave = float(np.interp(confidence, LEAVE_CONFIDENCES, LEAVE_PRICES))
    return [leave + SECOND_MARK_PRICE * (count_marks_changed(read, other) - 1) for other in others]


def _told_prices(word: Word, core: str, others: Iterable[str]) -> list[float]:
    """What each change costs by the choices the engine tells of each sign."""
    first = word.text.index(core)
    told = [{text.lower(): nats for text, nats in sign} for sign in word.choices[first : first + len(core)]]
    read = core.lower()
    old = canonical(core) != read
    prices = []
    for other in others:
        spelt = to_old_placement(other) if old else other
        changed = [sign.get(new, ABSENT) for sign, was, new in zip(told, read, spelt, strict=True) if new != was]
        prices.append(CHANGE + WEIGHT * sum(max(0.0, nats) for nats in changed))
    return prices


def _may_be_mended(tokens: Sequence[Token], at: int, word: Word) -> bool:
    """Whether the word is one of prose, in one of its three cases, rather than a letter, a code or an abbreviation."""
    core = tokens[at].core
    if any(sign.isdigit() for sign in word.text):
        return False
    if len(core) == 1:
        return core.islower() and bare(core) in "aeiouy" and core == word.text
    if core.isupper():
        return len(core) > 4 or any(_is_heading(tokens, near) for near in (at - 1, at + 1))
    return core.islower() or core[1:].islower()


def _is_heading(tokens: Sequence[Token], at: int) -> bool:
    return 0 <= at < len(tokens) and tokens[at].shouted and is_syllable(tokens[at].core)


def _prefers_old_placement(texts: Iterable[str]) -> bool:
    """Whether the page sets tones as in hòa rather than hoà; it does where it shows neither."""
    today = before = 0
    for text in texts:
        core = _split(text)[1].lower()
        known = canonical(core) if core.isalpha() else ""
        if known and to_old_placement(known) != known:
            today, before = today + (core == known), before + (core != known)
    return before >= today
