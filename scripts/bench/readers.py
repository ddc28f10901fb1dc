"""The bench of the text that PDFs hand out: whether it is, word for word, what was recognised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

from scripts.bench import corpora
from scripts.bench.pdf_texts import READERS, missing
from scripts.bench.readings import digitise, place

HEAD = """\
| reader | documents | words | the same, in order | documents with others |
|---|---|---|---|---|"""


def bench_readers(out: Path, made: Path | None) -> None:
    """Words of the readings, in their order, against those that readers of PDF copy out of the documents made of them."""
    files = sorted((corpora.SHARED / "real" / "documents").glob("*.pdf"))
    folders = [*sorted((corpora.SHARED / "synthetic").glob("*/")), *([made] if made else [])]
    files += [file for folder in folders for file, _ in corpora.made_pages(folder)]
    digitise(files, out)
    made_of = {file: place(out, file.parent) / f"{file.stem}.pdf" for file in files}
    documents = [pdf for pdf in made_of.values() if pdf.exists()]
    print(HEAD)
    for name, reader in READERS.items():
        if lacking := missing(reader):
            print(f"| {name} | – | – | {lacking} | – |")
            continue
        words: Counter[str] = Counter()
        for pdf in documents:
            wanted, found = read_words(pdf), " ".join(reader(pdf)).split()
            same = count_same(wanted, found)
            words.update(wanted=len(wanted), same=same, others=same < len(wanted) or len(found) > same)
        print(f"| {name} | {len(documents)} | {words['wanted']} | {words['same']} | {words['others']} |")


def read_words(pdf: Path) -> list[str]:
    """The words of the text beside a document, without the headings that say what lies over it."""
    lines = pdf.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    return " ".join(line for line in lines if not (line.startswith("[") and line.endswith("]"))).split()


def count_same(wanted: Sequence[str], found: Sequence[str]) -> int:
    """How many words are found, in their order."""
    if wanted == found:
        return len(wanted)
    blocks = SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)
