"""The bench of batches: whether every page comes through, whoever is killed, and stacks are parted where papers begin.

One batch over the real command line and servers: stacks with printed separators, and stacks with none that layout alone
parts. The command is killed while it takes files in, all workers twice while they read. A bench that is killed itself goes
on where it was, when it is begun again with the same ``--out``: stacks, installation and kills stay there.
"""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline import archive
from pipeline.custody.batch_books import BatchBooks
from pipeline.domain.batches import Batch, BatchFile, BatchState, BatchTally, Placed
from scripts.bench.installations import Installation, installation
from scripts.bench.stacks import Lane, begins_of, lay_stacks
from scripts.corpus.stacks import KINDS

#: Share of the sides that lie in stacks with separators.
SEPARATED = 0.7
#: Times that all workers are killed while they read, at even shares of the pages; the command is killed once before.
KILLS = 2
#: Seconds without a page settled after which the batch is thought to be stuck.
PATIENCE = 3600.0
#: Seconds between two looks.
LOOK = 3.0


@dataclass(slots=True)
class Progress:
    """What was done so far, kept in a file: kills of the command and of the workers, seconds that all took."""

    command: int = 0
    workers: int = 0
    seconds: float = 0.0

    @classmethod
    def read(cls, path: Path) -> Progress:
        """As it stands there; a new one where nothing does."""
        return cls(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else cls()

    def write(self, path: Path) -> None:
        """Keep it."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")


def bench_batch(out: Path, pages: int) -> None:
    """Run or go on with the batch in ``out``, print what became of it."""
    scans = out / "scans"
    apart = round(pages * SEPARATED)
    lanes = [*lay_stacks(scans, "chồng", apart, separators=True), *lay_stacks(scans, "trơn", pages - apart, separators=False)]
    print(f"{len(lanes)} stacks, {sum(len(lane.sides) for lane in lanes)} sides in {scans}", flush=True)
    with installation(out / "home") as made:
        _run_killed(made, scans, out / "progress.json")
        print("\n".join(_told(made, lanes, Progress.read(out / "progress.json"))), flush=True)


def _run_killed(made: Installation, scans: Path, kept: Path) -> None:
    """The batch from wherever it is to its end."""
    progress = Progress.read(kept)
    batch, _ = _listed(made)
    if batch is None or not batch.complete:
        _take_in(made, scans, progress, kept)
    last, settled, moved = time.monotonic(), -1, time.monotonic()
    while True:
        batch, tally = _listed(made)
        now = time.monotonic()
        progress.seconds += now - last
        last = now
        progress.write(kept)
        if batch is not None and batch.state is BatchState.DONE:
            return
        settled, moved = (tally.settled, now) if tally.settled != settled else (settled, moved)
        if now - moved > PATIENCE:
            raise SystemExit(f"nothing was settled for {PATIENCE:.0f} s; see {made.settings.home}/logs")
        if progress.workers < KILLS and settled >= (progress.workers + 1) / (KILLS + 1) * tally.pages:
            progress.workers += 1
            print(f"{settled} of {tally.pages} pages: all workers killed", flush=True)
            made.kill_workers()
        time.sleep(LOOK)


def _take_in(made: Installation, scans: Path, progress: Progress, kept: Path) -> None:
    """Hand all files in; the first command is killed half-way."""
    begun, files = time.monotonic(), len(list(scans.iterdir()))
    command = ("submit", str(scans), "--split", "--batch", "bench")
    while progress.command == 0 or (found := _listed(made)[0]) is None or not found.complete:
        process = made.begin(*command)
        while process.poll() is None:
            if progress.command == 0 and sum(count for _, count in _listed(made)[1].files) >= max(1, files // 2):
                process.send_signal(signal.SIGKILL)
                progress.command = 1
                print(f"about {files // 2} of {files} files taken: the command killed", flush=True)
            time.sleep(0.5)
        progress.command = 1
    progress.seconds += time.monotonic() - begun
    progress.write(kept)


def _listed(made: Installation) -> tuple[Batch | None, BatchTally]:
    """The batch, as far as it is."""
    batches = made.services.catalogue.batches
    for one in batches.batches(limit=1):
        return one, batches.tally(one.id)
    return None, BatchTally()


def _told(made: Installation, lanes: Sequence[Lane], progress: Progress) -> Iterator[str]:
    """What became of the batch: its state, the ledgers, the boundaries."""
    batch, tally = _listed(made)
    if batch is None:
        raise SystemExit("there is no batch")
    wanted, ledgers = sum(len(lane.sides) for lane in lanes), _count_ledgers(made)
    yield f"\nA batch of {wanted} sides in {len(lanes)} files, the command killed {progress.command} and all workers "
    yield f"{progress.workers} times: {batch.state}, {tally.settled} of {tally.pages} sides settled in "
    yield f"{progress.seconds / 60:.1f} min. Page ledgers of {ledgers['documents']} documents hold {ledgers['sides']} sides, "
    yield f"{ledgers['separators']} of them separators; each once: {ledgers['distinct'] == ledgers['sides'] == wanted}. "
    yield "Documents: " + ", ".join(f"{count} {status}" for status, count in tally.documents) + "."
    lines = made.run("batch", "report", batch.id, "--format", "csv").decode("utf-8-sig").splitlines()
    yield f"Its report has {len(lines) - 1} lines.\n"
    files = {file.name: file for file in _files(made, batch)}
    apart = [(lane, files[lane.path.name]) for lane in lanes if lane.separated]
    bare = [(lane, files[lane.path.name]) for lane in lanes if not lane.separated]
    papers = _papers(made, batch)
    read = [(lane, _begins_read(made, file, papers.get(file.number, []))) for lane, file in bare]
    yield from _boundaries("printed separators", [(lane, begins_of(file.sides)) for lane, file in apart], first=True)
    yield from _boundaries("layout alone", read, first=False)
    yield from _sides(apart)


def _files(made: Installation, batch: Batch) -> Iterator[BatchFile]:
    books, number = BatchBooks(made.services.store, made.services.catalogue, made.services.clock), 0
    while files := made.services.catalogue.batches.files(batch.id, after=number):
        number = files[-1].number
        yield from (books.sides_of(batch.id, file.number) for file in files)


def _papers(made: Installation, batch: Batch) -> dict[int, list[Placed]]:
    """The documents of each file."""
    found: dict[int, list[Placed]] = {}
    after = (0, 0)
    while placed := made.services.catalogue.batches.placed(batch.id, after=after):
        after = placed[-1].file, placed[-1].part.number
        for one in placed:
            found.setdefault(one.file, []).append(one)
    return found


def _begins_read(made: Installation, file: BatchFile, papers: Sequence[Placed]) -> frozenset[int]:
    """The sides, from 0, on which papers begin by the records of what was made of a file without separators."""
    begins: set[int] = set()
    for paper in papers:
        sides = [at for at, side in enumerate(file.sides) if side.part == paper.part.number]
        summary = made.services.flow.ledgers.record(paper.document) if paper.document else None
        components = summary.findings.components if summary and summary.findings else ()
        begins |= {sides[component.pages[0] - 1] for component in components} or set(sides[:1])
    return frozenset(begins)


def _boundaries(name: str, found: Sequence[tuple[Lane, frozenset[int]]], *, first: bool) -> Iterator[str]:
    """Boundaries right, missed and made up; the ``first`` of a stack counts only where something had to be found for it."""
    edge = frozenset() if first else frozenset({0})
    wanted = [(lane, lane.begins - edge, begins - edge) for lane, begins in found]
    right = sum(len(there & begins) for _, there, begins in wanted)
    total = sum(len(there) for _, there, _ in wanted)
    made_up = sum(len(begins - there) for _, there, begins in wanted)
    yield f"Boundaries by {name}: {len(found)} stacks, of {total} boundaries {right} right "
    yield f"({right / max(1, total):.4f}), {total - right} missed, {made_up} made up."
    for lane, there, begins in wanted:
        if there != begins:
            missed, more = sorted(at + 1 for at in there - begins), sorted(at + 1 for at in begins - there)
            types = {at + 1: side.type for at, side in enumerate(lane.sides) if side.type}
            told = {at: types.get(at, "") for at in (*missed, *more)}
            yield f"- {lane.path.stem}: missed {missed}, made up {more} ({told})"


def _sides(found: Sequence[tuple[Lane, BatchFile]]) -> Iterator[str]:
    """A table of separators and other sides by kind."""
    there: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for lane, file in found:
        for truth, plan in zip(lane.sides, file.sides, strict=True):
            kind = truth.kind or truth.role
            there[kind] += 1
            right[kind] += plan.role.value == truth.role
    yield "\n| side | there | right |\n|---|---|---|"
    for kind in (*KINDS, "page", "blank"):
        if there[kind]:
            yield f"| {kind} | {there[kind]} | {right[kind]} |"


def _count_ledgers(made: Installation) -> Counter[str]:
    """Sides in the page ledgers of all records, separators among them, and how many different ones there are."""
    counted: Counter[str] = Counter()
    seen = set()
    store = made.services.store
    for info in list(store.list("dossiers/")):
        if not info.key.endswith("/record.json"):
            continue
        summary = archive.parse_record(store.get(info.key))
        counted["documents"] += 1
        for side in summary.ledger.sides if summary.ledger else ():
            counted["sides"] += 1
            counted["separators"] += side.separator
            seen.add((side.file, side.page))
    counted["distinct"] = len(seen)
    return counted
