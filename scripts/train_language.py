"""Counts of syllables in a text as a language model: unigrams, bigrams and trigrams with Kneser-Ney smoothing.

    python -m scripts.train_language TEXT[.gz] --out ocr_models/syllables.npz [--without FILE...]

The same text gives the same bytes. ``--without`` leaves out lines that share eight words in a row with one of the files:
for measuring on pages whose text the training text may quote. The method is that of Chen and Goodman, "An Empirical Study
of Smoothing Techniques for Language Modeling" (1999), with one discount an order.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr_models.language import START
from pipeline.domain.syllables import bare, canonical, is_syllable
from pipeline.ports import NUMBER, UNKNOWN

#: A syllable seen less often is unknown; so is a foreign word or an abbreviation seen less often than the second figure.
LEAST_SYLLABLE = 2
LEAST_FOREIGN = 10

#: Words in a row that make a line a quotation of a file that is to be left out.
SHINGLE = 8

#: Natural logarithms are kept in steps of this size.
STEP = 0.05

EDGES = "\"'“”‘’«»‹›()[]{}<>.,;:!?…-–—_/\\|*•·+=~"
_LETTERS = [chr(code) for code in (*range(0x41, 0x250), *range(0x1EA0, 0x1F00))]
_SMALL, _CAPITAL = ("".join(filter(kind, _LETTERS)) for kind in (str.islower, str.isupper))
_GLUED = re.compile(f"(?<=[{_SMALL}])(?=[{_CAPITAL}])")
Gram = tuple[str, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write, and print size and sha256."""
    parser = argparse.ArgumentParser(prog="train_language", description=__doc__.splitlines()[0])
    parser.add_argument("text", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without", type=Path, nargs="*", default=())
    options = parser.parse_args(arguments)
    lines = read_lines(options.text)
    if options.without:
        quoted = set().union(*(shingles(file.read_text(encoding="utf-8")) for file in options.without))
        lines = [line for line in lines if not shingles(line) & quoted]
    arrays = estimate(count_grams(lines))
    np.savez_compressed(options.out, allow_pickle=False, **arrays)
    data = options.out.read_bytes()
    print(f"{len(lines)} lines, {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    return 0


def read_lines(path: Path) -> list[str]:
    """The lines of a text, NFC."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return unicodedata.normalize("NFC", data.decode("utf-8")).splitlines()


def shingles(text: str) -> set[str]:
    """Every run of ``SHINGLE`` words of ``text``, without case and punctuation."""
    words = [word.strip(EDGES).lower() for word in text.split()]
    return {" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}


def count_grams(lines: Iterable[str]) -> Counter[Gram]:
    """How often each run of two and three tokens stands in ``lines``; rare words are unknown ones."""
    sentences = [sentence for line in lines for sentence in split_sentences(line)]
    single = Counter(token for sentence in sentences for token in sentence)
    known = {word for word, count in single.items() if is_syllable(word) and count >= LEAST_SYLLABLE}
    spelt = {bare(word) for word in known}
    # A word that would be a syllable but for its marks was typed without them: yeu is no foreign word.
    known |= {word for word, count in single.items() if count >= LEAST_FOREIGN and bare(word) not in spelt}
    grams: Counter[Gram] = Counter()
    for sentence in sentences:
        tokens = [START, START, *(token if token in known or token == NUMBER else UNKNOWN for token in sentence)]
        for size in (2, 3):
            grams.update(tuple(tokens[at - size : at]) for at in range(3, len(tokens) + 1))
    return grams


def split_sentences(line: str) -> Iterator[list[str]]:
    """The tokens of each sentence of ``line``: canonical words, NUMBER where there is a digit, UNKNOWN for the rest."""
    sentence: list[str] = []
    for chunk in _GLUED.sub(" \n ", line).split(" "):
        ends = chunk == "\n" or chunk.endswith((".", ";", ":", "!", "?"))
        word = chunk.strip(EDGES + "\n")
        if word:
            sentence.append(_token(word))
        if ends and sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _token(word: str) -> str:
    if any(sign.isdigit() for sign in word):
        return NUMBER
    return canonical(word) if word.isalpha() else UNKNOWN


def estimate(grams: Counter[Gram]) -> dict[str, NDArray[np.generic]]:
    """The arrays of the model: words, keys of bigrams and trigrams, costs and prices of backing off in steps of ``STEP``."""
    words = sorted({word for gram in grams for word in gram} | {START})
    number = {word: at for at, word in enumerate(words)}
    trigrams: dict[Gram, int] = {gram: count for gram, count in grams.items() if len(gram) == 3}
    bigrams = _continuations(trigrams)
    bigrams.update({gram: grams[gram] for gram in grams if len(gram) == 2 and gram[0] == START})
    unigrams = _continuations(bigrams)
    total, kinds = sum(unigrams.values()), len(words)
    discount = _discount(unigrams)
    spread = discount * len(unigrams) / total / kinds
    lowest: dict[Gram, float] = {(word,): max(unigrams.get((word,), 0) - discount, 0.0) / total + spread for word in words}
    pairs, pair_backoff = _interpolate(bigrams, lowest)
    # No word is a START, but two of them are the context of every first word and need a price of backing off.
    pairs[START, START] = pair_backoff[START,] * lowest[START,]
    triples, triple_backoff = _interpolate(trigrams, pairs)
    arrays: dict[str, NDArray[np.generic]] = {
        "words": np.frombuffer("\n".join(words).encode("utf-8"), np.uint8),
        "step": np.array(STEP),
    }
    arrays["unigram_costs"] = _quantise([lowest[(word,)] for word in words])
    arrays["unigram_backoffs"] = _quantise([pair_backoff.get((word,), 1.0) for word in words])
    for name, table, backoff in (("bigram", pairs, triple_backoff), ("trigram", triples, {})):
        keys = {gram: _key(gram, number, kinds) for gram in table}
        ordered = sorted(table, key=keys.__getitem__)
        arrays[f"{name}_keys"] = np.array([keys[gram] for gram in ordered], np.int64)
        arrays[f"{name}_costs"] = _quantise([table[gram] for gram in ordered])
        if backoff:
            arrays[f"{name}_backoffs"] = _quantise([backoff.get(gram, 1.0) for gram in ordered])
    return arrays


def _continuations(grams: dict[Gram, int]) -> dict[Gram, int]:
    """In how many ways each shorter gram goes on to the left: the counts that Kneser-Ney smoothing gives lower orders."""
    return dict(sorted(Counter(gram[1:] for gram in sorted(grams)).items()))


def _discount(counts: dict[Gram, int]) -> float:
    once = sum(count == 1 for count in counts.values())
    twice = sum(count == 2 for count in counts.values())
    return once / (once + 2 * twice) if once else 0.5


def _interpolate(counts: dict[Gram, int], lower: dict[Gram, float]) -> tuple[dict[Gram, float], dict[Gram, float]]:
    """Probabilities of ``counts``' grams, interpolated with ``lower``, and what each context leaves to ``lower``."""
    discount = _discount(counts)
    totals: Counter[Gram] = Counter()
    kinds: Counter[Gram] = Counter()
    for gram, count in counts.items():
        totals[gram[:-1]] += count
        kinds[gram[:-1]] += 1
    left = {context: discount * kinds[context] / total for context, total in totals.items()}
    seen = {
        gram: max(count - discount, 0.0) / totals[gram[:-1]] + left[gram[:-1]] * lower[gram[1:]]
        for gram, count in counts.items()
    }
    return seen, left


def _key(gram: Gram, number: dict[str, int], kinds: int) -> int:
    key = 0
    for word in gram:
        key = key * kinds + number[word]
    return key


def _quantise(chances: Sequence[float]) -> NDArray[np.uint16]:
    costs = -np.log(np.array(chances, np.float64)) / STEP
    return np.asarray(np.clip(np.round(costs), 0, 65535), np.uint16)


if __name__ == "__main__":
    raise SystemExit(main())
