"""Learn what signs are worth for telling types and first pages: the weights in pipeline/understanding/kinds/weights.toml.

    python -m scripts.train_types DIR... --readings DIR [--out pipeline/understanding/kinds/weights.toml]

``DIR``: folders made by ``python -m scripts.corpus --split tune``, with or without ``--bind``; their pages are read as the
product reads them and kept under ``--readings``. Types are learnt from every document as it is, and with its title lost,
misread or in small letters; first pages from random rows of the same documents. Both are regressions of few
named signs, pulled to nothing, so that what is learnt from invented papers is not believed without bounds.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.understanding.dictionary import OTHER
from pipeline.understanding.kinds import weights as kept
from pipeline.understanding.kinds.classification import Candidate, find_candidates
from pipeline.understanding.kinds.page_signs import PageSigns, goes_along, name_signs, read_signs
from pipeline.understanding.kinds.titles import find_titles
from pipeline.understanding.sheets import Piece, Sheet, Token, make_sheet
from pipeline.understanding.zones.header import find_header
from scripts.bench.corpora import made_pages
from scripts.bench.readings import read_documents

OUT = Path(kept.__file__).with_name("weights.toml")
#: Strength of the pull of all weights to nothing.
PULL = 0.4
ROUNDS = 4000
#: How often a paper of no type counts: there are more kinds of them than the generator knows.
OTHERS = 4

#: Signs that may only speak for a first page, and only against one: what a paper that nobody made would do to the others.
FOR = {"nation", "zones", "issued", "title", "form", "heading", "host_signed", "size", "after_blank"}
AGAINST = {
    "blank",
    "attached",
    "marked",
    "series",
    "among_attached",
    "number_goes_on",
    "number_high",
    "last_full",
}
#: The most and the least that a sign may speak against one: Mẫu số … stands on forms that were filled in and issued, too;
#: the generator draws few forms that nobody filled in.
LEAST = {"marked": -5.0}
MOST = {"blank": -2.0}

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Paper:
    """A made document: its type and its sheets in order; ``parts`` holds first places of the documents of a bundle."""

    code: str
    sheets: tuple[Sheet, ...]
    parts: tuple[int, ...] = (0,)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", metavar="DIR", nargs="+", type=Path)
    parser.add_argument(
        "--readings", type=Path, nargs="+", required=True, help="where readings are kept, one for each DIR or one for all"
    )
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args(arguments)
    outs = options.readings * (len(options.folders) if len(options.readings) == 1 else 1)
    papers = [paper for folder, out in zip(options.folders, outs, strict=True) for paper in read_papers(folder, out)]
    chance = random.Random(7)
    types = learn_types([paper for paper in papers if len(paper.parts) == 1], chance)
    splitting = learn_splitting(papers, chance)
    write(options.out, {**types, "splitting": splitting})
    return 0


def read_papers(folder: Path, out: Path) -> list[Paper]:
    """The made documents of ``folder``, read."""
    made = list(made_pages(folder))
    readings = read_documents([file for file, _ in made], out)
    found = []
    for file, truth in made:
        sheets = tuple(make_sheet(reading) for reading in readings[file])
        parts = tuple(part["pages"][0] - 1 for part in truth.get("components", ())) or (0,)
        found.append(Paper(truth["type"], sheets, parts))
    return found


def learn_types(papers: Iterable[Paper], chance: random.Random) -> dict[str, dict[str, float]]:
    """Weights of the signs of types and of ``khac``, by conditional regression over the candidates of each paper."""
    cases: list[tuple[list[Candidate], int]] = []
    for paper in papers:
        for sheet, code, later in _pages(paper, chance):
            found = find_candidates(sheet, later=later)
            codes = [one.code for one in found]
            cases += [(found, codes.index(code if code in codes else OTHER))] * (OTHERS if paper.code == OTHER else 1)
    names = _columns((one.code == OTHER, one.signs) for found, _ in cases for one in found)
    groups = [np.array([_row(one.code == OTHER, one.signs, names) for one in found]) for found, _ in cases]
    weights = np.zeros(len(names))
    rows, starts = np.concatenate(groups), np.cumsum([0, *(len(group) for group in groups)])[:-1]
    right = starts + np.array([index for _, index in cases])
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    target = np.zeros(len(rows))
    target[right] = 1.0

    def chances(at: Matrix) -> Matrix:
        odds = rows @ at
        shares = np.exp(odds - np.maximum.reduceat(odds, starts)[owner])
        return shares / np.add.reduceat(shares, starts)[owner]

    weights = _descend(weights, lambda at: rows.T @ (chances(at) - target))
    print(f"types: {len(cases)} cases, {np.mean(chances(weights)[right] > 0.5):.4f} of them right")
    return {
        kind: {
            name: round(float(weight), 3)
            for (other, name), weight in zip(names, weights, strict=True)
            if other == (kind == OTHER)
        }
        for kind in ("types", OTHER)
    }


def _pages(paper: Paper, chance: random.Random) -> Iterator[tuple[Sheet, str, bool]]:
    """Pages to learn from, what each should be taken for, and whether it comes as a later one; a second page says nothing."""
    first, *others = [sheet for sheet in paper.sheets if sheet.pieces] or [None]
    if first is None:
        return
    for sheet in _variants(first, chance):
        yield sheet, paper.code, False
    if chance.random() < 0.2:
        yield first, paper.code, True
    if others and others[0] is not None:
        yield others[0], OTHER, True


def _variants(sheet: Sheet, chance: random.Random) -> Iterator[Sheet]:
    """``sheet`` as it is, and spoilt in ways that the generator does not."""
    yield sheet
    header = find_header(sheet)
    titles = find_titles(sheet, header)
    aside = {token for line in header.subject for token in line} if header else set()
    pieces = titles[0].pieces if titles else tuple(piece for piece in sheet.pieces if aside & set(piece.tokens))
    if not pieces:
        return
    ways: tuple[Callable[[], Sheet], ...] = (
        lambda: _without(sheet, lambda piece: piece in pieces),
        lambda: _reworded(sheet, pieces, lambda text: _misread(text, chance)),
        lambda: _reworded(sheet, pieces, str.capitalize),
    )
    for way in chance.sample(ways, 2):
        yield way()


def _without(sheet: Sheet, lost: Callable[[Piece], bool]) -> Sheet:
    return replace(sheet, pieces=tuple(piece for piece in sheet.pieces if not lost(piece)))


def _reworded(sheet: Sheet, pieces: Sequence[Piece], change: Callable[[str], str]) -> Sheet:
    def changed(piece: Piece) -> Piece:
        tokens = tuple(Token(replace(token.word, text=change(token.text)), token.box, token.page) for token in piece.tokens)
        return Piece(tokens, piece.band)

    return replace(sheet, pieces=tuple(changed(piece) if piece in pieces else piece for piece in sheet.pieces))


def _misread(text: str, chance: random.Random) -> str:
    return "".join(chance.choice("IEOUTH") if chance.random() < 0.15 else sign for sign in text)


def learn_splitting(papers: Sequence[Paper], chance: random.Random) -> dict[str, float]:
    """Weights of the signs of first pages."""
    rows: list[Mapping[str, float]] = []
    begins: list[float] = []
    signs = {id(sheet): read_signs(sheet) for paper in papers for sheet in paper.sheets if sheet.pieces}
    order = list(papers)
    for _ in range(6):
        chance.shuffle(order)
        host: list[PageSigns] = []
        number = 0
        for paper in order:
            for place, sheet in enumerate(paper.sheets):
                number += 1
                if not sheet.pieces:
                    continue
                page = replace(signs[id(sheet)], sheet=replace(sheet, number=number))
                fresh = place in paper.parts
                if host and not goes_along(page, host):
                    rows.append(name_signs(page, host, after_blank=chance.random() < (0.2 if fresh else 0.02)))
                    begins.append(float(fresh))
                host = [page] if fresh or not host else [*host, page]
    names = sorted({name for row in rows for name in row})
    table = np.array([[1.0, *(row[name] for name in names)] for row in rows])
    target = np.array(begins)

    def chances(at: Matrix) -> Matrix:
        return np.asarray(1 / (1 + np.exp(-(table @ at))))

    least = np.array([-np.inf, *(0.0 if name in FOR else LEAST.get(name, -np.inf) for name in names)])
    most = np.array([np.inf, *(MOST.get(name, 0.0) if name in AGAINST else np.inf for name in names)])
    weights = _descend(np.zeros(len(names) + 1), lambda at: table.T @ (chances(at) - target), (least, most))
    print(f"first pages: {len(rows)} pages, {np.mean((chances(weights) > 0.5) == (target > 0.5)):.4f} told right")
    return {name: round(float(weight), 3) for name, weight in zip(("bias", *names), weights, strict=True)}


def _columns(signs: Iterable[tuple[bool, Mapping[str, float]]]) -> list[tuple[bool, str]]:
    return sorted({(other, name) for other, row in signs for name in row} | {(True, "bias")})


def _row(other: bool, signs: Mapping[str, float], names: Sequence[tuple[bool, str]]) -> list[float]:
    whole = {**signs, "bias": 1.0} if other else signs
    return [whole.get(name, 0.0) if of_other == other else 0.0 for of_other, name in names]


def _descend(start: Matrix, slope: Callable[[Matrix], Matrix], bounds: tuple[Matrix, Matrix] | None = None) -> Matrix:
    """Where the pulled sum of losses is least, from ``start`` down its ``slope`` within ``bounds``."""
    at, mean, spread = start.copy(), np.zeros_like(start), np.zeros_like(start)
    for turn in range(1, ROUNDS + 1):
        steep = slope(at) + PULL * at
        mean, spread = 0.9 * mean + 0.1 * steep, 0.999 * spread + 0.001 * steep**2
        at = at - 0.02 * (mean / (1 - 0.9**turn)) / (np.sqrt(spread / (1 - 0.999**turn)) + 1e-8)
        at = at if bounds is None else np.clip(at, *bounds)
    return at


def write(path: Path, tables: Mapping[str, Mapping[str, float]]) -> None:
    """Writes the weights as TOML."""
    lines = [
        "# What signs are worth, in log odds: learnt by scripts/train_types.py from made documents (docs/decisions/0025)."
    ]
    for kind, table in tables.items():
        lines += ["", f"[{kind}]", *(f"{name} = {value}" for name, value in table.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
